import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { application } from "../../../facts/application.fact.ts";
import { clock } from "../../../facts/clock.fact.ts";
import { type SecurityPolicy, securityPolicy } from "../../../facts/security-policy.fact.ts";
import { parseSecurityTxt } from "../../../parsers/http/security-txt.ts";
import { respondDisclosurePolicyControl } from "./disclosure-policy.control.ts";

/** What GitHub's template asks its reader to replace, and addresses of nobody (RFC 2606). */
const TEMPLATE = /Use this section to tell people (?:how to report|about which versions)/;
const NOBODY = /@(?:[\w-]+\.)*(?:example\.(?:com|org|net)|yourdomain\.\w+|domain\.tld)\b/i;
const REACHABLE = /[\w.+-]+@[\w-]+\.[\w.-]+|https?:\/\/[^\s)>\]]+|security advisor/i;

export const respondDisclosurePolicySource = defineCheck({
  control: respondDisclosurePolicyControl,
  layer: "source",
  reads: "SECURITY.md and security.txt of the deployment.",
  needs: { policies: securityPolicy, clock },
  wants: { application },

  evaluate({ policies: { files, unread }, clock: { nowMs } }, readings) {
    const faults = files.map((policy) => ({ policy, fault: faultOf(policy, nowMs) }));
    const good = faults.filter(({ fault }) => fault === undefined).map(({ policy }) => policy);
    if (good.length > 0)
      return pass(
        `${good.map(({ file }) => file).join(", ")} says how to report a vulnerability`,
        good.map(({ file }) => ({ file, excerpt: "names whom to tell" })),
      );
    const [hidden] = unread;
    if (hidden !== undefined)
      return cannotTell(hidden.problem.code, `${hidden.file}: ${hidden.problem.detail}`);
    const findings = faults.flatMap(({ policy: { file }, fault }): readonly Finding[] =>
      fault === undefined ? [] : [findingOf(fault.rule, `${file} ${fault.what}`, file)],
    );
    if (findings.length > 0) return judge(findings, pass(""));
    const app = knownValue(readings.application);
    const isSource = app !== undefined && (app.frameworks.length > 0 || app.hasManagePy);
    if (!isSource) return notApplicable("No source of an application is at hand");
    const absence = findingOf("none", "No SECURITY.md and no security.txt was found", undefined);
    return judge([{ ...absence, isAbsence: true }], pass(""));
  },
});

interface Fault {
  readonly rule: string;
  readonly what: string;
}

function faultOf({ kind, text }: SecurityPolicy, nowMs: number): Fault | undefined {
  if (kind === "policy") {
    if (TEMPLATE.test(text)) return { rule: "template", what: "is the template, not filled in" };
    if (NOBODY.test(text))
      return { rule: "placeholder-contact", what: "names an address of nobody" };
    return REACHABLE.test(text) ? undefined : { rule: "no-contact", what: "names nobody to tell" };
  }
  const { contacts, expiresAt, problems } = parseSecurityTxt(text);
  const isPlaceholder = problems.some(({ rule }) => rule === "placeholder-contact");
  if (contacts.length === 0) return { rule: "no-contact", what: "has no Contact" };
  if (isPlaceholder) return { rule: "placeholder-contact", what: "has a placeholder for Contact" };
  if (expiresAt === undefined) return { rule: "no-expires", what: "has no Expires that is a date" };
  return expiresAt * 1_000 <= nowMs ? { rule: "expired", what: "has expired" } : undefined;
}

function findingOf(rule: string, message: string, file: string | undefined): Finding {
  return {
    ...{ rule, status: "warn", message },
    fix: "Write SECURITY.md: whom to tell of a vulnerability, by which address, and when an answer may be expected; and publish /.well-known/security.txt",
    evidence: [{ ...(file === undefined ? {} : { file }), excerpt: message }],
  };
}
