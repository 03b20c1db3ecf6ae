import type { Finding } from "../../core/check.ts";
import { knownValue } from "../../core/reading.ts";
import type { ProxySite } from "../../facts/proxy-site.ts";
import type { TlsListener } from "../../facts/proxy-tls.ts";
import { expandCipherList } from "../../parsers/openssl-ciphers/expand.ts";
import type { SiteRule } from "../proxy-rules/proxy-check.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { allowedSuites } from "../tls/ciphers/configured-suites.ts";
import { opensslMajor, versionOf } from "../tls-scan/configured.ts";
import { settingFix } from "../tls-scan/directives.ts";
import { DEFAULT_CIPHERS, defaultProtocols } from "../tls-scan/proxy-defaults.ts";
import { SUITE_CLASSES, shortenList } from "../tls-scan/suite-classes.ts";
import { minimumTlsEdits } from "./edits.ts";
import { siteFinding } from "./site-finding.ts";

/** RFC 8996 sections 4 and 5, RFC 7568, RFC 6176. */
const OLD: ReadonlySet<string> = new Set(["SSLv2", "SSLv3", "TLSv1", "TLSv1.1"]);

const indexes = new WeakMap<object, ReadonlyMap<string, readonly TlsListener[]>>();

/** TLS in force on a site's own listeners. */
export function tlsOf(site: ProxySite, wanted: ProxyWanted): readonly TlsListener[] {
  const routes = knownValue(wanted.routes);
  if (routes === undefined) return [];
  const index =
    indexes.get(routes) ??
    Map.groupBy(routes.tls, ({ proxy, file, line, port }) => [proxy, file, line, port].join(" "));
  indexes.set(routes, index);
  const places = site.listeners
    .filter(({ isTls }) => isTls)
    .map(({ file, line, port }) => [site.proxy, file, line, port].join(" "));
  return [...new Set(places)].flatMap((place) => index.get(place) ?? []);
}

/** Protocols that are broken: what the text asks for, and what this machine's OpenSSL makes of it. */
export const siteTlsProtocolsRule: SiteRule = (site, wanted) =>
  decisive(tlsOf(site, wanted), ({ protocols }) => protocols).flatMap((listener) =>
    protocolFindings(site, listener, wanted),
  );

/** Every listener that says something, and one of those that leave it to the product. */
function decisive(
  listeners: readonly TlsListener[],
  settingOf: (listener: TlsListener) => { readonly state: string },
): readonly TlsListener[] {
  const unset = listeners.find((one) => settingOf(one).state === "unset");
  return listeners.filter((one) => settingOf(one).state === "set" || one === unset);
}

function protocolFindings(
  site: ProxySite,
  listener: TlsListener,
  wanted: ProxyWanted,
): readonly Finding[] {
  const { protocols, proxy } = listener;
  const version = versionOf(wanted.versions, proxy);
  if (protocols.state === "unknown") return [];
  if (protocols.state === "set") {
    const old = protocols.value.filter((one) => OLD.has(one));
    if (old.length === 0) return [];
    const refused = refusal(listener, opensslMajor(version));
    return [
      siteFinding(site, {
        rule: "tls-legacy-protocol",
        status: refused === "" ? "fail" : "warn",
        at: protocols.at,
        text: protocols.text,
        message: `${proxy} is told to speak ${old.join(", ")}${refused}`,
        fix: settingFix("protocols", proxy, protocols.at, true),
        ...minimumTlsEdits(listener),
      }),
    ];
  }
  const speaks = defaultProtocols(proxy, version);
  const old = speaks?.filter((one) => OLD.has(one)) ?? [];
  if (speaks !== undefined && old.length === 0) return [];
  const says =
    speaks === undefined
      ? `the default of ${proxy} decides, and its version is not known`
      : `the default of ${proxy} is ${speaks.join(", ")}`;
  return [
    siteFinding(site, {
      rule: "tls-legacy-protocol",
      status: "warn",
      at: listener,
      text: `${proxy} :${listener.port}`,
      message: `No protocols are set: ${says}`,
      fix: settingFix("protocols", proxy, listener, false),
    }),
  ];
}

/** Since OpenSSL 3.0 TLS 1.1 and older need security level 0 (`ssl_security_default_callback`). */
function refusal({ ciphers }: TlsListener, major: number | undefined): string {
  if (major === undefined || major < 3 || ciphers.state === "unknown") return "";
  const isOpen = ciphers.state === "set" && expandCipherList(ciphers.value).securityLevel === 0;
  return isOpen ? "" : "; the OpenSSL at hand refuses it as it is built, another build would not";
}

/** Suites without authentication, encryption or strength, and those without forward secrecy. */
export const siteTlsCiphersRule: SiteRule = (site, wanted) =>
  decisive(tlsOf(site, wanted), ({ ciphers }) => ciphers).flatMap((listener) =>
    cipherFindings(site, listener, wanted),
  );

/** Classes that are no reason to fail, by the slugs nginx's rules have for them. */
const LATER_RULES = new Map([
  ["no-forward-secrecy", "tls-no-forward-secrecy"],
  ["cbc", "tls-cbc-ciphers"],
]);

function cipherFindings(
  site: ProxySite,
  listener: TlsListener,
  wanted: ProxyWanted,
): readonly Finding[] {
  const { ciphers, proxy, protocols } = listener;
  if (protocols.state === "set" && protocols.value.every((one) => one === "TLSv1.3")) return [];
  if (ciphers.state === "unknown") return [];
  const list = ciphers.state === "set" ? ciphers.value : DEFAULT_CIPHERS[proxy];
  if (list === undefined) return [];
  const place = ciphers.state === "set" ? ciphers.at : listener;
  const text = ciphers.state === "set" ? ciphers.text : `${proxy} :${listener.port}`;
  const fix = settingFix("ciphers", proxy, place, ciphers.state === "set");
  const how = ciphers.state === "set" ? "" : " by default";
  const allowed = allowedSuites(list, listener, versionOf(wanted.versions, proxy));
  const classed = Map.groupBy(allowed, ({ suite }) =>
    SUITE_CLASSES.find(({ holds }) => holds(suite)),
  );
  return SUITE_CLASSES.flatMap((one): readonly Finding[] => {
    const members = classed.get(one) ?? [];
    if (members.length === 0) return [];
    const offered = members.filter(({ isRefused }) => !isRefused);
    const names = (offered.length > 0 ? offered : members).map(({ suite }) => suite.name);
    const aside = offered.length > 0 ? "" : "; the OpenSSL at hand does not offer them";
    const isFail = one.status === "fail" && offered.length > 0 && ciphers.state === "set";
    return [
      siteFinding(site, {
        rule: LATER_RULES.get(one.rule) ?? "tls-weak-ciphers",
        status: isFail ? "fail" : "warn",
        at: place,
        text,
        message: `${proxy} allows ${one.what}${how}: ${shortenList(names)}${aside}`,
        fix,
      }),
    ];
  });
}
