import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import { type AppSettings, appSettings } from "../../../facts/app-settings.fact.ts";
import { type DeploymentMode, deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import {
  type Environment,
  effectiveVariable,
  environment,
  type Variable,
} from "../../../facts/environment.fact.ts";
import { type HubUrl, hubUrl } from "../../../facts/hub-url.fact.ts";
import { type Services, services } from "../../../facts/services.fact.ts";
import { type WebhookDrivers, webhookDrivers } from "../../../facts/webhook-drivers.fact.ts";
import { booleanOf, isTruthyInPython } from "../../judgement/booleans.ts";
import { placeOf, variableEvidence } from "../../judgement/effective-value.ts";
import { OUTWARDS, statementOf } from "../../judgement/layer-statements.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import { presentSetting, settingEvidence, settingPlace } from "../../judgement/settings.ts";
import { modeDeclared } from "./declared.control.ts";

/** The switches of a hub; the application compares each with `== "1"` (compat.md section 3). */
const HUB_SWITCHES = ["CLUSTER_ENABLED", "API_KEY_AUTH_ENABLED"] as const;

/** Roles that a default in source gives: told, never taken silently (compat.md section 3). */
const BY_DEFAULT = [
  {
    key: "API_KEY_AUTH_ENABLED",
    role: "hub",
    rule: "hub-by-default",
    says: "is on",
    fix: ["API_KEY_AUTH_ENABLED=1", "API_KEY_AUTH_ENABLED=0"],
  },
  {
    key: "CLUSTER_ENABLED",
    role: "hub",
    rule: "hub-by-default",
    says: "is on",
    fix: ["CLUSTER_ENABLED=1", "CLUSTER_ENABLED=0"],
  },
  {
    key: "HUB_URL",
    role: "agent",
    rule: "agent-by-default",
    says: "is set",
    fix: ["HUB_URL=https://hub.example.test", "HUB_URL="],
  },
] as const;

export const modeDeclaredConfig = defineCheck({
  control: modeDeclared,
  layer: "config",
  reads:
    "HUB_URL, CLUSTER_ENABLED and API_KEY_AUTH_ENABLED by their effective values, and signs of a role in source and jobs",
  needs: { mode: deploymentMode },
  wants: {
    environment,
    hub: hubUrl,
    drivers: webhookDrivers,
    settings: appSettings,
    services,
  },

  evaluate({ mode }, readings) {
    const signs = { mode, ...readings };
    const findings = [
      ...switchFindings(signs),
      ...pusherFindings(signs),
      ...ingestFindings(signs),
      ...defaultFindings(signs),
      ...selfFindings(signs),
    ];
    if (mode.isOpen) {
      const why = mode.openBecause ?? mode.decidedBy;
      return judge(findings, cannotTell("denied", `The mode cannot be told: ${why}`));
    }
    const excerpt = `${mode.label}: ${mode.decidedBy}`;
    const evidence = decidingEvidence(knownValue(readings.environment));
    return judge(
      findings,
      pass(`The node is ${mode.label} (${mode.decidedBy})`, [{ excerpt }, ...evidence]),
    );
  },

  states(_facts, readings): readonly Statement[] {
    const env = knownValue(readings.environment);
    return env === undefined ? [] : labelStatements(env);
  },
});

interface Signs {
  readonly mode: DeploymentMode;
  readonly environment: Reading<Environment>;
  readonly hub: Reading<HubUrl>;
  readonly drivers: Reading<WebhookDrivers>;
  readonly settings: Reading<AppSettings>;
  readonly services: Reading<Services>;
}

function decidingEvidence(env: Environment | undefined): readonly Evidence[] {
  if (env === undefined) return [];
  return ["HUB_URL", ...HUB_SWITCHES].flatMap((key) => {
    const variable = effectiveVariable(env, key);
    return variable === undefined ? [] : [variableEvidence(variable)];
  });
}

function isHub({ roles }: DeploymentMode): boolean {
  return roles.includes("hub");
}

/** `true` and `yes` read as on, but the application compares with 1. */
function switchFindings({ environment: reading, services: running }: Signs): readonly Finding[] {
  const env = knownValue(reading);
  if (env === undefined) return [];
  return HUB_SWITCHES.flatMap((key): readonly Finding[] => {
    const variable = effectiveVariable(env, key);
    if (variable === undefined || isOne(variable)) return [];
    if (booleanOf(variable.text ?? "") !== true) return [];
    const message = `${key}=${variable.shown} (${placeOf(variable)}) reads as on, but the application compares it with 1, so it is off`;
    const fix = `Set ${key}=1 ${whereToSet(variable, env)} on a hub, or remove it${thenRestart(knownValue(running))}`;
    const evidence = [variableEvidence(variable)] as const;
    return [{ rule: "switch-not-one", status: "warn", message, fix, evidence }];
  });
}

/** The application's own comparison; readers of files strip a CR, `execve` does not (catalog G4). */
function isOne({ text, layer }: Variable): boolean {
  return (layer === "process" ? text : text?.replace(/\r+$/, "")) === "1";
}

/** A job that pushes has nowhere to push to. */
function pusherFindings({ mode, drivers }: Signs): readonly Finding[] {
  const [first, ...others] = knownValue(drivers)?.pushers ?? [];
  if (first === undefined || mode.roles.includes("agent") || mode.isOpen) return [];
  const evidence = [quoted(first), ...others.map(quoted)] as const;
  return [
    {
      rule: "push-without-hub-url",
      status: "warn",
      message: `${first.file}:${first.line} pushes to a hub, yet HUB_URL is not set`,
      fix: `Set HUB_URL=https://hub.example.test in the environment of the job, or remove the job from ${first.file} (line ${first.line})`,
      evidence,
    },
  ];
}

function quoted({ file, line, text }: WebhookDrivers["pushers"][number]): Evidence {
  return { file, line, excerpt: text };
}

/** On an agent the cluster secret signs its own pushes; on any other node it is there to verify. */
function ingestFindings(signs: Signs): readonly Finding[] {
  const { mode, drivers, environment: reading } = signs;
  const env = knownValue(reading);
  const secret = env === undefined ? undefined : effectiveVariable(env, "WEBHOOK_SECRET_CLUSTER");
  if (env === undefined || secret === undefined || secret.isEmpty) return [];
  if (isHub(mode) || mode.roles.includes("agent") || mode.isOpen) return [];
  const route = ingestRoute(knownValue(drivers));
  if (route === undefined) return [];
  const fix = `Set CLUSTER_ENABLED=1 ${whereToSet(undefined, env)} if this node is a hub, else remove WEBHOOK_SECRET_CLUSTER from ${placeOf(secret)}${thenRestart(knownValue(signs.services))}`;
  return [
    {
      rule: "ingest-without-switch",
      status: "warn",
      message: `${route.excerpt} takes pushes and WEBHOOK_SECRET_CLUSTER is set, yet neither CLUSTER_ENABLED nor API_KEY_AUTH_ENABLED is 1`,
      fix,
      evidence: [route, variableEvidence(secret)],
    },
  ];
}

function ingestRoute(drivers: WebhookDrivers | undefined): Evidence | undefined {
  const driver = drivers?.drivers.find(({ name }) => name === "cluster");
  if (driver !== undefined) {
    return { file: driver.file, line: driver.line, excerpt: "webhook driver cluster" };
  }
  const route = drivers?.routes[0];
  return route === undefined
    ? undefined
    : { file: route.file, line: route.line, excerpt: route.route };
}

/** In generation 2 API keys are demanded by default; the same may be said of the other keys. */
function defaultFindings(signs: Signs): readonly Finding[] {
  return BY_DEFAULT.flatMap((each) => defaultFinding(signs, each));
}

function defaultFinding(
  { mode, environment: reading, settings, services: running }: Signs,
  { key, role, rule, says, fix }: (typeof BY_DEFAULT)[number],
): readonly Finding[] {
  const env = knownValue(reading);
  const setting = presentSetting(knownValue(settings), key);
  if (env === undefined || setting === undefined) return [];
  if (mode.roles.includes(role) || mode.isOpen) return [];
  if (effectiveVariable(env, key) !== undefined) return [];
  const { resolved } = setting;
  if (resolved.state !== "known" || !isTruthyInPython(resolved.value)) return [];
  const [keep, drop] = fix;
  return [
    {
      rule,
      status: "warn",
      subject: key,
      message: `${key} ${says} by the default at ${settingPlace(setting)}, yet no variable says so`,
      fix: `Set ${keep} ${whereToSet(undefined, env)} if this node ${role === "hub" ? "takes" : "sends"} pushes, else ${drop}${thenRestart(knownValue(running))}`,
      evidence: [settingEvidence(setting)],
    },
  ];
}

/** An agent of itself: either it is a hub as well, or the address is wrong. */
function selfFindings({
  mode,
  hub,
  environment: reading,
  services: running,
}: Signs): readonly Finding[] {
  const url = knownValue(hub);
  if (url === undefined || isHub(mode)) return [];
  if (!url.isLoopback && url.isThisNode !== true) return [];
  const place = { file: url.file, ...(url.line === undefined ? {} : { line: url.line }) };
  const fix = `Set CLUSTER_ENABLED=1 ${whereToSet(undefined, knownValue(reading))} if this node is the hub, else correct HUB_URL in ${placeOf(url)}${thenRestart(knownValue(running))}`;
  return [
    {
      rule: "hub-is-this-node",
      status: "warn",
      message: `HUB_URL points to this node itself (${url.shown}), which is no hub`,
      fix,
      evidence: [{ ...place, excerpt: `HUB_URL=${url.shown}` }],
    },
  ];
}

/** The label as it stands after each layer that sets one of the deciding keys. */
function labelStatements(env: Environment): readonly Statement[] {
  const keys = ["HUB_URL", ...HUB_SWITCHES];
  const inForce = new Map<string, Variable>();
  return OUTWARDS.flatMap((layer) => {
    const here = keys.flatMap((key) => {
      const variables = Object.hasOwn(env.variables, key) ? (env.variables[key] ?? []) : [];
      return variables.find((variable) => variable.layer === layer) ?? [];
    });
    for (const variable of here) inForce.set(variable.key, variable);
    const [first] = here;
    return first === undefined ? [] : [statementOf(first, labelOf(inForce))];
  });
}

function labelOf(inForce: ReadonlyMap<string, Variable>): string {
  const url = inForce.get("HUB_URL");
  const isAgent = url !== undefined && !url.isEmpty && url.text?.trim() !== "";
  const isSwitched = HUB_SWITCHES.some((key) => {
    const variable = inForce.get(key);
    return variable !== undefined && isOne(variable);
  });
  if (isAgent) return isSwitched ? "agent + hub" : "agent";
  return isSwitched ? "hub" : "standalone";
}
