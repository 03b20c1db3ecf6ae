import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { environment, stageOf } from "../../../facts/environment.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { describeLayers } from "../../judgement/effective-value.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import { statedValue } from "../../judgement/sourced.ts";
import { LEVEL_KEY, logVariable } from "../../log-settings/log.ts";
import { logLevel } from "./level.control.ts";

const QUIET: ReadonlySet<string> = new Set(["WARNING", "WARN", "ERROR", "CRITICAL", "FATAL"]);
const VERBOSE: ReadonlySet<string> = new Set(["DEBUG", "TRACE", "NOTSET", "ALL", "SILLY"]);
/** Python's numbers (logging, "Logging Levels"). */
const NUMBERS: Readonly<Record<string, string>> = {
  0: "NOTSET",
  10: "DEBUG",
  20: "INFO",
  30: "WARNING",
  40: "ERROR",
  50: "CRITICAL",
};
const ANY_LOG_KEY = /(?:^|_)LOGS_/;

export const logLevelConfig = defineCheck({
  control: logLevel,
  layer: "config",
  reads:
    "AGENTOS_LOGS_LEVEL, LOG_LEVEL and the like of the effective environment, and the root level in Python source.",
  needs: { environment },
  wants: { source: sourceSettings, services },

  evaluate({ environment: env }, readings) {
    const { key, variable, hidden } = logVariable(
      env,
      LEVEL_KEY,
      usualKey(Object.keys(env.variables)),
    );
    if (hidden !== undefined) return hidden;
    const stated = statedValue(env, readings.source, "log.level", [key]);
    if (stated.state === "unknown") return cannotTell(stated.problem.code, stated.problem.detail);
    const isLogging = Object.keys(env.variables).some((name) => ANY_LOG_KEY.test(name));
    if (stated.state === "unset" && !isLogging) return notApplicable("No level is set anywhere");
    const level = stated.state === "known" ? levelOf(stated.value) : "";
    const stage = stageOf(env);
    if (QUIET.has(level) && stated.state === "known")
      return pass(`The level is ${stated.shown}`, [stated.evidence]);
    if (stage.isDev) return notApplicable(`The stage is ${stage.name}`);
    const excerpt = `no ${key} in ${describeLayers(env)}`;
    const shown = stated.state === "known" ? stated.shown : key;
    const finding: Finding = {
      ...faultOf(level, shown),
      fix: `Set ${key}=WARNING ${whereToSet(variable, env)}${thenRestart(knownValue(readings.services))}`,
      evidence: [stated.state === "unset" ? { excerpt } : stated.evidence],
    };
    return judge([finding], pass(""));
  },
});

function usualKey(keys: readonly string[]): string {
  const other = keys.find((key) => ANY_LOG_KEY.test(key));
  return other === undefined ? "LOG_LEVEL" : `${other.replace(/LOGS_.*$/, "")}LOGS_LEVEL`;
}

function levelOf(value: unknown): string {
  const text = typeof value === "string" || typeof value === "number" ? `${value}` : "";
  const word = text.trim().toUpperCase();
  return NUMBERS[word] ?? word;
}

function faultOf(level: string, shown: string): Pick<Finding, "rule" | "status" | "message"> {
  if (VERBOSE.has(level)) {
    const message = `Everything is logged: ${shown}`;
    return { rule: "level-debug", status: "fail", message };
  }
  if (level === "") {
    const message = `The level is not set (${shown}): the application's default applies`;
    return { rule: "level-unset", status: "warn", message };
  }
  if (level === "INFO") {
    const message = `Every request is logged: ${shown}`;
    return { rule: "level-info", status: "warn", message };
  }
  return { rule: "level-unknown", status: "warn", message: `The level is no level: ${shown}` };
}
