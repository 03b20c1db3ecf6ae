import type { Binding, Entry, Value } from "../../parsers/python/value.ts";
import { type SettingContext, settingOf } from "../source-setting.ts";
import type { SourceSetting } from "../source-settings.fact.ts";

/** Handlers of `LOGGING` that write to files, and the levels of its loggers. */
export function loggingRows(
  context: SettingContext,
  binding: Binding | undefined,
): readonly SourceSetting[] {
  if (binding === undefined) return [];
  const row = (slug: string, name: string, { value, line }: Entry): SourceSetting => {
    const { file, column } = binding;
    const found = settingOf(context, { name, value, file, line, column, fallback: undefined });
    const { kind, variables, resolved, chain } = found;
    const text = found.value === undefined ? chain : `${name} = ${JSON.stringify(found.value)}`;
    return {
      ...{ slug, framework: "django", file, line, kind },
      value: text,
      variables,
      resolved,
      chain,
    };
  };
  const handlers = entriesOf(entryOf(binding.value, "handlers")?.value).flatMap(({ value }) => {
    const type = entryOf(value, "class");
    return type?.value.kind === "text" && /File/.test(type.value.text)
      ? [row("logging.handler", "class", type)]
      : [];
  });
  const loggers = [
    ...entriesOf(entryOf(binding.value, "loggers")?.value).map(({ value }) => value),
    entryOf(binding.value, "root")?.value,
  ];
  const levels = loggers.flatMap((logger) => {
    const level = entryOf(logger, "level");
    return level === undefined ? [] : [row("logging.level", "level", level)];
  });
  return [...handlers, ...levels];
}

function entriesOf(value: Value | undefined): readonly Entry[] {
  return value?.kind === "dict" ? value.entries : [];
}

function entryOf(value: Value | undefined, key: string): Entry | undefined {
  return entriesOf(value).findLast((entry) => entry.key.kind === "text" && entry.key.text === key);
}
