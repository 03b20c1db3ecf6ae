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
    fields: answerOf(side)?.fields.map(shownField) ?? null,
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
/** Fields that send a client somewhere, with what the address carries. */
const ADDRESS_FIELDS: ReadonlySet<string> = new Set(["location", "content-location", "refresh"]);

/** A field as a report shows it. */
export function shownField([name, value]: HttpField): HttpField {
  const isAddress = ADDRESS_FIELDS.has(name.toLowerCase());
  return [name, cut(isAddress ? withoutQuery(value) : value, VALUE_CHARACTERS_MAX)];
}

/** Characters of an address; browsers and servers have no use for longer ones. */
export const URL_CHARACTERS_MAX = 2_048;

/** A query may carry a token, `;jsessionid=` a session, and what stands before an @ a password (catalog G6). */
export function withoutQuery(url: string): string {
  const place = url
    .replace(/[?#].*$/s, "")
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/\\]*@/i, "$1//")
    .replace(/;jsessionid=[^/;]*/gi, ";jsessionid=***");
  return cut(place, URL_CHARACTERS_MAX);
}

function cut(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax)}…` : text;
}
