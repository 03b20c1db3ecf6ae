import { isIncluded, withIncludes } from "../parsers/python/included.ts";
import type { Project, VariableState } from "../parsers/python/machine.ts";
import { type ParsedModule, parsePython } from "../parsers/python/parse.ts";
import type { Module } from "../parsers/python/syntax.ts";
import type { Value } from "../parsers/python/value.ts";
import { importsOf } from "../parsers/python/walk.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import { imageCopies } from "./image-copies.ts";
import type { SourceFiles } from "./source-files.ts";

/** Files one fact parses at most: settings and what they import are tens. */
export const PARSED_FILES_MAX = 150;
/** UTF-16 units of source one fact parses at most: about two seconds of work. */
export const PARSED_LENGTH_MAX = 6_000_000;
const IMPORT_DEPTH_MAX = 6;

/** The Python files of the audited directory: parsed on request, found by their import names. */
export interface PythonProject {
  /** Parsed once; `undefined` when it could not be read or parsed, which is noted as a problem. */
  parse(file: string): Promise<Module | undefined>;
  /**
   * Parses a file and what it imports, so that it can be run: of the imports those whose text is wanted or that a
   * file of these imports. Returns the files.
   */
  loadClosure(file: string, wanted?: WantedImports): Promise<ReadonlySet<string>>;
  resolve(file: string, level: number, path: string): string | undefined;
  /**
   * The project as evaluation sees it under one environment: what has been parsed so far, or of it the files `within`.
   */
  under(
    variable: (name: string) => VariableState,
    options?: {
      /** Value of `django.conf.settings.NAME`. */
      readonly setting?: (name: string) => Value | undefined;
      readonly within?: ReadonlySet<string>;
    },
  ): Project;
}

/** Which imports are worth parsing. */
export interface WantedImports {
  readonly text: Pick<RegExp, "test">;
  /** Files whose every import is. */
  readonly by?: RegExp;
}

interface Imported {
  readonly file: string;
  readonly by: string;
}

export function openPythonProject(sources: SourceFiles): PythonProject {
  const modules = new Map<string, Module | undefined>();
  const documents = new Map<string, string>();
  let parsedLength = 0;
  let copies: ReadonlyMap<string, string> | undefined;
  const parse = async (file: string): Promise<Module | undefined> => {
    if (modules.has(file)) return modules.get(file);
    const length = (await sources.text(file))?.length ?? 0;
    if (modules.size >= PARSED_FILES_MAX || parsedLength + length > PARSED_LENGTH_MAX) {
      sources.note({ file, detail: "not read: there is more source than is parsed" });
      return undefined;
    }
    parsedLength += length;
    copies ??= await imageCopies(sources);
    const module = await parseFile(sources, file);
    modules.set(file, module);
    for (const document of documentsOf(file, module, sources)) {
      const text = await sources.text(document);
      if (text !== undefined) documents.set(document, text);
    }
    return module;
  };
  // Readers go through the same imports one after the other: each is looked for once.
  const resolved = new Map<string, string | undefined>();
  const resolve = (file: string, level: number, path: string): string | undefined => {
    const key = `${file.slice(0, file.lastIndexOf("/") + 1)} ${level} ${path}`;
    if (!resolved.has(key))
      resolved.set(key, resolveImport(sources, copies ?? NO_COPIES, file, level, path));
    return resolved.get(key);
  };
  const imports = new Map<string, readonly Imported[]>();
  const importedBy = async (by: string): Promise<readonly Imported[]> => {
    const module = await parse(by);
    const found =
      imports.get(by) ??
      (module === undefined ? [] : importsOf(module)).flatMap(({ level, path }) => {
        const file = resolve(by, level, path);
        return file === undefined ? [] : [{ file, by }];
      });
    imports.set(by, found);
    return found;
  };
  const verdicts = new Map<WantedImports["text"], Map<string, boolean>>();
  const holds = async (file: string, pattern: WantedImports["text"]): Promise<boolean> => {
    const known = verdicts.get(pattern) ?? new Map<string, boolean>();
    verdicts.set(pattern, known);
    const verdict = known.get(file) ?? pattern.test((await sources.text(file)) ?? "");
    known.set(file, verdict);
    return verdict;
  };
  const unseen = async (
    found: readonly Imported[],
    seen: Set<string>,
    wanted: WantedImports | undefined,
  ): Promise<readonly string[]> => {
    const next: string[] = [];
    for (const { file, by } of found) {
      if (seen.has(file)) continue;
      const isWanted =
        wanted === undefined || wanted.by?.test(by) === true || (await holds(file, wanted.text));
      if (!isWanted) continue;
      seen.add(file);
      next.push(file);
    }
    return next;
  };
  return {
    parse,
    resolve,
    async loadClosure(file, wanted) {
      const seen = new Set([file]);
      let next: readonly string[] = [file];
      for (let depth = 0; depth < IMPORT_DEPTH_MAX && next.length > 0; depth += 1) {
        const found: Imported[] = [];
        for (const current of next) found.push(...(await importedBy(current)));
        next = await unseen(found, seen, wanted);
      }
      return seen;
    },
    under: (variable, { setting = () => undefined, within } = {}) => ({
      resolve,
      module: (file) => (within?.has(file) === false ? undefined : modules.get(file)),
      document: (file) => documents.get(file),
      exists: sources.exists,
      variable,
      setting,
    }),
  };
}

const DOCUMENT = /["']([\w./-]{1,100}\.(?:ini|cfg|conf))["']/g;
const DOCUMENTS_MAX = 4;

/** INI files that a module with `configparser` names, beside it or from the top. */
function documentsOf(
  file: string,
  module: Module | undefined,
  { has }: SourceFiles,
): readonly string[] {
  if (module === undefined || !module.source.includes("configparser")) return [];
  const home = file.slice(0, file.lastIndexOf("/") + 1);
  return [...module.source.matchAll(DOCUMENT)]
    .flatMap(([, name = ""]) => [home + name, name].filter(has))
    .slice(0, DOCUMENTS_MAX);
}

async function parseFile(sources: SourceFiles, file: string): Promise<Module | undefined> {
  const text = await sources.text(file);
  if (text === undefined) return undefined;
  const parsed = parseOnce(sources.tree, text);
  if (!parsed.ok) {
    sources.note({ file, detail: parsed.message });
    return undefined;
  }
  const [error] = parsed.module.errors;
  if (error !== undefined)
    sources.note({ file, line: error.line, detail: "is not valid Python here" });
  return withIncludes(parsed.module, (pattern) => filesBeside(sources, file, pattern));
}

/** Stars of one pattern: more are no file's name. */
const STARS_MAX = 3;

/** Files that a pattern of `glob` names, from a module's folder on, relative to it and in order. */
function filesBeside(
  { paths, has }: SourceFiles,
  file: string,
  pattern: string,
): readonly string[] {
  const home = file.slice(0, file.lastIndexOf("/") + 1);
  if (!pattern.includes("*")) return has(home + pattern) ? [pattern] : [];
  const words = pattern.split(/\*+/);
  if (words.length > STARS_MAX + 1) return [];
  const parts = words.map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const matching = new RegExp(`^${parts.join("[^/]*")}$`);
  return paths
    .flatMap((path) => (path.startsWith(home) ? [path.slice(home.length)] : []))
    .filter((path) => path.endsWith(".py") && matching.test(path))
    .sort();
}

/**
 * What was parsed of one deployment, by its text: several facts come to the same files, and parsing is
 * the dear part. It holds no more than the limits of those facts let them parse.
 */
const parsedOf = new WeakMap<DeploymentTree, Map<string, ParsedModule>>();

function parseOnce(tree: DeploymentTree, text: string): ParsedModule {
  const shared = parsedOf.get(tree) ?? new Map<string, ParsedModule>();
  parsedOf.set(tree, shared);
  const parsed = shared.get(text) ?? parsePython(text);
  shared.set(text, parsed);
  return parsed;
}

/** Modules of Python's own by whose names packages have parts as well. */
const STANDARD_LIBRARY: ReadonlySet<string> = new Set(
  (
    "abc ast asyncio base64 calendar cmd code collections concurrent contextlib copy csv dataclasses datetime " +
    "decimal email enum functools hashlib hmac html http inspect io itertools json locale logging math operator " +
    "os pathlib pickle platform profile queue random re sched secrets select signal site socket sqlite3 ssl stat " +
    "statistics string struct subprocess sys tempfile textwrap threading time token tokenize trace traceback " +
    "types typing unittest urllib uuid warnings xml zipfile"
  ).split(" "),
);
const NO_COPIES: ReadonlyMap<string, string> = new Map();

/** `level` dots and a dotted path, as Python finds them: relative to the package, else from a root above. */
function resolveImport(
  { has }: SourceFiles,
  copies: ReadonlyMap<string, string>,
  file: string,
  level: number,
  path: string,
): string | undefined {
  // What an image has in another place imports from there.
  const [place] = [...copies].find(([, source]) => source === file) ?? [file];
  const directories = place.split("/").slice(0, -1);
  if (isIncluded({ level, path }) && has([...directories, path].join("/")))
    return [...directories, path].join("/");
  const steps = path === "" ? [] : path.split(".");
  const at = (base: readonly string[]): string | undefined => {
    const stem = [...base, ...steps].join("/");
    const asModule = `${stem}.py`;
    if (steps.length > 0 && has(asModule)) return asModule;
    const copied = copies.get(asModule);
    if (copied !== undefined) return copied;
    const asPackage = stem === "" ? "__init__.py" : `${stem}/__init__.py`;
    return has(asPackage) ? asPackage : undefined;
  };
  if (level > 0) {
    if (level - 1 > directories.length) return undefined;
    return at(directories.slice(0, directories.length - (level - 1)));
  }
  return steps.length === 0 ? undefined : fromRoots(has, directories, steps[0] ?? "", at);
}

/** A module by its whole name: below a directory above the file, the outermost first. */
function fromRoots(
  has: SourceFiles["has"],
  directories: readonly string[],
  first: string,
  at: (base: readonly string[]) => string | undefined,
): string | undefined {
  const isStandard = STANDARD_LIBRARY.has(first);
  for (let depth = 0; depth <= directories.length; depth += 1) {
    const base = directories.slice(0, depth);
    // Modules beside one in a package are no roots: `import logging` is not the package's `logging`.
    if (isStandard && has([...base, "__init__.py"].join("/"))) continue;
    const found = at(base);
    if (found !== undefined) return found;
  }
  return undefined;
}
