import { defineFact } from "../core/fact.ts";
import { absent, known, type Reading } from "../core/reading.ts";
import { importedRuns } from "./dependency-imported.ts";
import { indexRuns } from "./dependency-index.ts";
import { findManifests } from "./dependency-manifests.ts";
import { nodeRuns, otherRuns, pythonRuns } from "./dependency-runs.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";

/** What the installed auditors said. Absent when there is nothing to audit. */
export interface DependencyAudit {
  readonly manifests: readonly string[];
  readonly runs: readonly AuditRun[];
}

export interface AuditRun {
  /** `pip-audit`, `uv run pip-audit`, `npm audit`, `osv-scanner`, `OSV index (python)`, or the imported report's path. */
  readonly tool: string;
  readonly version?: string;
  /** Unknown when the tool is missing, timed out, or gave nothing that parses. */
  readonly result: Reading<AuditResult>;
}

export interface AuditResult {
  readonly examined: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly vulnerabilities: readonly {
    readonly package: string;
    readonly version: string;
    readonly id: string;
    readonly aliases: readonly string[];
    readonly fixedIn: readonly string[];
    readonly severity?: string;
    /** Where the version is fixed, where the run tells. */
    readonly at?: { readonly file: string; readonly line?: number };
    readonly group?: "development" | "optional";
    /** The environment marker under which it is installed at all. */
    readonly condition?: string;
  }[];
  /** Age of an imported report in days; 0 for a run of now. */
  readonly ageDays: number;
  /** Why what was examined is not all there is. */
  readonly gap?: string;
  /** Age in days of the advisories of an index given beforehand. */
  readonly dataAgeDays?: number;
}

/** Time for all auditors; each gets less, so that one that hangs does not cost the others. */
const TIMEOUT_MS = 60_000;

/**
 * Nothing the target supplies is run: no `.venv/bin/pip-audit`, no `uv run` (which would build and
 * install the project first), no install script.
 */
export const dependencyAudit = defineFact({
  id: "dependency-audit",
  title: "Known vulnerabilities of dependencies",
  access: "run",
  timeoutMs: TIMEOUT_MS,
  needs: { tree: deploymentTree },
  async collect(context, { tree }): Promise<Reading<DependencyAudit>> {
    const files = tree.files.map(({ path }) => path);
    const manifests = await findManifests(context, files);
    const imported = await importedRuns(context);
    if (manifests.all.length === 0 && imported.length === 0) {
      return absent("no dependency manifest, lock file or virtual environment");
    }
    const runs = await Promise.all([
      pythonRuns(context, manifests),
      nodeRuns(context, manifests),
      otherRuns(context, manifests),
      indexRuns(context, manifests),
    ]);
    return known({ manifests: manifests.all, runs: [...runs.flat(), ...imported] });
  },
});
