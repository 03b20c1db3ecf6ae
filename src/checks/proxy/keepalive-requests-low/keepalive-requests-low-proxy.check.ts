import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyKeepaliveRequestsLow } from "./keepalive-requests-low.control.ts";

/** ngx_http_core_module: 100 up to nginx 1.19.9, 1000 since. */
export const REQUESTS_MIN = 1_000;

export const keepaliveRequestsLow: NginxRule = {
  slug: "keepalive-requests-low",
  status: "note",
  isPedantic: true,
  find(model) {
    const inHttp = model.https.flatMap((path) =>
      ownDirectives(path, "keepalive_requests").map((directive) => ({ directive, servers: [] })),
    );
    const inServers = statementsNamed(model, "keepalive_requests").map(({ directive, place }) => ({
      directive,
      servers: [place.server],
    }));
    return [...inHttp, ...inServers]
      .filter(({ directive }) => Number(directive.args[0]?.text) < REQUESTS_MIN)
      .map(({ directive, servers }) => ({
        at: directive,
        servers,
        message: `A connection is closed after ${directive.args[0]?.text} requests`,
        fix: "Leave keepalive_requests out",
        edits: replaceEdit(directive, ""),
      }));
  },
};

export const proxyKeepaliveRequestsLowProxy = proxyCheck({
  control: proxyKeepaliveRequestsLow,
  reads: "keepalive_requests in every block of nginx.",
  nginx: [keepaliveRequestsLow],
  passes: "Judged under --pedantic",
});
