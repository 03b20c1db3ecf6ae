import { defineCheck, type Finding } from "../../../core/check.ts";
import { composeDeployment, type DeployedService } from "../../../facts/compose-deployment.fact.ts";
import type { PlacedText } from "../../../parsers/compose.ts";
import { judgeCompose, passed, placedEvidence } from "../../deploy-rules/compose-rules.ts";
import { composeCapabilities } from "./capabilities.control.ts";

export const composeCapabilitiesConfig = defineCheck({
  control: composeCapabilities,
  layer: "config",
  reads: "cap_add: and security_opt: of every service of the compose project.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, findingsOf, (services) =>
      passed("No service adds capabilities that amount to root", services),
    );
  },
});

/** With each of these a process gets out of its container (capabilities(7)). */
const ROOT: ReadonlySet<string> = new Set(
  "ALL SYS_ADMIN SYS_MODULE SYS_RAWIO SYS_PTRACE DAC_READ_SEARCH BPF SYS_BOOT".split(" "),
);
/** Those that Docker gives by default, and those that concern the program itself. */
const HARMLESS: ReadonlySet<string> = new Set(
  `AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID
  SETPCAP SETUID SYS_CHROOT IPC_LOCK SYS_NICE SYS_RESOURCE`.split(/\s+/),
);

function findingsOf(service: DeployedService): readonly Finding[] {
  const { capAdd, securityOptions } = service.rights;
  return [
    ...capAdd.flatMap((capability) => capabilityFinding(service, capability)),
    ...securityOptions.flatMap((option) => optionFinding(service, option)),
  ];
}

function capabilityFinding(
  { name, role }: DeployedService,
  capability: PlacedText,
): readonly Finding[] {
  const plain = capability.text.toUpperCase().replace(/^CAP_/, "");
  if (HARMLESS.has(plain)) return [];
  const isMadeForIt = role === "network" || role === "monitoring";
  const isRoot = ROOT.has(plain);
  const message = isRoot
    ? `${name} has the capability ${plain}, which is root by another name`
    : `${name} has the capability ${plain}, which Docker does not give by itself`;
  return [
    {
      rule: isRoot ? "root-capability" : "wide-capability",
      status: isRoot && !isMadeForIt ? "fail" : isMadeForIt && !isRoot ? "note" : "warn",
      subject: `${name} ${plain}`,
      message,
      fix: `Remove ${capability.text} from cap_add of ${name} (${capability.file}:${capability.line}), or write cap_drop: [ALL] and add what it needs alone`,
      evidence: [placedEvidence(capability, `cap_add: ${capability.text}`)],
    },
  ];
}

function optionFinding({ name }: DeployedService, option: PlacedText): readonly Finding[] {
  if (!/^(?:seccomp|apparmor)[:=]unconfined$/i.test(option.text)) return [];
  return [
    {
      rule: "unconfined",
      status: "warn",
      subject: `${name} ${option.text}`,
      message: `${name} runs without the engine's filter (${option.text})`,
      fix: `Remove ${option.text} from security_opt of ${name} (${option.file}:${option.line})`,
      evidence: [placedEvidence(option, `security_opt: ${option.text}`)],
    },
  ];
}
