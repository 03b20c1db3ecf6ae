import { effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { answersItself, passRoutes } from "../../nginx/serving.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyInvalidHeadersAccepted } from "./invalid-headers-accepted.control.ts";

/**
 * Both directives are read before the server is chosen by name: the default server's count for its socket.
 * In a server that only answers itself they matter for the others of the socket.
 */
function headerRule(
  slug: string,
  status: NginxRule["status"],
  name: string,
  bad: string,
  message: string,
): NginxRule {
  return {
    slug,
    status,
    find(model) {
      const handing = handingServers(model);
      return model.servers.flatMap((server): readonly NginxHit[] => {
        const at = effectiveScalar(server.path, name);
        if (at?.args[0]?.text !== bad) return [];
        const concerned = handing.get(server);
        if (answersItself(server) && concerned === undefined) return [];
        const good = bad === "on" ? "off" : "on";
        return [
          {
            at,
            servers: concerned ?? [server],
            message,
            fix: `Write: ${name} ${good};`,
            edits: replaceEdit(at, `${name} ${good};`),
          },
        ];
      });
    },
  };
}

/** Default servers, with those servers of their sockets that hand requests on. */
function handingServers(
  model: NginxModel,
): ReadonlyMap<NginxModel["servers"][number], readonly NginxModel["servers"][number][]> {
  const routed = new Set(passRoutes(model).map(({ server }) => server));
  return new Map(
    model.sockets.flatMap(({ defaultServer, servers }) => {
      const handing = servers.filter((server) => routed.has(server));
      return handing.length === 0 ? [] : [[defaultServer, handing] as const];
    }),
  );
}

export const invalidHeadersAccepted = headerRule(
  "invalid-headers-accepted",
  "warn",
  "ignore_invalid_headers",
  "off",
  "Fields with invalid names are accepted and handed on",
);

/** CGI and WSGI name `X_Forwarded_For` and `X-Forwarded-For` alike. */
export const underscoresAccepted: NginxRule = headerRule(
  "underscores-accepted",
  "note",
  "underscores_in_headers",
  "on",
  "Fields with underscores are handed on: X_Forwarded_For may be taken for X-Forwarded-For",
);

export const proxyInvalidHeadersAcceptedProxy = proxyCheck({
  control: proxyInvalidHeadersAccepted,
  reads: "ignore_invalid_headers and underscores_in_headers in force for every server of nginx.",
  nginx: [invalidHeadersAccepted, underscoresAccepted],
  passes: "Fields with invalid names are dropped",
});
