/** How the versions of one ecosystem are read and ordered. */
export interface VersionOrder {
  /** `undefined` where the text is no version; ask before `compare`. */
  readonly isVersion: (text: string) => boolean;
  /** Negative, zero or positive; `undefined` where one of them is no version. */
  readonly compare: (a: string, b: string) => number | undefined;
}

/** Longer texts are no versions anybody published. */
export const VERSION_CHARS_MAX = 128;

/** Decimal digits of any length, by value: dates and build numbers outgrow a double. */
export function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, "");
  const right = b.replace(/^0+/, "");
  return left.length - right.length || compareText(left, right);
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Lists element by element; the longer of two that begin alike comes after. */
export function compareLists<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (a: T, b: T) => number,
): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compare(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
