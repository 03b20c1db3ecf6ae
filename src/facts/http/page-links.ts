import type { HttpPage } from "../../core/http-page.ts";

/** Same-origin pages linked from the first one that are looked at. */
export const LINKED_PAGES_MAX = 3;
/** Anything that may end a session or change something is not followed, though it be only a link. */
const ACTING_PATH = /log-?out|sign-?out|delete|remove|unsubscribe|cancel|destroy|revoke/i;

export function isActing({ pathname }: URL): boolean {
  return ACTING_PATH.test(pathname);
}

/** Same-origin links of a page, each once, without the page itself; in the page's order. */
export function sameOriginLinks(page: HttpPage, base: URL): readonly URL[] {
  const found = new Map<string, URL>();
  for (const href of page.anchors) {
    const url = resolveLink(href, page, base);
    if (url === undefined || url.origin !== base.origin || url.search !== "") continue;
    if (isActing(url) || url.pathname === base.pathname) continue;
    found.set(url.href, url);
  }
  return [...found.values()].slice(0, LINKED_PAGES_MAX);
}

/** The first same-origin script, style sheet, icon or image of a page. */
export function staticAsset(page: HttpPage, base: URL): URL | undefined {
  const places = [
    ...page.scripts.flatMap(({ src }) => (src === undefined ? [] : [src])),
    ...page.links.filter(({ rel }) => /stylesheet|icon|preload/.test(rel)).map(({ href }) => href),
    ...page.media.filter(({ element }) => element === "img").map(({ src }) => src),
  ];
  return places
    .map((place) => resolveLink(place, page, base))
    .find((url) => url?.origin === base.origin && !isActing(url));
}

/** Scripts and styles of other origins that `--fetch-external` fetches. */
export const EXTERNAL_MAX = 10;

/** Scripts and style sheets of other origins, each once, in the page's order. */
export function externalResources(page: HttpPage, base: URL): readonly URL[] {
  const places = [
    ...page.scripts.flatMap(({ src }) => (src === undefined ? [] : [src])),
    ...page.links.filter(({ rel }) => /stylesheet|preload/.test(rel)).map(({ href }) => href),
  ];
  const found = new Map<string, URL>();
  for (const place of places) {
    const url = resolveLink(place, page, base);
    if (url !== undefined && url.origin !== base.origin) found.set(url.href, url);
  }
  return [...found.values()].slice(0, EXTERNAL_MAX);
}

function resolveLink(href: string, page: HttpPage, url: URL): URL | undefined {
  const base = page.base === undefined ? url : URL.parse(page.base, url.href);
  const resolved = base === null ? null : URL.parse(href.trim(), base.href);
  if (resolved === null || !/^https?:$/.test(resolved.protocol)) return undefined;
  resolved.hash = "";
  resolved.username = "";
  resolved.password = "";
  return resolved;
}
