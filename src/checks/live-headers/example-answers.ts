import type { HttpExchange, HttpField, HttpSite } from "../../core/http-site.ts";
import { exampleAnswer, exampleBody, exampleSite } from "../../core/http-site-example.ts";

export const PAGE_URL = "https://www.example.com/";
const ASSET_URL = `${PAGE_URL}static/app.js`;
const MISSING_URL = `${PAGE_URL}plimsoll-0123456789abcdef`;

/** Fields of the answers a site gives; what is not named has those of the main page. */
export interface ExampleFields {
  readonly page: readonly HttpField[];
  readonly again?: readonly HttpField[];
  /** Over HTTP/2; not offered unless given. */
  readonly http2?: readonly HttpField[];
  readonly missing?: readonly HttpField[];
  readonly asset?: readonly HttpField[];
  /** Of `/about`, which the page links to. */
  readonly path?: readonly HttpField[];
}

/** A site that was looked at whole: http leads to https, every question was answered. */
export function wholeSite(
  { page, again = page, http2, missing = page, asset = page, path = page }: ExampleFields,
  changes: Partial<HttpSite> = {},
): HttpSite {
  const about = `${PAGE_URL}about`;
  return exampleSite(page, {
    extra: {
      again: { url: PAGE_URL, answer: exampleAnswer(PAGE_URL, again) },
      ...(http2 !== undefined && {
        http2: { url: PAGE_URL, answer: exampleAnswer(PAGE_URL, http2, { protocol: "h2" }) },
      }),
      errorPage: { url: MISSING_URL, answer: missingAnswer(missing) },
      asset: { url: ASSET_URL, answer: assetAnswer(asset) },
      paths: [{ url: about, answer: exampleAnswer(about, path), why: "linked" }],
      external: [],
    },
    changes: { wasAskedAgain: true, fields: [], isBodyDifferent: false },
    ...changes,
  });
}

export function missingAnswer(fields: readonly HttpField[]): HttpExchange {
  return exampleAnswer(MISSING_URL, fields, { status: 404 });
}

export function assetAnswer(fields: readonly HttpField[]): HttpExchange {
  const { page: _, ...script } = exampleBody({});
  return exampleAnswer(ASSET_URL, fields, { body: script });
}

/** The site with HTTP/2 offered, whose page answers otherwise there. */
export function overHttp2(
  site: HttpSite,
  http2: NonNullable<HttpSite["extra"]["http2"]>,
): HttpSite {
  return { ...site, offersHttp2: true, extra: { ...site.extra, http2 } };
}

/** The site with one question that got no answer. */
export function silentOn(site: HttpSite, question: "errorPage" | "asset"): HttpSite {
  const failure = { kind: "timeout", detail: "no answer in time" } as const;
  return { ...site, extra: { ...site.extra, [question]: { url: MISSING_URL, failure } } };
}
