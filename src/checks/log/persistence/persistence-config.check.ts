import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { application } from "../../../facts/application.fact.ts";
import { type Environment, environment, type Variable } from "../../../facts/environment.fact.ts";
import { type Services, services } from "../../../facts/services.fact.ts";
import { type SourceSetting, sourceSettings } from "../../../facts/source-settings.fact.ts";
import { booleanOf } from "../../judgement/booleans.ts";
import { describeLayers, variableEvidence } from "../../judgement/effective-value.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import { rowsOf, sourceEvidence } from "../../judgement/sourced.ts";
import { logVariable, PERSIST_KEY, withoutApplication } from "../../log-settings/log.ts";
import { logPersistence } from "./persistence.control.ts";

const TEMPORARY = /^\/(?:tmp|var\/tmp|dev|run)\//;

export const logPersistenceConfig = defineCheck({
  control: logPersistence,
  layer: "config",
  reads:
    "AGENTOS_LOGS_PERSIST of the effective environment, the files that loggers of Python and Node write, and handlers that hand lines to another program or keep them in a database.",
  needs: { environment },
  wants: { application, source: sourceSettings, services },

  evaluate({ environment: env }, readings) {
    const { key, variable, hidden } = logVariable(env, PERSIST_KEY, "AGENTOS_LOGS_PERSIST");
    const without = variable === undefined ? withoutApplication(readings.application) : undefined;
    if (without !== undefined) return without;
    const file = rowsOf(readings.source, "log.file").find(isLasting);
    if (file !== undefined)
      return pass(`Logs are written to ${fileText(file)}`, [sourceEvidence(file)]);
    const remote = rowsOf(readings.source, "log.remote")[0];
    if (remote !== undefined)
      return pass(`Logs are handed on by ${remote.value}`, [sourceEvidence(remote)]);
    if (hidden !== undefined) return hidden;
    if (variable !== undefined && booleanOf(variable.text ?? "") === true)
      return pass(`Logs persist: ${key} is ${variable.shown}`, [variableEvidence(variable)]);
    if (readings.source.state === "unknown")
      return cannotTell(readings.source.problem.code, readings.source.problem.detail);
    const running = knownValue(readings.services)?.services ?? [];
    if (variable === undefined && running.some((one) => one.isApplication && one.kind === "unit"))
      return cannotTell(
        "unsupported",
        "the application logs to the journal, whose storage is not looked at",
      );
    return judge([ephemeral(key, variable, env, knownValue(readings.services))], pass(""));
  },
});

function ephemeral(
  key: string,
  variable: Variable | undefined,
  env: Environment,
  running: Services | undefined,
): Finding {
  const says = variable === undefined ? "is not set" : `is ${variable.shown}`;
  const evidence =
    variable === undefined
      ? { excerpt: `no ${key} in ${describeLayers(env)}` }
      : variableEvidence(variable);
  return {
    rule: variable === undefined ? "persistence-unset" : "persistence-off",
    status: "warn",
    message: `Logs end with the process: ${key} ${says}, and no file is written`,
    fix: `Set ${key}=true ${whereToSet(variable, env)}${thenRestart(running)}`,
    evidence: [evidence],
  };
}

function fileText({ resolved, value }: SourceSetting): string {
  return resolved.state === "known" ? value : "a file that is named at run time";
}

function isLasting({ resolved }: SourceSetting): boolean {
  if (resolved.state !== "known") return true;
  return typeof resolved.value === "string" && !TEMPORARY.test(resolved.value);
}
