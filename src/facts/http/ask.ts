import type { Host, HttpMessage } from "../../core/host.ts";
import {
  fieldValues,
  type HttpExchange,
  type HttpFailure,
  type HttpField,
} from "../../core/http-site.ts";
import { HostError } from "../../core/reading.ts";
import { maskSetCookie } from "../../parsers/cookie.ts";
import { type BodyReading, describeBody, PAGE_BYTES_MAX } from "./body.ts";

/** One request, from dialling to the last byte. */
export const REQUEST_MS = 9_000;

/** What may be asked, of whom and how; shared by all requests of one site. */
export interface Asker {
  /** Secrets are taken out of what it gives. `setCookie` holds the true values, for the jar alone. */
  ask(question: Question): Promise<Answer>;
  /** Requests made so far. */
  count(): number;
}

export interface Question {
  readonly url: URL;
  readonly method?: "GET" | "OPTIONS";
  readonly fields?: Readonly<Record<string, string>>;
  /** `performance.now()` at which the answer must be there. */
  readonly until: number;
  readonly bodyBytesMax?: number;
  /** Asks by this protocol alone. */
  readonly protocol?: "h2";
}

export type Answer =
  | { readonly exchange: HttpExchange; readonly setCookie: readonly string[] }
  | { readonly failure: HttpFailure };

export interface AskerOptions {
  readonly signal: AbortSignal;
  /** Lower case; own fields go to it only. */
  readonly host: string;
  readonly ownFields: readonly HttpField[];
  /** Own fields are secrets and never travel in clear, unless the operator named an http URL. */
  readonly areOwnFieldsSentInClear: boolean;
  readonly secrets: readonly string[];
  /** For one request; `REQUEST_MS` unless the operator says otherwise. */
  readonly requestMs?: number;
}

const ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const ACCEPT_ENCODING = "gzip, deflate, br, zstd";
const USER_AGENT = "Mozilla/5.0 (compatible; Plimsoll)";

export function createAsker(host: Host, options: AskerOptions): Asker {
  const reading: BodyReading = { scrub: scrubber(options.secrets), read: new Map() };
  let requests = 0;
  return {
    count: () => requests,
    async ask({
      url,
      method = "GET",
      fields = {},
      until,
      bodyBytesMax = PAGE_BYTES_MAX,
      protocol,
    }) {
      const timeoutMs = Math.min(
        options.requestMs ?? REQUEST_MS,
        Math.ceil(until - performance.now()),
      );
      if (timeoutMs <= 0) return { failure: outOfTime(url) };
      requests += 1;
      try {
        const message = await host.request({
          method,
          url,
          fields: {
            "User-Agent": USER_AGENT,
            Accept: ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
            ...fields,
            ...ownFieldsFor(url, fields, options),
          },
          bodyBytesMax,
          isDecoded: true,
          isCertificateJudged: true,
          ...(protocol !== undefined && { protocol }),
          timeoutMs,
          signal: options.signal,
        });
        const exchange = await describe(message, { method, url, reading });
        return { exchange, setCookie: fieldValues(message, "set-cookie") };
      } catch (error) {
        return { failure: failureOf(error, reading.scrub) };
      }
    },
  };
}

/** The operator's fields, and the jar's cookies where the operator gives some too. */
function ownFieldsFor(
  url: URL,
  fields: Readonly<Record<string, string>>,
  { host, ownFields, areOwnFieldsSentInClear }: AskerOptions,
): Readonly<Record<string, string>> {
  const isOwn = url.hostname.toLowerCase() === host;
  if (!isOwn || (url.protocol !== "https:" && !areOwnFieldsSentInClear)) return {};
  const jar = fields["Cookie"];
  const isCookie = ([name]: HttpField) => name.toLowerCase() === "cookie";
  const hasCookie = jar !== undefined && ownFields.some(isCookie);
  return foldFields(hasCookie ? [["Cookie", jar], ...ownFields] : ownFields);
}

/** A repeated name becomes one field, as RFC 9110 section 5.3 and RFC 6265 section 5.4 allow. */
function foldFields(fields: readonly HttpField[]): Readonly<Record<string, string>> {
  const folded = new Map<string, HttpField>();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const before = folded.get(key);
    const separator = key === "cookie" ? "; " : ", ";
    folded.set(
      key,
      before === undefined ? [name, value] : [before[0], `${before[1]}${separator}${value}`],
    );
  }
  return Object.fromEntries(folded.values());
}

/** Values shorter than this are no secrets, and replacing them would garble pages. */
const SECRET_CHARACTERS_MIN = 6;

function scrubber(secrets: readonly string[]): (text: string) => string {
  const long = secrets.filter(({ length }) => length >= SECRET_CHARACTERS_MIN);
  return (text) => long.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, "***"), text);
}

async function describe(
  message: HttpMessage,
  {
    method,
    url,
    reading,
  }: {
    readonly method: "GET" | "OPTIONS";
    readonly url: URL;
    readonly reading: BodyReading;
  },
): Promise<HttpExchange> {
  const { scrub } = reading;
  const { status, fields, transport } = message;
  return {
    method,
    url: scrub(withoutFragment(url)),
    status,
    fields: fields.map(([name, value]): HttpField => {
      const isCookie = name.toLowerCase() === "set-cookie";
      return [name, scrub(isCookie ? maskSetCookie(value) : value)];
    }),
    protocol: transport?.protocol ?? "HTTP/1.1",
    address: transport?.address ?? "",
    headerBytes: transport?.headerBytes ?? fields.flat().join("").length,
    ...(transport?.certificate !== undefined && { certificate: transport.certificate }),
    elapsedMs: transport?.elapsedMs ?? 0,
    body: await describeBody(message, reading),
  };
}

function withoutFragment(url: URL): string {
  const shown = new URL(url);
  shown.hash = "";
  shown.username = "";
  shown.password = "";
  return shown.href;
}

function outOfTime({ host }: URL): HttpFailure {
  return { kind: "timeout", code: "ETIMEDOUT", detail: `${host}: not asked, the time was up` };
}

/** What is the target's doing becomes a value; what is not (not granted, interrupted, our bug) is thrown on. */
function failureOf(error: unknown, scrub: (text: string) => string): HttpFailure {
  if (!(error instanceof HostError)) throw error;
  const { code, reason } = error;
  if (code !== "unreachable" && code !== "malformed" && code !== "too-large" && code !== "denied") {
    throw error;
  }
  return {
    kind: kindOf(error),
    ...(reason !== undefined && { code: reason }),
    detail: scrub(error.message),
  };
}

const KIND_BY_ERRNO: Readonly<Record<string, HttpFailure["kind"]>> = {
  ENOTFOUND: "unresolved",
  EAI_AGAIN: "unresolved",
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ETIMEDOUT: "timeout",
};

function kindOf({ code, reason = "" }: HostError): HttpFailure["kind"] {
  if (code === "too-large") return "too-large";
  if (reason.startsWith("ERR_SSL_") || reason === "NO_CERTIFICATE") return "tls";
  if (code === "malformed") return "malformed";
  return KIND_BY_ERRNO[reason] ?? "unreachable";
}
