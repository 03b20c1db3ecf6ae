import type { Host } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { isMissing } from "./env-file-text.ts";
import { nameOf, parentOf } from "./env-paths.ts";

/** Names one pattern may match, and its length. */
const MATCHES_MAX = 32;
const PATTERN_LENGTH_MAX = 256;

/** The names that the last part of `path` matches, sorted as glob(7) does; `*` and `?` only. */
export async function globNames(host: Host, path: string): Promise<readonly string[]> {
  const pattern = nameOf(path);
  if (pattern.length > PATTERN_LENGTH_MAX) return [];
  try {
    const names = await host.readDir(parentOf(path));
    return names.filter((name) => matches(pattern, name)).slice(0, MATCHES_MAX);
  } catch (error) {
    if (isMissing(error)) return [];
    // Left as it is, the pattern becomes a file in use that cannot be read.
    if (error instanceof HostError && error.code === "denied") return [pattern];
    throw error;
  }
}

/** Matches without backtracking over more than the last star: time grows with the product at most. */
function matches(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  let p = 0;
  let star = -1;
  let mark = 0;
  for (let n = 0; n < name.length; ) {
    if (pattern[p] === "*") {
      star = p;
      mark = n;
      p += 1;
    } else if (pattern[p] === "?" || pattern[p] === name[n]) {
      p += 1;
      n += 1;
    } else if (star !== -1) {
      p = star + 1;
      mark += 1;
      n = mark;
    } else return false;
  }
  return pattern.slice(p).replaceAll("*", "") === "";
}
