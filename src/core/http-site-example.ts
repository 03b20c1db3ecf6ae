import type { HttpPage } from "./http-page.ts";
import type { HttpBody, HttpExchange, HttpField, HttpSide, HttpSite } from "./http-site.ts";

/** An answer for tests: 200, HTML, a good certificate over https. */
export function exampleAnswer(
  url: string,
  fields: readonly HttpField[] = [],
  changes: Partial<HttpExchange> = {},
): HttpExchange {
  return {
    method: "GET",
    url,
    status: 200,
    fields: [["Content-Type", "text/html"], ...fields],
    protocol: "HTTP/1.1",
    address: "127.0.0.1",
    headerBytes: 200,
    ...(url.startsWith("https:") && { certificate: { isVerified: true } }),
    elapsedMs: 1,
    body: exampleBody({}),
    ...changes,
  };
}

export function exampleBody(page: Partial<HttpPage>, changes: Partial<HttpBody> = {}): HttpBody {
  return {
    sizeBytes: 100,
    codings: [],
    sha256: "0".repeat(64),
    sha384: "0".repeat(64),
    sha512: "0".repeat(88),
    charset: "utf-8",
    text: "<!doctype html>",
    isTextCut: false,
    page: { ...EMPTY_PAGE, ...page },
    ...changes,
  };
}

const EMPTY_PAGE: HttpPage = {
  metas: [],
  scripts: [],
  styles: [],
  links: [],
  media: [],
  forms: [],
  handlers: [],
  styleAttributes: [],
  anchors: [],
  cut: [],
};

/** A redirect for tests. */
export function exampleRedirect(url: string, location: string, status = 301): HttpExchange {
  return exampleAnswer(url, [["Location", location]], { status });
}

/** A chain that came to rest on its last answer. */
export function exampleSide(...hops: readonly [HttpExchange, ...HttpExchange[]]): HttpSide {
  return { url: hops[0].url, hops, end: { kind: "answer" } };
}

/** A side nothing listens on. */
export function closedSide(url: string): HttpSide {
  const failure = { kind: "refused", code: "ECONNREFUSED", detail: "connection refused" } as const;
  return { url, hops: [], end: { kind: "no-answer", url, failure } };
}

/** A site for tests: http leads to https, which answers with `fields`. */
export function exampleSite(
  fields: readonly HttpField[] = [],
  changes: Partial<HttpSite> = {},
): HttpSite {
  const url = "https://www.example.com/";
  const answer = exampleAnswer(url, fields);
  const http = exampleSide(exampleRedirect("http://www.example.com/", url), answer);
  return {
    url,
    host: "www.example.com",
    askedAtMs: Date.UTC(2026, 10, 22),
    http,
    https: exampleSide(answer),
    hasOwnFields: false,
    offersHttp2: false,
    preload: { state: "no" },
    preloadOf: {},
    domains: {},
    extra: { paths: [], external: [] },
    changes: { wasAskedAgain: false, fields: [], isBodyDifferent: false },
    limits: [],
    requests: 3,
    durationMs: 1,
    ...changes,
  };
}
