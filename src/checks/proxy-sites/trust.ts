import type { Finding } from "../../core/check.ts";
import { knownValue } from "../../core/reading.ts";
import { covers, parseNetwork } from "../nginx/networks.ts";
import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import { globalFinding } from "./global-finding.ts";
import { siteFinding } from "./site-finding.ts";

const EVERY_ADDRESS = ["0.0.0.0/0", "::/0"].flatMap((text) => parseNetwork(text) ?? []);

/**
 * Whether networks in a text, taken together, are every address of IPv4 or of IPv6: `0.0.0.0/0`, or
 * `0.0.0.0/1 128.0.0.0/1`.
 */
export function holdsEveryAddress(text: string): boolean {
  const words = text.split(/[\s,]+/).map((word) => word.replace(/^["'[]+|["'\]]+$/g, ""));
  const networks = words.flatMap((word) => parseNetwork(word) ?? []);
  return (
    words.some((word) => word === "*" || word === "any" || word === "all") ||
    EVERY_ADDRESS.some((range) => covers(networks, range))
  );
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
