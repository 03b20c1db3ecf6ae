import type { Edit } from "../../core/check.ts";
import {
  type EditLanguage,
  type Extent,
  indentOf,
  type StatementFinder,
  statementFinder,
} from "./statement.ts";

/** A stretch of a text, in UTF-16 code units, and what takes its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What it is made of. */
  readonly edit?: Edit;
}

/** Edits of one file as splices in order of place, and those that have none beside the others. */
export interface Placed {
  readonly splices: readonly Splice[];
  readonly unplaced: readonly { readonly edit: Edit; readonly because: string }[];
}

/** As `createPlacer`, for one time. */
export function placeEdits(text: string, edits: readonly Edit[], language: EditLanguage): Placed {
  return createPlacer(text, language)(edits);
}

/**
 * Finds the place of every edit of one file. Equal edits count once; of two that want the same stretch the
 * first is placed. The text's own indentation and line breaks are kept. The text is looked through once.
 */
export function createPlacer(
  text: string,
  language: EditLanguage,
): (edits: readonly Edit[]) => Placed {
  const find = statementFinder(text, language);
  const layout = layoutOf(text);
  return (edits) => placeAll(edits, find, layout);
}

function placeAll(edits: readonly Edit[], find: StatementFinder, layout: Layout): Placed {
  const found: { readonly edit: Edit; readonly splice: Splice }[] = [];
  const unplaced: Placed["unplaced"][number][] = [];
  for (const edit of distinct(edits)) {
    const extent = find(edit.line, edit.column);
    const splice = extent === undefined ? undefined : spliceOf(edit, extent, layout);
    if (splice === undefined) unplaced.push({ edit, because: "no such statement begins there" });
    else found.push({ edit, splice: { ...splice, edit } });
  }
  const taken: Splice[] = [];
  for (const { edit, splice } of found.toSorted(byPlace)) {
    const last = taken.at(-1);
    // A stretch that begins within the one before it, or an insertion into what is replaced.
    if (last !== undefined && splice.start < last.end) {
      unplaced.push({ edit, because: "another suggestion changes the same statement" });
    } else taken.push(splice);
  }
  return { splices: taken, unplaced };
}

/** The text with its splices applied. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: replacement } of splices) {
    parts.push(text.slice(at, start), replacement);
    at = end;
  }
  return parts.join("") + text.slice(at);
}

function distinct(edits: readonly Edit[]): readonly Edit[] {
  const keyOf = ({ line, column, action, text }: Edit) => `${line}:${column} ${action} ${text}`;
  return [...new Map(edits.map((edit) => [keyOf(edit), edit])).values()];
}

function byPlace(a: { readonly splice: Splice }, b: { readonly splice: Splice }): number {
  return a.splice.start - b.splice.start || a.splice.end - b.splice.end;
}

interface Layout {
  readonly text: string;
  /** `\n` or `\r\n`. */
  readonly lineBreak: string;
  /** One level of indentation. */
  readonly unit: string;
}

const UNIT_DEFAULT = "    ";

function layoutOf(text: string): Layout {
  return { text, lineBreak: text.includes("\r\n") ? "\r\n" : "\n", unit: unitOf(text) };
}

/** A tab where any line begins with one, else the least indentation there is. */
function unitOf(text: string): string {
  if (/^\t[ \t]*\S/m.test(text)) return "\t";
  let unit = UNIT_DEFAULT;
  while (unit.length > 1 && hasIndentBelow(text, unit.length)) unit = unit.slice(1);
  return unit;
}

/** Whether a line with something on it is indented, and by fewer blanks. */
function hasIndentBelow(text: string, length: number): boolean {
  return new RegExp(`^ [ \\t]{0,${length - 2}}\\S`, "m").test(text);
}

function spliceOf(edit: Edit, extent: Extent, layout: Layout): Splice | undefined {
  switch (edit.action) {
    case "replace":
      return edit.text === "" ? removal(extent, layout) : replacement(edit, extent, layout);
    case "insert-before":
      return insertBefore(edit, extent, layout);
    case "insert-after":
      return insertBehind(edit.text, extent.end, ownIndent(extent, layout), layout);
    case "insert-in":
      return extent.bodyStart === undefined
        ? undefined
        : insertBehind(
            edit.text,
            extent.bodyStart,
            innerIndent(extent, extent.bodyStart, layout),
            layout,
          );
  }
}

function lineStartOf({ text }: Layout, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Offset of the line break behind `offset`, or the text's end. */
function lineEndOf({ text }: Layout, offset: number): number {
  const feed = text.indexOf("\n", offset);
  if (feed === -1) return text.length;
  return feed > offset && text[feed - 1] === "\r" ? feed - 1 : feed;
}

function isFirstOfLine(layout: Layout, offset: number): boolean {
  return layout.text.slice(lineStartOf(layout, offset), offset).trim() === "";
}

/** Nothing, or a comment, follows on the line. */
function isLastOfLine(layout: Layout, offset: number): boolean {
  return /^[ \t]*(?:#.*)?$/.test(layout.text.slice(offset, lineEndOf(layout, offset)));
}

function ownIndent({ start }: Extent, layout: Layout): string {
  return indentOf(layout.text.slice(lineStartOf(layout, start), start));
}

/** As the block's first statement has it where that stands on a line of its own; else a level deeper. */
function innerIndent(extent: Extent, bodyStart: number, layout: Layout): string {
  const own = ownIndent(extent, layout);
  const body = layout.text.slice(lineEndOf(layout, bodyStart), extent.end);
  const first = /^[ \t]*(?=[^\s}<#])/m.exec(body)?.[0] ?? "";
  return first.length > own.length ? first : own + layout.unit;
}

function indented(text: string, indent: string, { lineBreak }: Layout): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : indent + line))
    .join(lineBreak);
}

function replacement({ text }: Edit, extent: Extent, layout: Layout): Splice {
  const { start, end } = extent;
  return { start, end, text: indented(text, ownIndent(extent, layout), layout).trimStart() };
}

/** Takes the whole line where nothing else stands on it, else the statement and the blank before it. */
function removal({ start, end }: Extent, layout: Layout): Splice {
  const lineStart = lineStartOf(layout, start);
  const lineEnd = lineEndOf(layout, end);
  const isAlone = isFirstOfLine(layout, start) && layout.text.slice(end, lineEnd).trim() === "";
  if (!isAlone) {
    const isBlank = /[ \t]/.test(layout.text[start - 1] ?? "") && !isFirstOfLine(layout, start);
    return { start: isBlank ? start - 1 : start, end, text: "" };
  }
  const next = layout.text.indexOf("\n", lineEnd);
  return { start: lineStart, end: next === -1 ? layout.text.length : next + 1, text: "" };
}

function insertBefore({ text }: Edit, extent: Extent, layout: Layout): Splice {
  const { start } = extent;
  const indent = ownIndent(extent, layout);
  if (!isFirstOfLine(layout, start)) return { start, end: start, text: `${inline(text, layout)} ` };
  const at = lineStartOf(layout, start);
  return { start: at, end: at, text: indented(text, indent, layout) + layout.lineBreak };
}

/** On lines of its own behind the line of `offset`; on the same line where more follows there. */
function insertBehind(text: string, offset: number, indent: string, layout: Layout): Splice {
  if (!isLastOfLine(layout, offset)) {
    const behind = /\s/.test(layout.text[offset] ?? " ") ? "" : " ";
    return { start: offset, end: offset, text: ` ${inline(text, layout)}${behind}` };
  }
  const at = lineEndOf(layout, offset);
  return { start: at, end: at, text: layout.lineBreak + indented(text, indent, layout) };
}

/** Statements side by side, unless a comment among them would hide what follows. */
function inline(text: string, { lineBreak }: Layout): string {
  const lines = text.split("\n").map((line) => line.trim());
  return text.includes("#") ? lines.join(lineBreak) + lineBreak : lines.join(" ");
}
