import type { AttestDetail, AttestItem } from "./item.ts";

/** The nine areas of seed 2 section 14, as a penetration test ticks them. */
export const PENTEST_AREAS = [
  "xss",
  "csrf",
  "clickjacking",
  "sql-injection",
  "command-injection",
  "path-traversal",
  "auth-bypass",
  "session-fixation",
  "cors",
] as const;
export type PentestArea = (typeof PENTEST_AREAS)[number];

const NO_CRITICALS: AttestDetail = {
  name: "open-criticals",
  says: "the number of critical findings that are still open",
  pattern: /^0$/,
  mustBe: "0",
  isVerdict: true,
};
const GRADE: AttestDetail = {
  name: "grade",
  says: "the grade",
  pattern: /^A\+?$/,
  mustBe: "A or A+",
  isVerdict: true,
};

type Defaults = "isEvidenceNeeded" | "details" | "worst" | "none" | "control";

function item(row: Omit<AttestItem, Defaults> & Partial<Pick<AttestItem, Defaults>>): AttestItem {
  return {
    ...{ control: row.id, isEvidenceNeeded: true, details: [], worst: "warn", none: "unknown" },
    ...row,
  };
}

/** What only a person can say about a route of attack; `pentest` with the area in its scope says it too. */
function tested(area: PentestArea, states: string): AttestItem {
  return item({ id: `probe.${area}`, states, daysMax: 365, worst: "fail" });
}

function watched(id: string, states: string): AttestItem {
  return item({ id, states, daysMax: 365 });
}

function cloudFirewall(id: string, states: string, worst: "warn" | "fail" = "fail"): AttestItem {
  return item({ id, states, daysMax: 90, worst });
}

function outsideGrade(id: string, states: string): AttestItem {
  return item({ id, states, daysMax: 90, details: [GRADE], worst: "fail" });
}

/** In order of the seed document. */
export const ITEMS: readonly AttestItem[] = [
  item({
    id: "hsts.preload",
    states: "The domain was submitted to the HSTS preload list",
    daysMax: 365,
    isEvidenceNeeded: false,
  }),
  item({
    id: "csrf.tested",
    states: "Forged requests were sent to this release and refused",
    daysMax: 365,
    bound: "release",
    worst: "fail",
  }),
  item({
    id: "sentry.pii",
    states: "Sentry's server side scrubs personal data of this project",
    daysMax: 365,
    worst: "warn",
  }),
  item({
    id: "db.backup",
    states: "The database is backed up elsewhere, and the newest backup was seen",
    daysMax: 31,
    worst: "fail",
  }),
  item({
    id: "csp.staging-tested",
    states: "This policy ran in staging without breaking a page",
    daysMax: 365,
    bound: "policy",
    isEvidenceNeeded: false,
    none: "warn",
  }),
  item({
    id: "ratelimit.tested",
    states: "The limits were tested under load and held",
    daysMax: 180,
  }),
  watched("ratelimit.alerts", "Somebody is told when limits are hit"),
  outsideGrade("grade.observatory", "MDN Observatory gave this site A or better"),
  outsideGrade("grade.security-headers", "securityheaders.com gave this site A or better"),
  outsideGrade("grade.tls", "SSL Labs gave this server A or better"),
  item({
    id: "scan.no-critical",
    states: "A scanner went through this deployment and left no critical finding open",
    daysMax: 90,
    details: [{ name: "scanner", says: "the scanners and their versions" }, NO_CRITICALS],
    worst: "fail",
  }),
  item({
    id: "pentest",
    control: "pentest.attested",
    states: "A penetration test of this deployment was done",
    daysMax: 365,
    agedDays: 335,
    details: [
      { name: "tester", says: "who tested" },
      { name: "tools", says: "the tools that were used" },
      NO_CRITICALS,
    ],
    scope: PENTEST_AREAS,
    worst: "fail",
    none: "fail",
  }),
  tested("xss", "Reflected, stored and DOM-based cross-site scripting was tried without success"),
  tested("csrf", "Forged requests were tried without success, and no GET changes state"),
  tested("sql-injection", "SQL injection was tried without success"),
  tested("command-injection", "Command injection was tried without success"),
  tested("path-traversal", "Path traversal was tried without success"),
  tested("auth-bypass", "Getting past the login was tried without success"),
  tested("session-fixation", "Session fixation was tried without success"),
  cloudFirewall("firewall.enabled", "A firewall outside of this machine guards it"),
  cloudFirewall("firewall.default-deny", "That firewall denies what no rule lets in"),
  cloudFirewall("firewall.open-ports", "That firewall lets in 80, 443 and 22 only"),
  cloudFirewall(
    "firewall.ssh-restricted",
    "That firewall lets trusted addresses to SSH only",
    "warn",
  ),
  item({
    id: "firewall.ddos",
    states: "A provider protects this service against floods",
    daysMax: 365,
    details: [{ name: "provider", says: "the provider and what of it is in use" }],
  }),
  watched("monitor.failed-auth", "Somebody is told of failed logins"),
  watched("monitor.csrf-failures", "Somebody is told of refused tokens"),
  watched("monitor.rate-limit", "Somebody is told of clients over the limit"),
  watched("monitor.api-anomaly", "Somebody is told of unusual use of the API"),
  watched("monitor.error-rate", "Somebody is told when errors pile up"),
  item({
    id: "monitor.tooling",
    states: "Errors, metrics and logs are collected by tools somebody looks at",
    daysMax: 365,
    details: [{ name: "tools", says: "the error tracker and the metrics or log stack" }],
  }),
  item({
    id: "respond.contacts",
    states: "Whom to call in an incident is known, and they know it",
    daysMax: 180,
    isEvidenceNeeded: false,
    details: [
      {
        name: "contacts",
        says: "two people or more, separated by commas",
        pattern: /^\s*[^,\s][^,]*(?:,\s*[^,\s][^,]*)+$/,
        isOfPeople: true,
        mustBe: "two people or more, separated by commas",
      },
    ],
  }),
  item({
    id: "respond.procedures",
    states: "What to do in an incident is written down",
    daysMax: 365,
    none: "warn",
  }),
  item({
    id: "respond.restore-tested",
    states: "A backup of this deployment was restored and looked at",
    daysMax: 180,
    agedDays: 91,
    details: [
      { name: "artefact", says: "which backup was restored" },
      {
        name: "size",
        says: "rows or bytes that came back",
        pattern: /[1-9]/,
        mustBe: "a number above 0",
      },
      { name: "duration", says: "how long it took" },
    ],
    worst: "fail",
    none: "fail",
  }),
  item({
    id: "respond.rollback-tested",
    states: "Going back from one release to the one before was tried",
    daysMax: 180,
    details: [
      { name: "from", says: "the release that was rolled back" },
      { name: "to", says: "the release it was rolled back to" },
    ],
    none: "warn",
  }),
  item({
    id: "respond.patches",
    states: "Security updates of this machine are installed as they come",
    daysMax: 31,
  }),
  item({
    id: "deps.update",
    control: "deps.update-cadence",
    states: "The dependencies were brought up to date",
    daysMax: 31,
    isEvidenceNeeded: false,
  }),
  item({
    id: "review.checklist",
    states: "The checklist was gone through for this release",
    daysMax: 365,
    bound: "release-and-catalog",
    isEvidenceNeeded: false,
    none: "warn",
  }),
  item({
    id: "review.headers",
    states: "The security headers were reviewed",
    daysMax: 92,
    isEvidenceNeeded: false,
  }),
  item({
    id: "deploy.confirmation",
    states: "The manual items were confirmed for this commit",
    daysMax: 31,
    bound: "release",
    isEvidenceNeeded: false,
    worst: "fail",
  }),
];

/** By its own id, or that of the control it answers. */
export function itemNamed(name: string): AttestItem | undefined {
  return ITEMS.find(({ id }) => id === name) ?? ITEMS.find(({ control }) => control === name);
}

/** One of the list above. Throws `TypeError` for a name that is not. */
export function requireItem(name: string): AttestItem {
  const found = itemNamed(name);
  if (found === undefined) throw new TypeError(`no item ${name}`);
  return found;
}
