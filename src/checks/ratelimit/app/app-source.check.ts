import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import { application, type Framework } from "../../../facts/application.fact.ts";
import { type Environment, environment } from "../../../facts/environment.fact.ts";
import { type Services, services } from "../../../facts/services.fact.ts";
import {
  type SourceSetting,
  type SourceSettings,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { booleanOf } from "../../judgement/booleans.ts";
import { rowStatements } from "../../judgement/row-statements.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { workersOf } from "../../judgement/workers.ts";
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
const NODE: ReadonlySet<Framework> = new Set(["express", "koa", "fastify", "nextjs"]);
const NODE_FIX =
  "app.use(rateLimit({ windowMs: 60_000, limit: 100 })) (from express-rate-limit), before the routes";

export const ratelimitAppSource = defineCheck({
  control: ratelimitApp,
  layer: "source",
  reads:
    "Limiters of slowapi and Flask-Limiter with their default limits, RATELIMIT_* of their configuration and the workers they count in, throttle rates of Django REST framework, and express-rate-limit, rate-limiter-flexible, koa-ratelimit and @fastify/rate-limit, in source.",
  needs: { application, source: sourceSettings },
  wants: { environment, services },

  evaluate({ application: app, source }, readings) {
    const [framework] = app.frameworks;
    if (framework === undefined) return notApplicable("No application was found");
    const limiters = settingsOf(source, "ratelimit.app");
    if (limiters.length > 0) {
      const open = limiters.find(({ resolved }) => resolved.state === "unknown");
      const everywhere = limiters.filter(limitsAll);
      // What limits some routes besides is no fault where another limits them all.
      const judged = everywhere.length > 0 ? everywhere : limiters;
      const findings = [
        ...judged.flatMap((row) => faultOf(row) ?? []),
        ...settingsOf(source, "ratelimit.enabled").flatMap(switchedOff),
        ...memoryFindings(source, readings),
      ];
      const otherwise =
        open === undefined
          ? pass(
              `Limits are ${limiters.map(({ value }) => value).join(", ")}`,
              limiters.map(sourceEvidence),
            )
          : cannotTell("unsupported", `${sourcePlace(open)}: ${open.value}`);
      return judge(findings, otherwise);
    }
    const login = settingsOf(source, "ratelimit.login").find(isSwitchedOn);
    if (login !== undefined) return judge([onlyLogin(login)], pass(""));
    const { file, line } = framework;
    const message =
      "No limiter that Plimsoll knows was found in source; one of the application's own making is not recognised";
    const isNode = NODE.has(framework.framework);
    const fix = isNode
      ? `In ${file} write ${NODE_FIX}`
      : `In ${file} register a limiter with ${FIX}`;
    const looked = isNode
      ? "no express-rate-limit, rate-limiter-flexible or koa-ratelimit"
      : "no slowapi, flask_limiter or DEFAULT_THROTTLE_RATES";
    const evidence = [{ file, line, excerpt: looked }] as const;
    return judge([{ rule: "no-limiter", status: "warn", message, fix, evidence }], pass(""));
  },

  states({ source }, wanted) {
    return rowStatements(source, "ratelimit.app", wanted.environment, shownLimits);
  },
});

function switchedOff(row: SourceSetting): readonly Finding[] {
  if (row.resolved.state !== "known" || !isOff(row.resolved.value)) return [];
  const [variable] = row.variables;
  const fix =
    variable === undefined
      ? `Switch it on at ${sourcePlace(row)}`
      : `Set ${variable}=true, or take it out of the environment`;
  const message = `The limiter ${row.subject ?? ""} is switched off (${sourcePlace(row)})`;
  return [{ rule: "limiter-off", status: "warn", message, fix, evidence: [sourceEvidence(row)] }];
}

function isOff(value: unknown): boolean {
  return value === false || (typeof value === "string" && booleanOf(value) === false);
}

/** Every worker counts by itself where the memory of the process is what counts. */
function memoryFindings(
  source: SourceSettings,
  {
    services: running,
    environment: env,
  }: { readonly services: Reading<Services>; readonly environment: Reading<Environment> },
): readonly Finding[] {
  const workers = workersOf(knownValue(running), knownValue(env));
  if (workers === undefined || workers.count < 2) return [];
  return settingsOf(source, "ratelimit.storage").flatMap((row): readonly Finding[] => {
    const { resolved } = row;
    if (resolved.state !== "known" || resolved.value !== "memory://") return [];
    const place = `${row.file}:${row.callLine ?? row.line ?? 1}`;
    const message = `The limiter of ${place} counts in memory, and ${workers.count} workers run (${workers.says}): each lets through the whole limit`;
    const fix = `Give it a store that all workers share: storage_uri="redis://127.0.0.1:6379" at ${place}`;
    return [
      { rule: "memory-storage", status: "warn", message, fix, evidence: [sourceEvidence(row)] },
    ];
  });
}

function isSwitchedOn({ resolved }: SourceSetting): boolean {
  return resolved.state !== "known" || ![false, null, 0].some((off) => off === resolved.value);
}

/** Of Node's, whose limiters have no limits where they stand before some routes alone. */
function limitsAll({ resolved, framework, condition, isOff }: SourceSetting): boolean {
  const isNode = framework !== undefined && NODE.has(framework);
  const isSure = condition === undefined && isOff === undefined;
  return isNode && isSure && resolved.state === "known" && typeof resolved.value === "string";
}

/** Attempts to sign in are limited, everything else is not. */
function onlyLogin(row: SourceSetting): Finding {
  const where = sourcePlace(row);
  const message = `Only signing in is limited (${where}, ${row.value.slice(0, 120)})`;
  const isNode = row.framework !== undefined && NODE.has(row.framework);
  const fix = `Beside it register a limiter for all routes: ${isNode ? NODE_FIX : FIX}`;
  return { rule: "only-login", status: "warn", message, fix, evidence: [sourceEvidence(row)] };
}

function shownLimits(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function faultOf(row: SourceSetting): Finding | undefined {
  if (row.resolved.state !== "known") return undefined;
  const { value } = row.resolved;
  const limits = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  const where = sourcePlace(row);
  const isNode = row.framework !== undefined && NODE.has(row.framework);
  const fix = isNode ? `At ${where} write ${NODE_FIX}` : `In ${where} write ${FIX}`;
  const at = { fix, evidence: [sourceEvidence(row)] as const };
  if (limits.length === 0) {
    const which = isNode ? "that use it" : "that are decorated";
    const message = `The limiter of ${where} has no default limits: only routes ${which} are limited`;
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
