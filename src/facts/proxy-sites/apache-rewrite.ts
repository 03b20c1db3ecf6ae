import { type ApacheNode, isNamed } from "../../parsers/apache.ts";
import type { SiteAction } from "../proxy-site.ts";
import { wordsOfNode } from "./apache-scope.ts";
import { redirectTo } from "./redirect-to.ts";
import {
  both,
  EVERYTHING,
  type PathPattern,
  pathMatcher,
  type RequestMatcher,
} from "./request-matcher.ts";

/** What a rule of mod_rewrite or mod_alias ends a request with. */
export interface ApacheEnding {
  readonly matcher: RequestMatcher;
  readonly action: SiteAction;
  readonly node: ApacheNode;
  /** Target of `[P]`. */
  readonly target?: string;
}

/** Patterns that take every path: the leading slash is there in virtual hosts, not in directories. */
const EVERY_PATH = /^\^?(?:\/|\/\?|\(\/\)\??)?(?:\(?\.[*+]\??\)?)?\$?$/;

export function regexPattern(text: string): PathPattern {
  return EVERY_PATH.test(text) ? { kind: "prefix", text: "/" } : { kind: "regex", text };
}

/**
 * `RewriteRule`s that redirect, refuse or hand on, with the `RewriteCond`s before each. `names`: of the
 * virtual host, as one that asks for all of them asks for nothing.
 */
export function rewriteEndings(
  nodes: readonly ApacheNode[],
  names: readonly string[],
): readonly ApacheEnding[] {
  const engine = nodes.findLast((node) => isNamed(node, "RewriteEngine"));
  if (engine?.args[0]?.text.toLowerCase() !== "on") return [];
  const endings: ApacheEnding[] = [];
  let conditions: ApacheNode[] = [];
  for (const node of nodes) {
    if (isNamed(node, "RewriteCond")) conditions.push(node);
    if (!isNamed(node, "RewriteRule")) continue;
    endings.push(...endingOf(node, conditions, names));
    conditions = [];
  }
  return endings;
}

function endingOf(
  node: ApacheNode,
  conditions: readonly ApacheNode[],
  names: readonly string[],
): readonly ApacheEnding[] {
  const [pattern = "", target = "", flagText = ""] = wordsOfNode(node);
  const flags = flagText
    .replace(/^\[|\]$/g, "")
    .split(",")
    .map((flag) => flag.trim());
  const found = actionOf(target, flags);
  if (found === undefined) return [];
  const isNegated = pattern.startsWith("!");
  const path = regexPattern(pattern.replace(/^!/, ""));
  const own = isNegated ? { ...EVERYTHING, exceptPaths: [path] } : pathMatcher(path);
  return [{ ...found, matcher: both(own, conditionsOf(conditions, names)), node }];
}

/** Words of `R=`. */
const REDIRECT_WORDS: Readonly<Record<string, number>> = {
  permanent: 301,
  temp: 302,
  seeother: 303,
};

function actionOf(
  target: string,
  flags: readonly string[],
): Pick<ApacheEnding, "action" | "target"> | undefined {
  const has = (pattern: RegExp) => flags.find((flag) => pattern.test(flag));
  if (has(/^(?:F|forbidden)$/i) !== undefined) return { action: { kind: "answer", status: 403 } };
  if (has(/^(?:G|gone)$/i) !== undefined) return { action: { kind: "answer", status: 410 } };
  if (has(/^(?:P|proxy)$/i) !== undefined)
    return { action: { kind: "pass", upstreams: [] }, target };
  const redirect = has(/^(?:R|redirect)(?:=|$)/i);
  // An absolute target is a redirect even without R.
  if (redirect === undefined && !/^https?:\/\//i.test(target)) return undefined;
  const word = redirect?.split("=")[1]?.toLowerCase() ?? "302";
  const status = Object.hasOwn(REDIRECT_WORDS, word) ? REDIRECT_WORDS[word] : Number(word);
  const code = status !== undefined && Number.isInteger(status) ? status : 302;
  if (code < 300 || code > 399) return { action: { kind: "answer", status: code } };
  return { action: redirectTo(target, code) };
}

/** All of them together; those joined by `[OR]` count as one. */
function conditionsOf(conditions: readonly ApacheNode[], names: readonly string[]): RequestMatcher {
  let matcher = EVERYTHING;
  let group: ApacheNode[] = [];
  for (const condition of conditions) {
    group.push(condition);
    if (/\bOR\b|ornext/i.test(condition.args[2]?.text ?? "")) continue;
    matcher = both(matcher, groupOf(group, names));
    group = [];
  }
  return group.length === 0 ? matcher : both(matcher, groupOf(group, names));
}

function groupOf(group: readonly ApacheNode[], names: readonly string[]): RequestMatcher {
  const [only] = group;
  if (only !== undefined && group.length === 1) return conditionOf(only, names);
  const parts = group.map((one) => conditionOf(one, names));
  // certbot asks for each of the virtual host's names.
  const hosts = parts.map(({ hosts: own }) => own);
  if (hosts.every((one) => one !== undefined)) return hostMatcher(hosts.flat(), names);
  const [scheme] = parts.map((part) => part.scheme);
  if (scheme !== undefined && parts.every((part) => part.scheme === scheme))
    return { ...EVERYTHING, scheme };
  const text = group.map(conditionText).join(" or ");
  return { ...EVERYTHING, others: [text] };
}

function conditionText(node: ApacheNode): string {
  return wordsOfNode(node).slice(0, 2).join(" ").slice(0, 200);
}

function hostMatcher(hosts: readonly string[], names: readonly string[]): RequestMatcher {
  const isAll = names.length > 0 && names.every((name) => hosts.includes(name));
  return isAll ? EVERYTHING : { ...EVERYTHING, hosts };
}

function conditionOf(node: ApacheNode, names: readonly string[]): RequestMatcher {
  const [test = "", written = ""] = wordsOfNode(node);
  const isNegated = written.startsWith("!");
  const value = written.replace(/^!?=?/, "").replace(/^["^]+|["$]+$/g, "");
  const other = { ...EVERYTHING, others: [conditionText(node)] };
  const name = test.toUpperCase();
  const tls = isTlsTest(name, value);
  if (tls !== undefined) return { ...EVERYTHING, scheme: tls === isNegated ? "http" : "https" };
  if (name === "%{REQUEST_URI}") {
    const text = written.replace(/^!/, "");
    return isNegated
      ? { ...EVERYTHING, exceptPaths: [acmePrefix({ kind: "regex", text })] }
      : { ...EVERYTHING, paths: [regexPattern(text)] };
  }
  const isName = name === "%{SERVER_NAME}" || name === "%{HTTP_HOST}";
  return isName && !isNegated ? hostMatcher([value.replaceAll("\\.", ".")], names) : other;
}

/** Whether a value means that the request came over TLS; `undefined`: it is about something else. */
function isTlsTest(name: string, value: string): boolean | undefined {
  switch (name) {
    case "%{HTTPS}":
    case "%{ENV:HTTPS}":
      return /^(?:on|off)$/i.test(value) ? /^on$/i.test(value) : undefined;
    case "%{REQUEST_SCHEME}":
      return /^https?$/.test(value) ? value === "https" : undefined;
    case "%{SERVER_PORT}":
      return value === "80" || value === "443" ? value === "443" : undefined;
    default:
      return undefined;
  }
}

/** `^/\.well-known/acme-challenge/` as the prefix it is. */
function acmePrefix(path: PathPattern): PathPattern {
  const plain = path.text
    .replace(/^\^/, "")
    .replaceAll("\\", "")
    .replace(/\(?\.\*\)?\$?$/, "");
  return /^\/[\w./-]+$/.test(plain) && path.text.startsWith("^")
    ? { kind: "prefix", text: plain }
    : path;
}

/** `Redirect [status] [path] URL`, `RedirectMatch`, `RedirectPermanent`; inside of a section without a path. */
export function aliasRedirect(
  node: ApacheNode,
  scope: PathPattern | undefined,
): ApacheEnding | undefined {
  const name = node.name.toLowerCase();
  if (!/^redirect(?:match|permanent|temp)?$/.test(name)) return undefined;
  const [first = "", ...rest] = wordsOfNode(node);
  const hasStatus = /^(?:permanent|temp|seeother|gone|\d{3})$/i.test(first);
  const [from = "/", to = ""] = hasStatus ? rest : [first, ...rest];
  const status = name === "redirectpermanent" ? 301 : statusOf(hasStatus ? first : "302");
  const own =
    name === "redirectmatch" ? regexPattern(from) : ({ kind: "prefix", text: from } as const);
  const path = scope ?? own;
  const target = scope === undefined ? to : from;
  return {
    matcher: pathMatcher(path),
    action: status >= 300 && status < 400 ? redirectTo(target, status) : { kind: "answer", status },
    node,
  };
}

function statusOf(word: string): number {
  const lower = word.toLowerCase();
  if (lower === "gone") return 410;
  return Object.hasOwn(REDIRECT_WORDS, lower) ? (REDIRECT_WORDS[lower] ?? 302) : Number(lower);
}
