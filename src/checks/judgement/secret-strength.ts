import { describeSecret, type SecretMeasure } from "../../core/secret.ts";

/** What a secret must reach; each purpose has its own. */
export interface StrengthFloor {
  /** Unicode code points. */
  readonly lengthMin: number;
  /** Effective bits as catalog G9 counts them. */
  readonly bitsMin: number;
  readonly distinctMin: number;
}

/** Django's own floor (`security.W009`: 50 characters, 5 distinct) and 128 bits. */
export const SIGNING_KEY_FLOOR: StrengthFloor = { lengthMin: 50, bitsMin: 128, distinctMin: 5 };
/** Key of an HMAC between two nodes: 32 characters, 96 bits (catalog, agent.cluster-secret). */
export const SHARED_SECRET_FLOOR: StrengthFloor = { lengthMin: 32, bitsMin: 96, distinctMin: 1 };

/** Share of the letters that common words may cover before a secret looks typed. */
export const WORD_SHARE_MAX = 0.7;

/** One way a secret is weak. */
export interface StrengthFault {
  readonly rule:
    | "empty"
    | "unexpanded"
    | "placeholder"
    | "insecure-prefix"
    | "too-short"
    | "few-distinct-characters"
    | "low-entropy";
  /** Continues a sentence that begins with the secret's name. */
  readonly says: string;
  /** The value is guessable by anyone, so it must not live on as a fallback. */
  readonly isPublic: boolean;
}

/** Every way `measure` stays under `floor`, gravest first; empty when it is strong. */
export function strengthFaults(
  measure: SecretMeasure,
  floor: StrengthFloor,
): readonly StrengthFault[] {
  if (measure.length === 0 || measure.isBlank) {
    const says = measure.length === 0 ? "is empty" : "holds nothing but blanks";
    return [{ rule: "empty", says, isPublic: true }];
  }
  const faults: StrengthFault[] = [];
  if (measure.isUnexpanded) {
    const says = "holds a shell expression that nobody expands, hence a public part";
    faults.push({ rule: "unexpanded", says, isPublic: true });
  }
  if (measure.isPlaceholder) {
    faults.push({ rule: "placeholder", says: "is a placeholder", isPublic: true });
  }
  if (measure.hasInsecurePrefix) {
    const says = "carries the prefix django-insecure- of a generated development key";
    faults.push({ rule: "insecure-prefix", says, isPublic: true });
  }
  return [...faults, ...shortfalls(measure, floor)];
}

function shortfalls(
  { length, distinct, effectiveBits }: SecretMeasure,
  { lengthMin, distinctMin, bitsMin }: StrengthFloor,
): readonly StrengthFault[] {
  const faults: StrengthFault[] = [];
  if (length < lengthMin) {
    const says = `has ${length} characters, fewer than ${lengthMin}`;
    faults.push({ rule: "too-short", says, isPublic: false });
  }
  if (distinct < distinctMin) {
    const says = `has ${distinct} distinct character${distinct === 1 ? "" : "s"}, fewer than ${distinctMin}`;
    faults.push({ rule: "few-distinct-characters", says, isPublic: true });
  }
  if (effectiveBits < bitsMin) {
    const says = `has about ${Math.floor(effectiveBits)} effective bits, fewer than ${bitsMin}`;
    faults.push({ rule: "low-entropy", says, isPublic: effectiveBits < GUESSABLE_BITS });
  }
  return faults;
}

/** Below this a secret can be found by trial. */
const GUESSABLE_BITS = 64;

/** Whether a secret that is otherwise good looks typed rather than generated. */
export function looksTyped({ wordShare }: SecretMeasure): boolean {
  return wordShare >= WORD_SHARE_MAX;
}

/** `set, 64 chars, fp:1a2b3c4d, 41 distinct, about 330 bits`: all that is ever shown. */
export function describeStrength(measure: SecretMeasure): string {
  const { distinct, effectiveBits, length } = measure;
  if (length === 0) return describeSecret(measure);
  return `${describeSecret(measure)}, ${distinct} distinct, about ${Math.floor(effectiveBits)} bits`;
}
