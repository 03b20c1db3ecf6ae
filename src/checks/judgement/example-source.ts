/** Rows of source for the tests of checks; nothing here runs in an audit. */
import { absent } from "../../core/reading.ts";
import type { Resolved } from "../../facts/app-settings.fact.ts";
import type {
  SourceProperty,
  SourceSetting,
  SourceSettings,
} from "../../facts/source-settings.fact.ts";

/** One row at `app.py:7`, literal and known as `value`; the rest as given. */
export function rowOf(
  property: SourceProperty,
  value: unknown,
  rest: Partial<SourceSetting> = {},
): SourceSetting {
  return {
    slug: `example.${property}`,
    property,
    framework: "fastapi",
    subject: "sid",
    file: "app.py",
    line: 7,
    column: 3,
    kind: "literal",
    value: JSON.stringify(value),
    variables: [],
    resolved: { state: "known", value, from: "literal" },
    chain: `${property} = ${JSON.stringify(value)} <- app.py:7`,
    ...rest,
  };
}

export const UNKNOWN: Resolved = { state: "unknown", reason: "it is only known at run time" };

export function sourceOf(...settings: readonly SourceSetting[]): SourceSettings {
  return { settings, read: ["fastapi"], problems: [] };
}

/** Nobody sets a variable. */
export const NO_ENVIRONMENT = { environment: absent("no environment") } as const;
