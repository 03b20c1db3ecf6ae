/** Assignments kept of one file; the rest is a problem, never silence. Real env files have tens. */
export const ASSIGNMENTS_MAX = 10_000;
/** Problems kept of one file. */
export const PROBLEMS_MAX = 1_000;
/** Characters that `${NAME}` may bring into one file: values that double each other stay small. */
export const EXPANDED_LENGTH_MAX = 4_194_304;

interface ScannedAssignment {
  readonly key: string;
  readonly value: string;
  /** Offset of the key in the text. */
  readonly at: number;
  /** Offsets of what is written behind `=`. */
  readonly rawStart: number;
  readonly rawEnd: number;
  readonly runsCommand: boolean;
}

/** What a loader found so far, and the variables it expands with. Filled by one loader, then read. */
export interface Scan {
  readonly text: string;
  readonly assignments: ScannedAssignment[];
  readonly problems: { readonly at: number; readonly message: string }[];
  /** Variables of the surrounding environment. */
  readonly lookup: (name: string) => string | undefined;
  /** What the file itself has set so far. */
  readonly values: Map<string, string>;
  expandedLength: number;
}

/** Starts a scan of `text`. */
export function startScan(text: string, lookup: (name: string) => string | undefined): Scan {
  return { text, assignments: [], problems: [], lookup, values: new Map(), expandedLength: 0 };
}

/** Keeps one assignment; `false` when the file has too many and the loader must stop. */
export function keep(
  scan: Scan,
  key: string,
  value: string,
  at: number,
  raw: readonly [start: number, end: number],
  runsCommand = false,
): boolean {
  if (scan.assignments.length >= ASSIGNMENTS_MAX) {
    scan.problems.push({ at, message: `more than ${ASSIGNMENTS_MAX} assignments, rest not read` });
    return false;
  }
  const [rawStart, rawEnd] = raw;
  scan.assignments.push({ key, value, at, rawStart, rawEnd, runsCommand });
  scan.values.set(key, value);
  return true;
}

/** Notes what the loader does not accept. The message holds no value. */
export function complain(scan: Scan, at: number, message: string): void {
  if (scan.problems.length < PROBLEMS_MAX) scan.problems.push({ at, message });
}

/** Counts expanded text; `false` when the file has used up what it may expand to. */
export function mayExpand(scan: Scan, length: number): boolean {
  if (scan.expandedLength + length > EXPANDED_LENGTH_MAX) return false;
  scan.expandedLength += length;
  return true;
}

/** Offset of the next line feed at or after `from`, or the end of the text. */
export function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}
