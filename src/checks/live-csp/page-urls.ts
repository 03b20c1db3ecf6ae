import type { HttpPage, PageScript } from "../../core/http-page.ts";
import type { HttpExchange } from "../../core/http-site.ts";

/** What a URL of a page stands for: read against the page's base; nothing where it is none. */
export function resolveOn(
  { url }: Pick<HttpExchange, "url">,
  page: HttpPage,
  written: string,
): URL | undefined {
  const base = page.base === undefined ? url : (URL.parse(page.base, url)?.href ?? url);
  return URL.parse(written.trim(), base) ?? undefined;
}

/** JavaScript MIME types (WHATWG MIME Sniffing section 4.6), beside `module` and no type at all. */
const SCRIPT_TYPE =
  /^(?:module|(?:text|application)\/(?:x-)?(?:java|ecma)script|text\/(?:javascript1\.[0-5]|jscript|livescript))$/;
/** Inline blocks that are no code, yet ask script-src as code does (HTML section 4.12.1). */
const CHECKED_BLOCK = /^(?:importmap|speculationrules)$/;

/** Whether browsers run or check the element; a block of data (`application/json`) is neither. */
export function isExecuted({ type = "", src }: PageScript): boolean {
  const name = type.trim().toLowerCase();
  return name === "" || SCRIPT_TYPE.test(name) || (src === undefined && CHECKED_BLOCK.test(name));
}

/** Whether a `rel` holds the keyword. */
export function hasRel({ rel }: { readonly rel: string }, keyword: string): boolean {
  return rel.split(/[\t\n\f\r ]+/).includes(keyword);
}
