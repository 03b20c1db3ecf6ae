import type { HttpPage, PageMeta } from "../../core/http-page.ts";
import {
  fieldValues,
  type HttpAttempt,
  type HttpExchange,
  type HttpSide,
  type HttpSite,
  REDIRECTS_MAX,
} from "../../core/http-site.ts";

/**
 * The site as the method's own client sees it (Node's HTTP client under axios, cookies by tough-cookie): it joins
 * repeated fields, takes all text for UTF-8, and asks once more without verification when a certificate is bad.
 */
export interface ClientView {
  readonly site: HttpSite;
  readonly http: ClientSide | undefined;
  readonly https: ClientSide | undefined;
  /** The https side, else the http side: the method judges its last answer. */
  readonly judged: ClientSide | undefined;
}

export interface ClientSide {
  readonly scheme: "http" | "https";
  /** Answers in order; the last one is judged. */
  readonly hops: readonly HttpExchange[];
  /** Where the chain led, the judged answer's URL last. */
  readonly route: readonly URL[];
  readonly answer: ClientAnswer;
  /** No certificate of the chain failed. */
  readonly isVerified: boolean;
}

export interface ClientAnswer {
  readonly status: number;
  /** By name in lower case, joined as Node does. */
  readonly headers: ReadonlyMap<string, string>;
  readonly setCookie: readonly string[];
  /** Only those of a page with text and an HTML content type, spelled as the method compares it. */
  readonly metas: readonly PageMeta[];
  readonly page: HttpPage | undefined;
  /** The body became something that is no text, which the method's HTML parser cannot take. */
  readonly isJsonValue: boolean;
}

/** Node refuses a header section of this size (`--max-http-header-size`), and so does the method. */
export const CLIENT_HEADER_BYTES = 16_384;
/** Fields of which Node keeps the first only (`http.IncomingMessage`, `message.headers`). */
const FIRST_ONLY: ReadonlySet<string> = new Set(
  (
    "age authorization content-length content-type etag expires from host if-modified-since " +
    "if-unmodified-since last-modified location max-forwards proxy-authorization referer " +
    "retry-after server user-agent"
  ).split(" "),
);
const HTML_TYPES: ReadonlySet<string> = new Set(["text/html", "application/xhtml+xml"]);

/** Whether browsers take an answer of this type for HTML; they compare without case (RFC 9110 section 8.3.1). */
export function isHtmlToBrowsers(contentType: string): boolean {
  return HTML_TYPES.has((contentType.split(";", 1)[0] ?? "").trim().toLowerCase());
}

export function viewAsClient(site: HttpSite): ClientView {
  const http = sideOf(site.http, "http");
  const https = sideOf(site.https, "https");
  return { site, http, https, judged: https ?? http };
}

interface Walk {
  readonly hops: readonly HttpExchange[];
  readonly isAnswered: boolean;
  /** A `data:` URL the client "fetches" itself, as an answer without headers. */
  readonly dataUrl?: URL;
}

function sideOf(side: HttpSide, scheme: "http" | "https"): ClientSide | undefined {
  const walk = walkOf(side);
  const failing = walk.hops.findIndex(({ certificate }) => certificate?.isVerified === false);
  // The redirects of the verifying attempt are counted towards the limit of the second one.
  const limit = REDIRECTS_MAX - Math.max(failing, 0);
  const isCut = walk.hops.length > limit + 1;
  const hops = walk.hops.slice(0, limit + 1);
  const last = hops.at(-1);
  if (last === undefined || (!walk.isAnswered && !isCut) || hops.some(isUnreadable)) {
    return undefined;
  }
  const dataUrl = isCut ? undefined : walk.dataUrl;
  const route = hops.map(({ url }) => new URL(url));
  return {
    scheme,
    hops,
    route: dataUrl === undefined ? route : [...route, dataUrl],
    answer: dataUrl === undefined ? answerOf(last) : DATA_ANSWER,
    isVerified: failing === -1,
  };
}

/** Bytes the client decodes from the URL itself; its HTML parser cannot take them. */
const DATA_ANSWER: ClientAnswer = {
  status: 200,
  headers: new Map(),
  setCookie: [],
  metas: [],
  page: undefined,
  isJsonValue: true,
};

/** The chain as one list; the client follows a missing `Location` to `/undefined`. */
function walkOf({ hops, end }: HttpSide): Walk {
  if (end.kind === "location-missing" && end.next !== undefined) {
    const next = walkOf(end.next);
    return { ...next, hops: [...hops, ...next.hops] };
  }
  if (end.kind === "location-scheme") {
    const last = hops.at(-1);
    const url = last === undefined ? null : URL.parse(end.location, last.url);
    if (url?.protocol === "data:") return { hops, isAnswered: true, dataUrl: url };
  }
  const isAnswered = !["no-answer", "location-invalid", "location-scheme"].includes(end.kind);
  return { hops, isAnswered };
}

/** An answer the client gives up on: too many header bytes, or a body that does not end or decode. */
function isUnreadable({ headerBytes, body }: HttpExchange): boolean {
  if (headerBytes >= CLIENT_HEADER_BYTES) return true;
  const { cut, codings } = body;
  if (cut === "coding") return codings.length === 1 && CLIENT_CODINGS.has(codings[0] ?? "");
  return cut === "time" || cut === "closed";
}

const CLIENT_CODINGS: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br", "zstd"]);

function answerOf(exchange: HttpExchange): ClientAnswer {
  const headers = joinFields(exchange);
  const { page, naivePage, json, text = "" } = exchange.body;
  const isFalsy = isFalsyJson(json, text);
  const read = isFalsy ? undefined : (naivePage ?? page);
  // An empty list looks like an empty text to the parser.
  const isJsonValue = json !== undefined && json !== "string" && json !== "empty-array" && !isFalsy;
  const type = headers.get("content-type")?.split(";", 1)[0] ?? "";
  return {
    status: exchange.status,
    headers,
    setCookie: fieldValues(exchange, "set-cookie"),
    metas: HTML_TYPES.has(type) && !isJsonValue ? (read?.metas ?? []) : [],
    page: isJsonValue ? undefined : read,
    isJsonValue,
  };
}

/** `null`, `false` and `0` are no page to the method, rather than one it cannot read. */
function isFalsyJson(json: HttpExchange["body"]["json"], text: string): boolean {
  if (json === "null") return true;
  if (json === "boolean") return text.trim() === "false";
  return json === "number" && Number(text) === 0;
}

function joinFields({ fields }: HttpExchange): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  for (const [spelled, value] of fields) {
    const name = spelled.toLowerCase();
    const before = joined.get(name);
    if (name === "set-cookie" || (before !== undefined && FIRST_ONLY.has(name))) continue;
    joined.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return new Map([...joined].map(([name, value]) => [name, clean(value)]));
}

/** The client takes control characters out of values and trims blanks. */
function clean(value: string): string {
  return value.replace(/[\0-\x08\x0a-\x1f\x7f]+/g, "").replace(/^[\t ]+|[\t ]+$/g, "");
}

/** An answer to a further request as the client gives it; only 2xx is one. */
export function extraAnswer(
  attempt: HttpAttempt | undefined,
): { readonly exchange: HttpExchange; readonly headers: ReadonlyMap<string, string> } | undefined {
  if (attempt === undefined || !("answer" in attempt)) return undefined;
  const { answer } = attempt;
  if (answer.status < 200 || answer.status > 299 || isUnreadable(answer)) return undefined;
  return { exchange: answer, headers: joinFields(answer) };
}
