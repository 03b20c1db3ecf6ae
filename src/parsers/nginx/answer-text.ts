/** A piece of a text: what it is, or a variable nobody can tell the value of. */
export type TextPiece =
  | { readonly kind: "known"; readonly text: string }
  | {
      readonly kind: "open";
      /** The variable, without `$`. */
      readonly name: string;
      /** Why it cannot be told, as the end of a sentence. */
      readonly because: string;
      /** What it may be, where the configuration lists that. */
      readonly values?: readonly string[];
    };

/** A text as nginx would build it. */
export interface AnswerText {
  /** Variables of unknown value stand in it as `$name`. */
  readonly text: string;
  /** No piece is open: the text is what nginx sends, byte for byte. */
  readonly isKnown: boolean;
  readonly pieces: readonly TextPiece[];
}

/** Texts an answer may have; one more and what it may be is not listed any more. */
export const CANDIDATES_MAX = 64;
/** Longest text followed, in characters: a variable that doubles itself is caught here. */
export const ANSWER_TEXT_MAX = 65_536;

/** A text that is known. */
export function knownText(text: string): AnswerText {
  return text.length > ANSWER_TEXT_MAX
    ? openText("text", "it is longer than what is followed")
    : { text, isKnown: true, pieces: [{ kind: "known", text }] };
}

/** The value of a variable that is not known. */
export function openText(name: string, because: string, values?: readonly string[]): AnswerText {
  const piece: TextPiece =
    values === undefined || values.length > CANDIDATES_MAX
      ? { kind: "open", name, because }
      : { kind: "open", name, because, values };
  return { text: `$${name}`, isKnown: false, pieces: [piece] };
}

/** One text after the other. */
export function joinTexts(texts: readonly AnswerText[]): AnswerText {
  if (texts.every(({ isKnown }) => isKnown))
    return knownText(texts.map(({ text }) => text).join(""));
  const pieces = texts.flatMap((one) => one.pieces);
  const length = texts.reduce((sum, { text }) => sum + text.length, 0);
  if (length > ANSWER_TEXT_MAX) return openText("text", "it is longer than what is followed");
  return { text: texts.map(({ text }) => text).join(""), isKnown: false, pieces };
}

/** Changes what is known of a text (escapes it, for example); open variables stay. */
export function mapKnown(text: AnswerText, change: (known: string) => string): AnswerText {
  return joinTexts(
    text.pieces.map((piece) =>
      piece.kind === "known"
        ? knownText(change(piece.text))
        : openText(piece.name, piece.because, piece.values?.map(change)),
    ),
  );
}

/** Everything the text may be; `undefined` where that is not listed or too much. */
export function candidateTexts(text: AnswerText): readonly string[] | undefined {
  let candidates: readonly string[] = [""];
  for (const piece of text.pieces) {
    const values = piece.kind === "known" ? [piece.text] : piece.values;
    if (values === undefined) return undefined;
    candidates = candidates.flatMap((start) => values.map((end) => start + end));
    if (candidates.length > CANDIDATES_MAX) return undefined;
  }
  return [...new Set(candidates)];
}

/** Why a text cannot be told; for one that is not known. */
export function openReason(text: AnswerText): string {
  const open = text.pieces.find((piece) => piece.kind === "open");
  return open === undefined ? "it is known" : `$${open.name} is not known: ${open.because}`;
}

/** Whether this holds for the text: for every candidate or for none, else it is open. */
export function holdsForText(
  text: AnswerText,
  holds: (candidate: string) => boolean | undefined,
): boolean | undefined {
  const candidates = candidateTexts(text);
  if (candidates === undefined) return undefined;
  const results = new Set(candidates.map(holds));
  const [only] = results;
  return results.size === 1 ? only : undefined;
}
