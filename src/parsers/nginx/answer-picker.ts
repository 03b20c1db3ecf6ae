import type { AnswerAssumption, Chooser, OpenQuestion } from "./answer-run.ts";

interface Taken {
  readonly index: number;
  readonly count: number;
}

/** Ways taken in one run through the phases, and what they take for granted. */
export interface Picker extends Chooser {
  readonly taken: Taken[];
  readonly assumes: AnswerAssumption[];
}

/** Answers open questions as told, further ones by their first way; the same question the same way. */
export function makePicker(picks: readonly number[]): Picker {
  const taken: Taken[] = [];
  const assumes: AnswerAssumption[] = [];
  const answered = new Map<string, number>();
  const choose = ({ about, of = "", because, at, ways }: OpenQuestion): number => {
    const key = `${about} ${at.file}:${at.line}:${at.column} ${of}`;
    const before = answered.get(key);
    if (before !== undefined) return before;
    const index = picks[taken.length] ?? 0;
    taken.push({ index, count: ways.length });
    answered.set(key, index);
    const { file, line, column } = at;
    assumes.push({ about, taken: ways[index] ?? "", because, file, line, column });
    return index;
  };
  return { choose, taken, assumes };
}

/** The next combination of ways, as an odometer counts; `undefined` after the last. */
export function nextPicks(taken: readonly Taken[]): readonly number[] | undefined {
  const last = taken.findLastIndex(({ index, count }) => index + 1 < count);
  if (last === -1) return undefined;
  return taken.slice(0, last + 1).map(({ index }, at) => (at === last ? index + 1 : index));
}
