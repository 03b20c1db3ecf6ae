import { withoutQuery } from "../../core/http-report.ts";
import type { HttpAttempt, HttpSite } from "../../core/http-site.ts";
import { type IntegrityAttribute, parseIntegrity } from "../../parsers/http/integrity.ts";
import { type CspPage, cutOf, htmlPages } from "../live-csp/csp-pages.ts";
import { hasRel, isExecuted, resolveOn } from "../live-csp/page-urls.ts";

/** An element that loads code or style from another origin. */
export interface ExternalElement {
  readonly page: CspPage;
  readonly element: "script" | "stylesheet" | "preload";
  /** As written. */
  readonly written: string;
  readonly url: URL;
  /** As written; absent where the element has none. */
  readonly integrity?: string;
  readonly crossorigin?: string;
  /** `line 12, column 3, <script src="https://cdn.example/a.js">`, without query. */
  readonly where: string;
}

export interface SiteExternals {
  readonly elements: readonly ExternalElement[];
  /** Why there may be more of them. */
  readonly open?: string;
}

/** Elements of every fetched page whose resource has another origin than the page: another host, scheme or port. */
export function externalsOf(site: HttpSite): SiteExternals {
  const { pages, unanswered } = htmlPages(site);
  const open = unanswered ?? cutOf(pages);
  return { elements: pages.flatMap(elementsOf), ...(open !== undefined && { open }) };
}

function elementsOf(page: CspPage): readonly ExternalElement[] {
  const scripts = page.page.scripts.filter(isExecuted).flatMap(({ src, svgHref, ...script }) => {
    const written = src ?? svgHref;
    return written === undefined ? [] : [{ ...script, element: "script" as const, written }];
  });
  const links = page.page.links.flatMap((link) => {
    const element = hasRel(link, "stylesheet")
      ? ("stylesheet" as const)
      : hasRel(link, "preload") || hasRel(link, "modulepreload")
        ? ("preload" as const)
        : undefined;
    return element === undefined ? [] : [{ ...link, element, written: link.href }];
  });
  return [...scripts, ...links].flatMap(({ element, written, integrity, crossorigin, at }) => {
    const url = resolveOn(page.exchange, page.page, written);
    if (url === undefined || !isForeign(url, page)) return [];
    const tag = element === "script" ? "script src" : `link rel="${element}" href`;
    const where = `line ${at.line}, column ${at.column}, <${tag}="${shortUrl(written)}">`;
    const given = {
      ...(integrity !== undefined && { integrity }),
      ...(crossorigin !== undefined && { crossorigin }),
    };
    return [{ page, element, written, url, where, ...given }];
  });
}

function isForeign(url: URL, { exchange }: CspPage): boolean {
  return /^https?:$/.test(url.protocol) && url.origin !== new URL(exchange.url).origin;
}

/** Characters of an address quoted. */
const URL_EXCERPT_MAX = 200;

export function shortUrl(url: string): string {
  const text = withoutQuery(url);
  return text.length > URL_EXCERPT_MAX ? `${text.slice(0, URL_EXCERPT_MAX)}…` : text;
}

/** Whether browsers check the resource at all; without a digest of an algorithm they know they load whatever comes. */
export function protects(integrity: string | undefined): IntegrityAttribute | undefined {
  const parsed = integrity === undefined ? undefined : parseIntegrity(integrity);
  return parsed !== undefined && parsed.strongest.length > 0 ? parsed : undefined;
}

/** The fetched resource, where `--fetch-external` had it fetched. */
export function fetchedOf(site: HttpSite, { href }: URL): HttpAttempt | undefined {
  const wanted = href.replace(/#.*$/s, "");
  return site.extra.external.find(({ url }) => url === wanted);
}

/** The attribute to paste, computed from the fetched resource; the command where it was not fetched. */
export function integrityFix(site: HttpSite, { url }: ExternalElement): string {
  const attempt = fetchedOf(site, url);
  if (attempt !== undefined && "answer" in attempt) {
    const { status, body } = attempt.answer;
    if (status === 200 && body.cut === undefined && body.sizeBytes > 0)
      return `Add integrity="sha384-${body.sha384}" crossorigin="anonymous" to the element, once you know the fetched file is the one you mean`;
  }
  return `Add integrity="sha384-HASH" crossorigin="anonymous" to the element; HASH: curl -s '${shortUrl(url.href).replaceAll("'", "%27")}' | openssl dgst -sha384 -binary | openssl base64 -A (or audit with --fetch-external)`;
}
