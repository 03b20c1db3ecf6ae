import { defineCheck, type Finding, judge, notApplicable, pass } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { type Environment, environment, type Variable } from "../../../facts/environment.fact.ts";
import { type Services, services } from "../../../facts/services.fact.ts";
import { type SourceSetting, sourceSettings } from "../../../facts/source-settings.fact.ts";
import { booleanOf } from "../../judgement/booleans.ts";
import { describeLayers, variableEvidence } from "../../judgement/effective-value.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import { rowsOf, sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { logVariable, PERSIST_KEY, SIZE_KEY } from "../../log-settings/log.ts";
import { logRotation } from "./rotation.control.ts";

export const logRotationConfig = defineCheck({
  control: logRotation,
  layer: "config",
  reads:
    "AGENTOS_LOGS_MAX_SIZE of the effective environment, files of loggers in source, and logrotate files of the deployment.",
  needs: { environment },
  wants: { source: sourceSettings, services },

  evaluate({ environment: env }, readings) {
    const { key, variable, hidden } = logVariable(env, SIZE_KEY, "AGENTOS_LOGS_MAX_SIZE");
    if (hidden !== undefined) return hidden;
    const persist = logVariable(env, PERSIST_KEY, "AGENTOS_LOGS_PERSIST").variable;
    const isPersisting = booleanOf(persist?.text ?? "") === true;
    const files = rowsOf(readings.source, "log.file");
    if (variable === undefined && !isPersisting && files.length === 0)
      return notApplicable("No log file of the application was found");
    const isSized = /^\s*\+?0*[1-9]\d*\s*$/.test(variable?.text ?? "");
    if (variable !== undefined && isSized)
      return pass(`Logs are cut at ${key}=${variable.text}`, [variableEvidence(variable)]);
    const rotations = rowsOf(readings.source, "log.rotation");
    const open = files.filter((file) => !isRotated(file, rotations));
    if (files.length > 0 && open.length === 0 && variable === undefined)
      return pass("Every log file is rotated", rotations.map(sourceEvidence));
    return judge([unbounded(key, variable, open[0], env, knownValue(readings.services))], pass(""));
  },
});

function unbounded(
  key: string,
  variable: Variable | undefined,
  file: SourceSetting | undefined,
  env: Environment,
  running: Services | undefined,
): Finding {
  const evidence = [
    ...(variable === undefined ? [] : [variableEvidence(variable)]),
    ...(file === undefined ? [] : [sourceEvidence(file)]),
  ];
  const [first = { excerpt: `no ${key} in ${describeLayers(env)}` }, ...others] = evidence;
  const what = file === undefined ? "The log" : `The log of ${sourcePlace(file)}`;
  const but = variable === undefined ? "" : `: ${key} is ${variable.shown}`;
  return {
    rule: variable === undefined ? "no-rotation" : "rotation-invalid",
    status: "warn",
    message: `${what} grows without bound${but}`,
    fix:
      file === undefined || variable !== undefined
        ? `Set ${key}=10000 ${whereToSet(variable, env)}${thenRestart(running)}`
        : `In ${sourcePlace(file)} ${rotationOf(file)}`,
    evidence: [first, ...others],
  };
}

function rotationOf({ file }: SourceSetting): string {
  return /\.[cm]?[jt]sx?$/.test(file)
    ? "bound the file (winston: maxsize: 10485760 and maxFiles: 5), or let logrotate cut it"
    : "use logging.handlers.RotatingFileHandler with maxBytes=10485760 and backupCount=5";
}

/** By its own handler, or by a logrotate file that names its path. */
function isRotated(file: SourceSetting, rotations: readonly SourceSetting[]): boolean {
  const path = file.resolved.state === "known" ? file.resolved.value : undefined;
  return rotations.some((rotation) => {
    if (rotation.slug !== "logging.logrotate")
      return rotation.file === file.file && rotation.line === file.line;
    const named = rotation.resolved.state === "known" ? rotation.resolved.value : undefined;
    return (
      typeof path === "string" &&
      Array.isArray(named) &&
      named.some((pattern) => typeof pattern === "string" && matches(pattern, path))
    );
  });
}

/** logrotate(8) takes shell patterns: `*` is all within one directory. */
function matches(pattern: string, path: string): boolean {
  if (pattern === path) return true;
  const [directory, name] = split(pattern);
  const [other, base] = split(path);
  const at = name.indexOf("*");
  if (directory !== other || at < 0) return false;
  return base.startsWith(name.slice(0, at)) && base.endsWith(name.slice(name.lastIndexOf("*") + 1));
}

function split(path: string): readonly [directory: string, name: string] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, at + 1), path.slice(at + 1)];
}
