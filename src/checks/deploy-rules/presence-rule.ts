import type { Finding } from "../../core/check.ts";
import type { DeployedService } from "../../facts/compose-deployment.fact.ts";
import { isOwnService, placedEvidence, type ServiceRule } from "./compose-rules.ts";

/** A note for each service of the application that lacks something. */
export function missingNote(
  rule: string,
  isThere: (service: DeployedService) => boolean,
  lacks: string,
  fix: string,
): ServiceRule {
  return (service): readonly Finding[] => {
    if (!isOwnService(service) || isThere(service)) return [];
    const { name, file } = service;
    return [
      {
        rule,
        status: "note",
        subject: name,
        message: `${name} has ${lacks}`,
        fix: `Add to ${name} in ${file}: ${fix}`,
        evidence: [placedEvidence(service, `${name} has ${lacks}`)],
      },
    ];
  };
}
