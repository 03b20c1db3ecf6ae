import { effectiveList } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import { isReachable, valueInForce } from "../../nginx/model.ts";
import { type AddressRange, covers, parseNetwork } from "../../nginx/networks.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { apacheRemoteIpRule } from "../../proxy-sites/apache.ts";
import { globalTrustRule, siteTrustRule } from "../../proxy-sites/trust.ts";
import { proxyRealipTrustAny } from "./realip-trust-any.control.ts";

/** Networks no client on the Internet has (RFC 6890): leaving them out of "everything" changes nothing. */
const NEVER_PUBLIC = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
].flatMap((text) => parseNetwork(text) ?? []);

/** All addresses of IPv4, and the global ones of IPv6 (RFC 4291 section 2.4, IANA's 2000::/3). */
const EVERYTHING = [
  { what: "IPv4", range: parseNetwork("0.0.0.0/0") },
  { what: "IPv6", range: parseNetwork("2000::/3") },
] as const;

interface Trust {
  readonly at: NginxDirective;
  readonly parts: readonly NginxDirective[];
  readonly what: string;
}

/** The list in force, by its first directive: thousands of servers may inherit one. */
export const realipTrustAny: NginxRule = {
  slug: "realip-trust-any",
  status: "fail",
  find({ places }) {
    const known = new Map<NginxDirective, Trust | undefined>();
    return places.flatMap(({ server, path }): readonly NginxHit[] => {
      const list = effectiveList(path, "set_real_ip_from");
      const [first] = list;
      if (first === undefined || !isReachable(server)) return [];
      if (!known.has(first)) known.set(first, trustOf(list));
      const trust = known.get(first);
      if (trust === undefined) return [];
      const field = valueInForce(path, "real_ip_header") ?? "X-Real-IP";
      return [
        {
          at: trust.at,
          also: trust.parts,
          servers: [server],
          message: `${field} of every client over ${trust.what} is believed: it says which address it comes from`,
          fix: "Write the address of the proxy in front: set_real_ip_from 10.0.0.5; or take it away where there is none",
          edits: replaceEdit(trust.at, ""),
        },
      ];
    });
  },
};

function trustOf(list: readonly NginxDirective[]): Trust | undefined {
  const networks = list.flatMap((directive) => {
    const range = parseNetwork(directive.args[0]?.text ?? "");
    return range === undefined ? [] : [{ directive, range }];
  });
  const found = EVERYTHING.flatMap(({ what, range }) => {
    const ranges = networks.map((one) => one.range).filter((one) => one.family === range?.family);
    // Private networks alone are a common and sound list.
    if (range === undefined || ranges.length === 0) return [];
    return covers([...ranges, ...NEVER_PUBLIC], range) ? [{ what, family: range.family }] : [];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  const parts = networks
    .filter(({ range }) => found.some(({ family }) => family === range.family))
    .sort((a, b) => order(b.range, a.range))
    .map(({ directive }) => directive);
  const [at] = parts;
  return at === undefined
    ? undefined
    : { at, parts, what: found.map(({ what }) => what).join(" and ") };
}

/** Larger networks first: they are what is wrong. */
function order(a: AddressRange, b: AddressRange): number {
  const size = (one: AddressRange) => one.last - one.first;
  const share = (one: AddressRange) => size(one) / (one.family === "ipv6" ? 1n << 96n : 1n);
  const difference = share(a) - share(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const proxyRealipTrustAnyProxy = proxyCheck({
  control: proxyRealipTrustAny,
  reads:
    "set_real_ip_from in force in every server and location of nginx; trusted_proxies of Caddy, RemoteIPTrustedProxy and RemoteIPInternalProxy of Apache, trustedIPs and insecure of Traefik; all networks taken together.",
  nginx: [realipTrustAny],
  sites: [siteTrustRule],
  globals: [globalTrustRule, apacheRemoteIpRule],
  passes: "Client addresses are taken from known proxies only, or not at all",
});
