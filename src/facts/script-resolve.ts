import type { ScriptManifest } from "./script-entry.ts";
import type { SourceFiles } from "./source-files.ts";
import { baseName, directoryOf, resolveFrom } from "./target-path.ts";

const CONFIGURATIONS_MAX = 30;
const ENDINGS = ["", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];
const INDEXES = ["/index.ts", "/index.tsx", "/index.js", "/index.mjs", "/index.cjs"];

/** One `paths` entry of a `tsconfig.json`: `@server/*` to the directories it stands for. */
export interface ScriptAlias {
  /** Where the configuration stands; empty for the root. */
  readonly directory: string;
  /** Without its `*`. */
  readonly prefix: string;
  readonly isWildcard: boolean;
  /** Relative to the root, without their `*`. */
  readonly targets: readonly string[];
}

/** Aliases of every `tsconfig.json` and `jsconfig.json`, and of the packages of the repository. */
export async function scriptAliases(
  sources: SourceFiles,
  manifests: readonly ScriptManifest[],
): Promise<readonly ScriptAlias[]> {
  const files = sources.tree.files
    .map(({ path }) => path)
    .filter((path) => /^(?:ts|js)config(?:\.base|\.app|\.server)?\.json$/.test(baseName(path)))
    .sort((a, b) => a.split("/").length - b.split("/").length);
  const aliases: ScriptAlias[] = [];
  for (const file of files.slice(0, CONFIGURATIONS_MAX))
    aliases.push(...configured(file, (await sources.text(file)) ?? ""));
  // Longest prefix and deepest configuration first, as the nearest one counts.
  return [...aliases, ...manifests.flatMap(packageAlias)].sort(
    (a, b) => b.directory.length - a.directory.length || b.prefix.length - a.prefix.length,
  );
}

/** `{ "paths": { "@/*": ["./src/*"] } }`, found in the text as it may hold comments. */
function configured(file: string, text: string): readonly ScriptAlias[] {
  const directory = directoryOf(file) === "." ? "" : directoryOf(file);
  const base = /"baseUrl"\s*:\s*"([^"]{1,200})"/.exec(text)?.[1] ?? ".";
  const at = text.search(/"paths"\s*:\s*\{/);
  if (at < 0) return [];
  const end = text.indexOf("}", at);
  const body = text.slice(text.indexOf("{", at), end < 0 ? text.length : end);
  return [...body.matchAll(/"([^"]{1,100})"\s*:\s*\[([^\]]{1,400})\]/g)].map(
    ([, name = "", list = ""]) => ({
      directory,
      prefix: name.replace(/\*$/, ""),
      isWildcard: name.endsWith("*"),
      targets: [...list.matchAll(/"([^"]{1,200})"/g)].map(([, target = ""]) =>
        resolveFrom(`/${directory}/${base}`, target.replace(/\*$/, "")).slice(1),
      ),
    }),
  );
}

function packageAlias({ name, directory }: ScriptManifest): readonly ScriptAlias[] {
  if (name === undefined || directory === "") return [];
  const targets = [`${directory}/src`, directory];
  return [
    { directory: "", prefix: `${name}/`, isWildcard: true, targets },
    { directory: "", prefix: name, isWildcard: false, targets },
  ];
}

/** The file of the tree that a specifier means; `undefined` for packages and what is not there. */
export function resolveScript(
  { has }: Pick<SourceFiles, "has">,
  aliases: readonly ScriptAlias[],
  from: string,
  specifier: string,
): string | undefined {
  if (specifier.startsWith(".")) {
    const directory = directoryOf(from) === "." ? "" : directoryOf(from);
    return existing(has, resolveFrom(`/${directory}`, specifier).slice(1));
  }
  for (const { directory, prefix, isWildcard, targets } of aliases) {
    const isNear = directory === "" || from.startsWith(`${directory}/`);
    const isMeant = isWildcard ? specifier.startsWith(prefix) : specifier === prefix;
    if (!isNear || !isMeant) continue;
    const rest = specifier.slice(prefix.length);
    const found = targets
      .map((target) => existing(has, joined(target, rest)))
      .find((path) => path !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function joined(target: string, rest: string): string {
  return rest === "" ? target : `${target.replace(/\/$/, "")}/${rest}`;
}

function existing(has: (path: string) => boolean, path: string): string | undefined {
  // TypeScript imports "./a.js" where "a.ts" is written.
  const source = path.replace(/\.([cm]?)jsx?$/, ".$1ts");
  const candidates = [
    ...ENDINGS.map((ending) => `${path}${ending}`),
    source,
    source.replace(/ts$/, "tsx"),
    ...INDEXES.map((index) => `${path}${index}`),
  ];
  return candidates.find((candidate) => /\.[cm]?[jt]sx?$/.test(candidate) && has(candidate));
}
