import type { SourceFiles } from "../source-files.ts";
import { baseName } from "../target-path.ts";

const MANIFEST =
  /^(?:requirements[\w.-]*\.(?:txt|in)|constraints\.txt|(?:poetry|uv|pdm)\.lock|Pipfile\.lock)$/;
const MANIFESTS_MAX = 12;

export type Version = readonly [major: number, minor: number];

/** The version of a package that a manifest of the project pins; `undefined` for none. */
export async function pinnedVersion(
  sources: SourceFiles,
  name: string,
): Promise<Version | undefined> {
  const manifests = sources.paths.filter((path) => MANIFEST.test(baseName(path)));
  const patterns = patternsOf(name);
  for (const path of manifests.slice(0, MANIFESTS_MAX)) {
    const text = (await sources.text(path)) ?? "";
    for (const pattern of patterns) {
      const [, major, minor] = pattern.exec(text) ?? [];
      if (major !== undefined && minor !== undefined) return [Number(major), Number(minor)];
    }
  }
  return undefined;
}

/** Names are the same with `-`, `_` and `.` (PEP 503). */
function patternsOf(name: string): readonly RegExp[] {
  const written = name.replace(/[-_.]+/g, "[-_.]+");
  return [
    new RegExp(`^\\s*${written}\\s*(?:\\[[^\\]]*\\])?\\s*(?:===?|~=)\\s*v?(\\d+)\\.(\\d+)`, "im"),
    new RegExp(`^name = "${written}"\\r?\\nversion = "(\\d+)\\.(\\d+)`, "im"),
    new RegExp(`"${written}":\\s*\\{[^{}]*"version":\\s*"==(\\d+)\\.(\\d+)`, "i"),
  ];
}

/** Whether a manifest pins a version before another; what is not pinned is the newest. */
export async function isBefore(
  { sources }: { readonly sources: SourceFiles },
  name: string,
  other: Version,
): Promise<boolean> {
  const version = await pinnedVersion(sources, name);
  return version !== undefined && isOlder(version, other);
}

export function isOlder([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
