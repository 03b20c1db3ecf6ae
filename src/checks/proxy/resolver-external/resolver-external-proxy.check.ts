import { parseIp } from "../../../parsers/address.ts";
import { findDirectives, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import { whereabouts } from "../../nginx/destination.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyResolverExternal } from "./resolver-external.control.ts";

/** The resolver's documentation: "To prevent DNS spoofing, use DNS servers in a properly secured trusted local network". */
export const resolverExternal: NginxRule = {
  slug: "resolver-external",
  status: "warn",
  find(model) {
    const outside = model.https.flatMap((path) => [
      ...ownDirectives(path, "resolver"),
      ...ownDirectives(path, "upstream").flatMap((one) => ownDirectives([one], "resolver")),
    ]);
    const streams = ownDirectives(model.main, "stream").flatMap((stream) =>
      findDirectives([stream], "resolver").map(({ directive }) => directive),
    );
    return [
      ...[...outside, ...streams].flatMap((directive) => hitsAt(directive, [])),
      ...statementsNamed(model, "resolver").flatMap(({ directive, place }) =>
        hitsAt(directive, [place.server]),
      ),
    ];
  },
};

function hitsAt(directive: NginxDirective, servers: NginxHit["servers"]): readonly NginxHit[] {
  const external = directive.args
    .map(({ text }) => hostOf(text))
    .filter(
      (host) => parseIp(host) !== undefined && whereabouts({ kind: "tcp", host }) === "public",
    );
  if (external.length === 0) return [];
  return [
    {
      at: directive,
      servers,
      message: `Names are asked of ${external.join(", ")} over networks where answers can be forged`,
      fix: "Write: resolver 127.0.0.53; or the resolver of the machine's own network (in Docker 127.0.0.11)",
    },
  ];
}

/** Without the port. */
function hostOf(text: string): string {
  return text.startsWith("[") ? text.replace(/^\[([^\]]*)\].*$/, "$1") : text.replace(/:\d+$/, "");
}

export const proxyResolverExternalProxy = proxyCheck({
  control: proxyResolverExternal,
  reads: "resolver in every block of nginx, http and stream.",
  nginx: [resolverExternal],
  passes: "No name is asked of a public resolver",
});
