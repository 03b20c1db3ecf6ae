import type { TraefikSetting } from "../parsers/traefik.ts";
import type { ProxyFiles } from "./proxy-files.ts";
import type { Candidate } from "./proxy-load.ts";
import { settingOf } from "./proxy-traefik.ts";
import { directoryOf, resolveFrom } from "./target-path.ts";

/** Files that file providers bring. */
export const PROVIDED_MAX = 64;

interface Static {
  readonly candidate: Candidate;
  readonly settings: readonly TraefikSetting[];
}

type Listing = Partial<Pick<ProxyFiles, "list">>;

/**
 * The dynamic configuration that static files name as `providers.file.filename` or `.directory`, but for files `known`
 * already. What only lies in a tree is named as it is where it runs: there the file of that name beside counts.
 */
export async function providedCandidates(
  statics: readonly Static[],
  known: ReadonlySet<string>,
  files: Listing,
): Promise<readonly Candidate[]> {
  const found = new Map<string, Candidate>();
  for (const { candidate, settings } of statics) {
    const foundBy = `file provider of ${candidate.path}`;
    for (const path of await providedPaths(candidate, settings, files))
      if (!known.has(path)) found.set(path, { ...candidate, path, foundBy });
  }
  return [...found.values()].slice(0, PROVIDED_MAX);
}

async function providedPaths(
  candidate: Candidate,
  settings: readonly TraefikSetting[],
  files: Listing,
): Promise<readonly string[]> {
  const filename = settingOf(settings, "providers.file.filename");
  const directory = settingOf(settings, "providers.file.directory");
  const paths = filename === undefined ? [] : [...placesOf(filename, candidate)];
  for (const place of directory === undefined ? [] : placesOf(directory, candidate)) {
    const answer = await files.list?.(place);
    const names = answer?.state === "known" ? answer.value : [];
    paths.push(...names.filter(isDynamic).map((name) => `${place}/${name}`));
  }
  return paths;
}

function isDynamic(name: string): boolean {
  return /\.(?:ya?ml|toml)$/.test(name);
}

function placesOf(written: string, { path, isInstalled }: Candidate): readonly string[] {
  const beside = directoryOf(path);
  if (isInstalled || !written.startsWith("/")) return [resolveFrom(beside, written)];
  const tail = written.split("/").filter((part) => part !== "");
  const ends = [tail.slice(-2), tail.slice(-1)].map((part) => part.join("/"));
  return [...new Set(ends)].map((end) => resolveFrom(beside, end));
}
