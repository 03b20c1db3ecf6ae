import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import type { SentryDsn } from "../../../facts/sentry-dsn.ts";
import { describeLayers } from "../../judgement/effective-value.ts";
import {
  describeDsn,
  dsnInForce,
  SENTRY_NEEDS,
  SENTRY_WANTS,
  setFix,
  withoutSentry,
} from "../../sentry-settings/sentry.ts";
import { sentryDsn } from "./dsn.control.ts";

export const sentryDsnConfig = defineCheck({
  control: sentryDsn,
  layer: "config",
  reads:
    "SENTRY_DSN of the effective environment, and the DSN that source hands to sentry_sdk.init.",
  needs: SENTRY_NEEDS,
  wants: SENTRY_WANTS,

  evaluate(facts, readings) {
    const without = withoutSentry(facts, readings);
    if (without !== undefined) return without;
    const { dsn, evidence, key, problem } = dsnInForce(facts, readings);
    if (problem !== undefined) return cannotTell(problem.code, problem.detail);
    const fix = setFix(key, "the DSN of the project's Client Keys page", facts, readings);
    const [first = { excerpt: `no ${key} in ${describeLayers(facts.environment)}` }] = evidence;
    const at = { fix, evidence: [first] as const };
    if (dsn === undefined || dsn.isEmpty) {
      const message = `${key} is ${dsn === undefined ? "not set" : "empty"}: no error is reported`;
      const finding: Finding = { rule: "dsn-missing", status: "warn", message, ...at };
      return judge([finding], pass(""));
    }
    const faults = faultsOf(dsn).map(
      ([rule, says]): Finding => ({ rule, status: "fail", message: `${key} ${says}`, ...at }),
    );
    return judge(faults, pass(`${key} names ${describeDsn(dsn)}`, evidence));
  },
});

/** The first fault alone: a placeholder is malformed as well more often than not. */
function faultsOf(dsn: SentryDsn): readonly (readonly [rule: string, says: string])[] {
  if (dsn.isPlaceholder) return [["dsn-placeholder", "is a placeholder"]];
  if (!dsn.isWellFormed) return [["dsn-malformed", "is no DSN: it is not https://KEY@HOST/NUMBER"]];
  return [
    ...(dsn.isHttps ? [] : [["dsn-not-https", "is not an https URL"] as const]),
    ...(dsn.hasSecretPart
      ? [["dsn-secret-part", "holds the secret part of old DSNs (KEY:SECRET@)"] as const]
      : []),
  ];
}
