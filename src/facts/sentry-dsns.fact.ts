import { defineFact } from "../core/fact.ts";
import { known, type Reading } from "../core/reading.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { measureOptions } from "./measure-options.ts";
import { describeDsn, type SentryDsn } from "./sentry-dsn.ts";

/** A DSN that the environment gives, without its key. */
export interface EnvironmentDsn extends SentryDsn {
  readonly key: string;
  readonly file: string;
  readonly line?: number;
}

const DSN_KEY = /(?:^|_)SENTRY_DSN(?:_[A-Z0-9]+)?$|^SENTRY(?:_[A-Z0-9]+)?_DSN$/i;
/** Keys of one deployment that are taken apart. */
const DSNS_MAX = 20;

/** `SENTRY_DSN` and the like under the effective environment; empty where none is set. */
export const sentryDsns = defineFact({
  id: "sentry-dsns",
  title: "Sentry DSNs of the environment",
  access: "read",
  timeoutMs: 2_000,
  needs: { environmentValues },
  async collect({ fingerprintKey }, facts): Promise<Reading<readonly EnvironmentDsn[]>> {
    const values = facts.environmentValues;
    const options = measureOptions(values, fingerprintKey);
    const found = new Map<string, EnvironmentDsn>();
    for (const { key, value, file, line } of values.assignments) {
      if (found.has(key) || found.size >= DSNS_MAX || !DSN_KEY.test(key)) continue;
      const place = { key, file, ...(line === undefined ? {} : { line }) };
      found.set(key, { ...describeDsn(value, options), ...place });
    }
    return known([...found.values()]);
  },
});
