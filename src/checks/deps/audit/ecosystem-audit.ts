import type { Problem } from "../../../core/reading.ts";
import type { AuditResult, AuditRun } from "../../../facts/dependency-audit.fact.ts";

/** Packages that one auditor looks after. */
export const ECOSYSTEMS = ["python", "node", "other"] as const;
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** Older reports say nothing about today's advisories (catalog deps.audit). */
export const REPORT_AGE_DAYS_MAX = 7;

/** An index of advisories older than this is behind (spec/source.md, deps.known_vulns). */
export const INDEX_AGE_DAYS_MAX = 30;

export interface DoneRun {
  readonly run: AuditRun;
  readonly result: AuditResult;
}

/** What the runs together say about one ecosystem. */
export interface EcosystemAudit {
  readonly ecosystem: Ecosystem;
  readonly manifests: readonly string[];
  /** Completed, something examined, young enough. */
  readonly fresh: readonly DoneRun[];
  /** Completed, something examined, too old; only where nothing is fresh. */
  readonly stale: readonly DoneRun[];
  /** Why what was examined is not all there is; absent where one fresh run saw everything. */
  readonly gap?: string;
  /** Why nothing usable came of the other runs. */
  readonly problems: readonly Problem[];
}

/** Sorts the runs by the ecosystems the manifests show; where none is recognised, all are one. */
export function auditsByEcosystem(
  manifests: readonly string[],
  runs: readonly AuditRun[],
): readonly EcosystemAudit[] {
  const shown = ECOSYSTEMS.filter(
    (one) => one !== "other" && manifests.some((path) => ecosystemOf(path) === one),
  );
  const asked: readonly Ecosystem[] = shown.length > 0 ? shown : ["other"];
  return asked.map((ecosystem) => {
    const own = manifests.filter((path) => ecosystemOf(path) === ecosystem);
    const isOnly = asked.length === 1;
    return auditOf(
      ecosystem,
      own,
      runs.filter((run) => isOnly || covers(run, ecosystem)),
    );
  });
}

function auditOf(
  ecosystem: Ecosystem,
  manifests: readonly string[],
  runs: readonly AuditRun[],
): EcosystemAudit {
  const done = runs.flatMap((run) =>
    run.result.state === "known" && run.result.value.examined > 0
      ? [{ run, result: run.result.value }]
      : [],
  );
  const isFresh = ({ result }: DoneRun) =>
    result.ageDays <= REPORT_AGE_DAYS_MAX && (result.dataAgeDays ?? 0) <= INDEX_AGE_DAYS_MAX;
  const fresh = done.filter(isFresh);
  const stale = fresh.length > 0 ? [] : done;
  const used = fresh.length > 0 ? fresh : stale;
  const isWhole = used.some(({ result }) => result.gap === undefined);
  const gap = isWhole ? undefined : used.find(({ result }) => result.gap)?.result.gap;
  const problems = runs.flatMap(problemOf);
  return { ecosystem, manifests, fresh, stale, problems, ...(gap !== undefined && { gap }) };
}

function problemOf({ tool, result }: AuditRun): readonly Problem[] {
  switch (result.state) {
    case "unknown":
      return [{ code: result.problem.code, detail: named(tool, result.problem.detail) }];
    case "absent":
      return [{ code: "tool-missing", detail: named(tool, result.reason) }];
    case "known":
      return result.value.examined > 0
        ? []
        : [{ code: "malformed", detail: `${tool} examined no package` }];
  }
}

function named(tool: string, detail: string): string {
  return detail.startsWith(tool) ? detail : `${tool}: ${detail}`;
}

function ecosystemOf(path: string): Ecosystem {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (/^(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock)$/.test(name)) {
    return "node";
  }
  const isPython =
    /requirements|constraints|venv|site-packages/.test(path.toLowerCase()) ||
    /^(?:pyproject\.toml|(?:uv|poetry|pdm)\.lock|pipfile(?:\.lock)?|setup\.(?:py|cfg))$/.test(name);
  return isPython ? "python" : "other";
}

/** By the tool's name or the imported report's path; osv-scanner and unnamed reports cover all. */
function covers({ tool }: AuditRun, ecosystem: Ecosystem): boolean {
  const text = tool.toLowerCase();
  if (/\bpip\b|pip[-_]?audit|\buv\b|safety|python/.test(text)) return ecosystem === "python";
  if (/\b(?:npm|pnpm|yarn|node)\b/.test(text)) return ecosystem === "node";
  return true;
}
