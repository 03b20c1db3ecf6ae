import type { UnlockedPackage } from "./lock-file.ts";

/** One requirement of a requirements file (pip, "Requirements File Format"; PEP 508). */
export interface Requirement {
  /** As written. */
  readonly name: string;
  readonly line: number;
  /** Of `==` and `===` alone; absent where a range, or nothing, is asked for. */
  readonly version?: string;
  /** The environment marker, as written. */
  readonly condition?: string;
}

export interface RequirementInclude {
  /** As written, without quotes. */
  readonly path: string;
  readonly line: number;
  /** `-c`: versions for what is asked for elsewhere. */
  readonly isConstraint: boolean;
}

export interface RequirementsFile {
  readonly requirements: readonly Requirement[];
  readonly includes: readonly RequirementInclude[];
  /** Repositories, URLs and paths. */
  readonly skipped: readonly UnlockedPackage[];
  readonly problems: readonly { readonly message: string; readonly line: number }[];
}

/** Logical lines of one file. */
export const REQUIREMENTS_MAX = 20_000;
/** Characters of one logical line: hashes make long ones. */
export const REQUIREMENT_CHARS_MAX = 100_000;

type Read =
  | { readonly kind: "requirement"; readonly value: Requirement }
  | { readonly kind: "include"; readonly value: RequirementInclude }
  | { readonly kind: "skipped"; readonly value: UnlockedPackage }
  | { readonly kind: "problem"; readonly value: RequirementsFile["problems"][number] };

/** Reads the text of a requirements file. Options that name no package are passed over, unseen. */
export function parseRequirements(text: string): RequirementsFile {
  const lines = logicalLines(text);
  const read: readonly Read[] = lines
    .slice(0, REQUIREMENTS_MAX)
    .flatMap(({ content, line }) => readLine(content, line) ?? []);
  const problems = read.flatMap((each) => (each.kind === "problem" ? [each.value] : []));
  if (lines.length > REQUIREMENTS_MAX) {
    problems.push({
      message: `it has more than ${REQUIREMENTS_MAX} lines`,
      line: REQUIREMENTS_MAX,
    });
  }
  return {
    requirements: read.flatMap((each) => (each.kind === "requirement" ? [each.value] : [])),
    includes: read.flatMap((each) => (each.kind === "include" ? [each.value] : [])),
    skipped: read.flatMap((each) => (each.kind === "skipped" ? [each.value] : [])),
    problems,
  };
}

interface LogicalLine {
  readonly content: string;
  /** Where it begins. */
  readonly line: number;
}

/** Joined at a `\` before the line's end, then freed of comments, in pip's order. */
function logicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  let parts: string[] = [];
  let start = 1;
  const close = () => {
    const content = parts
      .join("")
      .replace(/(?:^|\s)#.*$/, "")
      .trim();
    if (content !== "") lines.push({ content, line: start });
    parts = [];
  };
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (parts.length === 0) start = index + 1;
    // A comment line ends what was continued (pip, `join_lines`).
    const isComment = /^\s*#/.test(raw);
    if (raw.endsWith("\\") && !isComment) {
      parts.push(raw.slice(0, -1));
      continue;
    }
    parts.push(isComment && parts.length > 0 ? ` ${raw}` : raw);
    close();
  }
  close();
  return lines;
}

const INCLUDE =
  /^(?:-r\s*|--requirement(?:\s+|=)|(?<constraint>-c\s*|--constraint(?:\s+|=)))(?<path>\S.*)$/;
const EDITABLE = /^(?:-e\s*|--editable(?:\s+|=))(?<target>\S.*)$/;
/** What follows a requirement on its line. */
const LINE_OPTIONS = /\s--(?:hash|global-option|config-settings?|install-option)\b.*$/;
const NAME =
  /^(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?<rest>.*)$/;
const PIN = /^(?:===?)\s*(?<version>[^\s,*=<>!~]+)$/;
const CLAUSE = /^(?:===|==|~=|!=|<=|>=|<|>)\s*[^\s,<>=!~][^\s,]*$/;
const PLACE =
  /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/|git\+|file:|\.{0,2}\/|[A-Za-z]:\\)|\.(?:whl|zip|tar\.gz|tar\.bz2)$/;

function readLine(content: string, line: number): Read | undefined {
  if (content.length > REQUIREMENT_CHARS_MAX) {
    return { kind: "problem", value: { message: "a line of it is too long", line } };
  }
  const include = INCLUDE.exec(content)?.groups;
  if (include !== undefined) {
    const path = (include["path"] ?? "").trim().replace(/^(["'])(.*)\1$/, "$2");
    return {
      kind: "include",
      value: { path, line, isConstraint: include["constraint"] !== undefined },
    };
  }
  const editable = EDITABLE.exec(content)?.groups?.["target"];
  if (editable !== undefined) return elsewhere(editable, line);
  if (content.startsWith("-")) return undefined;
  return readRequirement(content.replace(LINE_OPTIONS, "").trim(), line);
}

function readRequirement(content: string, line: number): Read {
  const isPlace = PLACE.test(content.split(/[\s;]/)[0] ?? "");
  const groups = isPlace ? undefined : NAME.exec(content)?.groups;
  if (isPlace || /^\.{1,2}$/.test(content)) return elsewhere(content, line);
  const name = groups?.["name"];
  if (name === undefined) return malformed(line);
  const rest = groups?.["rest"] ?? "";
  // `name @ URL`: what the URL holds may be a credential, and is no version.
  if (rest.startsWith("@")) {
    return { kind: "skipped", value: { name, reason: "from a repository or URL", line } };
  }
  return readSpecifier(name, rest, line);
}

/** `==1.0, !=1.1 ; python_version < "3.9"` */
function readSpecifier(name: string, rest: string, line: number): Read {
  const [specifier = "", ...marker] = rest.split(";");
  const condition = marker.join(";").trim();
  const bare = specifier.trim().replace(/^\((.*)\)$/, "$1");
  const clauses = bare === "" ? [] : bare.split(",").map((clause) => clause.trim());
  if (clauses.some((clause) => !CLAUSE.test(clause))) return malformed(line);
  const version = clauses.map((clause) => PIN.exec(clause)?.groups?.["version"]).find(Boolean);
  const more = { ...(version !== undefined && { version }), ...(condition && { condition }) };
  return { kind: "requirement", value: { name, line, ...more } };
}

function malformed(line: number): Read {
  return { kind: "problem", value: { message: "this is no requirement", line } };
}

/** Named by `#egg=` where that is there, never by the address. */
function elsewhere(target: string, line: number): Read {
  const name = /[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(target)?.[1] ?? "a package";
  const isRemote = /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/|git\+)/.test(target) && !/^file:/.test(target);
  const reason = isRemote ? "from a repository or URL" : "from a directory or file";
  return { kind: "skipped", value: { name, reason, line } };
}

const OTHER_SYSTEM =
  /^\(?\s*(?:sys_platform|platform_system|os_name)\s*==\s*["'](?:win32|cygwin|nt|windows|darwin|java)["']\s*\)?$/i;

/** Whether a marker only holds on systems nobody serves from here: Windows, macOS. Whatever else it asks is open. */
export function isForOtherSystem(condition: string): boolean {
  return !/\bor\b/.test(condition) && condition.split(/\band\b/).some(isOtherSystem);
}

function isOtherSystem(part: string): boolean {
  return OTHER_SYSTEM.test(part.trim());
}
