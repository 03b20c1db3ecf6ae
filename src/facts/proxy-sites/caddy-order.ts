import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import { matcherWord } from "./caddy-matcher.ts";

/** Caddy's standard order of directives (Caddy 2.10, httpcaddyfile/directives.go, `defaultDirectiveOrder`). */
const STANDARD_ORDER = [
  "tracing",
  "map",
  "vars",
  "fs",
  "root",
  "log_append",
  "skip_log",
  "log_skip",
  "log_name",
  "header",
  "copy_response_headers",
  "request_body",
  "redir",
  "method",
  "rewrite",
  "uri",
  "try_files",
  "basicauth",
  "basic_auth",
  "forward_auth",
  "request_header",
  "encode",
  "push",
  "intercept",
  "templates",
  "invoke",
  "handle",
  "handle_path",
  "route",
  "abort",
  "error",
  "copy_response",
  "respond",
  "metrics",
  "reverse_proxy",
  "php_fastcgi",
  "file_server",
  "acme_server",
] as const;

/** Position of each directive; `handle_path` stands with `handle` (Caddy sorts the two as one). */
export type DirectiveOrder = ReadonlyMap<string, number>;

/** The order in force: the standard one with every `order NAME first|last|before X|after X` applied. */
export function directiveOrder(globalOptions: readonly CaddyDirective[]): DirectiveOrder {
  const names: string[] = [...STANDARD_ORDER];
  for (const { name, args } of globalOptions) {
    const [moved, place, other] = args.map(({ text }) => text);
    if (name === "order" && moved !== undefined) move(names, moved, place, other);
  }
  const order = new Map(names.map((name, index) => [name, index] as const));
  const handle = order.get("handle");
  if (handle !== undefined) order.set("handle_path", handle);
  return order;
}

function move(
  names: string[],
  moved: string,
  place: string | undefined,
  other: string | undefined,
): void {
  const from = names.indexOf(moved);
  if (from !== -1) names.splice(from, 1);
  const at = names.indexOf(other ?? "");
  if (place === "first") names.unshift(moved);
  else if (place === "last") names.push(moved);
  else if (at !== -1) names.splice(place === "before" ? at : at + 1, 0, moved);
}

/** Plugins' directives without a place are refused by Caddy; here they come first, as most are guards. */
const UNPLACED = -1;

/**
 * Directives in the order in which Caddy runs them: by the order of names, then the longer path
 * first, then those with any matcher, then as written (httpcaddyfile/directives.go, `sortRoutes`).
 */
export function inOrder(
  directives: readonly CaddyDirective[],
  order: DirectiveOrder,
): readonly CaddyDirective[] {
  return directives
    .map((directive) => ({ directive, ...rankOf(directive, order) }))
    .toSorted(
      (a, b) =>
        a.place - b.place ||
        b.path.length - a.path.length ||
        a.wildcard - b.wildcard ||
        b.matcher - a.matcher,
    )
    .map(({ directive }) => directive);
}

function rankOf(
  directive: CaddyDirective,
  order: DirectiveOrder,
): {
  readonly place: number;
  readonly path: string;
  readonly wildcard: number;
  readonly matcher: number;
} {
  const word = matcherWord(directive);
  const path = word?.startsWith("/") === true ? word : "";
  return {
    place: order.get(directive.name) ?? UNPLACED,
    path: path.replace(/\*$/, ""),
    wildcard: path.endsWith("*") ? 1 : 0,
    matcher: word === undefined || word === "*" ? 0 : 1,
  };
}
