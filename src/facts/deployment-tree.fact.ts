import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** The files of the audited directory, bounded in number and depth; dependencies are left out. */
export interface DeploymentTree {
  /** Sorted, relative to the audited directory, `/` as separator. Links are listed, not followed out of it. */
  readonly files: readonly TreeFile[];
  /** Directories relative to the root, same bounds. */
  readonly directories: readonly string[];
  /** Whether a limit cut the walk: what is missing here is then not proven to be missing. */
  readonly isTruncated: boolean;
  readonly unreadable: readonly { readonly path: string; readonly code: string }[];
}

export interface TreeFile {
  readonly path: string;
  readonly kind: "file" | "link";
}

export const deploymentTree = defineFact({
  id: "deployment-tree",
  title: "Files of the deployment",
  access: "read",
  timeoutMs: 10_000,
  async collect(): Promise<Reading<DeploymentTree>> {
    return unknown("unsupported", "not written yet");
  },
});
