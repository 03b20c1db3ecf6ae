import { dockerCommand, parseDockerfile } from "../parsers/dockerfile.ts";
import type { SourceFiles } from "./source-files.ts";
import { baseName, byDepth, depthOf, directoryOf, isOutsideDeployment } from "./target-path.ts";

/** Manifests that are looked at, shallow ones first: a repository of many packages has as many. */
export const MANIFESTS_MAX = 40;
const MANIFEST_DEPTH_MAX = 4;
const DOCKERFILES_MAX = 6;
/** `npm start` that runs `npm run x` that runs … */
const SCRIPT_HOPS_MAX = 4;

/** A `package.json`: where it stands and what of it is used here. */
export interface ScriptManifest {
  /** Directory; empty for the root. */
  readonly directory: string;
  readonly file: string;
  readonly text: string;
  readonly name: string | undefined;
  readonly main: string | undefined;
  readonly scripts: Readonly<Record<string, unknown>>;
  /** What runs needs: package name to version range. */
  readonly dependencies: Readonly<Record<string, unknown>>;
}

/** The manifests of a tree, dependencies' own left out. */
export async function scriptManifests(sources: SourceFiles): Promise<readonly ScriptManifest[]> {
  const paths = byDepth(
    sources.tree.files
      .map(({ path }) => path)
      .filter(
        (path) =>
          baseName(path) === "package.json" &&
          depthOf(path) <= MANIFEST_DEPTH_MAX &&
          !isOutsideDeployment(path),
      ),
  );
  const found: ScriptManifest[] = [];
  for (const file of paths.slice(0, MANIFESTS_MAX)) {
    const text = await sources.text(file);
    const manifest = text === undefined ? undefined : readManifest(file, text);
    if (manifest !== undefined) found.push(manifest);
  }
  return found;
}

function readManifest(file: string, text: string): ScriptManifest | undefined {
  const json = jsonObject(text);
  if (json === undefined) return undefined;
  const { name, main } = json;
  const directory = directoryOf(file);
  return {
    directory: directory === "." ? "" : directory,
    file,
    text,
    name: typeof name === "string" ? name : undefined,
    main: typeof main === "string" ? main : undefined,
    scripts: recordOf(json["scripts"]),
    dependencies: recordOf(json["dependencies"]),
  };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    // A manifest that is no JSON names nothing.
    return undefined;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value));
}

/** Scripts by which packages are started, most telling first. */
const START_SCRIPTS = ["start:prod", "start:production", "start", "prod", "production", "serve"];

/** Every command that starts something: those of services, images and manifests. */
export async function startWords(
  sources: SourceFiles,
  manifests: readonly ScriptManifest[],
  commands: readonly string[],
): Promise<readonly { readonly directory: string; readonly text: string }[]> {
  const images = await imageCommands(sources);
  const declared = [...commands, ...images].map((text) => ({ directory: "", text }));
  const own = manifests.flatMap((manifest) =>
    START_SCRIPTS.flatMap((script) => commandOf(manifest, script, 0)).map((text) => ({
      directory: manifest.directory,
      text,
    })),
  );
  const named = declared.flatMap(({ text }) =>
    manifests.slice(0, 1).flatMap((manifest) =>
      scriptNames(text).flatMap((script) =>
        commandOf(manifest, script, 0).map((each) => ({
          directory: manifest.directory,
          text: each,
        })),
      ),
    ),
  );
  const mains = manifests.flatMap(({ directory, main }) =>
    main === undefined ? [] : [{ directory, text: `node ${main}` }],
  );
  return [...declared, ...named, ...own, ...mains];
}

async function imageCommands(sources: SourceFiles): Promise<readonly string[]> {
  const files = sources.tree.files
    .map(({ path }) => path)
    .filter((path) => /^(?:docker\/)?dockerfile$/i.test(path))
    .slice(0, DOCKERFILES_MAX);
  const found: string[] = [];
  for (const file of files) {
    const text = await sources.text(file);
    const command = text === undefined ? undefined : dockerCommand(parseDockerfile(text));
    if (command !== undefined) found.push(command.text);
    // Released stages stand before those for tests: every command counts.
    for (const match of (text ?? "").matchAll(/^\s*(?:CMD|ENTRYPOINT)\s+(.{1,400})$/gim))
      found.push((match[1] ?? "").replace(/[[\]",]/g, " "));
  }
  return found;
}

/** `npm start`, `yarn run prod`, `pnpm --filter web run start`. */
function scriptNames(text: string): readonly string[] {
  const pattern =
    /\b(?:npm|yarn|pnpm|bun)\b(?:\s+--?[\w-]+(?:[= ][\w@/-]+)?)*\s+(?:run\s+)?([\w:.-]{1,60})/g;
  return [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

function commandOf(
  { scripts, ...rest }: ScriptManifest,
  script: string,
  hops: number,
): readonly string[] {
  const text = Object.hasOwn(scripts, script) ? scripts[script] : undefined;
  if (typeof text !== "string" || hops > SCRIPT_HOPS_MAX) return [];
  const inner = scriptNames(text)
    .filter((name) => name !== script)
    .flatMap((name) => commandOf({ scripts, ...rest }, name, hops + 1));
  return [text, ...inner];
}

/** Where compilers put what stands in the source elsewhere. */
const BUILT = /^(?:dist|build|out|lib|\.output|bundle)\//;
const ENDINGS = ["", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", "/index.ts", "/index.js"];

/** The file of the tree that a word of a command names, compiled or not. */
export function entryOf(
  { has }: Pick<SourceFiles, "has">,
  directory: string,
  word: string,
): string | undefined {
  const path = word.replace(/^\.\//, "").replace(/^\/(?:usr\/src\/app|app|srv\/app)\//, "");
  if (path === "" || path.startsWith("/") || path.includes("..")) return undefined;
  const bare = path.replace(/\.[cm]?[jt]sx?$/, "");
  const source = bare.replace(BUILT, "");
  const isScript = bare !== path;
  const candidates = [
    path,
    ...(isScript || path.includes("/") ? ENDINGS.map((ending) => `${bare}${ending}`) : []),
    ...(isScript || path.includes("/") ? ENDINGS.map((ending) => `src/${source}${ending}`) : []),
    ...(source === bare ? [] : ENDINGS.map((ending) => `${source}${ending}`)),
  ];
  const base = directory === "" ? "" : `${directory}/`;
  return candidates
    .map((candidate) => `${base}${candidate}`)
    .find((candidate) => /\.[cm]?[jt]sx?$/.test(candidate) && has(candidate));
}

/** Names of entry points where nothing says how the program is started. */
export const LIKELY_ENTRY =
  /^(?:(?:src|server|app|api|backend|bin|lib|src\/server|src\/app)\/)?(?:server|app|main|index|www)\.[cm]?[jt]s$/;
