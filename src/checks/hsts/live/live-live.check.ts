import { defineCheck } from "../../../core/check.ts";
import { fieldValues, type HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { httpsAnswers, isHttps, type SeenAnswer } from "../../live-headers/answers.ts";
import {
  canonicalHsts,
  HSTS_FIELD,
  HSTS_FIX,
  hstsOf,
  ignoredBecause,
} from "../../live-headers/hsts.ts";
import {
  type AnswerFault,
  judgeAnswers,
  mainPageStatements,
} from "../../live-headers/judge-answers.ts";
import { hstsLive } from "./live.control.ts";

export const hstsLiveLive = defineCheck({
  control: hstsLive,
  layer: "live",
  reads:
    "Strict-Transport-Security on every answer over https: main page, redirects, missing address, asset, further paths.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: [HSTS_FIELD],
      fix: HSTS_FIX,
      good: "Every answer over https has one valid Strict-Transport-Security header",
      inapplicable: "No audited URL speaks https",
      answersOf: httpsAnswers,
      concerns: () => true,
      faults,
      note: (_, { host }) =>
        isAddress(host) ? `browsers keep it for names only, not for ${host}` : undefined,
    });
  },

  states: ({ sites }) => mainPageStatements(sites, canonicalHsts, httpsAnswers),
});

function faults({ kind, answer }: SeenAnswer, site: HttpSite): readonly AnswerFault[] {
  const status = kind === "page" || kind === "again" || kind === "http2" ? "fail" : "warn";
  const values = fieldValues(answer, "strict-transport-security");
  if (values.length === 0) {
    const missing = { rule: "missing", status, what: `No ${HSTS_FIELD}` } as const;
    return kind === "page" && isSentInClear(site) ? [missing, IN_CLEAR] : [missing];
  }
  const why = ignoredBecause(hstsOf(answer));
  const found: (AnswerFault | false)[] = [
    why !== undefined && {
      rule: "invalid",
      status,
      what: `Browsers ignore ${HSTS_FIELD} (${why})`,
    },
    values.length > 1 && {
      rule: "repeated",
      status: "warn",
      what: `${HSTS_FIELD} is sent ${values.length} times, of which the first counts,`,
    },
    kind === "page" && answer.certificate?.isVerified === false && UNTRUSTED,
  ];
  return found.filter((fault) => fault !== false);
}

const IN_CLEAR: AnswerFault = {
  rule: "sent-over-http-only",
  status: "warn",
  what: `${HSTS_FIELD} is sent over http, where browsers ignore it, and not over https`,
};

/** RFC 6797 section 8.1: noted only where the connection has neither errors nor warnings. */
const UNTRUSTED: AnswerFault = {
  rule: "untrusted-connection",
  status: "warn",
  what: `Browsers ignore ${HSTS_FIELD} where the certificate does not verify, as`,
};

function isSentInClear({ http }: HttpSite): boolean {
  return http.hops.some(
    (hop) => !isHttps(hop) && fieldValues(hop, "strict-transport-security").length > 0,
  );
}

/** RFC 6797 section 8.1.1: a host named by its address is never noted. */
function isAddress(host: string): boolean {
  return host.includes(":") || /^[\d.]+$/.test(host);
}
