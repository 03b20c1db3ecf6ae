import type { Machine } from "../../parsers/python/machine.ts";
import { type SettingContext, settingOf } from "../source-setting.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import type { FieldWrite } from "./field-statements.ts";

export const ALLOW_ORIGIN = "access-control-allow-origin";

/** What middleware of a project's own calls the answers it gives to foreign origins. */
const NAMES: readonly (readonly [pattern: RegExp, slug: string])[] = [
  [/^(?:CORS|XS_SHARING|ACCESS_CONTROL)_(?:\w+_)?ORIGINS?$/, "cors.allow_origins"],
  [/^(?:CORS|XS_SHARING|ACCESS_CONTROL)_(?:\w+_)?CREDENTIALS$/, "cors.allow_credentials"],
];

/**
 * The constants of modules whose middleware lets foreign origins in. They decide nothing here: what is sent is
 * told by the statement that sends it.
 */
export function ownCorsRows(
  context: SettingContext,
  machine: Machine,
  writes: readonly FieldWrite[],
): readonly SourceSetting[] {
  const files = new Set(writes.filter(({ name }) => name === ALLOW_ORIGIN).map(({ file }) => file));
  return [...files].flatMap((file) => {
    const loaded = machine.modules.get(file);
    if (loaded === undefined || loaded === "loading") return [];
    return [...loaded.bindings].flatMap(([name, { value, ...place }]) => {
      const slug = NAMES.find(([pattern]) => pattern.test(name))?.[1];
      if (slug === undefined || place.file !== file) return [];
      const { kind, variables, resolved, chain } = settingOf(context, {
        ...{ name, value, fallback: undefined },
        ...place,
      });
      const row = { slug, framework: "django", kind, variables, resolved, chain } as const;
      return [{ ...row, file, line: place.line, column: place.column, value: chain }];
    });
  });
}
