import { defineFact, type Role } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

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
  /** The only env file is unreadable: the roles are open. */
  readonly isOpen: boolean;
  readonly openBecause?: string;
}

export const deploymentMode = defineFact({
  id: "deployment-mode",
  title: "Mode of the node",
  access: "read",
  timeoutMs: 8_000,
  async collect(): Promise<Reading<DeploymentMode>> {
    return unknown("unsupported", "not written yet");
  },
});
