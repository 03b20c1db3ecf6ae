import { cannotTell, notApplicable, type Outcome } from "../../core/check.ts";
import type { Role } from "../../core/fact.ts";
import type { DeploymentMode } from "../../facts/deployment-mode.fact.ts";

/**
 * What a control answers on a node that does not have its role: not applicable, or unknown while
 * the roles are open (catalog G7). `undefined` where the node has the role and is to be judged.
 */
export function answerOutsideRole(mode: DeploymentMode, role: Role): Outcome | undefined {
  if (mode.roles.includes(role)) return undefined;
  if (mode.isOpen) return cannotTell("denied", openDetail(mode));
  return notApplicable(`The node is ${article(mode.label)}, not ${article(role)}`);
}

/** Why the mode cannot be told, and how to make it tellable. */
export function openDetail({ openBecause, decidedBy }: DeploymentMode): string {
  const why = openBecause ?? decidedBy;
  return `The mode of the node cannot be told: ${why}. Let the auditor read the env file, or say --mode`;
}

function article(word: string): string {
  if (word === "standalone") return "standalone";
  return word.startsWith("a") ? `an ${word}` : `a ${word}`;
}

/** The signs that bind the node to the shared-secret generation; none at all is generation 1 as well. */
export function usesGeneration1({ generation1, generation2 }: DeploymentMode): boolean {
  return generation1.length > 0 || generation2.length === 0;
}

/** Whether API keys (generation 2) show anywhere. */
export function usesGeneration2({ generation2 }: DeploymentMode): boolean {
  return generation2.length > 0;
}
