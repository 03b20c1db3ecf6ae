import { absent, known, knownValue } from "../../core/reading.ts";
import type { SourceProperty, SourceSetting } from "../../facts/source-settings.fact.ts";
import { nginxWanted } from "../proxy-rules/example-wanted.ts";
import type { SourceWanted } from "./source-header-check.ts";

/** A row of the source of an application: what it sends, `null` for nothing. */
export function sourceRow(
  property: SourceProperty,
  value: string | null,
  more: Partial<SourceSetting> = {},
): SourceSetting {
  return {
    ...{ slug: property, property, framework: "fastapi", file: "web/security.py" },
    ...{ line: value === null ? null : 5, kind: value === null ? "absent" : "literal" },
    ...{ value: value ?? "none", variables: [], chain: `${property} = ${value}` },
    resolved: { state: "known", value, from: "literal" },
    ...more,
  };
}

/** An application with these rows, and nginx in front of it where a configuration is given. */
export function sourceWanted(
  settings: readonly SourceSetting[],
  nginx: string | undefined = undefined,
): SourceWanted {
  const proxy = nginxWanted(nginx ?? "");
  const routes = knownValue(proxy.routes);
  const none = {
    ...proxy,
    routes: routes === undefined ? proxy.routes : known({ ...routes, configurations: [] }),
    nginx: absent("no configuration of nginx was found"),
  };
  return {
    ...(nginx === undefined ? none : proxy),
    live: absent("no live target"),
    source: known({ settings, read: ["fastapi"], problems: [] }),
    environment: absent("no environment"),
  };
}
