import type { Finding } from "../../core/check.ts";
import { knownValue } from "../../core/reading.ts";
import { parseIp } from "../../parsers/address.ts";
import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import { globalFinding } from "./global-finding.ts";
import { siteFinding } from "./site-finding.ts";

const BITS = { 4: 32, 6: 128 } as const;

/**
 * Whether networks in a text, taken together, are every address of IPv4 or of IPv6: `0.0.0.0/0`, or
 * `0.0.0.0/1 128.0.0.0/1`.
 */
export function holdsEveryAddress(text: string): boolean {
  const words = text.split(/[\s,]+/).map((word) => word.replace(/^["'[]+|["'\]]+$/g, ""));
  return (
    words.some((word) => word === "*" || word === "any" || word === "all") ||
    ([4, 6] as const).some((family) => coversAll(words, family))
  );
}

/** Shares of the address space; the same network twice counts once, and one within another not at all. */
function coversAll(words: readonly string[], family: 4 | 6): boolean {
  const prefixes = words.flatMap((word): readonly string[] => {
    const [address = "", length = String(BITS[family])] = word.split("/");
    const ip = parseIp(address);
    if (ip?.family !== family || !/^\d{1,3}$/.test(length) || Number(length) > BITS[family])
      return [];
    return [
      ip.bytes
        .map((byte) => byte.toString(2).padStart(8, "0"))
        .join("")
        .slice(0, Number(length)),
    ];
  });
  const outer = [...new Set(prefixes)].filter(
    (prefix) => !prefixes.some((other) => other !== prefix && prefix.startsWith(other)),
  );
  return outer.reduce((share, prefix) => share + 2 ** -prefix.length, 0) >= 1;
}

const FIX = "Name the addresses of the proxies in front, one network each";

/** Global settings that say whose forwarded addresses are believed. */
const TRUSTING: ReadonlySet<string> = new Set([
  "servers.trusted_proxies",
  "RemoteIPTrustedProxy",
  "RemoteIPInternalProxy",
  "forwardedHeaders.trustedIPs",
  "proxyProtocol.trustedIPs",
]);

/** Everybody is believed to be a proxy: any client can give itself any address. */
export const globalTrustRule: GlobalRule = (global): readonly Finding[] => {
  const { name, value } = global;
  const isInsecure =
    /^(?:forwardedHeaders|proxyProtocol)\.insecure$/.test(name) && value === "true";
  if (!isInsecure && !(TRUSTING.has(name) && holdsEveryAddress(value ?? ""))) return [];
  return [
    globalFinding(global, {
      rule: "realip-trust-any",
      status: "fail",
      message: isInsecure
        ? `${name} is on: every client may say which address it comes from`
        : `${name} holds every address: every client may say which address it comes from`,
      fix: isInsecure ? `Take ${name} away and write trustedIPs with the proxies in front` : FIX,
    }),
  ];
};

/** The same for one `reverse_proxy` of Caddy, where its server does not trust everybody anyway. */
export const siteTrustRule: SiteRule = (site, wanted) => {
  const isGlobal = knownValue(wanted.globals)?.some(
    (one) => one.proxy === site.proxy && globalTrustRule(one, wanted).length > 0,
  );
  if (site.proxy !== "caddy" || isGlobal === true) return [];
  const found = site.routes
    .flatMap(({ requestFields }) => requestFields)
    .find(({ condition = "" }) => {
      const networks = /^client is in (.*)$/.exec(condition)?.[1];
      return networks !== undefined && holdsEveryAddress(networks);
    });
  if (found === undefined) return [];
  return [
    siteFinding(site, {
      rule: "realip-trust-any",
      status: "fail",
      at: found,
      text: "reverse_proxy",
      message: "Every client is trusted to say which address it comes from",
      fix: FIX,
    }),
  ];
};
