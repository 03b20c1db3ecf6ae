import { defineCheck, type Finding } from "../../../core/check.ts";
import { composeDeployment, type DeployedService } from "../../../facts/compose-deployment.fact.ts";
import {
  isOwnService,
  judgeCompose,
  passed,
  placedEvidence,
} from "../../deploy-rules/compose-rules.ts";
import { composeNoNewPrivileges } from "./no-new-privileges.control.ts";

export const composeNoNewPrivilegesConfig = defineCheck({
  control: composeNoNewPrivileges,
  layer: "config",
  reads: "security_opt: of the application's services in the compose project.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, findingsOf, (services) =>
      passed("The application's services cannot gain privileges", services),
    );
  },
});

function findingsOf(service: DeployedService): readonly Finding[] {
  const { name, rights } = service;
  const isSet = rights.securityOptions.some(({ text }) =>
    /^no-new-privileges(?:[:=]true)?$/i.test(text.replaceAll(/\s/g, "")),
  );
  if (!isOwnService(service) || isSet) return [];
  return [
    {
      rule: "may-gain-privileges",
      status: "warn",
      subject: name,
      message: `${name} may gain privileges by a setuid program`,
      fix: `Add to ${name} in ${service.file}: security_opt: ["no-new-privileges:true"]`,
      evidence: [placedEvidence(service, `${name} without no-new-privileges`)],
    },
  ];
}
