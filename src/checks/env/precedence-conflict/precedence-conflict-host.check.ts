import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Problem, type Reading } from "../../../core/reading.ts";
import { isSecretName } from "../../../core/secret.ts";
import {
  type Environment,
  environment,
  STAGE_KEYS,
  type Variable,
} from "../../../facts/environment.fact.ts";
import { type ProcessEntry, processes } from "../../../facts/processes.fact.ts";
import { type Services, services } from "../../../facts/services.fact.ts";
import { placeOf, variableEvidence } from "../../judgement/effective-value.ts";
import { thenRestart } from "../../judgement/remedy.ts";
import { envPrecedenceConflict } from "./precedence-conflict.control.ts";

/** Keys that a control of the catalog judges, besides secrets and stage names. */
const RELEVANT_PREFIX =
  /^(?:DJANGO|AGENTOS|OCTOPUSOS|FLASK|WEBHOOK|SESSION|CSRF|SECURE|HUB|CLUSTER|SENTRY|CORS|RATELIMIT|RATE_LIMIT|FORWARDED|TRUSTED|COOKIE|HSTS)_/;
const RELEVANT_KEYS: ReadonlySet<string> = new Set([
  ...STAGE_KEYS,
  "DEBUG",
  "ALLOWED_HOSTS",
  "API_KEY_AUTH_ENABLED",
  "CLUSTER_ENABLED",
  "DATABASE_URL",
  "LOG_LEVEL",
  "SERVER_NAME",
]);

export const envPrecedenceConflictHost = defineCheck({
  control: envPrecedenceConflict,
  layer: "host",
  reads: "every layer that sets a security-relevant key, compared by fingerprint",
  needs: { environment },
  wants: { services, processes },

  evaluate({ environment: env }, readings) {
    const running = knownValue(readings.services);
    const layered = Object.values(env.variables)
      .filter(([first]) => isRelevant(first))
      .map(firstOfEachLayer)
      .filter((variables) => variables.length > 1);
    const started = startOf(running, readings.processes);
    const findings = layered.flatMap((variables) =>
      conflictsOf(variables, thenRestart(running), started),
    );
    const problem = openProblem(env, running);
    if (problem !== undefined) return judge(findings, cannotTell(problem.code, problem.detail));
    if (layered.length === 0) {
      return notApplicable("No security-relevant key is set in more than one layer");
    }
    const keys = layered.flatMap(([first]) => (first === undefined ? [] : [first.key]));
    const evidence = layered.flatMap((variables) => variables.map((one) => variableEvidence(one)));
    return judge(findings, pass(`All layers agree on ${keys.join(", ")}`, evidence));
  },
});

function isRelevant({ key }: Variable): boolean {
  return RELEVANT_KEYS.has(key) || RELEVANT_PREFIX.test(key) || isSecretName(key);
}

/**
 * Within one layer the later file is meant to win; between layers a difference surprises, but for what an image
 * holds: that is there to be overridden.
 */
function firstOfEachLayer(variables: readonly Variable[]): readonly Variable[] {
  return variables.filter(
    ({ layer }, at) =>
      layer !== "image" && variables.findIndex((other) => other.layer === layer) === at,
  );
}

function conflictsOf(
  variables: readonly Variable[],
  restart: string,
  started: string,
): readonly Finding[] {
  const [winner, ...losers] = variables;
  const other = losers.find(({ fingerprint }) => fingerprint !== winner?.fingerprint);
  if (winner === undefined || other === undefined) return [];
  const { key } = winner;
  const since = winner.layer === "process" ? started : "";
  return [
    {
      rule: winner.layer === "process" ? "process-differs" : "layers-differ",
      status: "warn",
      subject: key,
      message: `${key} is ${winner.shown} in the ${winner.layer} (${placeOf(winner)}), which wins over ${other.shown} in the ${other.layer} (${placeOf(other)})${since}`,
      fix:
        winner.layer === "process"
          ? `Write the value that is meant for ${key} into ${placeOf(other)}, remove its override from the unit${restart}`
          : `Remove ${key} from ${placeOf(winner)} or from ${placeOf(other)}${restart}`,
      evidence: [variableEvidence(winner), variableEvidence(other)],
    },
  ];
}

/** `; the service started 2026-11-22T00:00:00.000Z`, to be held against the time of the edit. */
function startOf(
  running: Services | undefined,
  processReading: Reading<readonly ProcessEntry[]>,
): string {
  const pids = new Set(applicationPids(running));
  const started = (knownValue(processReading) ?? []).flatMap(({ pid, startedMs }) =>
    pids.has(pid) && startedMs !== undefined ? [startedMs] : [],
  );
  if (started.length === 0) return "";
  return `; the service started ${new Date(Math.min(...started)).toISOString()}`;
}

function applicationPids(running: Services | undefined): readonly number[] {
  return (running?.services ?? []).flatMap(({ isApplication, pids }) =>
    isApplication ? pids : [],
  );
}

function openProblem(env: Environment, running: Services | undefined): Problem | undefined {
  const [pid] = applicationPids(running);
  if (!env.isProcessSeen && pid !== undefined) {
    const detail = `The environment of the running application (process ${pid}) was not seen; /proc/${pid}/environ opens to root and to the service's account`;
    return { code: "denied", detail };
  }
  const [hidden] = env.unreadable;
  if (hidden === undefined) return undefined;
  const { code, detail } = hidden.problem;
  return { code, detail: `${hidden.file} cannot be compared: ${detail}` };
}
