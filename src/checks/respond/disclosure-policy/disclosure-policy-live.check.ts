import { defineCheck, type Evidence, type Finding, pass } from "../../../core/check.ts";
import { withoutQuery } from "../../../core/http-report.ts";
import {
  fieldValues,
  type HttpExchange,
  type HttpSite,
  judgedAnswer,
} from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import {
  parseSecurityTxt,
  type SecurityTxt,
  type SecurityTxtField,
} from "../../../parsers/http/security-txt.ts";
import { isPublicName } from "../../judgement/host-pattern.ts";
import { serverFix } from "../../live-site/server-fixes.ts";
import { judgeSites, type SiteVerdict, seenIn, showSite } from "../../live-site/sites.ts";
import { reachOf } from "../../route/address.ts";
import { respondDisclosurePolicyControl } from "./disclosure-policy.control.ts";

const DAY_SECONDS = 86_400;
/** RFC 9116 section 2.5.5 recommends less than a year; one that holds a leap day is meant as well. */
export const EXPIRY_MAX_SECONDS = 366 * DAY_SECONDS;
/** Fields quoted, and characters of each. */
const FIELDS_MAX = 8;
const FIELD_CHARACTERS_MAX = 160;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR_MIN = 500;

export const respondDisclosurePolicyLive = defineCheck({
  control: respondDisclosurePolicyControl,
  layer: "live",
  reads: "/.well-known/security.txt of the judged origin, read by RFC 9116.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites.filter(isPublic),
      judgeSite,
      (judged) => pass("security.txt names a contact and is in date", judged.flatMap(evidenceOf)),
      "No target is on the public Internet",
    );
  },
});

function isPublic({ host }: HttpSite): boolean {
  const reach = reachOf(host);
  return reach === "public" || (reach === "name" && isPublicName(host));
}

interface Fault {
  readonly rule: string;
  readonly what: string;
}

function judgeSite(site: HttpSite): SiteVerdict {
  const attempt = site.extra.securityTxt;
  if (attempt === undefined) {
    const { end } = site.https;
    const isSilent = judgedAnswer(site) === undefined && end.kind === "no-answer";
    return {
      findings: [],
      unanswered: isSilent ? end.failure.detail : "security.txt was not asked for",
    };
  }
  if ("failure" in attempt) {
    return { findings: [], unanswered: `${withoutQuery(attempt.url)}: ${attempt.failure.detail}` };
  }
  const { answer, via = [] } = attempt;
  if (answer.status === TOO_MANY_REQUESTS || answer.status >= SERVER_ERROR_MIN) {
    return { findings: [], unanswered: `${withoutQuery(answer.url)}: status ${answer.status}` };
  }
  const faults = faultsOf(answer, [...via, answer], site.askedAtMs / 1000);
  const [first, ...others] = evidenceOf(site);
  if (first === undefined) return { findings: [] };
  return {
    findings: faults.map(
      ({ rule, what }): Finding => ({
        rule,
        status: "warn",
        subject: showSite(site),
        message: `${withoutQuery(attempt.url)} ${what}`,
        fix: fixOf(site),
        evidence: [first, ...others],
      }),
    ),
  };
}

function faultsOf(
  answer: HttpExchange,
  way: readonly HttpExchange[],
  nowSeconds: number,
): readonly Fault[] {
  if (answer.status !== 200) return [{ rule: "none", what: `answers ${answer.status}` }];
  const { text, isTextCut, page } = answer.body;
  const file = parseSecurityTxt(text ?? "");
  if (page !== undefined || !file.looksLikeSecurityTxt) {
    return [{ rule: "not-security-txt", what: "answers another page, as for any path" }];
  }
  const isInClear = way.some(({ url }) => url.startsWith("http:"));
  const { contacts, expiresAt, problems } = file;
  const named = (rule: string) => problems.some((problem) => problem.rule === rule);
  const placeholders = problems.filter(({ rule }) => rule === "placeholder-contact").length;
  const faults: readonly (Fault | false)[] = [
    isInClear && { rule: "http-only", what: "comes over http, where anybody can change it" },
    isTextCut && { rule: "too-long", what: "is longer than is read" },
    contacts.length === 0 && { rule: "no-contact", what: "has no Contact" },
    contacts.length > 0 &&
      contacts.length === placeholders && {
        rule: "placeholder-contact",
        what: "has a placeholder for its Contact",
      },
    contacts.length > 0 &&
      badContacts(file).length === contacts.length && {
        rule: "bad-contact",
        what: "has no Contact of the form https:, mailto: or tel:",
      },
    named("no-expires") && { rule: "no-expires", what: "has no Expires" },
    expiresAt === undefined &&
      !named("no-expires") && { rule: "bad-expires", what: "has an Expires that is not one date" },
    expiresAt !== undefined && expiryFault(expiresAt, nowSeconds),
  ];
  return faults.filter((fault) => fault !== false);
}

/** RFC 9116 section 2.5.3: a Contact is a URI, and one of the web is https. */
function badContacts({ fields, problems }: SecurityTxt): readonly SecurityTxtField[] {
  const offsets = new Set(
    problems.filter(({ rule }) => CONTACT_RULES.has(rule)).map(({ offset }) => offset),
  );
  return fields.filter(({ name, offset }) => name === "contact" && offsets.has(offset));
}

const CONTACT_RULES: ReadonlySet<string> = new Set(["http-uri", "no-uri"]);

function expiryFault(expiresAt: number, nowSeconds: number): Fault | false {
  const date = new Date(expiresAt * 1000).toISOString().slice(0, 10);
  if (expiresAt <= nowSeconds) return { rule: "expired", what: `expired on ${date}` };
  return (
    expiresAt - nowSeconds > EXPIRY_MAX_SECONDS && {
      rule: "expires-late",
      what: `expires on ${date}, more than a year away`,
    }
  );
}

/** Status and type; then the fields, the way they stand there. */
function evidenceOf({ extra }: HttpSite): readonly Evidence[] {
  const attempt = extra.securityTxt;
  if (attempt === undefined || !("answer" in attempt)) return [];
  const { answer } = attempt;
  const type = fieldValues(answer, "content-type")[0] ?? "no Content-Type";
  const seen = seenIn(answer, `${answer.status}, ${type.slice(0, FIELD_CHARACTERS_MAX)}`);
  if (answer.status !== 200 || answer.body.page !== undefined) return [seen];
  const file = parseSecurityTxt(answer.body.text ?? "");
  if (!file.looksLikeSecurityTxt) return [seen];
  const fields = file.fields.slice(0, FIELDS_MAX).map(({ name, value, line }) => ({
    ...seenIn(answer, `${name}: ${value.slice(0, FIELD_CHARACTERS_MAX)}`),
    line,
  }));
  return [seen, ...fields];
}

/** The text with the names and a date that hold for this site; half a year is in date until the next look. */
function fixOf(site: HttpSite): string {
  const { host, askedAtMs } = site;
  const expires = new Date(askedAtMs + 182 * DAY_SECONDS * 1000).toISOString().slice(0, 10);
  const domain = host.replace(/^www\./, "");
  const lines = [`Contact: mailto:security@${domain}`, `Expires: ${expires}T00:00:00Z`];
  const form = serverFix(site, {
    nginx: `location = /.well-known/security.txt { default_type text/plain; return 200 "${lines.join("\\n")}\\n"; }`,
    generic: `Serve /.well-known/security.txt as text/plain with these lines: ${lines.join(" / ")}`,
  });
  return `${form} (with an address that somebody reads)`;
}
