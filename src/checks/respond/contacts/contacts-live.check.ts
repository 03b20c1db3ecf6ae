import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import { withoutQuery } from "../../../core/http-report.ts";
import type { HttpExchange, HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { parseSecurityTxt } from "../../../parsers/http/security-txt.ts";
import { isPublicName } from "../../judgement/host-pattern.ts";
import { judgeSites, type SiteVerdict, seenIn, showSite } from "../../live-site/sites.ts";
import { reachOf } from "../../route/address.ts";
import { respondContacts } from "./contacts.control.ts";

const CONTACT_CHARACTERS_MAX = 160;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR_MIN = 500;
/** Why a Contact reaches nobody (RFC 9116 section 2.5.3). */
const BAD_CONTACT: ReadonlySet<string> = new Set(["http-uri", "no-uri", "placeholder-contact"]);

export const respondContactsLive = defineCheck({
  control: respondContacts,
  layer: "live",
  reads: "The Contact lines of /.well-known/security.txt of the judged origin.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites.filter(isPublic),
      judgeSite,
      (judged) =>
        pass(
          "security.txt says whom to tell",
          judged.flatMap((site) =>
            contactsIn(site, answerIn(site)).map((each) => seenIn(site, each)),
          ),
        ),
      "No target is on the public Internet",
    );
  },
});

function isPublic({ host }: HttpSite): boolean {
  const reach = reachOf(host);
  return reach === "public" || (reach === "name" && isPublicName(host));
}

function answerIn({ extra }: HttpSite): HttpExchange | undefined {
  const { securityTxt } = extra;
  return securityTxt !== undefined && "answer" in securityTxt ? securityTxt.answer : undefined;
}

/** What respond.disclosure-policy cannot see either is no answer on contacts. */
function judgeSite(site: HttpSite): SiteVerdict {
  const answer = answerIn(site);
  if (answer === undefined) return { findings: [], unanswered: "security.txt was not seen" };
  const { status, url } = answer;
  if (status === TOO_MANY_REQUESTS || status >= SERVER_ERROR_MIN)
    return { findings: [], unanswered: `${withoutQuery(url)}: status ${status}` };
  if (contactsIn(site, answer).length > 0) return { findings: [] };
  const finding: Finding = {
    rule: "no-contact",
    status: "warn",
    subject: showSite(site),
    message: `${showSite(site)} tells nobody whom to call: security.txt has no Contact that is reached`,
    fix: 'Publish /.well-known/security.txt with a Contact that somebody reads, or: plimsoll attest respond.contacts --expires 180d --set contacts="NAME, NAME"',
    evidence: [seenIn(answer, `${status}, no Contact of the form https:, mailto: or tel:`)],
    // Whom to call may be known inside and told nobody outside.
    isAbsence: true,
  };
  return { findings: [finding] };
}

/** Those of a file in date that lead somewhere. */
function contactsIn({ askedAtMs }: HttpSite, answer: HttpExchange | undefined): readonly string[] {
  if (answer?.status !== 200 || answer.body.page !== undefined) return [];
  const { fields, problems, expiresAt } = parseSecurityTxt(answer.body.text ?? "");
  if (expiresAt !== undefined && expiresAt * 1000 <= askedAtMs) return [];
  const bad = problems.filter(({ rule }) => BAD_CONTACT.has(rule)).map(({ offset }) => offset);
  return fields
    .filter(({ name, offset }) => name === "contact" && !bad.includes(offset))
    .map(({ value }) => `Contact: ${value.slice(0, CONTACT_CHARACTERS_MAX)}`);
}
