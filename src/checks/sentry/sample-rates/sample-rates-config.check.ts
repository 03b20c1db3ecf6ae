import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import type { Problem } from "../../../core/reading.ts";
import type { SourceProperty } from "../../../facts/source-settings.fact.ts";
import { describeLayers } from "../../judgement/effective-value.ts";
import { rowsOf, type Stated, sourceEvidence, statedValue } from "../../judgement/sourced.ts";
import {
  SENTRY_NEEDS,
  SENTRY_WANTS,
  type SentryFacts,
  type SentryReadings,
  setFix,
  switched,
  withoutSentry,
} from "../../sentry-settings/sentry.ts";
import { sentrySampleRates } from "./sample-rates.control.ts";

/** Share of requests from which on sampling costs more than it tells (catalog sentry.sample-rates). */
const RATE_MAX = 0.2;

const RATES = [
  {
    what: "traces",
    property: "sentry.traces-rate",
    key: "SENTRY_TRACES_SAMPLE_RATE",
    argument: "traces_sample_rate",
  },
  {
    what: "profiles",
    property: "sentry.profiles-rate",
    key: "SENTRY_PROFILES_SAMPLE_RATE",
    argument: "profiles_sample_rate",
  },
] as const satisfies readonly {
  readonly property: SourceProperty;
  readonly [name: string]: string;
}[];
type Rate = (typeof RATES)[number];

export const sentrySampleRatesConfig = defineCheck({
  control: sentrySampleRates,
  layer: "config",
  reads:
    "SENTRY_TRACES_SAMPLE_RATE and SENTRY_PROFILES_SAMPLE_RATE of the effective environment, and the rates that source hands to sentry_sdk.init.",
  needs: SENTRY_NEEDS,
  wants: SENTRY_WANTS,

  evaluate(facts, readings) {
    const without = withoutSentry(facts, readings);
    if (without !== undefined) return without;
    const { state, says, problem } = switched(facts, readings);
    if (problem !== undefined) return cannotTell(problem.code, problem.detail);
    if (state !== "on") return notApplicable(`Nothing is sent: ${says}`);
    const judged = RATES.map((rate) => judgeRate(rate, facts, readings));
    const findings = [...judged.flatMap(({ finding }) => finding ?? []), ...samplers(readings)];
    const open = judged.find((one) => one.problem !== undefined)?.problem;
    const evidence = judged.flatMap((one) => one.evidence ?? []);
    const shown = judged.map((one) => one.shown).join(", ");
    const otherwise =
      open === undefined
        ? pass(`Sample rates are ${shown}`, evidence)
        : cannotTell(open.code, open.detail);
    return judge(findings, otherwise);
  },
});

interface Judged {
  readonly shown?: string;
  readonly finding?: Finding;
  readonly problem?: Problem;
  readonly evidence?: Stated extends infer S
    ? S extends { readonly evidence: infer E }
      ? E
      : never
    : never;
}

function judgeRate(rate: Rate, facts: SentryFacts, readings: SentryReadings): Judged {
  const stated = statedValue(facts.environment, sampled(readings, rate), rate.property, [rate.key]);
  if (stated.state === "unknown") return { problem: stated.problem };
  const evidence =
    stated.state === "unset"
      ? { excerpt: `no ${rate.key} in ${describeLayers(facts.environment)}` }
      : stated.evidence;
  const key = stated.state === "known" ? (stated.variable?.key ?? rate.key) : rate.key;
  const fix = setFix(key, "0.1", facts, readings);
  const fault = faultOf(rate, stated);
  if (fault === undefined)
    return { evidence, shown: stated.state === "known" ? stated.shown : rate.what };
  return { finding: { ...fault, subject: rate.what, fix, evidence: [evidence] } };
}

/** A sampler is a function, no rate: it has a note of its own. */
function sampled({ source }: SentryReadings, { argument }: Rate): SentryReadings["source"] {
  if (source.state !== "known") return source;
  const settings = source.value.settings.filter(
    ({ slug }) => slug !== "sentry.traces_sampler" || argument !== "traces_sample_rate",
  );
  return { ...source, value: { ...source.value, settings } };
}

function faultOf(
  { what }: Rate,
  stated: Stated,
): Pick<Finding, "rule" | "status" | "message"> | undefined {
  if (stated.state === "raises") {
    const message = `The rate of ${what} stops the application: ${stated.reason}`;
    return { rule: "rate-invalid", status: "fail", message };
  }
  const isUnset = stated.state !== "known" || stated.value === null;
  if (isUnset) {
    const message = `The rate of ${what} is not set: the default of the application or the SDK applies`;
    return { rule: "rate-unset", status: "warn", message };
  }
  const number = rateOf(stated.value);
  if (number === undefined || number < 0 || number > 1) {
    const message = `The rate of ${what} is no number from 0 to 1: ${stated.shown}`;
    return { rule: "rate-invalid", status: "fail", message };
  }
  if (number === 0) {
    const message = `The rate of ${what} is 0: none is sent (${stated.shown})`;
    return { rule: "rate-zero", status: "warn", message };
  }
  if (number <= RATE_MAX) return undefined;
  const message = `${Math.round(number * 100)} % of all ${what} are sent: ${stated.shown}`;
  return { rule: "rate-high", status: "warn", message };
}

/** As Python's `float()` reads it; `undefined` for what it refuses, and for NaN and infinities. */
function rateOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  const text = typeof value === "string" ? value.trim() : "";
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

function samplers({ source }: SentryReadings): readonly Finding[] {
  return rowsOf(source, "sentry.traces-rate")
    .filter(({ slug }) => slug === "sentry.traces_sampler")
    .map((row) => ({
      rule: "traces-sampler",
      status: "note",
      message: "A traces_sampler decides about each request; it overrides the rate",
      fix: "Have the sampler answer at most 0.2 for what clients can ask for",
      evidence: [sourceEvidence(row)],
    }));
}
