import { isCutOff } from "../../nginx/content.ts";
import { memberOf, whereabouts } from "../../nginx/destination.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { passesOf } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteUpstreamPlainRule } from "../../proxy-sites/upstream.ts";
import { proxyUpstreamPlaintextRemote } from "./upstream-plaintext-remote.control.ts";

export const upstreamPlaintextRemote: NginxRule = {
  slug: "upstream-plaintext-remote",
  status: "warn",
  find(model) {
    return passesOf(model)
      .filter(({ place }) => place.location === undefined || !isCutOff(place))
      .flatMap(({ directive, path, place, targets }) =>
        targets
          .filter((target) => !target.isTls && whereabouts(target) === "public")
          .map((target): NginxHit => {
            const at = memberOf(path, target) ?? directive;
            return {
              at,
              also: [directive],
              servers: [place.server],
              message: `Requests go to ${target.host} in clear: neither a private address nor TLS is between`,
              fix: "Write https:// with proxy_ssl_verify on;, or reach the machine through a tunnel at a private address",
            };
          }),
      );
  },
};

export const proxyUpstreamPlaintextRemoteProxy = proxyCheck({
  control: proxyUpstreamPlaintextRemote,
  reads:
    "targets of proxy_pass and its like, through upstream blocks and variables; upstreams of Caddy, Apache, HAProxy and Traefik.",
  nginx: [upstreamPlaintextRemote],
  sites: [siteUpstreamPlainRule],
  passes: "No request goes to a public address in clear",
});
