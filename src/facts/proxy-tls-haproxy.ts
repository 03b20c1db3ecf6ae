import type { TlsProtocol } from "../core/tls-scan.ts";
import type { HaproxyConfiguration, HaproxyLine } from "../parsers/haproxy.ts";
import { bindListeners, isSwitchedOn } from "./proxy-haproxy.ts";
import {
  type NamedCertificate,
  NOTHING_SET,
  protocolRange,
  setTo,
  sortedProtocols,
  type TlsListener,
  type TlsSetting,
  UNSET,
  untold,
} from "./proxy-tls.ts";
import { resolveFrom } from "./target-path.ts";

const VERSIONS: Readonly<Record<string, TlsProtocol>> = {
  sslv3: "SSLv3",
  "tlsv1.0": "TLSv1",
  "tlsv1.1": "TLSv1.1",
  "tlsv1.2": "TLSv1.2",
  "tlsv1.3": "TLSv1.3",
};
/** Last parts of `no-tlsv10`, `force-tlsv12`. */
const SHORT: Readonly<Record<string, TlsProtocol>> = {
  sslv3: "SSLv3",
  tlsv10: "TLSv1",
  tlsv11: "TLSv1.1",
  tlsv12: "TLSv1.2",
  tlsv13: "TLSv1.3",
};

/** Every `bind ... ssl` of a frontend or listen that is switched on, over the `ssl-default-bind-*` of `global`. */
export function haproxyTls(configuration: HaproxyConfiguration): readonly TlsListener[] {
  const global = globalOf(configuration);
  return configuration.sections
    .filter(({ kind }) => kind === "frontend" || kind === "listen")
    .filter((section) => isSwitchedOn(configuration, section))
    .flatMap((section) =>
      section.lines
        .filter(({ keyword }) => keyword === "bind")
        .flatMap((line) => bindTls(line, global)),
    );
}

interface Global {
  line(keyword: string): HaproxyLine | undefined;
}

/** All `global` sections are one; a keyword said twice counts as said last. */
function globalOf({ sections }: HaproxyConfiguration): Global {
  const lines = sections.filter(({ kind }) => kind === "global").flatMap((one) => one.lines);
  return { line: (keyword) => lines.findLast((line) => line.keyword === keyword) };
}

/** A frontend has no names of its own: certificates are chosen by what each of them says. */
function bindTls(line: HaproxyLine, global: Global): readonly TlsListener[] {
  const words = line.args.map(({ text }) => text);
  const certificates = certificatesOf(line, words, global);
  const settings = {
    protocols: protocolsOf(line, words, global),
    ciphers: optionOf(line, words, "ciphers") ?? globalSetting(global, "ssl-default-bind-ciphers"),
    modernSuites:
      optionOf(line, words, "ciphersuites") ??
      globalSetting(global, "ssl-default-bind-ciphersuites"),
    groups:
      optionOf(line, words, "curves") ??
      optionOf(line, words, "ecdhe") ??
      globalSetting(global, "ssl-default-bind-curves"),
    preferServer: preferenceOf(line, words, global),
    dhParameters: globalSetting(global, "ssl-dh-param-file"),
  };
  return bindListeners(line)
    .filter(({ isTls }) => isTls)
    .map(({ address, port, file, line: at }) => ({
      ...NOTHING_SET,
      proxy: "haproxy" as const,
      names: [],
      address,
      port,
      file,
      line: at,
      isDefaultServer: true,
      ...settings,
      ...certificates,
    }));
}

function textOf(words: readonly string[]): string {
  return words.join(" ");
}

function optionOf(
  line: HaproxyLine,
  words: readonly string[],
  name: string,
): TlsSetting<string> | undefined {
  const at = words.lastIndexOf(name);
  const value = at === -1 ? undefined : words[at + 1];
  if (value === undefined) return undefined;
  return value.includes("${")
    ? untold(`${value.slice(0, 60)} at ${line.file}:${line.line} is not known here`)
    : setTo(value, `${name} ${value}`, line);
}

function globalSetting(global: Global, keyword: string): TlsSetting<string> {
  const line = global.line(keyword);
  const value = line?.args[0]?.text;
  if (line === undefined || value === undefined) return UNSET;
  return setTo(value, `${keyword} ${value}`, line);
}

/** `prefer-client-ciphers`; without it the server's order counts (HAProxy 1.8 and later). */
function preferenceOf(
  line: HaproxyLine,
  words: readonly string[],
  global: Global,
): TlsSetting<boolean> {
  const word = "prefer-client-ciphers";
  if (words.includes(word)) return setTo(false, word, line);
  const options = global.line("ssl-default-bind-options");
  if (options?.args.some(({ text }) => text === word)) return setTo(false, word, options);
  return UNSET;
}

interface Limits {
  readonly minimum: TlsProtocol | undefined;
  readonly maximum: TlsProtocol | undefined;
  readonly refused: readonly TlsProtocol[];
}

function limitsOf(words: readonly string[]): Limits {
  const after = (name: string): TlsProtocol | undefined => {
    const at = words.lastIndexOf(name);
    const version = at === -1 ? "" : (words[at + 1] ?? "").toLowerCase();
    return Object.hasOwn(VERSIONS, version) ? VERSIONS[version] : undefined;
  };
  const named = (prefix: string): readonly TlsProtocol[] =>
    words.flatMap((word) => {
      const name = word.startsWith(prefix) ? word.slice(prefix.length) : "";
      return Object.hasOwn(SHORT, name) ? (SHORT[name] ?? []) : [];
    });
  const forced = named("force-").at(-1);
  return {
    minimum: forced ?? after("ssl-min-ver"),
    maximum: forced ?? after("ssl-max-ver"),
    refused: named("no-"),
  };
}

/**
 * The bind line's own limits, else those of `ssl-default-bind-options`. Without a minimum HAProxy 2.2
 * and later begins at TLS 1.2, older ones at TLS 1.0: then it is not set.
 */
function protocolsOf(
  line: HaproxyLine,
  words: readonly string[],
  global: Global,
): TlsSetting<readonly TlsProtocol[]> {
  const options = global.line("ssl-default-bind-options");
  const outerWords = options?.args.map(({ text }) => text) ?? [];
  const open = untoldLimit(words, line) ?? untoldLimit(outerWords, options ?? line);
  return open ?? limitedTo(limitsOf(words), limitsOf(outerWords), { line, words, options });
}

interface Statements {
  readonly line: HaproxyLine;
  readonly words: readonly string[];
  readonly options: HaproxyLine | undefined;
}

function limitedTo(
  own: Limits,
  outer: Limits,
  { line, words, options }: Statements,
): TlsSetting<readonly TlsProtocol[]> {
  const minimum = own.minimum ?? outer.minimum;
  const maximum = own.maximum ?? outer.maximum ?? "TLSv1.3";
  const refused = [...own.refused, ...outer.refused];
  if (minimum === undefined && refused.length === 0) return UNSET;
  const from = minimum ?? "SSLv3";
  // Refusals alone say nothing of what a newer HAProxy leaves out by itself.
  const found = protocolRange(from, maximum).filter((one) => !refused.includes(one));
  if (own.minimum !== undefined || own.refused.length > 0)
    return setTo(sortedProtocols(found), textOf(words.filter(isVersionWord)), line);
  const text = textOf(options?.args.map((one) => one.text) ?? []);
  return setTo(sortedProtocols(found), text, options ?? line);
}

/** A limit that is no version HAProxy knows: a variable. */
function untoldLimit(words: readonly string[], at: HaproxyLine): TlsSetting<never> | undefined {
  const value = words.find(
    (word, index) =>
      /^ssl-m(?:in|ax)-ver$/.test(words[index - 1] ?? "") &&
      !Object.hasOwn(VERSIONS, word.toLowerCase()),
  );
  if (value === undefined) return undefined;
  return untold(`${value.slice(0, 60)} at ${at.file}:${at.line} is no version of TLS`);
}

function isVersionWord(word: string): boolean {
  return /^(?:no|force)-(?:ssl|tls)v|^ssl-m(?:in|ax)-ver$|^(?:SSL|TLS)v/i.test(word);
}

function certificatesOf(
  line: HaproxyLine,
  words: readonly string[],
  global: Global,
): Pick<TlsListener, "certificates"> & Partial<Pick<TlsListener, "otherCertificates">> {
  const base = global.line("crt-base")?.args[0]?.text;
  const at = { file: line.file, line: line.line };
  const named = words.flatMap((word, index): readonly NamedCertificate[] => {
    const path = word === "crt" ? words[index + 1] : undefined;
    if (path === undefined || path.includes("${")) return [];
    if (!path.startsWith("/") && base === undefined) return [];
    const file = resolveFrom(base ?? "/", path);
    // Key and certificate lie in one file, unless FILE.key stands beside it.
    return [{ file, keyFile: file, at, ...(path.endsWith("/") && { isDirectory: true as const }) }];
  });
  const count = words.filter((word) => word === "crt").length;
  if (words.includes("crt-list")) return { certificates: named, otherCertificates: "a crt-list" };
  if (named.length === count) return { certificates: named };
  return { certificates: named, otherCertificates: "a certificate whose path is not told" };
}
