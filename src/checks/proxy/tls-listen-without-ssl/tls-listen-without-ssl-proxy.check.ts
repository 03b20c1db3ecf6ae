import { effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import { directiveText } from "../../../parsers/nginx/parse.ts";
import type { NginxServer, NginxSocket } from "../../../parsers/nginx/server.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { listenDirective } from "../../nginx/serving.ts";
import { tlsSockets } from "../../nginx/tls-servers.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyTlsListenWithoutSsl } from "./tls-listen-without-ssl.control.ts";

/** Ports of https (IANA) and of its usual alternative. */
const TLS_PORTS: readonly number[] = [443, 8443];

/** `ssl` counts for a socket: one server that says it is enough for all. */
export const tlsListenWithoutSsl: NginxRule = {
  slug: "tls-listen-without-ssl",
  status: "fail",
  find(model) {
    const tls = new Set(tlsSockets(model));
    return model.sockets
      .filter((socket) => TLS_PORTS.includes(socket.port) && !tls.has(socket))
      .flatMap((socket) => socket.servers.flatMap((server) => hitsOf(server, socket)));
  },
};

function hitsOf(server: NginxServer, { listens, port }: NginxSocket): readonly NginxHit[] {
  const certificate = effectiveScalar(server.path, "ssl_certificate");
  const listen = server.listens.find((one) => listens.includes(one));
  if (certificate === undefined || listen === undefined) return [];
  const at = listenDirective(server, listen);
  const text = directiveText(at).replace(/;$/, " ssl;");
  return [
    {
      at,
      also: [certificate],
      servers: [server],
      message: `Port ${port} speaks plain HTTP: listen has no ssl, although there is a certificate`,
      fix: `Write: ${text}`,
      edits: replaceEdit(at, text),
    },
  ];
}

export const proxyTlsListenWithoutSslProxy = proxyCheck({
  control: proxyTlsListenWithoutSsl,
  reads: "listen of every server of nginx on ports 443 and 8443, beside ssl_certificate in force.",
  nginx: [tlsListenWithoutSsl],
  passes: "No port meant for HTTPS speaks plain HTTP",
});
