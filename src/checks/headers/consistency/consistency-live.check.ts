import { defineCheck } from "../../../core/check.ts";
import { fieldValues, type HttpExchange, type HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { isHttps, type SeenAnswer, siteAnswers } from "../../live-headers/answers.ts";
import { canonicalHsts, HSTS_FIELD } from "../../live-headers/hsts.ts";
import { type AnswerFault, judgeAnswers } from "../../live-headers/judge-answers.ts";
import type { ServerFixes } from "../../live-site/server-fixes.ts";
import { headersConsistency } from "./consistency.control.ts";

/** Headers of which a browser wants one, or takes the last of two. A comma in them joins two values. */
const SINGLE = [HSTS_FIELD, "X-Frame-Options", "X-Content-Type-Options", "X-XSS-Protection"];
/** Several are lawful, and still come from two sources. */
const LISTS = ["Content-Security-Policy", "Referrer-Policy", "Permissions-Policy"];
const ISOLATION = [
  "Cross-Origin-Opener-Policy",
  "Cross-Origin-Embedder-Policy",
  "Cross-Origin-Resource-Policy",
];
/** NAME is the field that the finding is about. */
const FIX: ServerFixes = {
  nginx:
    "set it in one place: proxy_hide_header NAME; beside its add_header NAME, or no add_header for what the application sends",
  caddy: "set it in one place: header ?NAME VALUE leaves what the application sends as it is",
  apache: "set it in one place: Header always set NAME VALUE, not add",
  generic:
    "Send each header from one place only: the proxy or the application, and the same on every server behind the address",
};
const FIELDS = [...SINGLE, ...LISTS, ...ISOLATION];

export const headersConsistencyLive = defineCheck({
  control: headersConsistency,
  layer: "live",
  reads: "How often, and with which values, each security header is sent with every answer.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: [],
      cells: ({ answer }) => FIELDS.flatMap((field) => shown(answer, field)),
      fix: FIX,
      good: "Each security header is sent once, with one value",
      inapplicable: "No security header is sent",
      answersOf: (site) => {
        const all = siteAnswers(site);
        const isAny = all.answers.some(({ answer }) => FIELDS.some((each) => sends(answer, each)));
        if (all.answers.length > 0 && !isAny) return undefined;
        return all.unanswered !== undefined || site.changes.wasAskedAgain
          ? all
          : { ...all, unanswered: "the main page was not seen a second time" };
      },
      concerns: () => true,
      faults: (seen, site) => [
        ...doubled(seen),
        ...changing(seen, site),
        ...byProtocol(seen, site),
        ...hsts(seen, site),
      ],
    });
  },
});

function sends(answer: HttpExchange, field: string): boolean {
  return fieldValues(answer, field.toLowerCase()).length > 0;
}

function shown(answer: HttpExchange, field: string): readonly string[] {
  const values = fieldValues(answer, field.toLowerCase());
  if (values.length === 0) return [];
  return LISTS.includes(field)
    ? [`${field} sent ${values.length === 1 ? "once" : `${values.length} times`}`]
    : values.slice(0, 2).map((value) => `${field}: ${value}`);
}

function doubled({ answer }: SeenAnswer): readonly AnswerFault[] {
  return FIELDS.flatMap((field): readonly AnswerFault[] => {
    const lines = fieldValues(answer, field.toLowerCase());
    const values = LISTS.includes(field) ? lines : lines.flatMap((line) => line.split(","));
    if (values.length < 2) return [];
    const isEqual = new Set(values.map((value) => value.trim().toLowerCase())).size === 1;
    const what = `${field} is sent ${values.length} times, with ${isEqual ? "the same value" : "different values"},`;
    const rule = isEqual ? "duplicate" : "different-values";
    return [{ rule, status: "warn", what, subject: field.toLowerCase() }];
  });
}

/** What differs between the two requests for the main page. */
function changing({ kind, answer }: SeenAnswer, site: HttpSite): readonly AnswerFault[] {
  if (kind !== "again") return [];
  const page = answerOfKind(site, "page");
  if (page === undefined) return [];
  return FIELDS.flatMap((field): readonly AnswerFault[] => {
    const [before, after] = [steadyValue(page, field), steadyValue(answer, field)];
    if (before === after) return [];
    const isOnce = before === "" || after === "";
    const what = isOnce
      ? `${field} is there only once of two times`
      : `${field} differs from one time to the next`;
    const rule = isOnce ? "comes-and-goes" : "changes";
    return [{ rule, status: "warn", what, subject: field.toLowerCase() }];
  });
}

/** What HTTP/2 shows otherwise than HTTP/1.1 did both times. */
function byProtocol({ kind, answer }: SeenAnswer, site: HttpSite): readonly AnswerFault[] {
  if (kind !== "http2") return [];
  const [page, again] = [answerOfKind(site, "page"), answerOfKind(site, "again")];
  if (page === undefined) return [];
  return FIELDS.flatMap((field): readonly AnswerFault[] => {
    const before = steadyValue(page, field);
    const isSteady = again === undefined || steadyValue(again, field) === before;
    const after = steadyValue(answer, field);
    if (!isSteady || before === after) return [];
    const how =
      after === ""
        ? "is lost over HTTP/2,"
        : before === ""
          ? "comes over HTTP/2 only,"
          : "has another value over HTTP/2 than over HTTP/1.1,";
    const what = `${field} ${how}`;
    return [
      {
        rule: "differs-by-protocol",
        status: "warn",
        what,
        subject: field.toLowerCase(),
        fix: PROTOCOL_FIX,
      },
    ];
  });
}

/** Two listeners, or a balancer that ends one of the protocols itself. */
const PROTOCOL_FIX: ServerFixes = {
  generic:
    "Send the same headers whatever the protocol: set them in the server block that both listeners share, or in the balancer that ends HTTP/2",
};

function answerOfKind(site: HttpSite, kind: SeenAnswer["kind"]): HttpExchange | undefined {
  return siteAnswers(site).answers.find((each) => each.kind === kind)?.answer;
}

/** A nonce is new each time, and should be (CSP3 section 7.1). */
function steadyValue(answer: HttpExchange, field: string): string {
  return fieldValues(answer, field.toLowerCase())
    .join("\n")
    .replace(/'nonce-[^']*'/gi, "'nonce-'");
}

/** Browsers keep one policy a host, that of the last answer. */
function hsts({ kind, answer }: SeenAnswer, site: HttpSite): readonly AnswerFault[] {
  if (kind === "page" || kind === "http2" || !isHttps(answer)) return [];
  const page = siteAnswers(site).answers.find((each) => each.kind === "page")?.answer;
  if (page === undefined || new URL(page.url).host !== new URL(answer.url).host) return [];
  const [own, other] = [canonicalHsts(page), canonicalHsts(answer)];
  if (own === undefined || other === undefined || own === other) return [];
  const what = `${HSTS_FIELD} differs from that of the main page`;
  return [{ rule: "differs-by-page", status: "warn", what, subject: HSTS_FIELD.toLowerCase() }];
}
