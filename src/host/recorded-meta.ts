import { isJsonObject, type JsonObject } from "../core/json-object.ts";
import {
  booleanMember,
  malformed,
  numberMember,
  parseRecorded,
  requireObject,
  textMember,
} from "./recorded-json.ts";

/** What `meta.json` says of one path. Members left out take the defaults of an ordinary file. */
export interface RecordedFile {
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  /** getfacl lines. */
  readonly acl: readonly string[];
  /** Target of a symbolic link, as written. */
  readonly symlink?: string;
  readonly isReadable: boolean;
  readonly isStatDenied: boolean;
}

/** `meta.json`: modes and owners, which a copy of the directory does not keep. */
export interface RecordedMeta {
  /** By path relative to the root; `.` is the root. */
  readonly files: ReadonlyMap<string, RecordedFile>;
  /** The application's directory relative to the root, where it is told. */
  readonly sourceRoot?: string;
}

/** What a program answered. */
export interface RecordedCommand {
  readonly isAvailable: boolean;
  /** Absent when the record only says that the program is there. */
  readonly result?: {
    readonly exit: number | null;
    readonly stdout: string;
    readonly stderr: string;
  };
}

/** Reads `meta.json`. Throws `HostError` `malformed` naming the file. */
export function recordedMeta(text: string, file: string): RecordedMeta {
  const object = requireObject(parseRecorded(text, file), file, "the record");
  const listed = requireObject(object["files"] ?? {}, file, '"files"');
  const sourceRoot = textMember(object, "sourceRoot", file);
  const files = Object.entries(listed).map(
    ([path, each]) =>
      [normalPath(path), recordedFile(requireObject(each, file, `"${path}"`), file)] as const,
  );
  return { files: new Map(files), ...(sourceRoot !== undefined && { sourceRoot }) };
}

function recordedFile(each: JsonObject, file: string): RecordedFile {
  const mode = modeMember(each, file);
  const owner = textMember(each, "owner", file);
  const group = textMember(each, "group", file);
  const symlink = textMember(each, "symlink", file);
  return {
    ...(mode !== undefined && { mode }),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(symlink !== undefined && { symlink }),
    acl: aclMember(each, file),
    isReadable: booleanMember(each, "readable", file) ?? true,
    isStatDenied: booleanMember(each, "statDenied", file) ?? false,
  };
}

function modeMember(each: JsonObject, file: string): number | undefined {
  const mode = textMember(each, "mode", file);
  if (mode === undefined) return undefined;
  if (/^(?:0o?)?[0-7]{1,5}$/.test(mode)) return Number.parseInt(mode.replace("o", ""), 8) & 0o7777;
  throw malformed(file, '"mode" must be octal text such as "0640"');
}

function aclMember(each: JsonObject, file: string): readonly string[] {
  const acl = each["acl"] ?? [];
  if (typeof acl === "string") return acl.split("\n");
  if (Array.isArray(acl) && acl.every((line) => typeof line === "string")) return acl;
  throw malformed(file, '"acl" must be a list of getfacl lines');
}

/** `./a//b/` as `a/b`; the root as `.`. */
export function normalPath(path: string): string {
  const words = path.split("/").filter((word) => word !== "" && word !== ".");
  return words.length === 0 ? "." : words.join("/");
}

/** Reads `commands.json`: tool to what it answered. Throws `HostError` `malformed` naming the file. */
export function recordedCommands(text: string, file: string): ReadonlyMap<string, RecordedCommand> {
  const object = requireObject(parseRecorded(text, file), file, "the record");
  return new Map(
    Object.entries(object).map(([tool, each]) => [
      tool,
      recordedCommand(isJsonObject(each) ? each : { available: each }, file),
    ]),
  );
}

function recordedCommand(each: JsonObject, file: string): RecordedCommand {
  const isAvailable = booleanMember(each, "available", file) ?? true;
  const exit = each["exit"] === null ? null : numberMember(each, "exit", file);
  const stdout = textMember(each, "stdout", file);
  const stderr = textMember(each, "stderr", file);
  if (exit === undefined && stdout === undefined && stderr === undefined) return { isAvailable };
  return {
    isAvailable,
    result: { exit: exit === undefined ? 0 : exit, stdout: stdout ?? "", stderr: stderr ?? "" },
  };
}
