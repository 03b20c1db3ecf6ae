import { evaluate } from "../src/audit/evaluate.ts";
import { createGatherer, type Gatherer } from "../src/audit/gather.ts";
import type { AnyCheck, Outcome } from "../src/core/check.ts";
import type { CollectContext } from "../src/core/fact.ts";
import { createMemoryHost } from "../src/host/memory-host.ts";

const ROOT = "/srv/app";

/** Reads facts of a deployment that exists only in memory: relative path to text. */
export function gathererOf(files: Readonly<Record<string, string>>): Gatherer {
  const placed = Object.entries(files).map(([path, file]) => [`${ROOT}/${path}`, file]);
  const context: CollectContext = {
    host: createMemoryHost({ files: Object.fromEntries(placed) }),
    target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts: false },
    nowMs: 0,
    fingerprintKey: "example",
    signal: new AbortController().signal,
  };
  return createGatherer({ context, granted: new Set(["read"]), preset: new Map() });
}

/** What a check answers, as far as tables compare it. */
export interface Told {
  readonly status: string;
  /** `rule subject file:line status`, in the order in which they are reported. */
  readonly findings: readonly string[];
  readonly outcome: Outcome;
}

/** Judges the deployment by one check, all facts read from its files. */
export async function outcomeOf(
  check: AnyCheck,
  files: Readonly<Record<string, string>>,
): Promise<Told> {
  const { outcome } = await evaluate(check, gathererOf(files));
  const findings =
    outcome.status === "pass"
      ? (outcome.notes ?? [])
      : outcome.status === "warn" || outcome.status === "fail"
        ? outcome.findings
        : [];
  return {
    status: outcome.status,
    findings: findings.map(
      ({ rule, subject, status, evidence: [{ file, line }] }) =>
        `${rule}${subject === undefined ? "" : ` ${subject}`} ${file}:${line} ${status}`,
    ),
    outcome,
  };
}
