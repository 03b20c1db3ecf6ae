import type { HaproxyLine } from "../../parsers/haproxy.ts";
import { both, EVERYTHING, type PathPattern, type RequestMatcher } from "./request-matcher.ts";

/** Conditions of a rule: it holds where one of these does. */
export type Alternatives = readonly RequestMatcher[];

/** Alternatives a condition may come to when it is written out; past it, it is one that cannot be told. */
const ALTERNATIVES_MAX = 64;

/** What the words of a condition stand for in a section. */
export interface Acls {
  /** Tests of `acl` lines by name; one name on several lines is any of them. */
  readonly tests: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** Whether TLS ends on a port that is listened on. */
  readonly schemes: ReadonlyMap<string, "http" | "https">;
}

export function aclsOf(lines: readonly HaproxyLine[]): Acls["tests"] {
  const found = new Map<string, (readonly string[])[]>();
  for (const { keyword, args } of lines) {
    const [name, ...test] = args.map(({ text }) => text);
    if (keyword !== "acl" || name === undefined) continue;
    found.set(name, [...(found.get(name) ?? []), test]);
  }
  return found;
}

/** The words behind `if` or `unless`, as alternatives; a line without either holds always. */
export function conditionOfLine(line: HaproxyLine, acls: Acls): Alternatives {
  const words = line.args.map(({ text }) => text);
  const at = words.findIndex((word) => word === "if" || word === "unless");
  const base = line.isConditional ? { ...EVERYTHING, others: ["under .if"] } : EVERYTHING;
  if (at === -1) return [base];
  const found = alternatives(words.slice(at + 1), acls, words[at] === "unless");
  return found.map((matcher) => both(base, matcher));
}

/** The words before `if` or `unless`. */
export function wordsBefore(line: HaproxyLine): readonly string[] {
  const words = line.args.map(({ text }) => text);
  const at = words.findIndex((word) => word === "if" || word === "unless");
  return at === -1 ? words : words.slice(0, at);
}

interface Term {
  readonly isNegated: boolean;
  /** Any of these tests. */
  readonly tests: readonly (readonly string[])[];
}

function alternatives(words: readonly string[], acls: Acls, isUnless: boolean): Alternatives {
  const groups = groupsOf(words, acls);
  const of = (term: Term): Alternatives => termAlternatives(term, acls.schemes);
  const whole = [{ ...EVERYTHING, others: [`${isUnless ? "unless" : "if"} ${words.join(" ")}`] }];
  const factors = isUnless
    ? // not (A and B or C) is (not A or not B) and not C
      groups.map((terms) => terms.flatMap((term) => of(negated(term))))
    : [groups.flatMap((terms) => product(terms.map(of)))];
  const result = product(factors);
  return result.length > ALTERNATIVES_MAX ? whole : result;
}

function negated(term: Term): Term {
  return { ...term, isNegated: !term.isNegated };
}

function product(factors: readonly Alternatives[]): Alternatives {
  let result: Alternatives = [EVERYTHING];
  for (const factor of factors) {
    if (result.length > ALTERNATIVES_MAX) return result;
    result = crossed(result, factor);
  }
  return result;
}

/** Both at once: what holds where one of the first and one of the others does. */
export function crossed(ones: Alternatives, others: Alternatives): Alternatives {
  return ones.flatMap((one) =>
    others
      // Nothing comes with TLS and without.
      .filter(({ scheme }) => [undefined, scheme ?? one.scheme].includes(one.scheme))
      .map((other) => both(one, other)),
  );
}

/** Terms that hold together, group by group: `or` and `||` part them. */
function groupsOf(words: readonly string[], acls: Acls): readonly (readonly Term[])[] {
  const groups: Term[][] = [[]];
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? "";
    if (word === "or" || word === "||") {
      groups.push([]);
      at += 1;
      continue;
    }
    const bare = word.replace(/^!+/, "");
    const isNegated = (word.length - bare.length) % 2 === 1;
    if (word === "!") {
      at += 1;
      const { term, end } = readTerm(words, at, acls);
      groups.at(-1)?.push({ ...term, isNegated: !term.isNegated });
      at = end;
      continue;
    }
    const { term, end } = readTerm([...words.slice(0, at), bare, ...words.slice(at + 1)], at, acls);
    groups.at(-1)?.push({ ...term, isNegated });
    at = end;
  }
  return groups.filter((group) => group.length > 0);
}

function readTerm(
  words: readonly string[],
  at: number,
  acls: Acls,
): { readonly term: Term; readonly end: number } {
  const word = words[at] ?? "";
  if (word === "{") {
    const close = words.indexOf("}", at);
    const end = close === -1 ? words.length : close;
    const test = words.slice(at + 1, end);
    return { term: { isNegated: false, tests: [test] }, end: end + 1 };
  }
  const tests = acls.tests.get(word) ?? [[word]];
  return { term: { isNegated: false, tests }, end: at + 1 };
}

function termAlternatives({ tests, isNegated }: Term, schemes: Acls["schemes"]): Alternatives {
  if (!isNegated) return tests.flatMap((test) => testAlternatives(test, schemes));
  let result: Alternatives = [EVERYTHING];
  for (const test of tests) result = crossed(result, refusals(test, schemes));
  return result;
}

interface Test {
  readonly fetch: string;
  readonly method: string;
  readonly values: readonly string[];
}

/** `path_beg -i /a /b`, `path -m beg /a`, `hdr(host),lower -i x`, `ssl_fc`. */
function readTest(words: readonly string[]): Test {
  const [first = "", ...rest] = words;
  // Converters stand behind commas; one within parentheses is the fetch's own.
  const fetch = /^[^,(]*(?:\([^)]*\))?/.exec(first)?.[0] ?? "";
  const end = rest.indexOf("--");
  const options = end === -1 ? rest : rest.slice(0, end);
  const method = options[options.lastIndexOf("-m") + 1] ?? "";
  const values = options.filter(
    (word, at) => !word.startsWith("-") && !/^-[mfMu]$/.test(options[at - 1] ?? ""),
  );
  // Values of a file are not known here.
  const fromFile = options.includes("-f") ? ["(a file)"] : [];
  const rows = end === -1 ? [] : rest.slice(end + 1);
  return {
    fetch: fetch.toLowerCase(),
    method: options.includes("-m") ? method : "",
    values: [...values, ...fromFile, ...rows].filter((one) => one !== "str"),
  };
}

/** Last parts of `path_beg`, and words of `-m`, by how they match. */
const PATH_KINDS: Readonly<Record<string, PathPattern["kind"]>> = {
  "": "exact",
  str: "exact",
  beg: "prefix",
  reg: "regex",
};

function pathsOf({ fetch, method, values }: Test): readonly PathPattern[] | undefined {
  const name = /^(?:capture\.req\.)?(?:path|pathq|url)(?:_([a-z]+))?$/.exec(fetch);
  if (name === null || values.length === 0) return undefined;
  const how = method === "" ? (name[1] ?? "") : method;
  return values.map((text) => patternOf(how, text));
}

/** `path_end` and `path_sub` as globs; `path_dir` and the like are not told. */
function patternOf(how: string, text: string): PathPattern {
  const kind = Object.hasOwn(PATH_KINDS, how) ? PATH_KINDS[how] : undefined;
  if (kind !== undefined) return { kind, text };
  if (how === "end") return { kind: "other", text: `*${text}` };
  if (how === "sub") return { kind: "other", text: `*${text}*` };
  return { kind: "other", text: `${how} ${text}` };
}

const HOST = /^(?:req\.)?f?hdr(?:_[a-z]+)?\(host(?:,-?\d+)?\)$|^ssl_fc_sni(?:_[a-z]+)?$/;

/** A test that holds, as what the request must be like. */
function testAlternatives(words: readonly string[], schemes: Acls["schemes"]): Alternatives {
  const test = readTest(words);
  const { fetch, values } = test;
  const paths = pathsOf(test);
  if (paths !== undefined) return [{ ...EVERYTHING, paths }];
  if (HOST.test(fetch) && values.length > 0) return [{ ...EVERYTHING, hosts: values }];
  if (fetch === "src" && values.length > 0) return [{ ...EVERYTHING, addresses: values }];
  const scheme = schemeOf(test, schemes);
  if (scheme !== undefined) return [{ ...EVERYTHING, scheme }];
  if (fetch === "true" || fetch === "always_true") return [EVERYTHING];
  if (fetch === "false" || fetch === "always_false") return [];
  return [{ ...EVERYTHING, others: [`{ ${words.join(" ")} }`] }];
}

/** `ssl_fc`, and the port it came to where one is listened on. */
function schemeOf({ fetch, values }: Test, schemes: Acls["schemes"]): "http" | "https" | undefined {
  const [value = "", second = ""] = values;
  if (fetch === "ssl_fc") return value === "0" || value === "false" ? "http" : "https";
  if (fetch !== "dst_port" || values.length > 2) return undefined;
  return schemes.get(value === "eq" ? second : value);
}

/** The same test where it must not hold. */
function refusals(words: readonly string[], schemes: Acls["schemes"]): Alternatives {
  const test = readTest(words);
  const paths = pathsOf(test);
  if (paths !== undefined) return [{ ...EVERYTHING, exceptPaths: paths }];
  if (test.fetch === "src" && test.values.length > 0)
    return [{ ...EVERYTHING, exceptAddresses: test.values }];
  const scheme = schemeOf(test, schemes);
  if (scheme !== undefined)
    return [{ ...EVERYTHING, scheme: scheme === "http" ? "https" : "http" }];
  if (test.fetch === "true" || test.fetch === "always_true") return [];
  if (test.fetch === "false" || test.fetch === "always_false") return [EVERYTHING];
  return [{ ...EVERYTHING, others: [`!{ ${words.join(" ")} }`] }];
}
