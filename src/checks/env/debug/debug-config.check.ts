import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import { type AppSettings, appSettings } from "../../../facts/app-settings.fact.ts";
import { application } from "../../../facts/application.fact.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import {
  type Environment,
  environment,
  STAGE_KEYS,
  type Stage,
  stageOf,
} from "../../../facts/environment.fact.ts";
import { hubUrl } from "../../../facts/hub-url.fact.ts";
import { listeners } from "../../../facts/listeners.fact.ts";
import { processes } from "../../../facts/processes.fact.ts";
import { seedProfile } from "../../../facts/seed-profile.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { booleanOf, isTruthyInPython } from "../../judgement/booleans.ts";
import { hiddenBehind, placeOf, variableEvidence } from "../../judgement/effective-value.ts";
import { variableStatements } from "../../judgement/layer-statements.ts";
import { thenRestart } from "../../judgement/remedy.ts";
import { presentSetting, settingPlace } from "../../judgement/settings.ts";
import { envDebug } from "./debug.control.ts";
import {
  DEBUG_KEYS,
  type DebugFacts,
  type DebugSwitch,
  debugSubject,
  debugSwitches,
} from "./debug-switch.ts";
import { type ProductionFacts, productionSigns } from "./production-signs.ts";

export const envDebugConfig = defineCheck({
  control: envDebug,
  layer: "config",
  reads:
    "the debug switches of the settings in use under the effective environment, of the application object and of the start command, against the declared stage",
  needs: { environment },
  wants: {
    profile: seedProfile,
    application,
    settings: appSettings,
    services,
    mode: deploymentMode,
    hub: hubUrl,
    listeners,
    processes,
  },

  evaluate({ environment: env }, readings) {
    return judgeDebug({ environment: env, ...readings });
  },

  states({ environment: env }, { settings }): readonly Statement[] {
    return statementsOf(env, settings);
  },
});

/** The verdict from inside; the live check asks for it as well, to see whether it contradicts. */
export function judgeDebug(facts: DebugFacts & ProductionFacts): Outcome {
  if (debugSubject(facts) === undefined) return answerWithoutSubject(facts);
  const switches = debugSwitches(facts);
  const stage = stageOf(facts.environment);
  const restart = thenRestart(knownValue(facts.services));
  const decided = ofState(switches, "on");
  const signs = stage.isDev ? productionSigns(facts) : [];
  if (stage.isDev && signs.length === 0) return passOf(switches, stage);
  if (decided.length > 0) return answerOn(decided, { stage, signs, restart }, facts.environment);

  const open = ofState(switches, "open")[0]?.problem;
  if (open !== undefined) return cannotTell(open.code, open.detail);
  const unsettled = [...ofState(switches, "ambiguous"), ...ofState(switches, "unset")];
  const findings = unsettled.map((one) => findingOf(one, "warn", one.says, restart));
  return judge(findings, passOf(switches, stage));
}

function ofState(
  switches: readonly DebugSwitch[],
  state: DebugSwitch["state"],
): readonly DebugSwitch[] {
  return switches.filter((one) => one.state === state);
}

interface Circumstances {
  readonly stage: Stage;
  readonly signs: readonly string[];
  readonly restart: string;
}

function answerOn(
  decided: readonly DebugSwitch[],
  { stage, signs, restart }: Circumstances,
  env: Environment,
): Outcome {
  const keys = stage.variable === undefined ? STAGE_KEYS : [stage.variable.key];
  const hidden = hiddenBehind(env, keys);
  if (hidden !== undefined && (stage.isDev || stage.name === undefined)) {
    return cannotTell(hidden.code, `Debug is on, and the stage is open: ${hidden.detail}`);
  }
  const status = stage.isDev ? "warn" : "fail";
  const where = stage.isDev
    ? `the stage says ${describeStage(stage)}, yet ${signs.join(", ")}`
    : `the stage is ${describeStage(stage)}`;
  const findings = decided.map((one) => {
    const finding = findingOf(one, status, `${one.says}; ${where}`, restart);
    const { variable } = stage;
    if (variable === undefined) return finding;
    return { ...finding, evidence: [...finding.evidence, variableEvidence(variable)] as const };
  });
  return judge(findings, cannotTell("unsupported", where));
}

function findingOf(
  { rule, fix, evidence }: DebugSwitch,
  status: Finding["status"],
  message: string,
  restart: string,
): Finding {
  return { rule, status, message, fix: `${fix}${restart}`, evidence };
}

/** Characters of a stage name that are quoted. */
const STAGE_LENGTH_MAX = 40;

function describeStage({ name, variable }: Stage): string {
  if (name === undefined || variable === undefined)
    return "not declared, which counts as production";
  return `${name.slice(0, STAGE_LENGTH_MAX)} (${variable.key}, ${placeOf(variable)})`;
}

function passOf(switches: readonly DebugSwitch[], stage: Stage): Outcome {
  const says = switches.map((one) => one.says);
  const what = says.length === 0 ? "No debug switch is on" : says.join("; ");
  const evidence: readonly Evidence[] = [
    ...switches.flatMap((one) => one.evidence),
    ...(stage.variable === undefined ? [] : [variableEvidence(stage.variable)]),
  ];
  return pass(`${what}; the stage is ${describeStage(stage)}`, evidence);
}

/** Not applicable only when every place that could name an application was seen (catalog G7). */
function answerWithoutSubject({
  profile,
  application: app,
  environment: env,
}: DebugFacts): Outcome {
  if (profile.state === "unknown") return cannotTell(profile.problem.code, profile.problem.detail);
  if (app.state === "unknown") return cannotTell(app.problem.code, app.problem.detail);
  const [hidden] = env.unreadable;
  if (hidden !== undefined) {
    const detail = `A debug switch may be set in ${hidden.file}, which cannot be read: ${hidden.problem.detail}`;
    return cannotTell(hidden.problem.code, detail);
  }
  return notApplicable("No application and no debug switch was found");
}

function statementsOf(env: Environment, settings: Reading<AppSettings>): readonly Statement[] {
  const setting = presentSetting(knownValue(settings), "DEBUG");
  if (setting === undefined) {
    return variableStatements(env, DEBUG_KEYS, ({ text }) => canonical(text ?? ""));
  }
  const { resolved, kind } = setting;
  const value = resolved.state === "known" ? onOff(isTruthyInPython(resolved.value)) : undefined;
  const layers =
    kind === "literal"
      ? []
      : variableStatements(env, setting.variables, ({ text }) => canonical(text ?? ""));
  // The outermost layer takes effect, and by the code's own idiom.
  const settled = layers.map((statement, at) =>
    at === layers.length - 1 && value !== undefined ? { ...statement, value } : statement,
  );
  const inSource = layers.length === 0 ? value : defaultOf(setting.default);
  if (inSource === undefined) return settled;
  const where = settingPlace(setting);
  return [{ layer: "source", says: "sets", value: inSource, where }, ...settled];
}

function defaultOf(value: unknown): string | undefined {
  if (typeof value === "boolean") return onOff(value);
  return typeof value === "string" ? canonical(value) : undefined;
}

function canonical(text: string): string {
  const value = booleanOf(text);
  return value === undefined ? text.trim() : onOff(value);
}

function onOff(isOn: boolean): string {
  return isOn ? "on" : "off";
}
