import { type DotenvAssignment, type DotenvLoader, readDotenv } from "../parsers/dotenv.ts";
import { disagreement } from "./env-disagreement.ts";
import type { EnvFileAnomaly, EnvFileContent } from "./env-files.fact.ts";

/** Anomalies told of one file, and assignments compared between readers. */
export const ANOMALIES_MAX = 200;
const COMPARED_MAX = 2_000;

/** Programs read these in either case, so both are set on purpose. */
const TWIN_CASE = /^(?:https?|no|all|ftp)_proxy$/i;

/**
 * Keys of a file and what makes it say other than it seems (catalog `env.parse`). `loaders` are
 * those that read it in this deployment, the first one first.
 */
export function envFileContent(text: string, loaders: readonly DotenvLoader[]): EnvFileContent {
  const readers: readonly [DotenvLoader, ...DotenvLoader[]] = [
    loaders[0] ?? "python-dotenv",
    ...loaders.slice(1),
  ];
  const clean = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const { assignments, problems } = readDotenv(clean, readers[0]);
  const found: EnvFileAnomaly[] = [
    ...byteAnomalies(text),
    ...unbalancedQuotes(clean),
    ...duplicates(assignments),
    ...twins(assignments),
    ...exportsUnderSystemd(clean, readers),
    ...comparedLines(clean, readers),
  ];
  const told = new Set(found.map(({ line }) => line));
  for (const { line } of problems) {
    if (told.has(line) || readers[0] === "bash" || readers[0] === "systemd") continue;
    told.add(line);
    found.push({ kind: "unparsable-line", line, detail: `${readers[0]} does not read this line` });
  }
  return {
    keys: assignments.map(({ key, line }) => ({ key, line })),
    anomalies: found.toSorted((a, b) => a.line - b.line).slice(0, ANOMALIES_MAX),
  };
}

function lineOf(text: string, at: number): number {
  let line = 1;
  for (let feed = text.indexOf("\n"); feed !== -1 && feed < at; feed = text.indexOf("\n", feed + 1))
    line += 1;
  return line;
}

function byteAnomalies(text: string): readonly EnvFileAnomaly[] {
  const signs: readonly [EnvFileAnomaly["kind"], string, string][] = [
    [
      "byte-order-mark",
      text.startsWith("\ufeff") ? "\ufeff" : "",
      "systemd and bash take the byte order mark for part of the first name, dotenv for Node drops it",
    ],
    [
      "crlf",
      "\r",
      "bash keeps the carriage return in the value, dotenv libraries and systemd drop it",
    ],
    [
      "nul-byte",
      "\0",
      "systemd refuses the file, bash leaves the byte out, dotenv libraries keep it",
    ],
    [
      "invalid-utf8",
      "\ufffd",
      "systemd and python-dotenv refuse the file, others replace the bytes",
    ],
  ];
  return signs.flatMap(([kind, sign, detail]) => {
    const at = sign === "" ? -1 : text.indexOf(sign);
    return at === -1 ? [] : [{ kind, line: lineOf(text, at), detail }];
  });
}

function duplicates(assignments: readonly DotenvAssignment[]): readonly EnvFileAnomaly[] {
  const last = new Map<string, DotenvAssignment>();
  const found: EnvFileAnomaly[] = [];
  for (const assignment of assignments) {
    const { key, value, line } = assignment;
    const before = last.get(key);
    if (before !== undefined && before.value !== value) {
      const detail = `also set on line ${before.line} to another value; every reader takes the last one`;
      found.push({ kind: "duplicate-key", line, key, detail });
    }
    last.set(key, assignment);
  }
  return found;
}

function twins(assignments: readonly DotenvAssignment[]): readonly EnvFileAnomaly[] {
  const upper = new Map(
    assignments.filter(({ key }) => key === key.toUpperCase()).map((a) => [a.key, a]),
  );
  const seen = new Set<string>();
  return assignments.flatMap(({ key, line }) => {
    const twin = upper.get(key.toUpperCase());
    if (twin === undefined || twin.key === key || TWIN_CASE.test(key) || seen.has(key)) return [];
    seen.add(key);
    const detail = `differs from ${twin.key} (line ${twin.line}) only in case: a different variable`;
    return [{ kind: "lower-case-twin" as const, line, key, detail }];
  });
}

const EXPORT = /^[ \t]*export[ \t]+([A-Za-z_][A-Za-z0-9_]{0,255})[ \t]*=/;

function exportsUnderSystemd(
  text: string,
  loaders: readonly DotenvLoader[],
): readonly EnvFileAnomaly[] {
  if (!loaders.includes("systemd")) return [];
  return text.split("\n").flatMap((line, index) => {
    const key = EXPORT.exec(line.slice(0, 512))?.[1];
    if (key === undefined) return [];
    const detail = "systemd has no export: it drops this line, so the variable is not set";
    return [{ kind: "export-under-systemd" as const, line: index + 1, key, detail }];
  });
}

const QUOTED = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]{0,255})[ \t]*=[ \t]*(["'])/;
const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_.-]{0,255}=/;
/** Lines a quoted value may span. */
const VALUE_LINES_MAX = 500;

/** Values that begin with a quote which is not closed before the next assignment. */
function unbalancedQuotes(text: string): readonly EnvFileAnomaly[] {
  const lines = text.split("\n");
  const found: EnvFileAnomaly[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const match = QUOTED.exec(line.slice(0, 1_024));
    const [whole = "", key = "", quote = ""] = match ?? [];
    if (match === null || closes(line.slice(whole.length), quote)) continue;
    const end = closingLine(lines, index + 1, quote);
    if (end !== undefined) {
      index = end;
      continue;
    }
    const detail =
      "the quote is not closed: some readers keep it in the value, others drop the line or refuse the file";
    found.push({ kind: "unbalanced-quote", line: index + 1, key, detail });
  }
  return found;
}

function closes(text: string, quote: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\" && quote === '"') at += 1;
    else if (text[at] === quote) return true;
  }
  return false;
}

function closingLine(lines: readonly string[], from: number, quote: string): number | undefined {
  for (let index = from; index < Math.min(lines.length, from + VALUE_LINES_MAX); index += 1) {
    const line = lines[index] ?? "";
    if (ASSIGNMENT.test(line.slice(0, 512))) return undefined;
    if (closes(line, quote)) return index;
  }
  return undefined;
}

/** Each assignment read alone by every reader; the first value of a key earlier in the file is known. */
function comparedLines(
  text: string,
  loaders: readonly [DotenvLoader, ...DotenvLoader[]],
): readonly EnvFileAnomaly[] {
  const { assignments } = readDotenv(text, entryReader(loaders[0]));
  const starts = lineStarts(text);
  const values = new Map<string, string>();
  const found: EnvFileAnomaly[] = [];
  for (const assignment of assignments.slice(0, COMPARED_MAX)) {
    const lines = assignment.raw.split("\n").length;
    const from = starts[assignment.line - 1] ?? 0;
    const to = starts[assignment.line - 1 + lines] ?? text.length;
    const chunk = text.slice(from, to);
    const anomaly = disagreement(chunk, assignment.key, loaders, (name) => values.get(name));
    if (anomaly !== undefined) found.push({ ...anomaly, line: assignment.line });
    values.set(assignment.key, assignment.value);
  }
  return found;
}

/** systemd and bash leave out lines whose difference is to be told, so a tolerant reader finds the entries. */
function entryReader(first: DotenvLoader): DotenvLoader {
  return first.startsWith("node") ? first : "python-dotenv";
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
