import type { Module } from "../parsers/python/syntax.ts";
import type { PythonProject } from "./python-project.ts";
import { isDevelopmentFile } from "./source-files.ts";
import { baseName } from "./target-path.ts";

/** A module that makes its application by a function of another file: `app = create_app()`. */
export interface FactoryCall {
  /** Where the function stands. */
  readonly factory: string;
  readonly name: string;
  readonly line: number;
  /** It does more to the application than to make it. */
  readonly isOwn: boolean;
}

/** Text that a module with a call of a factory holds. */
export const FACTORY_NEEDLE =
  /^[\w.]+(?:\s*:[^=\n]{1,80})?\s*=\s*\w*(?:app|application|server|api)\w*\(/im;

/** What adds to an application: a module with it is where the application is put together. */
const ADDING =
  /\.(?:add_middleware|include_router|mount|register_blueprint|add_exception_handler)\(|@\w+\.(?:middleware|exception_handler|after_request|before_request|get|post|route)\(|\.config\b/;

/** Calls of factories at the top of a module, of functions that it imports from the project. */
export async function factoryCalls(
  file: string,
  module: Module,
  python: PythonProject,
): Promise<readonly FactoryCall[]> {
  if (isDevelopmentFile(file)) return [];
  const found: FactoryCall[] = [];
  for (const statement of module.body) {
    if (statement.kind !== "assign" || statement.value?.kind !== "call") continue;
    const { callee } = statement.value;
    if (callee.kind !== "name" || !/app|server|api/i.test(callee.name)) continue;
    const factory = importedFrom(file, module, callee.name, python);
    if (factory === undefined || factory === file) continue;
    const { line } = statement;
    found.push({ factory, name: callee.name, line, isOwn: ADDING.test(module.source) });
  }
  return found;
}

/** The file of the project that a name of a module comes from. */
function importedFrom(
  file: string,
  { body }: Module,
  name: string,
  python: PythonProject,
): string | undefined {
  for (const statement of body) {
    if (statement.kind !== "import-from") continue;
    const { level, path } = statement;
    const found = statement.names.find((each) => (each.alias ?? each.path) === name);
    if (found !== undefined) return python.resolve(file, level, path);
  }
  return undefined;
}

export interface WebSource<F extends string> {
  readonly framework: F;
  readonly file: string;
  /** The module that makes the application by calling the factory in `file`: what is run. */
  readonly entry?: string;
}

interface Sign<F extends string> {
  readonly framework: F;
  readonly file: string;
  readonly factory?: FactoryCall;
}

/**
 * Where applications are put together. A module that only calls a factory is how that is run; one that
 * adds to what the factory makes stands for it.
 */
export function webSources<F extends string>(signs: readonly Sign<F>[]): readonly WebSource<F>[] {
  const owned = new Set(
    signs.flatMap(({ factory }) => (factory?.isOwn === true ? [factory.factory] : [])),
  );
  const made = signs.filter(({ factory }) => factory === undefined || factory.isOwn);
  const launchers = signs.filter(({ factory }) => factory?.isOwn === false);
  const thin = launchers.flatMap(({ framework, factory }) =>
    factory === undefined ? [] : [{ framework, file: factory.factory }],
  );
  const files = new Map(
    [...made, ...thin].map(({ framework, file }) => [`${framework} ${file}`, { framework, file }]),
  );
  return [...files.values()]
    .filter(({ file }) => !owned.has(file))
    .map((source) => {
      const callers = launchers.filter(({ factory }) => factory?.factory === source.file);
      const [best] = callers.toSorted((a, b) => rank(a.file) - rank(b.file));
      return best === undefined ? source : { ...source, entry: best.file };
    });
}

const RANKS: readonly RegExp[] = [
  /^(?:wsgi|asgi)\.py$/,
  /^(?:app|main|application|server|run|serve)\.py$/,
  /./,
];

function rank(file: string): number {
  return RANKS.findIndex((pattern) => pattern.test(baseName(file)));
}
