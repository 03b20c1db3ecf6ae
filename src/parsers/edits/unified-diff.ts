import { applySplices, type Splice } from "./splice.ts";

/** Lines of context around a change, as diff(1) has them. */
export const CONTEXT_LINES = 3;

/** Why a change is not shown. */
export interface DiffOptions {
  /** Whether a line of the text (from 0) may be shown; a change among lines that may not is left out. */
  isShown?(line: number): boolean;
}

export interface Diff {
  /** Unified diff without its two header lines; empty where nothing changes. */
  readonly hunks: string;
  /** Left out because a line in or right beside them may not be shown. */
  readonly hidden: readonly Splice[];
}

/** As `createDiffer`, for one time. */
export function unifiedHunks(
  text: string,
  splices: readonly Splice[],
  options: DiffOptions = {},
): Diff {
  return createDiffer(text, options)(splices);
}

/** What splices do to one text; they are in order and do not overlap. The text is split once. */
export function createDiffer(
  text: string,
  { isShown = () => true }: DiffOptions = {},
): (splices: readonly Splice[]) => Diff {
  const lines = splitLines(text);
  const starts = startsOf(lines);
  return (splices) => {
    const changes = changesOf(text, lines, starts, splices);
    const shown = changes.filter((change) => isVisible(change, lines, isShown));
    const hidden = changes.filter((change) => !shown.includes(change));
    return {
      hunks: hunksOf(lines, shown, isShown),
      hidden: hidden.flatMap((change) => change.splices),
    };
  };
}

/** The header of one file's part of a patch. `./` lets `patch -p0` and `git apply` alike find it. */
export function diffHeader(file: string): string {
  const name = file.startsWith("/") ? file : `./${file}`;
  const isQuoted = /[\u0000-\u001f"\\\u007f]/.test(name);
  const shown = isQuoted ? quoted(name) : name.includes(" ") ? `${name}\t` : name;
  return `--- ${shown}\n+++ ${shown}\n`;
}

function quoted(name: string): string {
  const text = [...new TextEncoder().encode(name)].map((byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${text.join("")}"`;
}

/** With their line breaks. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function startsOf(lines: readonly string[]): readonly number[] {
  let offset = 0;
  const starts = lines.map((line) => {
    const start = offset;
    offset += line.length;
    return start;
  });
  return [...starts, offset];
}

/** Lines `from` to before `to` (from 0) become `added`. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly added: readonly string[];
  readonly splices: readonly Splice[];
}

function changesOf(
  text: string,
  lines: readonly string[],
  starts: readonly number[],
  splices: readonly Splice[],
): readonly Change[] {
  const groups: { from: number; to: number; splices: Splice[] }[] = [];
  for (const splice of splices) {
    const from = Math.min(lineAt(starts, splice.start), Math.max(0, lines.length - 1));
    const isWhole =
      splice.end === starts[from] || splice.end === starts[lineAt(starts, splice.end)];
    const end = lineAt(starts, splice.end);
    const to = Math.min(lines.length, isWhole && splice.end > splice.start ? end : end + 1);
    const last = groups.at(-1);
    if (last !== undefined && from < last.to) {
      last.splices.push(splice);
      last.to = Math.max(last.to, to);
    } else groups.push({ from, to: Math.max(to, from), splices: [splice] });
  }
  return groups.flatMap((group) => {
    const base = starts[group.from] ?? 0;
    const before = text.slice(base, starts[group.to]);
    const moved = group.splices.map((splice) => ({
      ...splice,
      start: splice.start - base,
      end: splice.end - base,
    }));
    return trimmed(group, lines, splitLines(applySplices(before, moved)));
  });
}

/** The line an offset is in: the last that starts at or before it. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Without the lines that stay as they are at both ends; none where nothing is left. */
function trimmed(
  { from, to, splices }: Omit<Change, "added">,
  lines: readonly string[],
  added: readonly string[],
): readonly Change[] {
  let [first, last, head, tail] = [from, to, 0, added.length];
  while (first < last && head < tail && lines[first] === added[head]) {
    first += 1;
    head += 1;
  }
  while (last > first && tail > head && lines[last - 1] === added[tail - 1]) {
    last -= 1;
    tail -= 1;
  }
  if (first === last && head === tail) return [];
  return [{ from: first, to: last, added: added.slice(head, tail), splices }];
}

/** The lines it takes away, and one on either side: without any, patch programs take the place for an end of the file. */
function isVisible(
  { from, to }: Change,
  lines: readonly string[],
  isShown: (line: number) => boolean,
): boolean {
  const first = Math.max(0, from - 1);
  const last = Math.min(lines.length, to + 1);
  for (let line = first; line < last; line += 1) if (!isShown(line)) return false;
  return true;
}

function hunksOf(
  lines: readonly string[],
  changes: readonly Change[],
  isShown: (line: number) => boolean,
): string {
  const hunks: { start: number; end: number; changes: Change[] }[] = [];
  for (const change of changes) {
    const start = contextFrom(change.from, -1, lines.length, isShown);
    const end = contextFrom(change.to, 1, lines.length, isShown);
    const last = hunks.at(-1);
    if (last !== undefined && start <= last.end) {
      last.end = end;
      last.changes.push(change);
    } else hunks.push({ start, end, changes: [change] });
  }
  let shift = 0;
  return hunks
    .map((hunk) => {
      const text = hunkText(hunk, lines, shift);
      shift += hunk.changes.reduce(
        (sum, { from, to, added }) => sum + added.length - (to - from),
        0,
      );
      return text;
    })
    .join("");
}

/** How far context reaches from a change; it stops before a line that may not be shown. */
function contextFrom(
  edge: number,
  step: 1 | -1,
  count: number,
  isShown: (line: number) => boolean,
): number {
  let at = edge;
  for (let taken = 0; taken < CONTEXT_LINES; taken += 1) {
    const line = step === 1 ? at : at - 1;
    if (line < 0 || line >= count || !isShown(line)) break;
    at += step;
  }
  return at;
}

function hunkText(
  {
    start,
    end,
    changes,
  }: { readonly start: number; readonly end: number; readonly changes: readonly Change[] },
  lines: readonly string[],
  shift: number,
): string {
  const rows: string[] = [];
  let at = start;
  let [before, after] = [0, 0];
  const keep = (to: number) => {
    for (; at < to; at += 1) rows.push(row(" ", lines[at] ?? ""));
  };
  for (const { from, to, added } of changes) {
    before += to - from;
    after += added.length;
    keep(from);
    rows.push(...lines.slice(from, to).map((line) => row("-", line)));
    rows.push(...added.map((line) => row("+", line)));
    at = to;
  }
  keep(end);
  const kept = end - start - before;
  const range = (first: number, count: number) => `${count === 0 ? first : first + 1},${count}`;
  const old = range(start, before + kept);
  return `@@ -${old} +${range(start + shift, after + kept)} @@\n${rows.join("")}`;
}

function row(mark: string, line: string): string {
  return line.endsWith("\n") ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
}
