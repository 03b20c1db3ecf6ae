/** Fact values for the tests of Sentry's controls; nothing here runs in an audit. */
import { known } from "../../core/reading.ts";
import type { SentryDsn } from "../../facts/sentry-dsn.ts";
import type { EnvironmentDsn } from "../../facts/sentry-dsns.fact.ts";
import type {
  SourceProperty,
  SourceSetting,
  SourceSettings,
} from "../../facts/source-settings.fact.ts";
import { environmentOf, STRONG, servicesOf } from "../judgement/example-facts.ts";

export const SOUND_DSN: SentryDsn = {
  isEmpty: false,
  isWellFormed: true,
  isHttps: true,
  hasSecretPart: false,
  isPlaceholder: false,
  host: "o1.ingest.sentry.test",
  project: "42",
  fingerprint: "1a2b3c4d",
};

export function dsnOf(rest: Partial<SentryDsn> = {}): EnvironmentDsn {
  return { ...SOUND_DSN, ...rest, key: "SENTRY_DSN", file: ".env", line: 9 };
}

/** A row at `web/sentry.py:3`. */
export function rowOf(
  slug: string,
  property: SourceProperty | undefined,
  value: unknown,
  rest: Partial<SourceSetting> = {},
): SourceSetting {
  return {
    slug,
    ...(property === undefined ? {} : { property }),
    file: "web/sentry.py",
    line: 3,
    kind: "literal",
    value: JSON.stringify(value) ?? "not known",
    variables: [],
    resolved:
      value === undefined
        ? { state: "unknown", reason: "it is only known at run time" }
        : { state: "known", value, from: "literal" },
    chain: `${slug} <- web/sentry.py:3`,
    ...rest,
  };
}

export function sourceOf(...settings: readonly SourceSetting[]): SourceSettings {
  return { settings, read: ["fastapi"], problems: [] };
}

/** What `evaluate` of a control of Sentry is handed; `dsn`: SENTRY_DSN stands in `.env`. */
export function sentryExample(
  env: Readonly<Record<string, string>>,
  dsn: EnvironmentDsn | undefined,
  ...settings: readonly SourceSetting[]
) {
  const secret = dsn === undefined ? {} : { SENTRY_DSN: STRONG };
  const facts = {
    environment: environmentOf({ ...env, ...secret }),
    dsns: dsn === undefined ? [] : [dsn],
  };
  const readings = { source: known(sourceOf(...settings)), services: known(servicesOf()) };
  return [facts, readings] as const;
}
