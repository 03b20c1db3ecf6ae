import type { SourceSetting } from "../source-settings.fact.ts";
import { writtenClaims } from "../source-settings-module.ts";
import type { SourceContext } from "./reader.ts";

/** Where an image or uwsgi's file says which settings module is in force. */
export async function settingsModuleRows({
  sources,
}: SourceContext): Promise<readonly SourceSetting[]> {
  const claims = await writtenClaims(sources);
  return claims.map(({ module, file, line }) => ({
    ...{ slug: "django.settings_module", framework: "django", file, line, kind: "literal" },
    ...{ value: module, variables: [] },
    resolved: { state: "known", value: module, from: "literal" },
    chain: `DJANGO_SETTINGS_MODULE = ${module} <- ${file}:${line}`,
  }));
}
