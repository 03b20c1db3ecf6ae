import {
  cannotTell,
  defineCheck,
  type Finding,
  notApplicable,
  type Outcome,
} from "../../../core/check.ts";
import { describeSecret } from "../../../core/secret.ts";
import type { ComposeCredential } from "../../../facts/compose-credentials.ts";
import { composeDeployment, type DeployedService } from "../../../facts/compose-deployment.fact.ts";
import { judgeCompose, passed, placedEvidence } from "../../deploy-rules/compose-rules.ts";
import { reachOf, showEndpoint } from "../../route/address.ts";
import { composeDefaultPassword } from "./default-password.control.ts";

/** Passwords of the project's databases, with whether their port is reached from outside. */
export const composeDefaultPasswordConfig = defineCheck({
  control: composeDefaultPassword,
  layer: "config",
  reads:
    "Database passwords in environment: of the compose project, variables applied, and whether the service is published.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, serviceFindings, otherwise);
  },
});

function serviceFindings(
  service: DeployedService,
  all: readonly DeployedService[],
): readonly Finding[] {
  // The application repeats the password of a service of the project, where that is told by itself.
  const isRepeated =
    !isDataService(service) &&
    all.some((each) => isDataService(each) && each.credentials.some(isGuessable));
  if (isRepeated) return [];
  const opening = openingOf(isDataService(service) ? [service] : all.filter(isDataService));
  return service.credentials
    .filter(isGuessable)
    .map((credential) => findingOf(service, credential, opening));
}

function isDataService({ role }: DeployedService): boolean {
  return role !== undefined && /^(?:database|cache|queue|search|storage)/.test(role);
}

function isGuessable({ from, isCommon, isOwnName, secret }: ComposeCredential): boolean {
  return from === "none" || isCommon || isOwnName || secret?.isPlaceholder === true;
}

/** Where the service can be reached from outside: `*:5432`. */
function openingOf(services: readonly DeployedService[]): string | undefined {
  const port = services
    .flatMap(({ ports }) => ports)
    .find(({ hostAddress }) => /^(?:wildcard|public)$/.test(reachOf(hostAddress)));
  if (port !== undefined) return showEndpoint(port.hostAddress, port.hostPort || "?");
  return services.some(({ rights }) => rights.networkMode?.text === "host")
    ? "the machine's network"
    : undefined;
}

function findingOf(
  { name }: DeployedService,
  credential: ComposeCredential,
  opening: string | undefined,
): Finding {
  const { key, from, secret } = credential;
  const where = opening === undefined ? "; its port is not published" : `, published on ${opening}`;
  const what =
    from === "none" ? `${key} lets anybody in` : `${key} of ${name} is ${reasonOf(credential)}`;
  const excerpt = from === "none" ? key : `${key} (${secret ? describeSecret(secret) : "set"})`;
  return {
    rule: from === "none" ? "no-password" : "default-password",
    status: opening === undefined ? "warn" : "fail",
    subject: `${name} ${key}`,
    message: `${what}${where}`,
    fix: fixOf(credential, name),
    evidence: [placedEvidence(credential, excerpt)],
  };
}

function reasonOf({ isOwnName, isCommon }: ComposeCredential): string {
  if (isOwnName) return "the name of its own account, database or service";
  return isCommon ? "a password everybody tries first" : "a placeholder";
}

function fixOf({ key, from, file, line }: ComposeCredential, name: string): string {
  if (from === "none")
    return `Remove ${key} from ${file}:${line} and give ${name} a password of its own (openssl rand -base64 32)`;
  const place = from === "variable" ? "in the .env beside the compose file" : `in ${file}:${line}`;
  return `Replace the value of ${key} ${place} by a generated one (openssl rand -base64 32), and change it in the running database as well`;
}

function otherwise(services: readonly DeployedService[]): Outcome {
  const all = services.flatMap(({ credentials }) => credentials);
  const open = all.find(({ from }) => from === "unset");
  if (open !== undefined) {
    const detail = `${open.key} (${open.file}:${open.line}) comes from a variable that nothing here sets`;
    return cannotTell("not-recorded", detail);
  }
  if (all.length === 0)
    return notApplicable("No service of the compose project has a password in its environment");
  return passed("No password of the project is a known default", services);
}
