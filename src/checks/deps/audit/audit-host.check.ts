import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { dependencyAudit } from "../../../facts/dependency-audit.fact.ts";
import { depsAudit } from "./audit.control.ts";
import {
  auditsByEcosystem,
  type DoneRun,
  type Ecosystem,
  type EcosystemAudit,
  INDEX_AGE_DAYS_MAX,
  REPORT_AGE_DAYS_MAX,
} from "./ecosystem-audit.ts";
import { AUDIT, describeRun, vulnerabilities } from "./vulnerability-findings.ts";

const INSTALL: Readonly<Record<Ecosystem, string>> = {
  python: "install pip-audit on this machine (pipx install --global pip-audit)",
  node: "install npm",
  other: "install osv-scanner",
};
/** Where a report of each may be put instead (dependency-imported.ts). */
const REPORT: Readonly<Record<Ecosystem, string>> = {
  python: ".plimsoll/pip-audit.json",
  node: ".plimsoll/npm-audit.json",
  other: ".plimsoll/osv-report.json",
};

/** What the installed auditors and imported reports say of the dependencies. */
export const depsAuditHost = defineCheck({
  control: depsAudit,
  layer: "host",
  reads:
    "The results of pip-audit, npm audit or osv-scanner, an imported report of theirs, or the versions of lock files held against an OSV index.",
  needs: { audit: dependencyAudit },

  evaluate({ audit }) {
    const audits = auditsByEcosystem(audit.manifests, audit.runs);
    const findings = audits.flatMap(findingsOf);
    const open = audits.filter(({ fresh, stale }) => fresh.length + stale.length === 0);
    if (open.length > 0) return judge(findings, notAudited(open));
    const gaps = audits.flatMap(({ gap }) => gap ?? []);
    return judge(
      findings,
      gaps.length > 0 ? cannotTell("unsupported", notAll(gaps)) : passed(audits),
    );
  },
});

function notAll(gaps: readonly string[]): string {
  return `Nothing known was found, yet not everything could be examined: ${gaps.join(". ")}`;
}

function findingsOf(audit: EcosystemAudit): readonly Finding[] {
  const { ecosystem, fresh, stale } = audit;
  const old = stale.map(({ run, result }): Finding => {
    if ((result.dataAgeDays ?? 0) > INDEX_AGE_DAYS_MAX) return oldIndex({ run, result });
    const age = Math.floor(result.ageDays);
    return {
      rule: "report-too-old",
      status: "warn",
      message: `The report ${run.tool} is ${age} days old, more than ${REPORT_AGE_DAYS_MAX}`,
      fix: `Run the audit again: ${AUDIT[ecosystem]}`,
      evidence: [{ excerpt: describeRun({ run, result }) }],
    };
  });
  return [...vulnerabilities(ecosystem, [...fresh, ...stale]), ...old];
}

function oldIndex({ run, result }: DoneRun): Finding {
  return {
    rule: "index-too-old",
    status: "warn",
    message: `The advisories of the ${run.tool} end ${result.dataAgeDays} days ago, more than ${INDEX_AGE_DAYS_MAX}`,
    fix: "Fetch the bundles again (https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip, .../npm/all.zip) and run: plimsoll osv import DIR --out .plimsoll/osv.idx",
    evidence: [{ excerpt: describeRun({ run, result }) }],
  };
}

function passed(audits: readonly EcosystemAudit[]): Outcome {
  const runs = [...new Map(audits.flatMap(({ fresh }) => fresh.map((d) => [d.run, d]))).values()];
  const examined = runs.reduce((sum, { result }) => sum + result.examined, 0);
  const evidence = runs.map((done): Evidence => ({ excerpt: describeRun(done) }));
  return pass(`None of ${examined} examined packages has a known vulnerability`, evidence);
}

function notAudited(open: readonly EcosystemAudit[]): Outcome {
  const told = open.map(({ ecosystem, manifests, problems }) => {
    const subject = manifests.length > 0 ? manifests.join(", ") : "the dependencies";
    const why = problems.map(({ detail }) => detail).join("; ") || "no auditor looked at it";
    const [first] = problems;
    // A lock file that only osv-scanner reads is not helped by pip-audit, nor a failing tool by installing it.
    const tool = first?.detail.startsWith("osv-scanner") ? "other" : ecosystem;
    const isMissing = first === undefined || first.code === "tool-missing";
    const install = isMissing ? `${INSTALL[tool]}, or put` : "put";
    return `${subject} not audited: ${why}; ${install} a report into ${REPORT[tool]}`;
  });
  const [problem] = open.flatMap(({ problems }) => problems);
  return cannotTell(problem?.code ?? "tool-missing", told.join(". "));
}
