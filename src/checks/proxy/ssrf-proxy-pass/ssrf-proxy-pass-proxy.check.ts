import { findDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { PASS_DIRECTIVES } from "../../../parsers/nginx/upstream.ts";
import { variablesIn } from "../../../parsers/nginx/variable.ts";
import { restrictionAt } from "../../nginx/admission.ts";
import { clientPartOfHost, isHostBound } from "../../nginx/client-host.ts";
import { isCutOff } from "../../nginx/content.ts";
import { isReachable, type NginxModel } from "../../nginx/model.ts";
import { compositionsOf } from "../../nginx/request-text.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { type NginxStatement, statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxySsrfProxyPass } from "./ssrf-proxy-pass.control.ts";

/** Follows the variables of every pass to where their text comes from. */
export const ssrfProxyPass: NginxRule = {
  slug: "ssrf-proxy-pass",
  status: "fail",
  find(model) {
    const defaults = new Set(model.sockets.map(({ defaultServer }) => defaultServer));
    const inHttp = statementsNamed(model, ...PASS_DIRECTIVES)
      .filter((one) => !isOutOfReach(one))
      .flatMap(({ directive, path, place }) => hitsAt({ directive, path }, place.server, defaults));
    return [...inHttp, ...inStream(model)];
  },
};

function isOutOfReach({ place }: NginxStatement): boolean {
  return (
    !isReachable(place.server) ||
    restrictionAt(place.path)?.name === "internal" ||
    (place.location !== undefined && isCutOff(place))
  );
}

function inStream({ streams }: NginxModel): readonly NginxHit[] {
  return streams
    .filter(isReachable)
    .flatMap((server) =>
      findDirectives(server.path, "proxy_pass").flatMap((one) => hitsAt(one, server, new Set())),
    );
}

function hitsAt(
  { directive, path }: Pick<NginxStatement, "directive" | "path">,
  server: NginxServer,
  defaults: ReadonlySet<NginxServer>,
): readonly NginxHit[] {
  const text = directive.args[0]?.text ?? "";
  if (variablesIn(text).length === 0) return [];
  const isBound = isHostBound(server) && !defaults.has(server);
  const part = compositionsOf(text, path)
    .map((composition) => clientPartOfHost(composition, isBound))
    .find((found) => found !== undefined);
  if (part === undefined) return [];
  return [
    {
      at: directive,
      servers: [server],
      message: `The request says where ${directive.name} leads: its host holds $${part.variable}`,
      fix: "Look the host up in a list: map $VARIABLE $backend { default 127.0.0.1:8000; other 127.0.0.1:8001; }",
    },
  ];
}

export const proxySsrfProxyPassProxy = proxyCheck({
  control: proxySsrfProxyPass,
  reads:
    "the host of proxy_pass and its like, in http and stream, with set, map, captures and $host followed to where they come from.",
  nginx: [ssrfProxyPass],
  passes: "No request chooses the host it is handed on to",
});
