import { exemptionWidth } from "../../limit-exemptions/width.ts";
import { type LimitExemption, limitExemptions } from "../../nginx/limit-exemptions.ts";
import type { NginxRule } from "../../nginx/rule.ts";
import type { Concern } from "../../proxy-rules/concern.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { ratelimitTrustedIps } from "./trusted-ips.control.ts";

/** Each entry once, however many zones it lets past. */
export const trustedAddresses: NginxRule = {
  slug: "trusted-ips",
  status: "warn",
  find(model) {
    const seen = new Set<unknown>();
    return limitExemptions(model).flatMap((exemption) => {
      const told = faultOf(exemption);
      const { at, zone } = exemption;
      if (told === undefined || seen.has(at)) return [];
      seen.add(at);
      return [{ at, also: [zone.directive], servers: [], ...told }];
    });
  },
};

function faultOf({ kind, text, zone }: LimitExemption) {
  if (kind === "field") {
    return {
      message: `Clients choose whether the zone ${zone.name} counts them: ${text} may empty its key`,
      fix: `Take the entry of ${text} away, and exempt by address: geo`,
    };
  }
  const width = exemptionWidth(text);
  if (width === undefined || width === "narrow") return undefined;
  const who = width === "everybody" ? "Everybody" : "A whole network";
  return {
    message: `${who} goes past the zone ${zone.name}: ${text}`,
    fix: `Write single addresses in place of ${text}, or networks no wider than /24 (IPv6: /48)`,
  };
}

function ifExempting({ nginx }: Concern): true | string {
  const isAny = nginx.some(({ model }) => limitExemptions(model).length > 0);
  return isAny || "No map and no geo of nginx empties the key of a limit";
}

export const ratelimitTrustedIpsProxy = proxyCheck({
  control: ratelimitTrustedIps,
  reads:
    "The geo and map tables of nginx by which the key of a limit in use becomes empty: such requests are not counted.",
  nginx: [trustedAddresses],
  passes: "Only single addresses and narrow networks go past the limits of nginx",
  applies: ifExempting,
});
