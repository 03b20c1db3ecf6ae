import type { SourceFiles } from "../source-files.ts";
import { OLD_DEFAULTS } from "./django-names.ts";
import { isOlder, pinnedVersion } from "./pinned-version.ts";

/** Defaults of Django as the project pins it, where they differ from those of today. */
export async function oldDefaults(
  sources: SourceFiles,
): Promise<Readonly<Record<string, unknown>>> {
  const version = await pinnedVersion(sources, "django");
  if (version === undefined) return {};
  return Object.assign(
    {},
    ...OLD_DEFAULTS.filter(({ before }) => isOlder(version, before)).map(({ values }) => values),
  );
}
