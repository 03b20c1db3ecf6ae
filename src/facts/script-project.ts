import {
  entryOf,
  LIKELY_ENTRY,
  type ScriptManifest,
  scriptManifests,
  startWords,
} from "./script-entry.ts";
import { resolveScript, scriptAliases } from "./script-resolve.ts";
import { isDevelopmentFile, type SourceFiles } from "./source-files.ts";
import { directoryOf } from "./target-path.ts";

/** Files of the entry points' closure that are read. */
export const CLOSURE_FILES_MAX = 600;
/** Further files that are only searched for signs. */
export const FURTHER_FILES_MAX = 400;

/** The JavaScript and TypeScript of a tree: what was read of it, and what belongs together. */
export interface ScriptProject {
  readonly manifests: readonly ScriptManifest[];
  /** Entry points, most telling first. */
  readonly entries: readonly string[];
  /** What `NODE_ENV` is where a start command sets it. */
  readonly stage: string | undefined;
  /** Files that entry points lead to, in the order in which they are met. */
  readonly closure: readonly string[];
  /** Text of every file that was read. */
  readonly texts: ReadonlyMap<string, string>;
  resolve(from: string, specifier: string): string | undefined;
  /** Reads the files that are not part of the closure, so that `texts` has them. */
  readFurther(): Promise<void>;
}

/** Interfaces, data and texts: nothing in them sets up a server. */
const BESIDES =
  /(?:^|\/)(?:components|emails?|icons|editor|migrations|seeds|seeders|translations|styles|presenters|queues)\/|\.[jt]sx$/;
/** Where secrets are read in a project that Next.js starts, of which no import tells. */
const LIKELY_SECRET =
  /(?:^|\/)(?:libs?|utils?|server|auth|config|core|services|helpers|actions)\/|(?:auth|crypto|secret|token|session|env|config)[^/]*$/i;

const SCRIPT = /\.[cm]?[jt]sx?$/;
const NOT_LIVE =
  /(?:^|\/)(?:tests?|testing|__tests__|__mocks__|e2e|cypress|playwright|benchmarks?|stories|\.storybook|scripts|migrations|public|assets|examples?|docs?|fixtures?|locales?|lang|i18n)\/|\.d\.[cm]?ts$|\.(?:stories|config|mock|min)\.[cm]?[jt]sx?$/i;
const NEXT_CONFIG = /(?:^|\/)next\.config\.[cm]?[jt]s$/;
/** Files that Next.js and Sentry load by their name. */
const NEXT_FILE =
  /(?:^|\/)(?:next\.config\.[cm]?[jt]s|(?:middleware|proxy|instrumentation)\.[jt]s|sentry\.(?:server|edge)\.config\.[jt]s)$/;
/** A file that sets up a server, whatever starts it. */
const SERVER_SIGN = /["'](?:express|koa|fastify|restify|@nestjs\/core|@hapi\/hapi|polka)["']/;
/** A program that loads files by names it works out, or whole directories of them. */
const LOADS_BY_NAME =
  /\b(?:require|import)\(\s*(?!["'`\s)])|\brequire\(\s*`[^`\n]{0,200}\$\{|["'](?:auto-load|require-all|require-dir|requireindex)["']/;
/** Text by which a file that is loaded so sets up what answers requests. */
const SETS_UP =
  /\b(?:res|response|ctx|reply)\s*\.(?:set|header|setHeader|cookie|setCookie)\(|\.cookies\.set\(|["'](?:express-rate-limit|rate-limiter-flexible|koa-ratelimit|express-session|helmet|cors|csurf|csrf-sync)["']|\bapp\.(?:use|set|disable|enable)\(/;
const IMPORTED = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["']([^"'\n]{1,200})["']/g;

/** Whether a file can be part of what runs on a server. */
function isLive(path: string): boolean {
  return (
    SCRIPT.test(path) &&
    (NEXT_FILE.test(path) || (!NOT_LIVE.test(path) && !isDevelopmentFile(path)))
  );
}

/** Reads the closure of the entry points; `undefined` where the tree holds no script at all. */
export async function openScriptProject(
  sources: SourceFiles,
  commands: readonly string[],
): Promise<ScriptProject | undefined> {
  const paths = sources.paths.filter(isLive);
  if (paths.length === 0) return undefined;
  const manifests = await scriptManifests(sources);
  const aliases = await scriptAliases(sources, manifests);
  const texts = new Map<string, string>();
  const resolved = new Map<string, string | undefined>();
  const resolve = (from: string, specifier: string): string | undefined => {
    const key = `${directoryOf(from)}\0${specifier}`;
    if (!resolved.has(key)) resolved.set(key, resolveScript(sources, aliases, from, specifier));
    return resolved.get(key);
  };
  const read = async (path: string): Promise<string | undefined> => {
    const text = texts.get(path) ?? (await sources.text(path));
    if (text !== undefined) texts.set(path, text);
    return text;
  };
  const readFurther = async (): Promise<void> => {
    const likely = paths.filter((path) => !BESIDES.test(path));
    const first = likely.filter((path) => LIKELY_SECRET.test(path));
    for (const path of [...new Set([...first, ...likely])].slice(0, FURTHER_FILES_MAX))
      await read(path);
  };
  const starts = await startWords(sources, manifests, commands);
  const entries = entriesOf(sources, starts, paths);
  let closure = await closureOf(entries, read, resolve);
  const isServer = (path: string): boolean => SERVER_SIGN.test(texts.get(path) ?? "");
  if (!closure.some((path) => NEXT_CONFIG.test(path) || isServer(path))) {
    // Plugins and frameworks load files by names that no import tells.
    await readFurther();
    closure = await closureOf([...entries, ...[...texts.keys()].filter(isServer)], read, resolve);
  }
  if (closure.some((path) => LOADS_BY_NAME.test(texts.get(path) ?? ""))) {
    const loaded = await loadedByName(paths, entries, closure, read);
    closure = [...new Set([...closure, ...loaded])];
  }
  const stage = starts
    .map(({ text }) => /\bNODE_ENV[= ]"?(\w{1,20})/.exec(text)?.[1])
    .find((name) => name !== undefined);
  return { manifests, entries, stage, closure, texts, resolve, readFurther };
}

/** Files beside those of the closure, below an entry point's directory, that set something up. */
async function loadedByName(
  paths: readonly string[],
  entries: readonly string[],
  closure: readonly string[],
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly string[]> {
  const below = entries.map((path) => (path.includes("/") ? `${directoryOf(path)}/` : ""));
  const known = new Set(closure);
  const beside = paths.filter(
    (path) =>
      !known.has(path) && !BESIDES.test(path) && below.some((each) => path.startsWith(each)),
  );
  const found: string[] = [];
  for (const path of beside.slice(0, FURTHER_FILES_MAX))
    if (SETS_UP.test((await read(path)) ?? "")) found.push(path);
  return found;
}

function entriesOf(
  sources: SourceFiles,
  starts: readonly { readonly directory: string; readonly text: string }[],
  paths: readonly string[],
): readonly string[] {
  const named = starts.flatMap(({ directory, text }) =>
    text
      .split(/[\s"'`;&|,[\]]+/)
      .map((word) => entryOf(sources, directory, word))
      .filter((path) => path !== undefined),
  );
  const next = paths.filter((path) => NEXT_FILE.test(path));
  const likely = named.length > 0 ? [] : paths.filter((path) => LIKELY_ENTRY.test(path));
  return [...new Set([...named, ...next, ...likely])];
}

/** Breadth first, so that what lies near the entry is read where limits are reached. */
async function closureOf(
  entries: readonly string[],
  read: (path: string) => Promise<string | undefined>,
  resolve: ScriptProject["resolve"],
): Promise<readonly string[]> {
  const found = new Set(entries);
  for (const path of found) {
    if (found.size > CLOSURE_FILES_MAX) break;
    const text = await read(path);
    if (text === undefined) continue;
    for (const [, specifier = ""] of text.matchAll(IMPORTED)) {
      const target = resolve(path, specifier);
      if (target !== undefined && !BESIDES.test(target)) found.add(target);
    }
  }
  return [...found];
}
