import type { ProxyRoute, ProxyRoutes } from "./proxy-routes.fact.ts";

/** What one configuration holds. Certificates are not looked for yet (`exists: undefined`). */
export interface ProxyExtract {
  readonly routes: readonly ProxyRoute[];
  readonly roots: ProxyRoutes["roots"];
}

const EXCERPT_CHARACTERS_MAX = 200;

/** One line of configuration, short, without userinfo in URLs (catalog G6). */
export function excerptOf(words: readonly string[]): string {
  return words
    .join(" ")
    .slice(0, EXCERPT_CHARACTERS_MAX)
    .replaceAll(/:\/\/[^\s/@]{1,200}@/g, "://***@");
}
