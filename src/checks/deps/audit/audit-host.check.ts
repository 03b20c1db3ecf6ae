import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { type AuditResult, dependencyAudit } from "../../../facts/dependency-audit.fact.ts";
import { depsAudit } from "./audit.control.ts";
import {
  auditsByEcosystem,
  type DoneRun,
  type Ecosystem,
  type EcosystemAudit,
  REPORT_AGE_DAYS_MAX,
} from "./ecosystem-audit.ts";

type Vulnerability = AuditResult["vulnerabilities"][number];

/** Skipped packages that are named; the others are counted. */
const SKIPPED_SHOWN_MAX = 5;

const AUDIT: Readonly<Record<Ecosystem, string>> = {
  python: "uv run pip-audit --fix",
  node: "npm audit fix",
  other: "osv-scanner scan source .",
};
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
  reads: "The results of pip-audit, npm audit or osv-scanner, or an imported report of theirs.",
  needs: { audit: dependencyAudit },

  evaluate({ audit }) {
    const audits = auditsByEcosystem(audit.manifests, audit.runs);
    const findings = audits.flatMap(findingsOf);
    const open = audits.filter(({ fresh, stale }) => fresh.length + stale.length === 0);
    return judge(findings, open.length > 0 ? notAudited(open) : passed(audits));
  },
});

function findingsOf(audit: EcosystemAudit): readonly Finding[] {
  const { ecosystem, fresh, stale } = audit;
  const old = stale.map(({ run, result }): Finding => {
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

/** One finding per package: it is what one upgrade mends. */
function vulnerabilities(ecosystem: Ecosystem, runs: readonly DoneRun[]): readonly Finding[] {
  const all = runs.flatMap((done) => done.result.vulnerabilities.map((one) => ({ ...one, done })));
  const byPackage = Map.groupBy(all, (one) => `${one.package} ${one.version}`);
  return [...byPackage.values()].flatMap((group): readonly Finding[] => {
    const [first] = group;
    if (first === undefined) return [];
    const ids = [...new Set(group.map(describeId))];
    const fixedIn = [...new Set(group.flatMap((one) => one.fixedIn))];
    const fixed =
      fixedIn.length > 0 ? `fixed in ${fixedIn.join(", ")}` : "no fixed version is named";
    const name = `${first.package} ${first.version}`;
    return [
      {
        rule: "vulnerable-dependency",
        status: "warn",
        subject: first.package,
        message: `${name} has ${ids.join(", ")}; ${fixed}`,
        fix: fixOf(ecosystem, first, fixedIn),
        evidence: [{ excerpt: `${describeRun(first.done)}: ${name}: ${ids.join(", ")}` }],
      },
    ];
  });
}

function describeId({ id, aliases, severity }: Vulnerability): string {
  const others = aliases.filter((alias) => alias !== id);
  const notes = [...others, ...(severity === undefined ? [] : [severity])];
  return notes.length > 0 ? `${id} (${notes.join(", ")})` : id;
}

/** Names and versions come from a report: only what a registry admits goes into a command line. */
function fixOf(
  ecosystem: Ecosystem,
  { package: name }: Vulnerability,
  fixedIn: readonly string[],
): string {
  const isName = /^@?[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name);
  const version = fixedIn.find((text) => /^\d[A-Za-z0-9.+!-]*$/.test(text));
  if (!isName || version === undefined) return `Run: ${AUDIT[ecosystem]}`;
  const upgrade: Readonly<Record<Ecosystem, string>> = {
    python: `pip install --upgrade '${name}>=${version}' (and raise it in the requirements)`,
    node: `npm install '${name}@^${version}'`,
    other: `upgrade ${name} to ${version}`,
  };
  return `Run: ${AUDIT[ecosystem]}; or ${upgrade[ecosystem]}`;
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

/** `pip-audit 2.9.0, 41 packages, 2 skipped (foo, bar), 0 vulnerabilities, report of 3 days`. */
function describeRun({ run, result }: DoneRun): string {
  const { examined, skipped, vulnerabilities, ageDays } = result;
  const names = skipped.slice(0, SKIPPED_SHOWN_MAX).map(({ name }) => name);
  const more = skipped.length > names.length ? ", …" : "";
  const parts = [
    run.version === undefined ? run.tool : `${run.tool} ${run.version}`,
    `${examined} packages`,
    ...(skipped.length > 0 ? [`${skipped.length} skipped (${names.join(", ")}${more})`] : []),
    `${vulnerabilities.length} vulnerabilities`,
    ...(ageDays > 0 ? [`report of ${Math.floor(ageDays)} days`] : []),
  ];
  return parts.join(", ");
}
