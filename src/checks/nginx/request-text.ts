import { remembered } from "../../core/remembered.ts";
import { type BlockPath, ownDirectives } from "../../parsers/nginx/inherit.ts";
import { parseLocation } from "../../parsers/nginx/location.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import {
  ANY_CONTENT,
  type CaptureContent,
  captureContent,
  wholeContent,
} from "../../parsers/nginx/pcre-groups.ts";
import { byteSet, invert, range, union } from "../../parsers/nginx/pcre-set.ts";
import { definedTexts, splitText, tableOf } from "../../parsers/nginx/variable.ts";

/** A piece of a value: text of the configuration, or what a request brings in. */
export type TextPart =
  | { readonly kind: "literal"; readonly text: string }
  | {
      readonly kind: "request";
      /** Without `$`; of a capture its number or name. */
      readonly variable: string;
      readonly content: CaptureContent;
    };

/** One way in which a text may come out. */
export type Composition = readonly TextPart[];

/** Ways looked at for one text; what is beyond is left out. */
export const COMPOSITIONS_MAX = 64;
/** Variables defined by variables. */
const DEPTH_MAX = 8;
/** Variables looked up for one text, each time counted: then they are taken for text of the configuration. */
export const LOOKUPS_MAX = 1_000;

/**
 * What a text may be made of, as seen from the innermost block of `path`: `set`, `map` and captures are
 * followed to what the request says. Variables that a client has no say in are literals.
 */
export function compositionsOf(text: string, path: BlockPath): readonly Composition[] {
  if (!text.includes("$")) return text === "" ? [[]] : [[{ kind: "literal", text }]];
  return expand(text, { path, chain: [], lookups: { left: LOOKUPS_MAX } });
}

interface Scope {
  readonly path: BlockPath;
  /** Variables being followed. */
  readonly chain: readonly string[];
  /** Shared by everything that is followed for one text. */
  readonly lookups: { left: number };
  /** Inside a `map` entry: what captures of its own key hold. */
  readonly key?: Subject;
}

/** A pattern, and what it is matched against. */
interface Subject {
  readonly pattern: string;
  readonly isCaseless: boolean;
  /** What the subject may hold; asked for only where the pattern has the group. */
  bytes(): Uint8Array;
}

function expand(text: string, scope: Scope): readonly Composition[] {
  let all: readonly Composition[] = [[]];
  for (const part of splitText(text)) {
    const options: readonly Composition[] =
      part.kind === "literal"
        ? [[{ kind: "literal", text: part.text }]]
        : expandVariable(part.text, scope);
    all = all
      .flatMap((start) => options.map((end) => [...start, ...end]))
      .slice(0, COMPOSITIONS_MAX);
  }
  return all;
}

function expandVariable(name: string, scope: Scope): readonly Composition[] {
  const { path, chain, lookups } = scope;
  lookups.left -= 1;
  if (lookups.left < 0 || chain.includes(name) || chain.length >= DEPTH_MAX) {
    return [[{ kind: "literal", text: "" }]];
  }
  const inner = { path, chain: [...chain, name], lookups };
  const captured = capturesOf(name, scope);
  if (captured.length > 0) return captured.map((content) => [request(name, content)]);
  const texts = definedTexts(name, path);
  const entries = tableOf(name, path);
  if (texts === undefined && entries === undefined) return [[builtIn(name, path)]];
  const assigned = [...new Set(texts ?? [])]
    .slice(0, COMPOSITIONS_MAX)
    .flatMap((text) => expand(text, inner));
  const mapped = (entries ?? []).flatMap(({ key, value, source }) =>
    expand(value, { ...inner, ...keyScope(key, source, inner) }),
  );
  return [...assigned, ...mapped].slice(0, COMPOSITIONS_MAX);
}

function request(variable: string, content: CaptureContent): TextPart {
  return { kind: "request", variable, content };
}

function keyScope(
  key: string,
  source: string,
  scope: Scope,
): { readonly key: Subject } | undefined {
  const found = /^(~\*?)(.*)$/s.exec(key);
  if (found === null) return undefined;
  const [, operator = "", pattern = ""] = found;
  return { key: { pattern, isCaseless: operator === "~*", bytes: () => bytesOf(source, scope) } };
}

/** Every byte a text may hold. */
function bytesOf(text: string, scope: Scope): Uint8Array {
  const parts = expand(text, scope).flat();
  return union(
    ...parts.map((part) => (part.kind === "request" ? part.content.bytes : latin(part.text))),
  );
}

function latin(text: string): Uint8Array {
  return byteSet(text.replaceAll(/[^\x00-\xff]/g, "\xff"));
}

/** What the captures of this number or name may hold; none where no pattern in sight has it. */
function capturesOf(name: string, scope: Scope): readonly CaptureContent[] {
  const wanted = /^\d$/.test(name) ? Number(name) : name;
  const { key, chain, path } = scope;
  if (wanted === 0 || chain.length >= DEPTH_MAX) return [];
  if (key === undefined && !path.some(hasPattern)) return [];
  const inner = { ...scope, chain: [...chain, name] };
  const subjects = key === undefined ? subjectsIn(inner, typeof wanted === "number") : [key];
  return subjects.flatMap(({ pattern, isCaseless, bytes }) => {
    const content = captureContent(pattern, wanted, isCaseless);
    return content === undefined ? [] : [{ ...content, bytes: both(content.bytes, bytes()) }];
  });
}

function both(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((isIn, byte) => isIn & (b[byte] ?? 0));
}

/**
 * The patterns whose captures a block may see: its own `if`, the `if`s and `rewrite`s beside it, the
 * locations around it, the names of the server. A numbered capture is the last match's.
 */
function subjectsIn(scope: Scope, isNumbered: boolean): readonly Subject[] {
  const { path } = scope;
  const own = path.at(-1);
  if (isNumbered && own?.name === "if") {
    const condition = conditionSubject(own, scope);
    if (condition !== undefined) return [condition];
  }
  const blocks = path.filter(
    ({ name }) => name === "server" || name === "location" || name === "if",
  );
  const found = blocks
    .toReversed()
    .flatMap((block) => [
      ...blockSubjects(block, scope),
      ...locationSubject(block),
      ...serverSubjects(block),
    ]);
  return found;
}

/** Whether one of the block's own words or directives is a pattern that may capture; most blocks have none. */
const hasPattern = remembered(
  (block: NginxDirective): boolean =>
    block.name === "if" ||
    locationSubject(block).length > 0 ||
    serverSubjects(block).length > 0 ||
    ownDirectives([block], "if", "rewrite").length > 0,
);

function blockSubjects(block: NginxDirective, scope: Scope): readonly Subject[] {
  const own = conditionSubject(block, scope);
  const beside = (block.block ?? []).flatMap((directive) => {
    if (directive.name === "rewrite") {
      const pattern = directive.args[0]?.text ?? "";
      return [{ pattern, isCaseless: false, bytes: () => DECODED }];
    }
    // What an `if` captured stays for what comes after it.
    const condition = conditionSubject(directive, scope);
    return condition === undefined ? [] : [condition];
  });
  return own === undefined ? beside : [own, ...beside];
}

/** Of `if ($variable ~ pattern)`. */
function conditionSubject(
  { name, args }: NginxDirective,
  { path, chain, lookups }: Scope,
): Subject | undefined {
  if (name !== "if") return undefined;
  const condition = args.map(({ text }) => text).join(" ");
  const found = /^\(\s*(\$\{?\w+\}?)\s+!?(~\*?)\s*(.+?)\s*\)$/s.exec(condition);
  if (found === null) return undefined;
  const [, variable = "", operator = "", pattern = ""] = found;
  const around = path.filter((block) => block.name !== "if");
  const bytes = () => bytesOf(variable, { path: around, chain, lookups });
  return { pattern, isCaseless: operator === "~*", bytes };
}

function locationSubject(block: NginxDirective): readonly Subject[] {
  const location = block.name === "location" ? parseLocation(block) : undefined;
  if (location?.kind !== "regex" && location?.kind !== "regex-caseless") return [];
  const isCaseless = location.kind === "regex-caseless";
  return [{ pattern: location.value, isCaseless, bytes: () => DECODED }];
}

function serverSubjects(block: NginxDirective): readonly Subject[] {
  return ownDirectives([block], "server_name")
    .flatMap(({ args }) => args)
    .filter(({ text }) => text.startsWith("~"))
    .map(({ text }) => ({ pattern: text.slice(1), isCaseless: true, bytes: () => HOST }));
}

/** A path is decoded: `%0a` is a newline in it. */
const DECODED = invert(byteSet("\0"));
/** What stands in the request line or in a field as it was sent. */
const SENT = invert(byteSet("\0\r\n"));
/** `ngx_http_validate_host`. */
const HOST = invert(union(range(0, 0x20), byteSet("/:\x7f")));

const DECODED_PATHS =
  /^(?:uri|document_uri|request_filename|fastcgi_script_name|fastcgi_path_info|uri_decoded)$/;
const SENT_VALUES =
  /^(?:arg_\w+|args|query_string|http_\w+|cookie_\w+|request|content_type|ssl_server_name|ssl_preread_server_name|proxy_add_x_forwarded_for|remote_user|request_method)$/;

/** A variable nginx itself sets. */
function builtIn(name: string, path: BlockPath): TextPart {
  if (DECODED_PATHS.test(name)) return pathPart(name, path);
  if (name === "request_uri") return request(name, content(SENT, byteSet("/")));
  if (name === "host") return request(name, content(HOST, HOST));
  if (name === "request_body") return request(name, ANY_CONTENT);
  if (SENT_VALUES.test(name)) return request(name, content(SENT, SENT));
  // An address, a name of the server, a time, what the application answered: not the client's.
  return { kind: "literal", text: `<${name}>` };
}

function content(bytes: Uint8Array, first: Uint8Array): CaptureContent {
  return { bytes, first, isMaybeEmpty: false, count: Number.POSITIVE_INFINITY };
}

/** The path is known where the location is exact, and bounded where its pattern is anchored at both ends. */
function pathPart(name: string, path: BlockPath): TextPart {
  const slash = byteSet("/");
  const whole = content(DECODED, mayLackSlash(path) ? DECODED : slash);
  for (const block of path.toReversed()) {
    const location = block.name === "location" ? parseLocation(block) : undefined;
    if (location?.kind === "exact") return { kind: "literal", text: location.value };
    const isPattern = location?.kind === "regex" || location?.kind === "regex-caseless";
    if (location !== undefined && isPattern && /^\^[^|]*\$$/.test(location.value)) {
      const { bytes, count } = wholeContent(location.value, location.kind === "regex-caseless");
      return request(name, { ...whole, bytes, count });
    }
  }
  return request(name, whole);
}

/** `rewrite ^/x/(.*) $1 break` leaves a path without its slash. */
function mayLackSlash(path: BlockPath): boolean {
  return path.some((block) =>
    ownDirectives([block], "rewrite").some(({ args }) => /^\$/.test(args[1]?.text ?? "")),
  );
}
