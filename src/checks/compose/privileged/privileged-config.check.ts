import { defineCheck, type Finding } from "../../../core/check.ts";
import { composeDeployment, type DeployedService } from "../../../facts/compose-deployment.fact.ts";
import { judgeCompose, passed, placedEvidence } from "../../deploy-rules/compose-rules.ts";
import { composePrivileged } from "./privileged.control.ts";

export const composePrivilegedConfig = defineCheck({
  control: composePrivileged,
  layer: "config",
  reads: "privileged: of every service of the compose project, override files merged.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, findingsOf, (services) =>
      passed("No service runs privileged", services),
    );
  },
});

function findingsOf({ name, role, rights }: DeployedService): readonly Finding[] {
  const { privileged } = rights;
  if (privileged === undefined) return [];
  const isMadeForIt = role === "monitoring" || role === "network";
  return [
    {
      rule: "privileged",
      status: isMadeForIt ? "warn" : "fail",
      subject: name,
      message: `${name} runs privileged: its root is the machine's root`,
      fix: `Remove privileged: true from ${privileged.file}:${privileged.line}; give ${name} the one device or capability it needs`,
      evidence: [placedEvidence(privileged, `privileged: ${privileged.text}`)],
    },
  ];
}
