import { defineCheck, type Finding } from "../../../core/check.ts";
import { composeDeployment, type DeployedService } from "../../../facts/compose-deployment.fact.ts";
import type { PlacedText } from "../../../parsers/compose.ts";
import { judgeCompose, passed, placedEvidence } from "../../deploy-rules/compose-rules.ts";
import { composeHostNamespaces } from "./host-namespaces.control.ts";

export const composeHostNamespacesConfig = defineCheck({
  control: composeHostNamespaces,
  layer: "config",
  reads: "network_mode:, pid:, ipc: and userns_mode: of every service of the compose project.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, findingsOf, (services) =>
      passed("Every service has namespaces of its own", services),
    );
  },
});

function findingsOf({ name, role, rights }: DeployedService): readonly Finding[] {
  const isMadeForIt = role === "monitoring" || role === "network";
  const shared: readonly (readonly [string, PlacedText | undefined, string])[] = [
    [
      "network_mode",
      rights.networkMode,
      "the machine's network: every port it opens is open outside",
    ],
    ["pid", rights.pid, "the machine's processes"],
    ["ipc", rights.ipc, "the machine's shared memory"],
    ["userns_mode", rights.usernsMode, "the machine's accounts"],
  ];
  return shared.flatMap(([key, value, what]) => {
    if (value?.text !== "host") return [];
    const isOpen = key === "pid" && !isMadeForIt;
    const isUsual = isMadeForIt || (role === "proxy" && key === "network_mode");
    return [
      {
        rule: `shares-${key.replace("_mode", "")}`,
        status: isOpen ? "fail" : isUsual ? "note" : "warn",
        subject: name,
        message: `${name} shares ${what}`,
        fix: `Remove ${key}: host of ${name} from ${value.file}:${value.line}`,
        evidence: [placedEvidence(value, `${key}: host`)],
      },
    ] as const;
  });
}
