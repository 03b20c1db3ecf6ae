import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import type { CaddyToken } from "../../parsers/caddyfile/tokenize.ts";
import type { SiteRoute } from "../proxy-site.ts";

/** What a request's path must be like. */
export type PathPattern = Pick<SiteRoute["match"], "kind" | "text">;

/** Which requests a directive is for. */
export interface CaddyMatcher {
  /** One of these; `undefined`: every path. */
  readonly paths: readonly PathPattern[] | undefined;
  readonly hosts: readonly string[] | undefined;
  readonly scheme: "http" | "https" | undefined;
  /** Everything else that must hold, as written. */
  readonly others: readonly string[];
  /** Addresses the client must have, as written. */
  readonly addresses: readonly string[];
  /** Addresses the client must not have: what others get is refused to all but these. */
  readonly exceptAddresses: readonly string[];
}

export const EVERYTHING: CaddyMatcher = {
  paths: undefined,
  hosts: undefined,
  scheme: undefined,
  others: [],
  addresses: [],
  exceptAddresses: [],
};

/** `@name` definitions in scope. */
export type NamedMatchers = ReadonlyMap<string, CaddyDirective>;

/** The first word of a directive when it is a matcher: `*`, `/path*`, `@name` (documentation, "Request matchers"). */
export function matcherWord({ args: [first] }: CaddyDirective): string | undefined {
  if (first === undefined || first.quote !== "") return undefined;
  return first.text === "*" || /^[/@]/.test(first.text) ? first.text : undefined;
}

/** The words behind the matcher. */
export function wordsOf(directive: CaddyDirective): readonly CaddyToken[] {
  return matcherWord(directive) === undefined ? directive.args : directive.args.slice(1);
}

/** The directive's matcher; one that is not defined matches under a condition nobody can tell. */
export function matcherOf(directive: CaddyDirective, named: NamedMatchers): CaddyMatcher {
  const word = matcherWord(directive);
  if (word === undefined || word === "*") return EVERYTHING;
  if (word.startsWith("/")) return { ...EVERYTHING, paths: [pathPattern(word)] };
  const definition = named.get(word);
  return definition === undefined ? { ...EVERYTHING, others: [word] } : namedMatcher(definition);
}

/** `@name { path /a /b; host x }` and `@name path /a /b`. */
function namedMatcher({ name, args, block }: CaddyDirective): CaddyMatcher {
  const [first, ...rest] = args;
  const single =
    first === undefined
      ? []
      : [{ name: first.text, words: rest.map(({ text }) => text), block: undefined }];
  const parts = [
    ...single.map((one) => ({ ...one, block })),
    ...(first === undefined ? (block ?? []) : []).map((part) => ({
      name: part.name,
      words: part.args.map(({ text }) => text),
      block: part.block,
    })),
  ];
  let matcher = EVERYTHING;
  for (const part of parts) matcher = withPart(matcher, part);
  // A definition that is nothing but a quoted expression: @x `path('/a')`.
  if (first !== undefined && first.quote !== "" && args.length === 1)
    return { ...EVERYTHING, others: [`${name} ${first.text}`] };
  return matcher;
}

interface Part {
  readonly name: string;
  readonly words: readonly string[];
  readonly block: readonly CaddyDirective[] | undefined;
}

function withPart(matcher: CaddyMatcher, part: Part): CaddyMatcher {
  const { name, words, block } = part;
  switch (name) {
    case "path":
      return { ...matcher, paths: [...(matcher.paths ?? []), ...words.map(pathPattern)] };
    case "path_regexp": {
      const pattern = { kind: "regex", text: words.at(-1) ?? "" } as const;
      return { ...matcher, paths: [...(matcher.paths ?? []), pattern] };
    }
    case "host":
      return { ...matcher, hosts: [...(matcher.hosts ?? []), ...words] };
    case "protocol":
      return words[0] === "http" || words[0] === "https"
        ? { ...matcher, scheme: words[0] }
        : { ...matcher, others: [...matcher.others, textOf(part)] };
    case "remote_ip":
    case "client_ip":
      return { ...matcher, addresses: [...matcher.addresses, ...words] };
    case "not":
      return withNegated(matcher, negatedParts(words, block), part);
    default:
      return { ...matcher, others: [...matcher.others, textOf(part)] };
  }
}

function negatedParts(
  words: readonly string[],
  block: readonly CaddyDirective[] | undefined,
): readonly Part[] {
  const [first, ...rest] = words;
  if (first !== undefined) return [{ name: first, words: rest, block }];
  return (block ?? []).map((part) => ({
    name: part.name,
    words: part.args.map(({ text }) => text),
    block: part.block,
  }));
}

function withNegated(matcher: CaddyMatcher, parts: readonly Part[], whole: Part): CaddyMatcher {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    if (only.name === "remote_ip" || only.name === "client_ip")
      return { ...matcher, exceptAddresses: [...matcher.exceptAddresses, ...only.words] };
    if (only.name === "protocol" && only.words[0] === "https")
      return { ...matcher, scheme: "http" };
    if (only.name === "protocol" && only.words[0] === "http")
      return { ...matcher, scheme: "https" };
  }
  const text = parts.map(textOf).join(" ") || textOf(whole);
  return { ...matcher, others: [...matcher.others, `not ${text}`] };
}

const TEXT_CHARACTERS_MAX = 200;

function textOf({ name, words }: Part): string {
  return [name, ...words].join(" ").slice(0, TEXT_CHARACTERS_MAX);
}

/** `/a` exactly, `/a*` as a prefix, `*.php` and the like otherwise (documentation, "path"). */
export function pathPattern(text: string): PathPattern {
  if (text === "*" || text === "/*") return { kind: "prefix", text: "/" };
  const star = text.indexOf("*");
  if (star === -1 && !/[{?]/.test(text)) return { kind: "exact", text };
  if (star === text.length - 1 && text.startsWith("/"))
    return { kind: "prefix", text: text.slice(0, -1) };
  return { kind: "other", text };
}

/** Both at once. `strip`: what `handle_path` takes off before the inner one looks. */
export function both(outer: CaddyMatcher, inner: CaddyMatcher, strip = ""): CaddyMatcher {
  const innerPaths =
    strip === "" ? inner.paths : inner.paths?.map((pattern) => unstripped(pattern, strip));
  return {
    paths: bothPaths(outer.paths, innerPaths),
    hosts: inner.hosts ?? outer.hosts,
    scheme: inner.scheme ?? outer.scheme,
    others: [...outer.others, ...inner.others],
    addresses: [...outer.addresses, ...inner.addresses],
    exceptAddresses: [...outer.exceptAddresses, ...inner.exceptAddresses],
  };
}

function unstripped(pattern: PathPattern, strip: string): PathPattern {
  return pattern.kind === "prefix" || pattern.kind === "exact"
    ? { ...pattern, text: strip.replace(/\/$/, "") + pattern.text }
    : pattern;
}

function bothPaths(
  outer: CaddyMatcher["paths"],
  inner: CaddyMatcher["paths"],
): CaddyMatcher["paths"] {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  return inner.flatMap((pattern) =>
    outer.flatMap((around): readonly PathPattern[] => {
      if (isWithinPath(pattern, around)) return [pattern];
      if (isWithinPath(around, pattern)) return [around];
      const isApart =
        around.kind !== "other" &&
        around.kind !== "regex" &&
        (pattern.kind === "prefix" || pattern.kind === "exact");
      return isApart ? [] : [{ kind: "other", text: `${around.text} ${pattern.text}` }];
    }),
  );
}

/** Whether every path of one pattern is one of the other's too. */
export function isWithinPath(inner: PathPattern, outer: PathPattern): boolean {
  if (outer.kind === "prefix") {
    if (outer.text === "/") return true;
    return (inner.kind === "prefix" || inner.kind === "exact") && inner.text.startsWith(outer.text);
  }
  return inner.kind === outer.kind && inner.text === outer.text;
}
