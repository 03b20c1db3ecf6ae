import type { ScannedText } from "../parsers/secrets/scan.ts";

export interface ScannedFile {
  readonly path: string;
  /** Empty where it is not needed any more. */
  readonly text: string;
  readonly scanned: ScannedText;
}

/** Whether `name`, assigned at `line` of `path`, is assigned again by what runs after it. */
export type Overrides = (path: string, name: string, line: number) => boolean;

interface Module {
  readonly path: string;
  /** Last steps of the modules it takes everything of: `base` of `from .base import *`. */
  readonly bases: ReadonlySet<string>;
  /** Names assigned on its top level or below a condition, with the last line. */
  readonly assigned: ReadonlyMap<string, number>;
}

const STAR = /^[ \t]*from\s+([\w.]{1,200})\s+import\s+\*/gm;
const ASSIGNED = /^[ \t]*([A-Z][A-Z0-9_]{2,80})\s*(?::[^=\n]{1,60})?=(?!=)/gm;
const LOADED = 4;

/**
 * Django's way to split settings: `production.py` takes all of `base.py` and assigns again. Modules for
 * development and tests do not count: what they assign is not in force.
 */
export function findOverrides(files: readonly ScannedFile[]): Overrides {
  const modules = files.filter(({ text, scanned }) => text !== "" && scanned.pathClass === "live");
  const read = new Map(modules.map((file) => [file.path, moduleOf(file)]));
  return (path, name, line) => {
    const own = read.get(path)?.assigned.get(name);
    if (own !== undefined && own > line) return true;
    return [...read.values()].some(
      (module) => module.path !== path && module.assigned.has(name) && takesAll(read, module, path),
    );
  };
}

/** Whether a module takes everything of `path`, by itself or through those it takes. */
function takesAll(
  read: ReadonlyMap<string, Module>,
  module: Module,
  path: string,
  depth = 0,
): boolean {
  const stem = stemOf(path);
  if (module.bases.has(stem) && isNear(module.path, path)) return true;
  if (depth >= LOADED) return false;
  return [...module.bases].some((base) =>
    [...read.values()].some(
      (each) =>
        each.path !== module.path &&
        each.path !== path &&
        stemOf(each.path) === base &&
        isNear(module.path, each.path) &&
        takesAll(read, each, path, depth + 1),
    ),
  );
}

function moduleOf({ path, text }: ScannedFile): Module {
  const bases = [...text.matchAll(STAR)].map(([, name = ""]) => name.split(".").at(-1) ?? "");
  const assigned = new Map<string, number>();
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(ASSIGNED)) {
    for (let at = text.indexOf("\n", counted); at !== -1 && at < match.index; ) {
      line += 1;
      counted = at + 1;
      at = text.indexOf("\n", counted);
    }
    assigned.set(match[1] ?? "", line);
  }
  return { path, bases: new Set(bases), assigned };
}

/** `settings/base.py` is `base`, `settings/__init__.py` is `settings`. */
function stemOf(path: string): string {
  const steps = path.replace(/\.py$/, "").split("/");
  return (steps.at(-1) === "__init__" ? steps.at(-2) : steps.at(-1)) ?? "";
}

/** In the same directory, or both of one project's settings. */
function isNear(a: string, b: string): boolean {
  const directory = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return directory(a) === directory(b) || (/settings|config/.test(a) && /settings|config/.test(b));
}
