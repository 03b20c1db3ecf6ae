import { cannotTell, type Evidence, notApplicable, type Outcome } from "../../core/check.ts";
import type { Known, Readings } from "../../core/fact.ts";
import { knownValue, type Problem } from "../../core/reading.ts";
import { environment, type Variable } from "../../facts/environment.fact.ts";
import type { SentryDsn } from "../../facts/sentry-dsn.ts";
import { type EnvironmentDsn, sentryDsns } from "../../facts/sentry-dsns.fact.ts";
import { services } from "../../facts/services.fact.ts";
import { type SourceSetting, sourceSettings } from "../../facts/source-settings.fact.ts";
import { booleanOf } from "../judgement/booleans.ts";
import { firstVariable, hiddenBehind, variableEvidence } from "../judgement/effective-value.ts";
import { thenRestart, whereToSet } from "../judgement/remedy.ts";
import { rowsOf, sourceEvidence } from "../judgement/sourced.ts";

export const SENTRY_NEEDS = { environment, dsns: sentryDsns };
export const SENTRY_WANTS = { source: sourceSettings, services };
export type SentryFacts = Known<typeof SENTRY_NEEDS>;
export type SentryReadings = Readings<typeof SENTRY_WANTS>;

export const DSN_KEYS = ["SENTRY_DSN"];
export const ENABLED_KEYS = ["SENTRY_ENABLED", "ENABLE_SENTRY"];

const SENTRY_KEY = /^SENTRY_/;

/** Why a control of Sentry does not apply or cannot be told to; `undefined` where it applies. */
export function withoutSentry(
  { environment: env }: SentryFacts,
  { source }: SentryReadings,
): Outcome | undefined {
  const settings = knownValue(source)?.settings ?? [];
  const isNamed = Object.keys(env.variables).some((key) => SENTRY_KEY.test(key));
  const isUsed = settings.some(({ slug, kind }) => slug.startsWith("sentry.") && kind !== "absent");
  if (isNamed || isUsed) return undefined;
  const [hidden] = env.unreadable;
  if (hidden !== undefined) {
    const { code, detail } = hidden.problem;
    return cannotTell(code, `${hidden.file}, which may set SENTRY_DSN, cannot be read: ${detail}`);
  }
  if (source.state === "unknown") return cannotTell(source.problem.code, source.problem.detail);
  return notApplicable("Sentry is neither among the dependencies nor configured");
}

/** The DSN in force: what source hands to the SDK, else what the SDK takes from the environment. */
export interface DsnInForce {
  readonly dsn: SentryDsn | undefined;
  readonly evidence: readonly Evidence[];
  readonly key: string;
  readonly problem?: Problem;
}

export function dsnInForce(facts: SentryFacts, readings: SentryReadings): DsnInForce {
  const rows = rowsOf(readings.source, "sentry.dsn");
  const row = rows.findLast(({ resolved }) => resolved.state === "known");
  const keys = [...(row?.variables ?? []), ...DSN_KEYS];
  const key = keys[0] ?? "SENTRY_DSN";
  const problem = hiddenBehind(facts.environment, keys);
  if (problem !== undefined) return { dsn: undefined, evidence: [], key, problem };
  const value = row?.resolved.state === "known" ? row.resolved.value : undefined;
  if (row !== undefined && isDsn(value)) {
    return { dsn: value, evidence: [sourceEvidence(row)], key };
  }
  const named = facts.dsns.find((one) => keys.includes(one.key)) ?? facts.dsns[0];
  if (named === undefined) return { dsn: undefined, evidence: [], key, ...hiddenDsn(rows) };
  return { dsn: named, evidence: [dsnEvidence(named)], key: named.key };
}

/** Source hands one over that is made of what cannot be told: that is none that is missing. */
function hiddenDsn(rows: readonly SourceSetting[]): { readonly problem?: Problem } {
  const row = rows.at(-1);
  if (row?.resolved.state !== "unknown" || row.kind === "env") return {};
  const detail = `The DSN at ${row.file}:${row.line} cannot be told: ${row.resolved.reason}`;
  return { problem: { code: "unsupported", detail } };
}

function isDsn(value: unknown): value is SentryDsn {
  return typeof value === "object" && value !== null && "isWellFormed" in value;
}

function dsnEvidence({ key, file, line, ...dsn }: EnvironmentDsn): Evidence {
  return { file, ...(line === undefined ? {} : { line }), excerpt: `${key}: ${describeDsn(dsn)}` };
}

/** `o1.ingest.sentry.io, project 42, set, 68 chars, fp:1a2b3c4d`: no key in it. */
export function describeDsn({ host, project, fingerprint, isEmpty }: SentryDsn): string {
  if (isEmpty) return "empty";
  return `${host || "no host"}, project ${project || "none"}, fp:${fingerprint}`;
}

export interface Switched {
  readonly state: "on" | "off" | "unset" | "unknown";
  readonly says: string;
  readonly evidence: readonly Evidence[];
  readonly key: string;
  /** Source calls the SDK and asks no switch of its own: `key` is one that nothing reads. */
  readonly isWithoutSwitch?: true;
  readonly problem?: Problem;
}

/** Whether errors are sent: the call of the SDK where source has one, else the switch's word (catalog G5). */
export function switched(facts: SentryFacts, { source }: SentryReadings): Switched {
  const rows = rowsOf(source, "sentry.enabled");
  const inits = rows.filter(({ slug }) => slug === "sentry.init");
  const call = inits.findLast(({ kind }) => kind !== "absent") ?? inits[0];
  const names = rows.flatMap(({ variables }) => variables);
  const keys = [...new Set([...names, ...ENABLED_KEYS])];
  const key = keys[0] ?? "SENTRY_ENABLED";
  const problem = hiddenBehind(facts.environment, keys);
  if (problem !== undefined) return { state: "unknown", says: "", evidence: [], key, problem };
  const variable = firstVariable(facts.environment, keys);
  const row = call ?? rows.findLast(({ resolved }) => resolved.state === "known");
  return row === undefined ? byWord(key, variable) : byProgram(row, names, key, variable);
}

/** No idiom is known: the words that programs take for on (catalog G5). */
function byWord(key: string, variable: Variable | undefined): Switched {
  if (variable === undefined)
    return { state: "unset", says: `${key} is not set`, evidence: [], key };
  const isOn = booleanOf(variable.text ?? "") === true;
  const says = `${variable.key} is ${variable.shown}`;
  const evidence = [variableEvidence(variable)];
  return { state: isOn ? "on" : "off", says, evidence, key: variable.key };
}

function byProgram(
  row: SourceSetting,
  names: readonly string[],
  key: string,
  variable: Variable | undefined,
): Switched {
  const isOn = row.resolved.state === "known" && row.resolved.value === true;
  const because = variable === undefined ? `${key} is not set` : `${key} is ${variable.shown}`;
  const told = `${isOn ? "Sentry runs" : "Sentry stays off"}: ${because}`;
  const says = names.length === 0 ? row.chain : told;
  const evidence = variable === undefined ? [] : [variableEvidence(variable)];
  return {
    state: isOn ? "on" : "off",
    says,
    evidence: [sourceEvidence(row), ...evidence],
    key,
    ...(names.length === 0 ? { isWithoutSwitch: true } : {}),
  };
}

/** `Set SENTRY_ENABLED=true in .env (line 3), then run: systemctl restart web`. */
export function setFix(
  key: string,
  value: string,
  { environment: env }: SentryFacts,
  readings: SentryReadings,
): string {
  const variable = firstVariable(env, [key]);
  const restart = thenRestart(knownValue(readings.services));
  return `Set ${key}=${value} ${whereToSet(variable, env)}${restart}`;
}
