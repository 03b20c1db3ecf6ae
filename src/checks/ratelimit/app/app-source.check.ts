import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { application } from "../../../facts/application.fact.ts";
import { environment } from "../../../facts/environment.fact.ts";
import {
  type SourceSetting,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { rowStatements } from "../../judgement/row-statements.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { ratelimitApp } from "./app.control.ts";

/** Requests in one of each unit: the limits of the seed, 1000 an hour and 100 a minute. */
const POLICY: Readonly<Record<string, number>> = {
  second: 100,
  minute: 100,
  hour: 1_000,
  day: 24_000,
};
const TOLERANCE = 10;
const FIX = 'default_limits=["1000 per hour", "100 per minute"]';

export const ratelimitAppSource = defineCheck({
  control: ratelimitApp,
  layer: "source",
  reads:
    "Limiters of slowapi and Flask-Limiter with their default limits, and throttle rates of Django REST framework, in Python source.",
  needs: { application, source: sourceSettings },
  wants: { environment },

  evaluate({ application: app, source }) {
    const [framework] = app.frameworks;
    if (framework === undefined) return notApplicable("No application was found");
    const limiters = settingsOf(source, "ratelimit.app");
    if (limiters.length > 0) {
      const open = limiters.find(({ resolved }) => resolved.state === "unknown");
      const findings = limiters.flatMap((row) => faultOf(row) ?? []);
      const otherwise =
        open === undefined
          ? pass(
              `Limits are ${limiters.map(({ value }) => value).join(", ")}`,
              limiters.map(sourceEvidence),
            )
          : cannotTell("unsupported", `${sourcePlace(open)}: ${open.value}`);
      return judge(findings, otherwise);
    }
    if (app.frameworks.every((one) => one.framework === "express"))
      return cannotTell("unsupported", "limiters of Node's frameworks are not read");
    const { file, line } = framework;
    const message =
      "No limiter that Plimsoll knows was found in source; one of the application's own making is not recognised";
    const fix = `In ${file} register a limiter with ${FIX}`;
    const evidence = [
      { file, line, excerpt: "no slowapi, flask_limiter or DEFAULT_THROTTLE_RATES" },
    ] as const;
    return judge([{ rule: "no-limiter", status: "warn", message, fix, evidence }], pass(""));
  },

  states({ source }, wanted) {
    return rowStatements(source, "ratelimit.app", wanted.environment, shownLimits);
  },
});

function shownLimits(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function faultOf(row: SourceSetting): Finding | undefined {
  if (row.resolved.state !== "known") return undefined;
  const { value } = row.resolved;
  const limits = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  const where = sourcePlace(row);
  const at = { fix: `In ${where} write ${FIX}`, evidence: [sourceEvidence(row)] as const };
  if (limits.length === 0) {
    const message = `The limiter of ${where} has no default limits: only routes that are decorated are limited`;
    return { rule: "no-default-limits", status: "warn", message, ...at };
  }
  const wide = limits.flatMap((one) => one.split(/[;,]/)).filter(isWide);
  if (wide.length < limits.length) return undefined;
  const message = `The limits of ${where} hold nobody back: ${wide.join(", ").slice(0, 80)}`;
  return { rule: "limits-wide", status: "warn", message, ...at };
}

/** `1000 per hour`, `100/minute`, `5 per 15 minutes`: more than ten times the policy. */
function isWide(limit: string): boolean {
  const match = /^\s*(\d{1,12})\s*(?:\/|per)\s*(\d{1,6})?\s*(second|minute|hour|day|s|m|h|d)/i.exec(
    limit,
  );
  const [, count = "", times = "1", unit = ""] = match ?? [];
  const name = Object.keys(POLICY).find((one) => one.startsWith(unit.toLowerCase()));
  if (match === null || name === undefined) return false;
  return Number(count) / Math.max(1, Number(times)) > TOLERANCE * (POLICY[name] ?? 0);
}
