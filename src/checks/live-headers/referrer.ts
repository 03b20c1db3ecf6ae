import { fieldValues, type HttpExchange } from "../../core/http-site.ts";
import {
  parseMetaReferrer,
  parseReferrerPolicy,
  REFERRER_POLICIES,
  type ReferrerPolicy,
} from "../../parsers/http/referrer-policy.ts";
import { fieldFixes } from "../live-site/server-fixes.ts";
import { isDocument, type SeenAnswer } from "./answers.ts";
import type { AnswerFault } from "./judge-answers.ts";

export const REFERRER_FIELD = "Referrer-Policy";

export const REFERRER_FIX = fieldFixes(REFERRER_FIELD, "strict-origin-when-cross-origin", {
  django:
    "SECURE_REFERRER_POLICY = 'strict-origin-when-cross-origin' in the settings, with SecurityMiddleware",
  express: "app.use(helmet({ referrerPolicy: { policy: 'strict-origin-when-cross-origin' } }))",
});

/** Nothing but the origin leaves for other sites, and nothing at all for http. */
const PRIVATE: ReadonlySet<ReferrerPolicy> = new Set([
  "no-referrer",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
]);

/** The policy of the header: the last known word. */
export function headerPolicy(answer: HttpExchange): ReferrerPolicy | undefined {
  return parseReferrerPolicy(fieldValues(answer, "referrer-policy")).effective?.policy;
}

/** The policy of the page's meta elements: the last valid one. */
export function metaPolicy({ body }: HttpExchange): ReferrerPolicy | undefined {
  return (body.page?.metas ?? [])
    .filter(({ name }) => name?.trim().toLowerCase() === "referrer")
    .map(({ content = "" }) => parseMetaReferrer(content))
    .findLast((policy) => policy !== undefined);
}

/** The header holds until the page's own word is read, so the looser of the two is judged. */
export function referrerFaults(seen: SeenAnswer): readonly AnswerFault[] {
  const { answer } = seen;
  const policies = [headerPolicy(answer), metaPolicy(answer)].filter((each) => each !== undefined);
  const loosest = policies.sort(
    (a, b) => REFERRER_POLICIES.indexOf(b) - REFERRER_POLICIES.indexOf(a),
  )[0];
  if (loosest === undefined) return [absence(answer)];
  if (PRIVATE.has(loosest)) return [];
  const status = loosest === "unsafe-url" && isDocument(seen) ? "fail" : "warn";
  return [{ rule: loosest, status, what: `The referrer policy is ${loosest}` }];
}

function absence(answer: HttpExchange): AnswerFault {
  const isSent = fieldValues(answer, "referrer-policy").length > 0;
  return isSent
    ? { rule: "invalid", status: "warn", what: `${REFERRER_FIELD} names no known policy` }
    : { rule: "missing", status: "warn", what: `No ${REFERRER_FIELD}` };
}

/** Meta elements behind the end of what was read may say otherwise. */
export function isPageCut({ body }: HttpExchange): boolean {
  return body.cut !== undefined || body.isTextCut || (body.page?.cut ?? []).includes("metas");
}
