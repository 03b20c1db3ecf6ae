import { audit } from "../audit/audit.ts";
import { planFacts } from "../audit/plan.ts";
import { siteChecks } from "../checks/site.ts";
import type { Host } from "../core/host.ts";
import { describeSite, withoutQuery } from "../core/http-report.ts";
import { answerOf, type HttpExchange, type HttpSite } from "../core/http-site.ts";
import { absent, known, type Reading, unknown } from "../core/reading.ts";
import type { Grade, Report } from "../core/report.ts";
import { debugSignOf } from "../facts/debug-page.ts";
import { type ErrorPage, type ErrorPages, errorPage } from "../facts/error-page.fact.ts";
import { foreignHost } from "../facts/foreign-host.fact.ts";
import { httpSite } from "../facts/http-site.fact.ts";
import { gradeObservatory, toObservatoryReport } from "../grades/observatory.grade.ts";
import { gradeSecurityHeaders, toSecurityHeadersReport } from "../grades/security-headers.grade.ts";
import { createLocalHost } from "../host/local-host.ts";
import type { HttpView } from "../report/http.report.ts";
import { authorityFile, readAuthorities } from "./authority-file.ts";
import type { Options } from "./command.ts";
import { connectRules } from "./connect-rules.ts";
import type { CliIo } from "./io.ts";
import { VERSION } from "./version.ts";

/** A host that may open connections and read the trust store. Throws `UsageError` for a `--cacert` of no use. */
export function createSiteHost(options: Options, io: CliIo): Host {
  const caFile = authorityFile(options, io);
  if (caFile !== undefined) readAuthorities(caFile);
  return createLocalHost({
    connectTo: connectRules(options),
    environment: io.environment,
    ...(caFile !== undefined && { caFile }),
  });
}

export interface JudgeInput {
  /** Asks each site by a foreign name; nothing else is looked at. */
  readonly host: Host;
  readonly options: Options;
  readonly io: CliIo;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** The catalog's live controls over what was seen of the sites, with the sites and grades in the report. */
export async function judgeSites(
  sites: readonly HttpSite[],
  { options, io, nowMs, signal, host }: JudgeInput,
): Promise<Report> {
  // Whatever else a check would like to know of a deployment, there is none here.
  const missing = planFacts(siteChecks)
    .filter(({ fact }) => fact.id !== foreignHost.id)
    .map(({ fact }): [string, Reading<unknown>] => [
      fact.id,
      unknown("not-recorded", `${fact.title}: only an address was named`),
    ]);
  const report = await audit({
    selection: { selected: siteChecks, switchedOff: [] },
    granted: new Set(["connect"]),
    preset: new Map<string, Reading<unknown>>([
      ...missing,
      [httpSite.id, known(sites)],
      [errorPage.id, errorPagesOf(sites)],
      ["clock", known({ nowMs })],
    ]),
    mode: { label: "unknown", roles: [], decidedBy: "only an address was named" },
    strict: options.isOn("strict"),
    version: VERSION,
    elapsedMs: io.elapsed,
    context: {
      host,
      target: {
        directory: "/",
        urls: sites.map(judgedUrl),
        mode: [],
        compat: false,
        hostFacts: false,
      },
      nowMs,
      fingerprintKey: "",
      signal,
    },
  });
  const { directory: _, ...target } = report.target;
  return {
    ...report,
    target: { ...target, urls: sites.map(({ url }) => withoutQuery(url)) },
    problems: [],
    ...siteParts(sites),
  };
}

/** Grades and the `http` list of a report. */
export function siteParts(sites: readonly HttpSite[]): Required<Pick<Report, "grades" | "http">> {
  return { grades: sites.flatMap(gradesOf), http: sites.map(describeSite) };
}

function gradesOf(site: HttpSite): readonly Grade[] {
  const observatory = gradeObservatory(site);
  const headers = gradeSecurityHeaders(site);
  return [
    ...(observatory.state === "graded" ? [toObservatoryReport(observatory.grade)] : []),
    ...(headers === undefined ? [] : [toSecurityHeadersReport(headers)]),
  ];
}

/** What is computed over each site for people to read. */
export function viewsOf(sites: readonly HttpSite[]): readonly HttpView[] {
  return sites.map((site) => {
    const observatory = gradeObservatory(site);
    const headers = gradeSecurityHeaders(site);
    return {
      site,
      observatory:
        observatory.state === "graded"
          ? toObservatoryReport(observatory.grade)
          : { because: observatory.because },
      ...(headers !== undefined && { securityHeaders: toSecurityHeadersReport(headers) }),
    };
  });
}

/** With the port of the side that answered. */
function judgedUrl({ https, http }: HttpSite): string {
  return (answerOf(https) === undefined && answerOf(http) !== undefined ? http : https).url;
}

/** The missing address was asked for with the rest of the site: its page is the fact `error-page`. */
function errorPagesOf(sites: readonly HttpSite[]): Reading<ErrorPages> {
  const attempts = sites.map(({ extra }) => extra.errorPage);
  const pages = attempts.flatMap((attempt) =>
    attempt !== undefined && "answer" in attempt ? [errorPageOf(attempt.answer)] : [],
  );
  if (pages.some(({ debugSign }) => debugSign !== undefined)) return known(pages);
  // With nothing known of the application, a page without a trace does not tell that debug is off.
  return pages.length === sites.length
    ? absent("The page of a missing address shows no debug trace")
    : unknown("unreachable", "the page of a missing address gave no answer");
}

function errorPageOf({ url, status, body }: HttpExchange): ErrorPage {
  const debugSign = debugSignOf(status, body.text ?? "");
  return { url: withoutQuery(url), status, ...(debugSign !== undefined && { debugSign }) };
}
