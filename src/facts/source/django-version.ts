import type { SourceFiles } from "../source-files.ts";
import { baseName } from "../target-path.ts";
import { OLD_DEFAULTS } from "./django-names.ts";

const MANIFEST =
  /^(?:requirements[\w.-]*\.(?:txt|in)|constraints\.txt|(?:poetry|uv|pdm)\.lock|Pipfile\.lock)$/;
const MANIFESTS_MAX = 12;

/** A pin or an upper bound; without either the newest is taken. */
const PINNED: readonly RegExp[] = [
  /^\s*django\s*(?:\[[^\]]*\])?\s*(?:===?|~=)\s*v?(\d+)\.(\d+)/im,
  /^name = "django"\r?\nversion = "(\d+)\.(\d+)/im,
  /"django":\s*\{[^{}]*"version":\s*"==(\d+)\.(\d+)/i,
];

/** Defaults of Django as the project pins it, where they differ from those of today. */
export async function oldDefaults(
  sources: SourceFiles,
): Promise<Readonly<Record<string, unknown>>> {
  const version = await pinnedVersion(sources);
  if (version === undefined) return {};
  return Object.assign(
    {},
    ...OLD_DEFAULTS.filter(({ before }) => isBefore(version, before)).map(({ values }) => values),
  );
}

type Version = readonly [major: number, minor: number];

function isBefore([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

async function pinnedVersion(sources: SourceFiles): Promise<Version | undefined> {
  const manifests = sources.paths.filter((path) => MANIFEST.test(baseName(path)));
  for (const path of manifests.slice(0, MANIFESTS_MAX)) {
    const text = (await sources.text(path)) ?? "";
    for (const pattern of PINNED) {
      const [, major, minor] = pattern.exec(text) ?? [];
      if (major !== undefined && minor !== undefined) return [Number(major), Number(minor)];
    }
  }
  return undefined;
}
