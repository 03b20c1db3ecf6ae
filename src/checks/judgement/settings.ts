import type { Evidence } from "../../core/check.ts";
import { type AppSetting, type AppSettings, settingNamed } from "../../facts/app-settings.fact.ts";

/** The setting `name` in force; `undefined` also where source was read and does not have it. */
export function presentSetting(
  settings: AppSettings | undefined,
  name: string,
): AppSetting | undefined {
  const setting = settings === undefined ? undefined : settingNamed(settings, name);
  return setting?.kind === "absent" ? undefined : setting;
}

/** `config/settings.py:12`. */
export function settingPlace({ file, line }: AppSetting): string {
  return `${file}:${line}`;
}

/** The chain from the environment to the setting, at the setting's place; it holds no secret. */
export function settingEvidence({ file, line, column, chain }: AppSetting): Evidence {
  return { file, line, column, excerpt: chain };
}
