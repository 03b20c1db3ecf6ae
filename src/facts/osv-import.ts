import type { DirEntry, Host } from "../core/host.ts";
import { writeOsvIndex } from "../parsers/dependencies/osv-index.ts";
import { type OsvRecord, parseOsvRecord } from "../parsers/dependencies/osv-record.ts";
import { readZip, type ZipEntry } from "../wire/zip.ts";

/** One bundle, as text or archive; a string cannot hold more. */
export const BUNDLE_BYTES_MAX = 500 * 1_000_000;
/** One record; the largest of PyPI and npm have below 1 MB. */
export const RECORD_BYTES_MAX = 8 * 1_048_576;
/** Files of a directory. */
export const BUNDLE_FILES_MAX = 500_000;
const BUNDLE_DEPTH_MAX = 8;
/** Files read at once. */
const READ_AT_ONCE = 32;
/** Malformed records that are told; the others are counted. */
const TOLD_MAX = 5;

export interface OsvImport {
  /** The text of the index. */
  readonly index: string;
  /** Records in the index: of PyPI or npm. */
  readonly kept: number;
  readonly withdrawn: number;
  /** Of other ecosystems. */
  readonly foreign: number;
  readonly malformed: number;
  /** Where and why of the first of them. */
  readonly told: readonly string[];
}

/** Why a bundle is none; nothing of it is used. */
export interface OsvRefusal {
  readonly refusal: string;
}

/** Undoes `deflate` (RFC 1951), giving at most so many bytes; `undefined` where the data is damaged or larger. */
export type Inflate = (data: Uint8Array, bytesMax: number) => Uint8Array | undefined;

interface Taking {
  readonly records: OsvRecord[];
  readonly told: string[];
  withdrawn: number;
  foreign: number;
  malformed: number;
}

/**
 * Reads an OSV bundle: a directory of JSON files, a zip archive of them, a JSON list, or one record a line.
 * `path` is absolute. Throws `HostError` for what cannot be read.
 */
export async function importOsv(
  host: Host,
  path: string,
  nowMs: number,
  inflate: Inflate,
): Promise<OsvImport | OsvRefusal> {
  const taking: Taking = { records: [], told: [], withdrawn: 0, foreign: 0, malformed: 0 };
  const { kind } = await host.stat(path);
  const refusal =
    kind === "directory"
      ? await takeDirectory(taking, host, path, inflate)
      : await takeFile(taking, host, path, inflate);
  if (refusal !== undefined) return { refusal };
  const { records, ...counts } = taking;
  if (records.length === 0) {
    const [first] = counts.told;
    return { refusal: `it holds no record of PyPI or npm${first ? `; ${first}` : ""}` };
  }
  return { ...counts, kept: records.length, index: writeOsvIndex(records, nowMs) };
}

async function takeDirectory(
  taking: Taking,
  host: Host,
  root: string,
  inflate: Inflate,
): Promise<string | undefined> {
  const files = await filesUnder(host, root);
  if (files.length > BUNDLE_FILES_MAX) return `it holds more than ${BUNDLE_FILES_MAX} files`;
  for (let start = 0; start < files.length; start += READ_AT_ONCE) {
    const some = files.slice(start, start + READ_AT_ONCE);
    const archives = some.filter((path) => path.endsWith(".zip"));
    const texts = await Promise.all(
      some
        .filter((path) => path.endsWith(".json"))
        .map(async (path) => [path, await host.readFile(path, RECORD_BYTES_MAX)] as const),
    );
    for (const [path, text] of texts) takeText(taking, path.slice(root.length + 1), text);
    for (const path of archives) {
      const refusal = await takeFile(taking, host, path, inflate);
      if (refusal !== undefined) return `${path.slice(root.length + 1)}: ${refusal}`;
    }
  }
  return undefined;
}

async function filesUnder(host: Host, root: string): Promise<readonly string[]> {
  const files: string[] = [];
  let level = [root];
  for (let depth = 0; depth < BUNDLE_DEPTH_MAX && level.length > 0; depth++) {
    const next: string[] = [];
    for (const directory of level) {
      const entries = await host.readDirEntries(directory);
      const named = (kind: DirEntry["kind"]) =>
        entries.filter((each) => each.kind === kind).map(({ name }) => `${directory}/${name}`);
      next.push(...named("directory"));
      files.push(...named("file").filter((path) => /\.(?:json|zip)$/.test(path)));
    }
    level = next;
  }
  return files.sort();
}

async function takeFile(
  taking: Taking,
  host: Host,
  path: string,
  inflate: Inflate,
): Promise<string | undefined> {
  const bytes = await host.readBytes(path, BUNDLE_BYTES_MAX);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return takeArchive(taking, bytes, inflate);
  return takeBundle(taking, new TextDecoder().decode(bytes));
}

function takeArchive(taking: Taking, bytes: Uint8Array, inflate: Inflate): string | undefined {
  const zip = readZip(bytes);
  if (!zip.ok) return zip.message;
  const text = new TextDecoder();
  for (const entry of zip.entries) {
    if (!entry.name.endsWith(".json")) continue;
    const content = contentOf(entry, inflate);
    if (content === undefined) return `${entry.name} in it is damaged or too large`;
    takeText(taking, entry.name, text.decode(content));
  }
  return undefined;
}

function contentOf(entry: ZipEntry, inflate: Inflate): Uint8Array | undefined {
  if (entry.sizeBytes > RECORD_BYTES_MAX) return undefined;
  if (entry.method === "stored") return entry.data;
  return inflate(entry.data, RECORD_BYTES_MAX);
}

/** A list, one record, `{"vulns": [...]}` as the API of osv.dev answers, or one record a line. */
function takeBundle(taking: Taking, text: string): string | undefined {
  const whole = parseJson(text);
  if (whole !== undefined) {
    const vulns = typeof whole === "object" && whole !== null && "vulns" in whole && whole.vulns;
    for (const [index, value] of listOf(vulns || whole).entries()) {
      take(taking, `record ${index + 1}`, value);
    }
    return undefined;
  }
  const lines = text.split("\n");
  // What is cut off ends in the middle of a record; every advisory behind it would be missing without a word.
  const last = lines.findLastIndex((line) => line.trim() !== "");
  if (last <= 0 || parseJson(lines[last] ?? "") === undefined) {
    return "it is cut off or no JSON: neither a list of records nor one a line";
  }
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== "") takeText(taking, `line ${index + 1}`, line);
  }
  return undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function takeText(taking: Taking, where: string, text: string): void {
  const value = parseJson(text);
  if (value === undefined) refuse(taking, `${where}: it is cut off or no JSON`);
  else for (const each of listOf(value)) take(taking, where, each);
}

function take(taking: Taking, where: string, value: unknown): void {
  const parsed = parseOsvRecord(value);
  if (parsed.state === "withdrawn") taking.withdrawn += 1;
  else if (parsed.state === "malformed") refuse(taking, `${where}: ${parsed.why}`);
  else if (parsed.record.affected.length === 0) taking.foreign += 1;
  else taking.records.push(parsed.record);
}

function refuse(taking: Taking, why: string): void {
  taking.malformed += 1;
  if (taking.told.length < TOLD_MAX) taking.told.push(why);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
