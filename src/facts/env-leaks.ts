import type { CollectContext } from "../core/fact.ts";
import type { Problem } from "../core/reading.ts";
import { readEnvText } from "./env-file-text.ts";
import { nameOf, resolvePath, shownPath } from "./env-paths.ts";
import { isSampleName } from "./env-samples.ts";
import type { SecretOccurrences } from "./secret-occurrences.fact.ts";

type Leak = SecretOccurrences["leaked"][number];

type Unread = NonNullable<SecretOccurrences["unread"]>[number];

interface Searched {
  readonly leaks: readonly Leak[];
  readonly unread: readonly Unread[];
}

/** A secret value to look for, once however many keys have it. */
export interface Needle {
  readonly key: string;
  readonly value: string;
  readonly fingerprint: string;
}

const SEARCHED_FILES_MAX = 2_000;
export const SEARCHED_FILE_BYTES_MAX = 1_048_576;
const SEARCHED_BYTES_MAX = 67_108_864;
const LEAKS_MAX = 200;

const UNTRACKED_PLACES: readonly ((path: string) => boolean)[] = [
  (path) => isSampleName(nameOf(path)),
  isDockerfile,
  isCompose,
  (path) => /\.(?:service|socket|timer|conf)$/.test(path) && nameOf(path).includes(".service"),
  isSettings,
];

/**
 * Where live values stand in clear: tracked files, and of the others samples, Dockerfiles, compose
 * files, units and settings. `excluded` are the env files in use, which are judged by themselves.
 */
export async function findLeaks(
  { host, target }: Pick<CollectContext, "host" | "target">,
  needles: readonly Needle[],
  tracked: readonly string[],
  tree: readonly string[],
  excluded: ReadonlySet<string>,
): Promise<Searched> {
  if (needles.length === 0) return { leaks: [], unread: [] };
  const isTracked = new Set(tracked);
  const others = tree.filter((path) => UNTRACKED_PLACES.some((is) => is(path)));
  const paths = [...new Set([...others, ...tracked])].slice(0, SEARCHED_FILES_MAX);
  const found: Leak[] = [];
  const unread: Unread[] = [];
  const isPlace = new Set(others);
  let left = SEARCHED_BYTES_MAX;
  for (const path of paths) {
    const absolute = resolvePath(target.directory, path);
    if (excluded.has(absolute)) continue;
    const reading = await readEnvText(host, absolute, SEARCHED_FILE_BYTES_MAX);
    if (reading.state === "unknown" && isHiding(reading.problem, isPlace.has(path)))
      unread.push({ file: path, problem: reading.problem });
    if (reading.state !== "known") continue;
    const text = reading.value;
    left -= text.length;
    if (left < 0 || found.length >= LEAKS_MAX) break;
    const place = placeOf(path, isTracked.has(path));
    const file = shownPath(absolute, target.directory);
    found.push(...leaksIn(text, needles).map((leak) => ({ ...leak, place, file })));
  }
  return { leaks: found.slice(0, LEAKS_MAX), unread: unread.slice(0, LEAKS_MAX) };
}

/** A large file under version control is an asset; a large settings file hides something. */
function isHiding({ code }: Problem, isPlace: boolean): boolean {
  return isPlace || code === "denied";
}

/** The first place of each value in one text. */
function leaksIn(
  text: string,
  needles: readonly Needle[],
): readonly Pick<Leak, "key" | "fingerprint" | "line">[] {
  return needles.flatMap(({ key, value, fingerprint }) => {
    const at = text.indexOf(value);
    if (at === -1) return [];
    return [{ key, fingerprint, line: text.slice(0, at).split("\n").length }];
  });
}

function isDockerfile(path: string): boolean {
  return /^(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$|\.Dockerfile$/i.test(nameOf(path));
}

function isCompose(path: string): boolean {
  return /^(?:docker-)?compose(?:[.-][\w-]+)*\.ya?ml$/i.test(nameOf(path));
}

function isSettings(path: string): boolean {
  return /(?:^|\/)(?:settings|config|conf)(?:\/[\w-]+)?\.(?:py|[cm]?[jt]s|json|ya?ml|toml|ini)$|(?:^|\/)(?:app|main|manage|wsgi|asgi|server|index)\.(?:py|[cm]?[jt]s)$/i.test(
    path,
  );
}

function placeOf(path: string, isTracked: boolean): Leak["place"] {
  if (isSampleName(nameOf(path))) return "sample";
  if (isDockerfile(path)) return "dockerfile";
  if (isCompose(path)) return "compose-literal";
  if (/\.service(?:\.d\/|$)/.test(path)) return "unit-literal";
  if (isSettings(path) || !isTracked) return "settings-literal";
  return "tracked-file";
}
