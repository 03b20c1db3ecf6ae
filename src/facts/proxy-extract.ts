import type { ProxyRoute, ProxyRoutes } from "./proxy-routes.fact.ts";
import type { TlsListener } from "./proxy-tls.ts";

/** What one configuration holds. Certificates are not looked for yet (`exists: undefined`). */
export interface ProxyExtract {
  readonly routes: readonly ProxyRoute[];
  readonly roots: ProxyRoutes["roots"];
}

/** What was read of one configuration, the TLS it ends included. */
export interface ProxyReading extends ProxyExtract {
  readonly tls: readonly TlsListener[];
}

const EXCERPT_CHARACTERS_MAX = 200;

/** One line of configuration, short, without userinfo in URLs (catalog G6). */
export function excerptOf(words: readonly string[]): string {
  return words
    .join(" ")
    .slice(0, EXCERPT_CHARACTERS_MAX)
    .replaceAll(/:\/\/[^\s/@]{1,200}@/g, "://***@");
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * The first of `includes` (those that could not be read) that stands in `block`, as `file:line`.
 * `blocks`: all of its kind; a block ends where the next one of its file begins.
 */
export function unreadInclude(
  includes: readonly Place[],
  block: Place,
  blocks: readonly Place[],
): string | undefined {
  const { file } = block;
  const behind = includes.filter((include) => include.file === file && include.line >= block.line);
  if (behind.length === 0) return undefined;
  const line = behind.reduce((least, include) => Math.min(least, include.line), Infinity);
  // A later block that begins before the include has it.
  const isOther = blocks.some(
    (other) => other.file === file && other.line > block.line && other.line <= line,
  );
  return isOther ? undefined : `${file}:${line}`;
}

/** `unreadInclude` for many blocks of one configuration, each looked for once: `http` is around all servers. */
export function unreadIncludes(
  includes: readonly Place[],
  blocks: readonly Place[],
): (block: Place) => string | undefined {
  const answers = new Map<Place, string | undefined>();
  return (block) => {
    if (!answers.has(block)) answers.set(block, unreadInclude(includes, block, blocks));
    return answers.get(block);
  };
}
