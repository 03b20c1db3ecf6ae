import { withoutQuery } from "../../../core/http-report.ts";
import { fieldValues, type HttpSite } from "../../../core/http-site.ts";
import type { Statement } from "../../../core/trace.ts";
import { type PlainAnswer, plainAnswers } from "../../nginx/plain-answers.ts";
import { shownDirective } from "../../nginx/shown-directive.ts";
import type { Concern } from "../../proxy-rules/concern.ts";
import { siteRedirectStatements } from "../../proxy-sites/route-statements.ts";

/** The value of the control, whoever redirects. */
export const TO_HTTPS = "redirect to https";

/** What the proxy does to a plain request for `/` of the audited host, or of its first name. */
export function proxyStatements(
  concern: Concern,
  sites: readonly HttpSite[] | undefined,
): readonly Statement[] {
  const { nginx } = concern;
  if (nginx.length === 0) return siteRedirectStatements(concern, sites, TO_HTTPS);
  const answers = nginx.flatMap(({ model, servers }) =>
    plainAnswers(model).filter(
      ({ server, target, isOwn }) => isOwn && target === "/" && servers.has(server),
    ),
  );
  const audited = answers.find(({ host }) => sites?.some((site) => site.host === host) === true);
  const answer = audited ?? answers[0];
  return answer === undefined ? [] : [statementOf(answer)];
}

function statementOf({ kind, at, isPassed }: PlainAnswer): Statement {
  const where = shownDirective(at);
  if (kind === "redirect") return { layer: "proxy", says: "sets", value: TO_HTTPS, where };
  return isPassed
    ? { layer: "proxy", says: "passes-on", where }
    : { layer: "proxy", says: "drops", where };
}

/** What the first answer over http was; nothing where nobody answers there. */
export function liveStatements(sites: readonly HttpSite[]): readonly Statement[] {
  return sites.slice(0, 1).flatMap(({ http }): readonly Statement[] => {
    const [first] = http.hops;
    if (first === undefined) return [];
    const where = withoutQuery(first.url);
    const [location = ""] = fieldValues(first, "location");
    const isRedirect = first.status >= 300 && first.status < 400;
    const isToHttps = isRedirect && URL.parse(location, first.url)?.protocol === "https:";
    return isToHttps
      ? [{ layer: "live", says: "sets", value: TO_HTTPS, where }]
      : [{ layer: "live", says: "drops", where }];
  });
}
