import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { stageOf } from "../../../facts/environment.fact.ts";
import { describeLayers } from "../../judgement/effective-value.ts";
import { rowsOf, statedValue } from "../../judgement/sourced.ts";
import {
  SENTRY_NEEDS,
  SENTRY_WANTS,
  type SentryReadings,
  setFix,
  withoutSentry,
} from "../../sentry-settings/sentry.ts";
import { sentryEnvironment } from "./environment.control.ts";

const KEY = "SENTRY_ENVIRONMENT";
const PRODUCTION: ReadonlySet<unknown> = new Set(["production", "prod"]);

export const sentryEnvironmentConfig = defineCheck({
  control: sentryEnvironment,
  layer: "config",
  reads:
    "SENTRY_ENVIRONMENT of the effective environment, and the environment that source hands to sentry_sdk.init.",
  needs: SENTRY_NEEDS,
  wants: SENTRY_WANTS,

  evaluate(facts, readings) {
    const without = withoutSentry(facts, readings);
    if (without !== undefined) return without;
    const stage = stageOf(facts.environment);
    if (stage.isDev) return notApplicable(`The stage is ${stage.name}`);
    const stated = statedValue(facts.environment, readings.source, "sentry.environment", [KEY]);
    if (stated.state === "unknown") return cannotTell(stated.problem.code, stated.problem.detail);
    if (stated.state === "known" && PRODUCTION.has(nameOf(stated.value))) {
      return pass(`Sentry's environment is ${stated.shown}`, [stated.evidence]);
    }
    const isNamed = stated.state === "known" && nameOf(stated.value) !== "";
    const read = settingsRead(readings.source);
    const key = (stated.state === "known" ? stated.variable?.key : undefined) ?? read ?? KEY;
    const excerpt = `no ${KEY} in ${describeLayers(facts.environment)}`;
    const finding: Finding = {
      rule: isNamed ? "environment-other" : "environment-unset",
      status: "warn",
      message: isNamed
        ? `Errors are filed under ${stated.shown}`
        : "No environment is named: errors are filed under the SDK's default",
      fix: setFix(key, "production", facts, readings),
      evidence: [stated.state === "unset" ? { excerpt } : stated.evidence],
    };
    return judge([finding], pass(""));
  },
});

/** The variable that source reads the name from, where it is one of its own. */
function settingsRead(source: SentryReadings["source"]): string | undefined {
  return rowsOf(source, "sentry.environment").findLast(({ variables }) => variables.length > 0)
    ?.variables[0];
}

function nameOf(value: unknown): string {
  return typeof value === "string" ? value.trim().toLowerCase() : "";
}
