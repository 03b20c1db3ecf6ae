import type { FieldSpan } from "../http/field.ts";
import type { ReportingEndpoint } from "../http/reporting.ts";
import { type CspPolicy, directiveOf } from "./policy.ts";

/** One place a policy's reports are meant to go to, and what is wrong with it. */
export interface CspReportDestination extends FieldSpan {
  readonly policyIndex: number;
  readonly directive: "report-uri" | "report-to";
  /** As written: a URL of report-uri, a name of report-to. */
  readonly written: string;
  /** Absolute URLs the reports are sent to; empty where the name resolves to nothing. */
  readonly urls: readonly string[];
  readonly problem?: CspReportProblem;
}

export type CspReportProblem =
  /** report-to names an endpoint that no header defines: nothing is sent, and nothing says so. */
  | "undefined-endpoint"
  /** Defined in Report-To only, which browsers no longer read for CSP. */
  | "only-in-report-to"
  /** Not an absolute or relative URL. */
  | "bad-url"
  /** Reports leave unencrypted, or from an https page not at all. */
  | "not-https";

export interface CspReporting {
  readonly destinations: readonly CspReportDestination[];
  /** Policies by index that report nowhere. */
  readonly silent: readonly number[];
  /** Policies by index with report-to alone, which browsers without the Reporting API do not obey. */
  readonly reportToOnly: readonly number[];
}

export interface ReportingContext {
  /** URL of the page; relative endpoints are read against it. */
  readonly self: string;
  /** From Reporting-Endpoints. */
  readonly endpoints: readonly ReportingEndpoint[];
  /** From the older Report-To. */
  readonly groups: readonly ReportingEndpoint[];
}

/** Where reports of violations go: CSP3 section 5.3 with the Reporting API (both W3C working drafts, 2025/26). */
export function cspReporting(
  policies: readonly CspPolicy[],
  context: ReportingContext,
): CspReporting {
  const perPolicy = policies.map((policy, policyIndex) =>
    destinationsOf(policy, policyIndex, context),
  );
  const indexes = (isSo: (list: readonly CspReportDestination[]) => boolean): readonly number[] =>
    perPolicy.flatMap((list, index) => (isSo(list) ? [index] : []));
  return {
    destinations: perPolicy.flat(),
    silent: indexes((list) => list.every(({ urls }) => urls.length === 0)),
    reportToOnly: indexes(
      (list) => list.length > 0 && list.every(({ directive }) => directive === "report-to"),
    ),
  };
}

function destinationsOf(
  policy: CspPolicy,
  policyIndex: number,
  context: ReportingContext,
): readonly CspReportDestination[] {
  const uris = (directiveOf(policy, "report-uri")?.tokens ?? []).map((token) => {
    const url = URL.parse(token.text, context.self)?.href;
    return destination("report-uri", token, policyIndex, url === undefined ? "bad-url" : url);
  });
  const [name] = directiveOf(policy, "report-to")?.tokens ?? [];
  if (name === undefined) return uris;
  return [...uris, destination("report-to", name, policyIndex, resolve(name.text, context))];
}

/** The URL a name stands for, or why it stands for none. */
function resolve(name: string, { self, endpoints, groups }: ReportingContext): string {
  const [url] = endpoints.find((endpoint) => endpoint.name === name)?.urls ?? [];
  if (url !== undefined) return URL.parse(url, self)?.href ?? "bad-url";
  return groups.some((group) => group.name === name) ? "only-in-report-to" : "undefined-endpoint";
}

const NO_URL: readonly string[] = ["bad-url", "only-in-report-to", "undefined-endpoint"];

function destination(
  directive: CspReportDestination["directive"],
  token: FieldSpan & { readonly text: string },
  policyIndex: number,
  found: string,
): CspReportDestination {
  const { field, offset, length, text } = token;
  const base = { policyIndex, directive, written: text, field, offset, length };
  if (NO_URL.includes(found)) {
    // `found` is one of the problems of that list, which TypeScript cannot tell from a URL.
    return { ...base, urls: [], problem: found as CspReportProblem };
  }
  return {
    ...base,
    urls: [found],
    ...(found.startsWith("https:") ? {} : { problem: "not-https" }),
  };
}
