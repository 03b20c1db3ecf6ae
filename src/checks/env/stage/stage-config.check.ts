import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import { type Application, application, type Framework } from "../../../facts/application.fact.ts";
import {
  type Environment,
  effectiveVariable,
  environment,
  isDevStage,
  STAGE_KEYS,
  type Variable,
} from "../../../facts/environment.fact.ts";
import { type SeedProfile, seedProfile } from "../../../facts/seed-profile.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { describeLayers, placeOf, variableEvidence } from "../../judgement/effective-value.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import { envStage } from "./stage.control.ts";

export const envStageConfig = defineCheck({
  control: envStage,
  layer: "config",
  reads: "every stage name that a layer of the environment sets",
  needs: { environment },
  wants: { profile: seedProfile, application, services },

  evaluate({ environment: env }, readings) {
    const without = answerWithoutApplication(readings.application, readings.profile, env);
    if (without !== undefined) return without;
    const names = stageNames(env);
    const restart = thenRestart(knownValue(readings.services));
    const [first] = names;
    if (first === undefined) return answerUnset(env, readings.application, restart);
    const contradicting = names.find(({ isDev }) => isDev !== first.isDev);
    const evidence = names.map(({ variable }) => variableEvidence(variable));
    const findings =
      contradicting === undefined ? [] : [contradictionOf(first, contradicting, env, restart)];
    return judge(findings, pass(`The stage is ${names.map(describe).join(", ")}`, evidence));
  },
});

interface StageName {
  readonly variable: Variable;
  readonly name: string;
  readonly isDev: boolean;
}

function stageNames(env: Environment): readonly StageName[] {
  return STAGE_KEYS.flatMap((key) => {
    const variable = effectiveVariable(env, key);
    const name = variable?.text?.trim().toLowerCase();
    return variable === undefined || !name ? [] : [{ variable, name, isDev: isDevStage(name) }];
  });
}

/** `undefined` when there is an application whose stage can be asked for. */
function answerWithoutApplication(
  app: Reading<Application>,
  profile: Reading<SeedProfile>,
  env: Environment,
): Outcome | undefined {
  const found = knownValue(app);
  const seed = knownValue(profile);
  const isApplication = found !== undefined && (found.frameworks.length > 0 || found.hasManagePy);
  if (isApplication || (seed?.applies && seed.sign !== "drop-in")) return undefined;
  if (app.state === "unknown") return cannotTell(app.problem.code, app.problem.detail);
  if (profile.state === "unknown") return cannotTell(profile.problem.code, profile.problem.detail);
  const [hidden] = env.unreadable;
  if (hidden !== undefined) {
    return cannotTell(
      hidden.problem.code,
      `${hidden.file} cannot be read: ${hidden.problem.detail}`,
    );
  }
  return notApplicable("No application was found");
}

function answerUnset(env: Environment, app: Reading<Application>, restart: string): Outcome {
  const [hidden] = env.unreadable;
  if (hidden !== undefined) {
    const detail = `A stage may be declared in ${hidden.file}, which cannot be read: ${hidden.problem.detail}`;
    return cannotTell(hidden.problem.code, detail);
  }
  const message = "No stage is declared, so every part of the software falls back to its own idea";
  const fix = `Set ${stageKeyOf(app)}=production ${whereToSet(undefined, env)}${restart}`;
  const excerpt = `none of ${STAGE_KEYS.join(", ")} in ${describeLayers(env)}`;
  const finding: Finding = {
    rule: "stage-unset",
    status: "warn",
    message,
    fix,
    evidence: [{ excerpt }],
  };
  return judge([finding], cannotTell("unsupported", message));
}

const NODE: ReadonlySet<Framework> = new Set(["express", "koa", "fastify", "nextjs"]);

/** The name the application at hand conventionally reads. */
function stageKeyOf(app: Reading<Application>): string {
  const framework = knownValue(app)?.frameworks[0]?.framework;
  if (framework !== undefined && NODE.has(framework)) return "NODE_ENV";
  return framework === undefined || framework === "django" ? "DJANGO_ENV" : "AGENTOS_ENV";
}

function contradictionOf(
  first: StageName,
  other: StageName,
  env: Environment,
  restart: string,
): Finding {
  const wrong = first.isDev ? first : other;
  return {
    rule: "stage-contradiction",
    status: "warn",
    message: `The stage contradicts itself: ${describe(first)}, yet ${describe(other)}`,
    fix: `Set ${wrong.variable.key}=production ${whereToSet(wrong.variable, env)}${restart}`,
    evidence: [variableEvidence(first.variable), variableEvidence(other.variable)],
  };
}

/** Characters of a stage name that are quoted. */
const STAGE_LENGTH_MAX = 40;

function describe({ variable, name }: StageName): string {
  const quoted = name.slice(0, STAGE_LENGTH_MAX);
  return `${variable.key}=${quoted} (${variable.layer}, ${placeOf(variable)})`;
}
