import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import type { CaddyToken } from "../../parsers/caddyfile/tokenize.ts";
import { EVERYTHING, type PathPattern, type RequestMatcher } from "./request-matcher.ts";

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
export function matcherOf(directive: CaddyDirective, named: NamedMatchers): RequestMatcher {
  const word = matcherWord(directive);
  if (word === undefined || word === "*") return EVERYTHING;
  if (word.startsWith("/")) return { ...EVERYTHING, paths: [pathPattern(word)] };
  const definition = named.get(word);
  return definition === undefined ? { ...EVERYTHING, others: [word] } : namedMatcher(definition);
}

/** `@name { path /a /b; host x }` and `@name path /a /b`. */
function namedMatcher({ name, args, block }: CaddyDirective): RequestMatcher {
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

function withPart(matcher: RequestMatcher, part: Part): RequestMatcher {
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

function withNegated(matcher: RequestMatcher, parts: readonly Part[], whole: Part): RequestMatcher {
  const [only] = parts;
  const single = only === undefined || parts.length > 1 ? undefined : negatedPart(matcher, only);
  if (single !== undefined) return single;
  const text = parts.map(textOf).join(" ") || textOf(whole);
  return { ...matcher, others: [...matcher.others, `not ${text}`] };
}

function negatedPart(matcher: RequestMatcher, { name, words }: Part): RequestMatcher | undefined {
  switch (name) {
    case "remote_ip":
    case "client_ip":
      return { ...matcher, exceptAddresses: [...matcher.exceptAddresses, ...words] };
    case "path":
      return { ...matcher, exceptPaths: [...matcher.exceptPaths, ...words.map(pathPattern)] };
    case "protocol":
      if (words[0] === "https") return { ...matcher, scheme: "http" };
      return words[0] === "http" ? { ...matcher, scheme: "https" } : undefined;
    default:
      return undefined;
  }
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
