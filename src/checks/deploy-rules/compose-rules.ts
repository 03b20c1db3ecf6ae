import {
  cannotTell,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../core/check.ts";
import type { ComposeDeployment, DeployedService } from "../../facts/compose-deployment.fact.ts";

/** What one rule says of one service of the project. */
export type ServiceRule = (
  service: DeployedService,
  services: readonly DeployedService[],
) => readonly Finding[];

/**
 * Judges every service of the deployment by `rule`. Files that say they are for development, services
 * of a profile and override files that a production file stands in for never fail.
 */
export function judgeCompose(
  deployment: ComposeDeployment,
  rule: ServiceRule,
  otherwise: (services: readonly DeployedService[]) => Outcome,
): Outcome {
  const outside = outsideOutcome(deployment);
  if (outside !== undefined) return outside;
  const { services, overridden, development } = deployment;
  const own = findingsOf(services, rule);
  const merged =
    overridden === undefined
      ? []
      : findingsOf(overridden.services, rule)
          .filter(({ evidence }) => evidence[0].file === overridden.file)
          .map((finding) => capped(finding, MERGED));
  const reason = doubtOf(deployment);
  const findings = [...own, ...merged].map((finding) => {
    if (development.includes(finding.evidence[0].file ?? ""))
      return capped(finding, "the file is for development, yet merged");
    return reason === undefined ? finding : capped(finding, reason);
  });
  const [problem] = deployment.problems;
  if (problem !== undefined && findings.every(({ status }) => status === "note"))
    return cannotTell("malformed", `${problem.file} ${problem.message}`);
  return judge(findings, otherwise(services));
}

const MERGED = "compose merges this file by itself unless it is started with -f";

/** Why the project may not be what runs. */
function doubtOf({ unit, files, services }: ComposeDeployment): string | undefined {
  if (unit === "tree") return "a unit of the tree may run the application instead";
  const isAside = files[0]?.includes("/") === true && !services.some(isOwnService);
  return isAside ? "no service of this project is the application" : undefined;
}

/** Why nothing of the project is judged. */
function outsideOutcome(deployment: ComposeDeployment): Outcome | undefined {
  const [base = "compose.yaml"] = deployment.files;
  if (deployment.unit === "installed")
    return notApplicable(`A systemd unit runs the application; ${base} is only a sample`);
  if (deployment.development.includes(base))
    return notApplicable(`${base} says that it is for development or an example`);
  if (deployment.services.length === 0 && deployment.problems.length === 0)
    return notApplicable(`${base} declares no services`);
  return undefined;
}

function findingsOf(services: readonly DeployedService[], rule: ServiceRule): readonly Finding[] {
  return services.flatMap((service) =>
    rule(service, services).map((finding) =>
      service.profiles.length === 0
        ? finding
        : capped(finding, `only with the profile ${service.profiles.join(" or ")}`),
    ),
  );
}

/** A finding that may be about something else than what runs: a warning at most, with the reason. */
function capped(finding: Finding, reason: string): Finding {
  if (finding.status === "note") return finding;
  return { ...finding, status: "warn", message: `${finding.message} (${reason})` };
}

/** The whole project as evidence of a pass. */
export function passed(summary: string, services: readonly DeployedService[]): Outcome {
  const files = [...new Set(services.map(({ file }) => file))];
  return pass(
    summary,
    files.map((file) => ({
      file,
      excerpt: services
        .filter((service) => service.file === file)
        .map(({ name }) => name)
        .join(", "),
    })),
  );
}

/** The application itself and services of images nobody knows: what this deployment is about. */
export function isOwnService({ isApplication, role, isOneShot }: DeployedService): boolean {
  return !isOneShot && (isApplication || role === undefined);
}

/** Evidence of a value with its place. */
export function placedEvidence(
  { file, line }: { readonly file: string; readonly line: number },
  excerpt: string,
): Evidence {
  return { file, line, excerpt };
}
