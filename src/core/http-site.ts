import type { HttpCut } from "./host.ts";
import type { HttpPage } from "./http-page.ts";

/**
 * What the outside shows of one audited URL. Gathered once by the fact `http-site`; plain JSON.
 *
 * The judged answer (`judgedAnswer`) is the last of the https chain, or of the http chain where https gave none.
 * Values given with `--header` and the values of cookies are in here nowhere (`maskSetCookie`).
 */
export interface HttpSite {
  /** As asked for, without user info; `http://` and `https://` of it are the two sides. */
  readonly url: string;
  /** Lower case, IPv6 without brackets. */
  readonly host: string;
  /** Milliseconds since the epoch, when asking began. */
  readonly askedAtMs: number;
  readonly http: HttpSide;
  readonly https: HttpSide;
  /** Whether `--header` fields went along (to the audited host only). */
  readonly hasOwnFields: boolean;
  /** The server names `h2` when it is offered; `null` where no TLS was spoken. */
  readonly offersHttp2: boolean | null;
  /** The host's state in the list given by `--hsts-preload`; `unknown` without a list. */
  readonly preload: PreloadState;
  /** State of each other host the chains touch, by host. */
  readonly preloadOf: Readonly<Record<string, PreloadState>>;
  /**
   * Registrable domains, by host name (of the audited host and of each `Domain` attribute) and by script URL as
   * written. Only what is needed is in here; without such URLs and attributes it is empty.
   */
  readonly domains: Readonly<Record<string, RegistrableDomain>>;
  /**
   * What else was asked of the judged origin. An element is missing where the judged side gave no answer, where the
   * place is not known (no static asset on the page) or where the time was up (`limits` tells).
   */
  readonly extra: {
    /** `GET /robots.txt`. */
    readonly robots?: HttpAttempt;
    /** As `preflight`, on `/robots.txt`; only where the judged side's certificate does not verify. */
    readonly robotsPreflight?: HttpAttempt;
    /** `OPTIONS` of a preflight on the last URL of the judged chain, `Origin: PREFLIGHT_ORIGIN`. */
    readonly preflight?: HttpAttempt;
    /** `GET` of the last URL with `Origin: FOREIGN_ORIGIN`, credentials left out. */
    readonly foreignOrigin?: HttpAttempt;
    /** As `foreignOrigin`, with origins that a careless list or pattern takes for its own. */
    readonly origins?: readonly OriginAttempt[];
    /** `GET /.well-known/security.txt`, redirects followed; RFC 9116 section 3. */
    readonly securityTxt?: HttpAttempt;
    /** A path that does not exist. */
    readonly errorPage?: HttpAttempt;
    /** A path and query nobody has, over http; only where the http side redirects. Not followed. */
    readonly plainPath?: HttpAttempt;
    /** One script, style sheet or image of the same origin, found on the page. */
    readonly asset?: HttpAttempt;
    /** The judged page once more, for what changes from answer to answer. */
    readonly again?: HttpAttempt;
    /** The judged page once more over HTTP/2; only over https and where `offersHttp2`. */
    readonly http2?: HttpAttempt;
    /** Each `--path`, then same-origin links of the page, then where these redirect on the same origin. */
    readonly paths: readonly (HttpAttempt & { readonly why: "asked" | "linked" })[];
    /** Resources of other origins; fetched only with `--fetch-external`. */
    readonly external: readonly HttpAttempt[];
  };
  /** What differs between the judged page and `again`; nothing when it was not asked. */
  readonly changes: SiteChanges;
  /** What the limits cut, as sentences. */
  readonly limits: readonly string[];
  readonly requests: number;
  readonly durationMs: number;
}

export type PreloadState =
  | { readonly state: "unknown" }
  | { readonly state: "no" }
  /** `by` is the entry that covers the host: itself or a parent with subdomains. */
  | { readonly state: "yes"; readonly by: string; readonly includesSubdomains: boolean };

/** See `registrableDomain` in parsers. */
export interface RegistrableDomain {
  readonly icann: string | null;
  readonly withPrivate: string | null;
}

/** One scheme's chain of answers, from the audited URL to where redirects end. */
export interface HttpSide {
  readonly url: string;
  /** In order; empty when the first request got no answer. */
  readonly hops: readonly HttpExchange[];
  readonly end: ChainEnd;
}

/** How a chain ended. */
export type ChainEnd =
  /** The last hop is no redirect. */
  | { readonly kind: "answer" }
  /** The request to `url` was not answered. */
  | { readonly kind: "no-answer"; readonly url: string; readonly failure: HttpFailure }
  /** More than `REDIRECTS_MAX`; `isLoop` when a URL came twice. */
  | { readonly kind: "redirect-limit"; readonly isLoop: boolean }
  /**
   * A redirect without `Location`. `next` is what `/undefined` answers: some clients, the Observatory among them,
   * go there.
   */
  | { readonly kind: "location-missing"; readonly next?: HttpSide }
  /** `Location` is no URL. */
  | { readonly kind: "location-invalid"; readonly location: string }
  /** `Location` leaves http(s). */
  | { readonly kind: "location-scheme"; readonly location: string };

/** One request and its answer. */
export interface HttpExchange {
  readonly method: "GET" | "OPTIONS";
  /** Query left in; as sent, without fragment. */
  readonly url: string;
  readonly status: number;
  /** In wire order, repeats and spelling kept; each byte of a value one character (latin-1). */
  readonly fields: readonly HttpField[];
  readonly protocol: "HTTP/1.0" | "HTTP/1.1" | "h2";
  /** The peer's address; empty where it is not known. */
  readonly address: string;
  /** Length of the reason phrase, names and values together, as Node's parser counts a header section. */
  readonly headerBytes: number;
  /** https only. */
  readonly certificate?: CertificateVerdict;
  /** From dialling to the end of the body. */
  readonly elapsedMs: number;
  readonly body: HttpBody;
}

export type HttpField = readonly [name: string, value: string];

/** Whether chain and name of the certificate verify; with the verifier's code (`CERT_HAS_EXPIRED`) where not. */
export interface CertificateVerdict {
  readonly isVerified: boolean;
  readonly error?: string;
}

export interface HttpBody {
  /** Bytes seen after decoding, before any cut of `text`. */
  readonly sizeBytes: number;
  /** The body was not read to its end, and why. */
  readonly cut?: HttpCut;
  /** Content codings as named by the answer, lower case. */
  readonly codings: readonly string[];
  /** Hash of the decoded bytes seen, hex. */
  readonly sha256: string;
  /** Of the same bytes, base64: what `integrity` compares after `sha384-`. */
  readonly sha384: string;
  /** As `sha384`, after `sha512-`. */
  readonly sha512: string;
  /** Encoding label the text was read by (WHATWG), lower case. */
  readonly charset?: string;
  /** The whole body is one JSON text: its kind. */
  readonly json?: "object" | "array" | "empty-array" | "string" | "number" | "boolean" | "null";
  /** Of HTML and other text, cut at `TEXT_CHARACTERS_MAX`. */
  readonly text?: string;
  readonly isTextCut: boolean;
  /** What is read from HTML; of a page without Content-Type too, as browsers sniff. */
  readonly page?: HttpPage;
  /**
   * The page as read by a client that takes all text for UTF-8 and unwraps a JSON string, as the Observatory's does;
   * only where that may differ from `page`.
   */
  readonly naivePage?: HttpPage;
}

/** A request that may have got no answer. */
export type HttpAttempt =
  /** `via` holds the redirects that led to the answer, for the questions that follow them. */
  | {
      readonly url: string;
      readonly answer: HttpExchange;
      readonly via?: readonly HttpExchange[];
    }
  | { readonly url: string; readonly failure: HttpFailure };

/** What a list or pattern of origins would have to get wrong to let `origin` in. */
export type OriginKind =
  /** `null`: of sandboxed frames and local files, which anybody has. */
  | "null"
  /** The audited name in front of somebody else's. */
  | "name-as-prefix"
  /** The audited name behind somebody else's, without a dot between. */
  | "name-as-suffix"
  /** The audited name itself over http; not asked where http is judged. */
  | "http";

export type OriginAttempt = HttpAttempt & {
  readonly kind: OriginKind;
  readonly origin: string;
};

/** Why there is no answer. `code` is the errno, the TLS alert or the parser's code. */
export interface HttpFailure {
  readonly kind:
    | "unresolved"
    | "refused"
    | "reset"
    | "timeout"
    | "tls"
    | "malformed"
    | "too-large"
    | "unreachable";
  readonly code?: string;
  readonly detail: string;
}

export interface SiteChanges {
  readonly wasAskedAgain: boolean;
  /** Status of both, when they differ. */
  readonly status?: readonly [number, number];
  /** Names (lower case) of fields that are there only once, or whose value differs; `date` and the like included. */
  readonly fields: readonly string[];
  readonly isBodyDifferent: boolean;
}

/** Redirects followed per side. */
export const REDIRECTS_MAX = 10;
/** Status codes that send on (RFC 9110 section 15.4). */
export const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Characters of text kept of one page. */
export const TEXT_CHARACTERS_MAX = 1024 * 1024;
/** The Observatory's own; a server cannot know it as its friend. */
export const PREFLIGHT_ORIGIN = "https://http-observatory.security.mozilla.org";
/** RFC 6761 section 6.4: `.invalid` is nobody's. */
export const FOREIGN_ORIGIN = "https://plimsoll-foreign.invalid";

/** The last answer of the https chain, else of the http chain. */
export function judgedAnswer(site: HttpSite): HttpExchange | undefined {
  return answerOf(site.https) ?? answerOf(site.http);
}

export function judgedSide(site: HttpSite): "https" | "http" | undefined {
  if (answerOf(site.https) !== undefined) return "https";
  return answerOf(site.http) === undefined ? undefined : "http";
}

/** The answer a chain came to rest on; nothing where its last request failed. A redirect that leads nowhere is one. */
export function answerOf({ hops, end }: HttpSide): HttpExchange | undefined {
  return end.kind === "no-answer" ? undefined : hops.at(-1);
}

/** The judged page over HTTP/2; nothing where another status came, as a server that is tired of being asked gives another page. */
export function http2Answer(site: HttpSite): HttpExchange | undefined {
  const { http2 } = site.extra;
  if (http2 === undefined || !("answer" in http2)) return undefined;
  return http2.answer.status === judgedAnswer(site)?.status ? http2.answer : undefined;
}

/** The host of an answer as `HttpSite.host` has it. */
export function hostOf({ url }: Pick<HttpExchange, "url">): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, "");
}

/** All answers of a chain, those behind a missing `Location` too. */
export function allHops({ hops, end }: HttpSide): readonly HttpExchange[] {
  return end.kind === "location-missing" && end.next !== undefined
    ? [...hops, ...allHops(end.next)]
    : hops;
}

/** Every page that was answered, the judged one first: for rules that must hold on each. */
export function answeredPages(site: HttpSite): readonly HttpExchange[] {
  const { errorPage, asset, paths } = site.extra;
  const main = judgedAnswer(site);
  const attempts = [...paths, ...[asset, errorPage].filter((each) => each !== undefined)];
  const answers = attempts.flatMap((each) => ("answer" in each ? [each.answer] : []));
  return main === undefined ? answers : [main, ...answers];
}

/** Every value of a field, in wire order. `name` in lower case. */
export function fieldValues(
  { fields }: { readonly fields: readonly HttpField[] },
  name: string,
): readonly string[] {
  return fields.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
}

export interface SetCookieSeen {
  /** Where in the chain; 0 is the first answer. */
  readonly hop: number;
  readonly url: string;
  /** The field's value, the cookie's value masked. */
  readonly value: string;
}

/** All `Set-Cookie` of a chain, with the hop they came from. */
export function setCookiesOf({ hops }: HttpSide): readonly SetCookieSeen[] {
  return hops.flatMap((exchange, hop) =>
    fieldValues(exchange, "set-cookie").map((value) => ({ hop, url: exchange.url, value })),
  );
}
