import { remembered } from "../../core/remembered.ts";
import { type BlockPath, effectiveScalar, ownDirectives } from "../../parsers/nginx/inherit.ts";
import { locationsIn } from "../../parsers/nginx/location.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import { matchPcre, type PcreBudget } from "../../parsers/nginx/pcre.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import { PASS_DIRECTIVES } from "../../parsers/nginx/upstream.ts";
import type { NginxPlace } from "./model.ts";

/** Directives besides the passes that answer a request themselves, whatever lies on disk. */
const HANDLERS: readonly string[] = [
  ...PASS_DIRECTIVES,
  "stub_status",
  "empty_gif",
  "perl",
  "js_content",
  "content_by_lua_block",
  "content_by_lua_file",
  "content_by_lua",
  "vhost_traffic_status_display",
  "api",
  "status",
  "check_status",
  "echo",
  "lua_content",
];

/** The directive that answers requests in this very block; it is not inherited by nested locations. */
export const handlerOf = remembered((path: BlockPath): NginxDirective | undefined => {
  return ownDirectives(path, ...HANDLERS).at(-1);
});

/** A `return` that ends every request that comes to the block, before its access rules are looked at. */
export function returnOf(path: BlockPath): NginxDirective | undefined {
  return ownDirectives(path, "return")[0];
}

/** `rewrite` that fits every path and answers with a redirect. */
function redirectsAll({ args }: NginxDirective): boolean {
  const [pattern, replacement, flag] = args.map(({ text }) => text);
  if (pattern === undefined || replacement === undefined) return false;
  const isAll =
    /^(?:\^|\^\/|\.\*|\^\.\*|\^?\(\.\*\)|\^\/?\(\.\*\)|\^\/?\(\.\*\)\$|\^\.\*\$|\.)$/.test(pattern);
  const isRedirect =
    flag === "permanent" || flag === "redirect" || /^(?:https?:\/\/|\$scheme)/.test(replacement);
  return isAll && isRedirect;
}

/** What answers every request of a server before a location is chosen. */
export const answersAll = remembered(({ path }: NginxServer): NginxDirective | undefined => {
  return returnOf(path) ?? ownDirectives(path, "rewrite").find(redirectsAll);
});

/** What a place says about content and access is never asked: the server or it returns first, or `location /` takes all. */
export const isCutOff = remembered(({ server, path }: NginxPlace): boolean => {
  if (answersAll(server) !== undefined) return true;
  const isOwn = path.length === server.path.length;
  if (isOwn)
    return locationsIn(path).some(({ kind, value }) => /^prefix/.test(kind) && value === "/");
  return (returnOf(path) ?? ownDirectives(path, "rewrite").find(redirectsAll)) !== undefined;
});

/** Where files are served from. */
export interface FileSource {
  /** The `root` or `alias` in force. */
  readonly at: NginxDirective;
  readonly kind: "root" | "alias";
  /** As written. */
  readonly path: string;
}

/** The `root` or `alias` in force; `undefined` where only nginx's own default is. */
export const fileSourceAt = remembered((path: BlockPath): FileSource | undefined => {
  const at = effectiveScalar(path, "root", "alias");
  const text = at?.args[0]?.text;
  if (at === undefined || text === undefined) return undefined;
  return { at, kind: at.name === "alias" ? "alias" : "root", path: text };
});

/** Whether requests that come to a place are answered with files that lie where their paths say. */
export function servesFiles(place: NginxPlace): boolean {
  const { path } = place;
  if (isCutOff(place) || handlerOf(path) !== undefined) return false;
  const tries = ownDirectives(path, "try_files").at(-1);
  return tries === undefined || tries.args.slice(0, -1).some(({ text }) => namesRequest(text));
}

/** Whether a word of `try_files` stands for the file that was asked for. */
function namesRequest(text: string): boolean {
  return /\$(?:\{?(?:uri|document_uri|request_uri|request_filename|fastcgi_script_name)\b|\d|\{?[a-z_]+path\b)/.test(
    text,
  );
}

/** Whether `try_files` of the place lets directories through; without one they are. */
export function servesDirectories({ path }: NginxPlace): boolean {
  const tries = ownDirectives(path, "try_files").at(-1);
  return tries === undefined || tries.args.slice(0, -1).some(({ text }) => text.endsWith("/"));
}

/** The file a request for the location's own path stands for: its directory on disk. */
export function directoryOf({ location }: NginxPlace, { kind, path }: FileSource): string {
  const isPrefix = location !== undefined && /^(?:prefix|exact)/.test(location.kind);
  return kind === "alias" || !isPrefix ? path : `${path.replace(/\/$/, "")}${location.value}`;
}

/**
 * Whether rewrite rules of a block take a path elsewhere or turn it away: an `if` on the path that
 * returns, or a `rewrite` whose pattern fits.
 */
export function rewritesAway(path: BlockPath, uri: string, budget: PcreBudget): boolean {
  return (path.at(-1)?.block ?? []).some(({ name, args, block = [] }) => {
    if (name === "rewrite") return matchPcre(args[0]?.text ?? "", false, uri, budget) === "match";
    return (
      name === "if" &&
      block.some((one) => one.name === "return") &&
      conditionOnPath(args.map(({ text }) => text).join(" "), uri, budget)
    );
  });
}

/** `($request_uri ~* "pattern")` and its like. */
function conditionOnPath(condition: string, uri: string, budget: PcreBudget): boolean {
  const found =
    /^\(\s*\$\{?(?:request_uri|uri|document_uri|request_filename)\}?\s+(~\*?)\s*(.+?)\s*\)$/.exec(
      condition,
    );
  const [, operator = "", pattern = ""] = found ?? [];
  return found !== null && matchPcre(pattern, operator === "~*", uri, budget) === "match";
}
