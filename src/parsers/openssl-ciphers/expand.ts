import { KEYWORDS, OTHER_NAMES, type Selection, SUITE_B } from "./keywords.ts";
import { OPENSSL_SUITES, type OpensslSuite } from "./suites.ts";

/** A cipher list made out. */
export interface CipherList {
  /** In OpenSSL's order. Suites of TLS 1.3 are set elsewhere and are not among them. */
  readonly suites: readonly OpensslSuite[];
  /** `@SECLEVEL=n`; `undefined` where the library's own counts. */
  readonly securityLevel: number | undefined;
  /** Words OpenSSL passes over because it does not know them. */
  readonly ignored: readonly string[];
}

/** Longest list that is read, and words in it: Mozilla's old one has 1,100 characters. */
export const CIPHER_LIST_CHARACTERS_MAX = 16_384;
export const CIPHER_LIST_WORDS_MAX = 1_024;

/**
 * Makes out a cipher list as OpenSSL 1.1.0 and later do (ciphers(1), `ssl_create_cipher_list`). `known` are
 * the suites that the library has, by rising code; all that any version had where it is left out.
 */
export function expandCipherList(
  text: string,
  known: readonly OpensslSuite[] = OPENSSL_SUITES,
): CipherList {
  const list = preferred(known);
  const ignored: string[] = [];
  let securityLevel: number | undefined;
  for (const word of wordsOf(text)) {
    const level = /^@SECLEVEL=([0-5])$/.exec(word)?.[1];
    if (level !== undefined) securityLevel = Number(level);
    else if (word === "@STRENGTH") sortByStrength(list);
    else if (!applyWord(list, word)) ignored.push(word);
  }
  return { suites: active(list), securityLevel, ignored };
}

/** DEFAULT and Suite B count only at the beginning (`ssl_create_cipher_list`, `check_suiteb_cipher_list`). */
const DEFAULT_WORDS = ["ALL", "!COMPLEMENTOFDEFAULT", "!eNULL"];

function wordsOf(text: string): readonly string[] {
  const whole = text.slice(0, CIPHER_LIST_CHARACTERS_MAX).trim();
  const suiteB = /^SUITEB\w+/.exec(whole)?.[0] ?? "";
  const written = (Object.hasOwn(SUITE_B, suiteB) ? SUITE_B[suiteB] : undefined) ?? whole;
  const words = written.split(/[:;, ]+/).filter((word) => word !== "");
  const [first, ...rest] = words.slice(0, CIPHER_LIST_WORDS_MAX);
  if (first === undefined) return [];
  return first === "DEFAULT" ? [...DEFAULT_WORDS, ...rest] : [first, ...rest];
}

/** Suites in order, with those switched on; what is killed is no longer among them. */
interface Working {
  entries: { readonly suite: OpensslSuite; readonly isOn: boolean }[];
}

type Rule = "add" | "kill" | "remove" | "to-end" | "to-front";

const SIGNS: Readonly<Record<string, Rule>> = { "!": "kill", "-": "remove", "+": "to-end" };

/** Whether the word said anything to OpenSSL. */
function applyWord(list: Working, word: string): boolean {
  const sign = SIGNS[word[0] ?? ""];
  const selection = selectionOf(sign === undefined ? word : word.slice(1));
  if (selection === undefined) return false;
  apply(list, sign ?? "add", (suite) => isSelected(suite, selection));
  return true;
}

/** `kECDHE+AES`: what all parts have in common. `undefined` where a part is unknown or none is left. */
function selectionOf(word: string): Selection | undefined {
  let selection: Selection | undefined;
  for (const part of word.split("+")) {
    const next = partOf(part);
    if (next === undefined) return undefined;
    selection = selection === undefined ? next : intersected(selection, next);
    if (selection === undefined) return undefined;
  }
  return selection;
}

function partOf(part: string): Selection | undefined {
  if (Object.hasOwn(KEYWORDS, part)) return KEYWORDS[part];
  const other = Object.hasOwn(OTHER_NAMES, part) ? OTHER_NAMES[part] : undefined;
  const suite = BY_NAME.get(other ?? part);
  if (suite === undefined) return undefined;
  const { name, keyExchange, authentication, encryption, mac, minimum, strength } = suite;
  // With its own properties, so that `AES256-SHA+AES128` has nothing in common.
  return {
    name,
    keyExchange: [keyExchange],
    authentication: [authentication],
    encryption: [encryption],
    mac: [mac],
    minimum: [minimum],
    strength: [strength],
  };
}

const BY_NAME: ReadonlyMap<string, OpensslSuite> = new Map(
  OPENSSL_SUITES.map((suite) => [suite.name, suite]),
);

function intersected(one: Selection, other: Selection): Selection | undefined {
  const lists = [
    ["keyExchange", common(one.keyExchange, other.keyExchange)],
    ["authentication", common(one.authentication, other.authentication)],
    ["encryption", common(one.encryption, other.encryption)],
    ["mac", common(one.mac, other.mac)],
    ["minimum", common(one.minimum, other.minimum)],
    ["strength", common(one.strength, other.strength)],
  ] as const;
  if (lists.some(([, values]) => values?.length === 0)) return undefined;
  const given = lists.filter(([, values]) => values !== undefined);
  return { ...one, ...other, ...Object.fromEntries(given) };
}

function common<T>(
  one: readonly T[] | undefined,
  other: readonly T[] | undefined,
): readonly T[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.filter((value) => other.includes(value));
}

function isSelected(suite: OpensslSuite, selection: Selection): boolean {
  if (selection.name !== undefined) return suite.name === selection.name;
  const { isOutsideDefault, isExport } = selection;
  return (
    (selection.keyExchange?.includes(suite.keyExchange) ?? true) &&
    (selection.authentication?.includes(suite.authentication) ?? true) &&
    (selection.encryption?.includes(suite.encryption) ?? true) &&
    (selection.mac?.includes(suite.mac) ?? true) &&
    (selection.minimum?.includes(suite.minimum) ?? true) &&
    (selection.strength?.includes(suite.strength) ?? true) &&
    (isOutsideDefault === undefined || suite.isOutsideDefault) &&
    (isExport === undefined || suite.isExport)
  );
}

/** `ssl_cipher_apply_rule`: what is added or moved keeps its order among itself. */
function apply(list: Working, rule: Rule, holds: (suite: OpensslSuite) => boolean): void {
  const isMeant = ({ suite, isOn }: Working["entries"][number]) =>
    holds(suite) && (rule === "kill" || isOn === (rule !== "add"));
  const meant = list.entries.filter(isMeant);
  const others = list.entries.filter((entry) => !isMeant(entry));
  switch (rule) {
    case "add":
      list.entries = [...others, ...meant.map(({ suite }) => ({ suite, isOn: true }))];
      return;
    case "remove":
      list.entries = [...meant.map(({ suite }) => ({ suite, isOn: false })), ...others];
      return;
    case "to-end":
      list.entries = [...others, ...meant];
      return;
    case "to-front":
      list.entries = [...meant, ...others];
      return;
    case "kill":
      list.entries = others;
  }
}

function active({ entries }: Working): readonly OpensslSuite[] {
  return entries.filter(({ isOn }) => isOn).map(({ suite }) => suite);
}

function sortByStrength(list: Working): void {
  const strengths = new Set(active(list).map(({ strengthBits }) => strengthBits));
  for (const bits of [...strengths].sort((a, b) => b - a)) {
    apply(list, "to-end", ({ strengthBits }) => strengthBits === bits);
  }
}

/** All suites switched off, in the order of preference OpenSSL gives them before it reads the list. */
function preferred(known: readonly OpensslSuite[]): Working {
  // `ssl3_get_cipher` counts from the end of the table.
  const list: Working = { entries: known.toReversed().map((suite) => ({ suite, isOn: false })) };
  const isAead = ({ mac }: OpensslSuite) => mac === "AEAD";
  const isEphemeral = ({ keyExchange }: OpensslSuite) =>
    keyExchange === "DHE" || keyExchange === "ECDHE";
  const isElliptic = ({ keyExchange }: OpensslSuite) => keyExchange === "ECDHE";
  apply(list, "add", (suite) => isElliptic(suite) && suite.authentication === "ECDSA");
  apply(list, "add", isElliptic);
  apply(list, "remove", isElliptic);
  apply(list, "add", ({ encryption }) => encryption.startsWith("AESGCM"));
  apply(list, "add", ({ encryption }) => encryption === "CHACHA20");
  apply(list, "add", ({ encryption }) => encryption.startsWith("AES"));
  apply(list, "add", () => true);
  apply(list, "to-end", ({ mac }) => mac === "MD5");
  apply(list, "to-end", ({ authentication }) => authentication === "NULL");
  apply(list, "to-end", ({ keyExchange }) => keyExchange === "RSA");
  apply(list, "to-end", ({ keyExchange }) => keyExchange === "PSK");
  apply(list, "to-end", ({ encryption }) => encryption === "RC4");
  sortByStrength(list);
  apply(list, "to-front", ({ minimum }) => minimum === "TLSv1.2");
  apply(list, "to-front", isAead);
  apply(list, "to-front", isEphemeral);
  apply(list, "to-front", (suite) => isEphemeral(suite) && isAead(suite));
  apply(list, "remove", () => true);
  return list;
}
