import {
  answerOf,
  type CertificateVerdict,
  type ChainEnd,
  type HttpAttempt,
  type HttpExchange,
  type HttpField,
  type HttpSide,
  type HttpSite,
  judgedSide,
  type SiteChanges,
} from "./http-site.ts";

/** An element of the report's `http` list: the fact `http-site` without bodies. URLs are shown without their query. */
export interface HttpSiteReport {
  readonly url: string;
  readonly host: string;
  /** The side whose last answer is judged; `null` where nothing answered. */
  readonly judged: "https" | "http" | null;
  readonly http: HttpSideReport;
  readonly https: HttpSideReport;
  readonly offersHttp2: boolean | null;
  readonly preload: "yes" | "no" | "unknown";
  /**
   * Further questions, by name: `robots`, `preflight`, `errorPage`, `asset`, `again`, `http2`, `foreignOrigin`, `origin`,
   * `securityTxt`, `path`.
   */
  readonly further: readonly (HttpAnswerReport & { readonly question: string })[];
  readonly changes: SiteChanges;
  readonly limits: readonly string[];
  readonly requests: number;
  readonly durationMs: number;
}

export interface HttpSideReport {
  readonly url: string;
  readonly hops: readonly HttpAnswerReport[];
  /** How the chain ended, and why there is no answer where there is none. */
  readonly end: ChainEnd["kind"];
  readonly why?: string;
  /** Fields of the last answer in wire order, values of cookies masked; `null` where there is no answer. */
  readonly fields: readonly HttpField[] | null;
}

export interface HttpAnswerReport {
  readonly url: string;
  /** `null` where there was no answer; `why` tells. */
  readonly status: number | null;
  readonly why?: string;
  readonly protocol?: string;
  readonly address?: string;
  readonly certificate?: CertificateVerdict;
  readonly bodyBytes?: number;
  readonly elapsedMs?: number;
}

export function describeSite(site: HttpSite): HttpSiteReport {
  return {
    url: withoutQuery(site.url),
    host: site.host,
    judged: judgedSide(site) ?? null,
    http: describeSide(site.http),
    https: describeSide(site.https),
    offersHttp2: site.offersHttp2,
    preload: site.preload.state,
    further: furtherOf(site),
    changes: site.changes,
    limits: site.limits,
    requests: site.requests,
    durationMs: site.durationMs,
  };
}

function describeSide(side: HttpSide): HttpSideReport {
  const { end } = side;
  return {
    url: withoutQuery(side.url),
    hops: side.hops.map(describeAnswer),
    end: end.kind,
    ...(end.kind === "no-answer" && { why: end.failure.detail }),
    fields: answerOf(side)?.fields.map(([name, value]): HttpField => [name, shown(value)]) ?? null,
  };
}

function describeAnswer({
  url,
  status,
  protocol,
  address,
  certificate,
  body,
  elapsedMs,
}: HttpExchange): HttpAnswerReport {
  return {
    url: withoutQuery(url),
    status,
    protocol,
    address,
    ...(certificate !== undefined && { certificate }),
    bodyBytes: body.sizeBytes,
    elapsedMs,
  };
}

function furtherOf({ extra }: HttpSite): HttpSiteReport["further"] {
  const named: readonly (readonly [string, HttpAttempt | undefined])[] = [
    ["robots", extra.robots],
    ["preflight", extra.preflight],
    ["foreignOrigin", extra.foreignOrigin],
    ...(extra.origins ?? []).map((attempt) => ["origin", attempt] as const),
    ["securityTxt", extra.securityTxt],
    ["errorPage", extra.errorPage],
    ["asset", extra.asset],
    ["again", extra.again],
    ["http2", extra.http2],
    ...extra.paths.map((attempt) => ["path", attempt] as const),
  ];
  return named.flatMap(([question, attempt]) => {
    if (attempt === undefined) return [];
    const answer =
      "answer" in attempt
        ? describeAnswer(attempt.answer)
        : { url: withoutQuery(attempt.url), status: null, why: attempt.failure.detail };
    return [{ question, ...answer }];
  });
}

/** Characters of one field's value in the report. */
const VALUE_CHARACTERS_MAX = 4_096;

function shown(value: string): string {
  return value.length > VALUE_CHARACTERS_MAX ? `${value.slice(0, VALUE_CHARACTERS_MAX)}…` : value;
}

/** A query may carry a token (catalog G6). */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
