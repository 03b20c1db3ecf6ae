import { isGlob, matchesGlobSegment } from "./glob.ts";
import { DIRECTIVES_MAX, type NginxDirective, type NginxTree, parseNginx } from "./parse.ts";
import type { NginxProblem } from "./tokenize.ts";

/** Files that include each other in a chain. */
export const INCLUDE_DEPTH_MAX = 32;
/** Files read into one configuration, each time it is included counted: a host farm has a few thousand. */
export const INCLUSIONS_MAX = 20_000;

/** Problems listed over all files of one configuration. */
const INCLUDE_PROBLEMS_MAX = 1_000;

/** What the caller's access to files answers: missing and unreadable are different answers. */
export type IncludeAnswer<T> =
  | { readonly state: "known"; readonly value: T }
  | { readonly state: "missing" }
  | { readonly state: "unreadable"; readonly detail: string };

/** Access to files, handed in by the caller; synchronous or not. Paths are absolute if the prefix is. */
export interface IncludeAccess {
  /** The folder of the main configuration file: nginx takes relative includes from there, at any depth. */
  readonly prefixDirectory: string;
  /** The text of a file. */
  read(path: string): IncludeAnswer<string> | Promise<IncludeAnswer<string>>;
  /** The names in a directory, in any order, without `.` and `..`; a path that is no directory is `missing`. */
  list(
    directory: string,
  ): IncludeAnswer<readonly string[]> | Promise<IncludeAnswer<readonly string[]>>;
  /** How a file is called in positions; the path itself where not given. */
  nameOf?(path: string): string;
}

/** A configuration with every `include` replaced by what it brings in; one that cannot be read stays. */
export interface ExpandedTree extends NginxTree {
  /** Paths of the included files that were read, each once, in the order of their first inclusion. */
  readonly included: readonly string[];
}

/**
 * Reads the main file and expands its includes in place, as `ngx_conf_include` does: relative to the
 * prefix, globs in byte order and allowed to match nothing, the same file as often as it is named.
 *
 * Each directive keeps the file and line it stands in. A file that is missing (and not globbed),
 * unreadable or includes itself is a problem at the `include`; the rest is kept. Throws only what
 * `access` throws.
 */
export async function readNginx(mainPath: string, access: IncludeAccess): Promise<ExpandedTree> {
  const name = access.nameOf?.(mainPath) ?? mainPath;
  const answer = await access.read(mainPath);
  if (answer.state !== "known") {
    const problem = accessProblem(answer, mainPath, { file: name, line: 1, column: 1 });
    return { file: name, directives: [], problems: [problem], included: [] };
  }
  return expandIncludes(parseNginx(answer.value, name), access, mainPath);
}

/** As `readNginx`, for a main file already parsed; `mainPath` guards against a file including it. */
export async function expandIncludes(
  main: NginxTree,
  access: IncludeAccess,
  mainPath: string = main.file,
): Promise<ExpandedTree> {
  const expansion: Expansion = {
    access,
    parsed: new Map(),
    problems: [...main.problems],
    inclusions: 0,
    directives: 0,
  };
  const directives = await expandAll(expansion, main.directives, [cleanPath(mainPath)]);
  const included = [...expansion.parsed.entries()]
    .filter(([, tree]) => !("state" in tree))
    .map(([path]) => path);
  return { file: main.file, directives, problems: expansion.problems, included };
}

interface Expansion {
  readonly access: IncludeAccess;
  /** By path: the file's own tree, or why it could not be read. */
  readonly parsed: Map<string, NginxTree | Unread>;
  readonly problems: NginxProblem[];
  inclusions: number;
  directives: number;
}

type Unread = Exclude<IncludeAnswer<never>, { state: "known" }>;
type Position = Pick<NginxProblem, "file" | "line" | "column">;

async function expandAll(
  expansion: Expansion,
  directives: readonly NginxDirective[],
  chain: readonly string[],
): Promise<readonly NginxDirective[]> {
  const expanded: NginxDirective[] = [];
  for (const directive of directives) {
    if (directive.name === "include") {
      for (const included of await expandInclude(expansion, directive, chain)) {
        expanded.push(included);
      }
      continue;
    }
    if (!countDirective(expansion, directive)) break;
    const { block } = directive;
    expanded.push(
      block === undefined
        ? directive
        : { ...directive, block: await expandAll(expansion, block, chain) },
    );
  }
  return expanded;
}

function countDirective(expansion: Expansion, at: Position): boolean {
  expansion.directives += 1;
  if (expansion.directives === DIRECTIVES_MAX + 1) {
    const message = `More than ${DIRECTIVES_MAX} directives with includes: the rest is not read`;
    note(expansion, at, "limit", message);
  }
  return expansion.directives <= DIRECTIVES_MAX;
}

async function expandInclude(
  expansion: Expansion,
  directive: NginxDirective,
  chain: readonly string[],
): Promise<readonly NginxDirective[]> {
  const [argument, ...others] = directive.args;
  if (argument === undefined || others.length > 0 || directive.block !== undefined) {
    note(expansion, directive, "syntax", '"include" takes one file and no block');
    return [];
  }
  const path = absolutePath(expansion.access.prefixDirectory, argument.text);
  const problemsBefore = expansion.problems.length;
  const paths = isGlob(path) ? await globPaths(expansion, path, directive) : [path];
  // A folder that cannot be listed: something may be missing here.
  const isUnlisted = paths.length === 0 && expansion.problems.length > problemsBefore;
  const expanded: NginxDirective[] = isUnlisted ? [directive] : [];
  for (const included of paths) {
    for (const child of await expandFile(expansion, included, directive, chain)) {
      expanded.push(child);
    }
  }
  return expanded;
}

async function expandFile(
  expansion: Expansion,
  path: string,
  at: NginxDirective,
  chain: readonly string[],
): Promise<readonly NginxDirective[]> {
  if (chain.includes(path)) {
    note(expansion, at, "include-cycle", `${path} includes itself`);
    return [];
  }
  if (chain.length > INCLUDE_DEPTH_MAX) {
    note(expansion, at, "limit", `More than ${INCLUDE_DEPTH_MAX} files include each other`);
    return [];
  }
  expansion.inclusions += 1;
  if (expansion.inclusions > INCLUSIONS_MAX) {
    if (expansion.inclusions === INCLUSIONS_MAX + 1) {
      note(expansion, at, "limit", `More than ${INCLUSIONS_MAX} inclusions: the rest is not read`);
    }
    return [];
  }
  const tree = await parsedFile(expansion, path);
  if ("state" in tree) {
    noteAccess(expansion, tree, path, at);
    // It stays, so that who evaluates the block knows that something is missing there.
    return [at];
  }
  return expandAll(expansion, tree.directives, [...chain, path]);
}

/** Each file is read and parsed once, however often it is included. */
async function parsedFile(expansion: Expansion, path: string): Promise<NginxTree | Unread> {
  const before = expansion.parsed.get(path);
  if (before !== undefined) return before;
  const { access, parsed } = expansion;
  const answer = await access.read(path);
  const tree =
    answer.state === "known" ? parseNginx(answer.value, access.nameOf?.(path) ?? path) : answer;
  parsed.set(path, tree);
  if (!("state" in tree)) {
    for (const problem of tree.problems) note(expansion, problem, problem.kind, problem.message);
  }
  return tree;
}

/** Matches segment by segment, sorted as glob(3) does in the C locale: by bytes. */
async function globPaths(
  expansion: Expansion,
  pattern: string,
  at: Position,
): Promise<readonly string[]> {
  const segments = pattern.split("/").filter((segment) => segment !== "");
  let bases: readonly string[] = [pattern.startsWith("/") ? "/" : ""];
  for (const [depth, segment] of segments.entries()) {
    const isAfterGlob = segments.slice(0, depth).some(isGlob);
    const found: (readonly string[])[] = [];
    for (const base of bases) {
      const names = await matchingNames(expansion, base, segment, isAfterGlob, at);
      found.push(names.map((name) => joinPath(base, name)));
    }
    bases = found.flat();
    if (bases.length > INCLUSIONS_MAX) {
      note(expansion, at, "limit", `More than ${INCLUSIONS_MAX} files match: none of them is read`);
      return [];
    }
  }
  return bases.toSorted(compareBytes);
}

function joinPath(base: string, name: string): string {
  return base === "" || base === "/" ? base + name : `${base}/${name}`;
}

/** What is there is asked only from the first wildcard on: before it, a missing folder lists nothing. */
async function matchingNames(
  expansion: Expansion,
  directory: string,
  segment: string,
  isAfterGlob: boolean,
  at: Position,
): Promise<readonly string[]> {
  if (segment === ".." || !(isAfterGlob || isGlob(segment))) return [segment];
  const answer = await expansion.access.list(directory === "" ? "." : directory);
  switch (answer.state) {
    case "missing":
      return [];
    case "unreadable":
      noteAccess(expansion, answer, directory, at);
      return [];
    case "known":
      return answer.value.filter((name) => matchesGlobSegment(segment, name));
  }
}

function compareBytes(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (const [index, character] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (character !== other) return (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return left.length - right.length;
}

function accessProblem(answer: Unread, path: string, at: Position): NginxProblem {
  const { file, line, column } = at;
  return answer.state === "missing"
    ? { kind: "missing-include", message: `${path} does not exist`, file, line, column }
    : {
        kind: "unreadable-include",
        message: `${path} cannot be read: ${answer.detail}`,
        file,
        line,
        column,
      };
}

function noteAccess(expansion: Expansion, answer: Unread, path: string, at: Position): void {
  const { kind, message } = accessProblem(answer, path, at);
  note(expansion, at, kind, message);
}

function note(
  { problems }: Expansion,
  { file, line, column }: Position,
  kind: NginxProblem["kind"],
  message: string,
): void {
  if (problems.length < INCLUDE_PROBLEMS_MAX) problems.push({ kind, message, file, line, column });
}

function absolutePath(prefixDirectory: string, path: string): string {
  return cleanPath(path.startsWith("/") ? path : `${prefixDirectory}/${path}`);
}

/** Without empty and `.` segments. `..` stays: behind a link it is not the parent in the text. */
function cleanPath(path: string): string {
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  return (path.startsWith("/") ? "/" : "") + segments.join("/");
}
