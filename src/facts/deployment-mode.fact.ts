import { defineFact, type Role } from "../core/fact.ts";
import { known, knownValue, type Reading } from "../core/reading.ts";
import {
  type Assignment,
  ENVIRONMENT_LAYERS,
  type EnvironmentLayer,
  type EnvironmentValues,
  effectiveAssignment,
  environmentValues,
} from "./environment-values.fact.ts";
import { type WebhookDrivers, webhookDrivers } from "./webhook-drivers.fact.ts";

/** The roles of the node, as compat.md section 3 derives them from effective values. */
export interface DeploymentMode {
  readonly roles: readonly Role[];
  /** `standalone`, `agent`, `hub`, `agent + hub`. */
  readonly label: "standalone" | "agent" | "hub" | "agent + hub";
  /** What decided, with place: `CLUSTER_ENABLED=1 (.env:6)`, `--mode`, `no HUB_URL and no CLUSTER_ENABLED`. */
  readonly decidedBy: string;
  /** Which generation of the hub protocol shows (compat.md section 6); both may. */
  readonly generation1: readonly string[];
  readonly generation2: readonly string[];
  /** Source signs pushes the first way and nothing anywhere names HUB_API_KEY: no key could be sent. */
  readonly sendsNoKey?: boolean;
  /** Source has a driver for cluster pushes and does not register it under this environment. */
  readonly isClusterDriverOff?: boolean;
  /** The only env file is unreadable: the roles are open. */
  readonly isOpen: boolean;
  readonly openBecause?: string;
}

/** What an agent's key shows in: the hub's middleware and switch say nothing of it. */
const KEY_SIGN = /^(?:HUB_API_KEY|create_api_key)\b/;
const GENERATION_1_KEYS = ["WEBHOOK_SECRET_CLUSTER", "CLUSTER_ENABLED"] as const;
const GENERATION_2_KEYS = ["HUB_API_KEY", "API_KEY_AUTH_ENABLED"] as const;
/** The keys that decide the roles; while one of them may stand in an unreadable file they are open. */
const DECIDING_KEYS = ["HUB_URL", "CLUSTER_ENABLED"] as const;
/** Switch words that may be quoted: any other text could be a secret put in the wrong place. */
const SWITCH_WORD = /^(?:[01]|true|false|yes|no|on|off|y|n|t|f|enabled?|disabled?)$/i;

/** Known whatever the environment's state: with an unreadable one the roles are open, not absent. */
export const deploymentMode = defineFact({
  id: "deployment-mode",
  title: "Mode of the node",
  access: "read",
  timeoutMs: 8_000,
  wants: { values: environmentValues, drivers: webhookDrivers },
  async collect({ target }, _facts, { values, drivers }): Promise<Reading<DeploymentMode>> {
    const environment = knownValue(values);
    const signs = generations(environment, knownValue(drivers));
    if (target.mode !== "auto") {
      const { roles, label } = named(target.mode);
      return known({ roles, label, decidedBy: "--mode", ...signs, isOpen: false });
    }
    if (environment === undefined) {
      const openBecause =
        values.state === "unknown" ? values.problem.detail : "no environment was found";
      const isOpen = values.state === "unknown";
      const decidedBy = "no HUB_URL and no CLUSTER_ENABLED";
      const standalone = { ...named([]), decidedBy, ...signs, isOpen };
      return known(isOpen ? { ...standalone, openBecause } : standalone);
    }
    const decided = decide(environment);
    const openBecause = whyOpen(environment);
    const isOpen = openBecause !== undefined;
    const mode = { ...named(decided.roles), ...signs, isOpen };
    if (openBecause === undefined) return known({ ...mode, decidedBy: decided.decidedBy });
    const decidedBy = `${decided.decidedBy}; not settled, see mode.declared`;
    return known({ ...mode, decidedBy, openBecause });
  },
});

function named(given: readonly Role[]): Pick<DeploymentMode, "roles" | "label"> {
  const isAgent = given.includes("agent");
  const isHub = given.includes("hub");
  if (isAgent && isHub) return { roles: ["agent", "hub"], label: "agent + hub" };
  if (isAgent) return { roles: ["agent"], label: "agent" };
  if (isHub) return { roles: ["hub"], label: "hub" };
  return { roles: [], label: "standalone" };
}

/** compat.md section 3: a HUB_URL that is not empty, and the application's own `== "1"`. */
function decide(environment: EnvironmentValues): { roles: readonly Role[]; decidedBy: string } {
  const roles: Role[] = [];
  const signs: string[] = [];
  const hubUrl = effectiveAssignment(environment, "HUB_URL");
  if (hubUrl !== undefined && hubUrl.value.trim() !== "") {
    roles.push("agent");
    // The value may hold credentials.
    signs.push(`HUB_URL set (${placeOf(hubUrl)})`);
  }
  for (const key of ["CLUSTER_ENABLED", "API_KEY_AUTH_ENABLED"]) {
    const assignment = effectiveAssignment(environment, key);
    if (assignment === undefined || !isOne(assignment)) continue;
    roles.push("hub");
    signs.push(`${key}=1 (${placeOf(assignment)})`);
  }
  if (signs.length > 0) return { roles, decidedBy: signs.join(", ") };
  const denials = [denial(environment, "HUB_URL"), denial(environment, "CLUSTER_ENABLED")];
  return { roles, decidedBy: denials.join(" and ") };
}

/** A CR before the line end is stripped by every reader of the file (catalog G4), not by `execve`. */
function isOne({ value, layer }: Assignment): boolean {
  return (layer === "process" ? value : value.replace(/\r+$/, "")) === "1";
}

function denial(environment: EnvironmentValues, key: string): string {
  const assignment = effectiveAssignment(environment, key);
  if (assignment === undefined) return `no ${key}`;
  const place = placeOf(assignment);
  const text = assignment.value.trim();
  if (text === "") return `${key} set to empty (${place})`;
  if (!SWITCH_WORD.test(text)) return `${key} is other text than 1 (${place})`;
  const written = text === assignment.value ? text : JSON.stringify(assignment.value);
  return `${key}=${written}, not 1 (${place})`;
}

function placeOf({ file, line }: Pick<Assignment, "file" | "line">): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** Why a deciding key may have another value than was seen; `undefined` when nothing can change it. */
function whyOpen(environment: EnvironmentValues): string | undefined {
  for (const { file, problem } of environment.unreadable) {
    const open = DECIDING_KEYS.filter((key) => !isDecidedAbove(environment, key, file));
    if (open.length > 0)
      return `${file}, which may set ${open.join(" and ")}, cannot be read: ${problem.detail}`;
  }
  return undefined;
}

function isDecidedAbove(environment: EnvironmentValues, key: string, file: string): boolean {
  const assignment = effectiveAssignment(environment, key);
  if (assignment === undefined) return false;
  return rank(assignment.layer) < rank(layerOf(file));
}

function rank(layer: EnvironmentLayer): number {
  return ENVIRONMENT_LAYERS.indexOf(layer);
}

/** The layer an unreadable file would have filled, by its name (catalog G4). */
function layerOf(file: string): EnvironmentLayer {
  const name = file.slice(file.lastIndexOf("/") + 1);
  if (file.startsWith("/proc/") || name === "process-env.json") return "process";
  if (/^\.env\.(?:dev|development|local)$/.test(name)) return "dotenv-dev";
  return /^\.env(?:\.|$)/.test(name) ? "dotenv" : "service-file";
}

function generations(
  environment: EnvironmentValues | undefined,
  drivers: WebhookDrivers | undefined,
): Pick<DeploymentMode, "generation1" | "generation2" | "sendsNoKey" | "isClusterDriverOff"> {
  const keys = (names: readonly string[]) =>
    names.flatMap((key) => {
      const assignment =
        environment === undefined ? undefined : effectiveAssignment(environment, key);
      return assignment === undefined ? [] : [`${key} (${placeOf(assignment)})`];
    });
  const source = (signs: WebhookDrivers["generation1"] | undefined) =>
    (signs ?? []).map(({ sign, file, line }) => `${sign} (${file}:${line})`);
  const generation1 = [...keys(GENERATION_1_KEYS), ...source(drivers?.generation1)];
  const generation2 = [...keys(GENERATION_2_KEYS), ...source(drivers?.generation2)];
  const isKeyNamed = generation2.some((sign) => KEY_SIGN.test(sign));
  const cluster = drivers?.isResolvable
    ? drivers.drivers.find(({ name }) => name === "cluster")
    : undefined;
  return {
    generation1,
    generation2,
    ...((drivers?.generation1.length ?? 0) > 0 && !isKeyNamed ? { sendsNoKey: true } : {}),
    ...(cluster?.isEnabled === false ? { isClusterDriverOff: true } : {}),
  };
}
