import type { Edit } from "../../../core/check.ts";
import { effectiveScalar, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxListen } from "../../../parsers/nginx/listen.ts";
import { selectLocation } from "../../../parsers/nginx/location.ts";
import { directiveText } from "../../../parsers/nginx/parse.ts";
import type { NginxServer, NginxSocket } from "../../../parsers/nginx/server.ts";
import type { NginxServerName } from "../../../parsers/nginx/server-name.ts";
import { type NginxModel, positionOf } from "../../nginx/model.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import {
  answersItself,
  listenDirective,
  passRoutes,
  rejectsHandshakes,
} from "../../nginx/serving.ts";
import { isBefore, showSocket, tlsSockets } from "../../nginx/tls-servers.ts";
import { hasUnread } from "../../nginx/unread.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteDefaultServerRule } from "../../proxy-sites/protocols.ts";
import { isLocalAddress } from "../../route/address.ts";
import { proxyDefaultServer } from "./default-server.control.ts";

/** `ssl_reject_handshake` (CHANGES of nginx 1.19.4). */
const REJECT_SINCE = "1.19.4";

function defaultRule(slug: string, isTlsRule: boolean, what: string): NginxRule {
  return {
    slug,
    status: "warn",
    find(model) {
      const tls = new Set(tlsSockets(model));
      const routed = routedServers(model);
      const sockets = model.sockets.filter(
        (socket) =>
          tls.has(socket) === isTlsRule &&
          !socket.isQuic &&
          !isLocalAddress(socket.address) &&
          (routed.has(socket.defaultServer) || servesFiles(socket.defaultServer)) &&
          !refuses(socket.defaultServer, isTlsRule) &&
          !hasUnread(socket.defaultServer.path),
      );
      const byServer = Map.groupBy(sockets, ({ defaultServer }) => defaultServer);
      return [...byServer].flatMap(([server, own]) => hitsOf(model, server, own, what));
    },
  };
}

/** Servers with a location that hands requests on; the way of an ACME client is none. */
function routedServers(model: NginxModel): ReadonlySet<NginxServer> {
  const routes = passRoutes(model).filter(
    ({ location: { value } }) => !value.includes("/.well-known/"),
  );
  return new Set(routes.map(({ server }) => server));
}

/** Serves files at `/`: a redirect shows nothing to strangers. */
function servesFiles(server: NginxServer): boolean {
  if (answersItself(server)) return false;
  const selection = selectLocation(server, "/");
  if (selection.state !== "selected" && selection.state !== "server") return false;
  const { path } = selection;
  return (
    ownDirectives(path, "return").length === 0 &&
    effectiveScalar(path, "root", "alias", "try_files") !== undefined
  );
}

const NAMES = /\$(?:http_host|host|server_name|ssl_server_name)\b/;
const SCHEMES = /\$(?:scheme|https|server_port)\b/;

/**
 * Ends the handshake, turns away names that are not its own (`if ($host != shop.example) { return 444; }`), or
 * sends those who come without TLS elsewhere (`if ($scheme = http) { return 301 ...; }`).
 */
function refuses(server: NginxServer, isTls: boolean): boolean {
  if (isTls && rejectsHandshakes(server)) return true;
  return ownDirectives(server.path, "if").some((condition) => {
    if (ownDirectives([condition], "return").length === 0) return false;
    const words = condition.args.map(({ text }) => text).join(" ");
    return (NAMES.test(words) && /!=|!~/.test(words)) || (!isTls && SCHEMES.test(words));
  });
}

function hitsOf(
  model: NginxModel,
  server: NginxServer,
  sockets: readonly NginxSocket[],
  what: string,
): readonly NginxHit[] {
  const listens = sockets.flatMap((socket) =>
    socket.listens.filter((listen) => server.listens.includes(listen)).slice(0, 1),
  );
  const [at, ...others] = listens.map((listen) => listenDirective(server, listen));
  if (at === undefined) return [];
  const isSaid = listens.some(({ isDefaultServer }) => isDefaultServer);
  const shown = sockets.map(showSocket).join(", ");
  const text = refusingServer(server, sockets, model);
  const isNamed = server.names.some(isName);
  const first = isNamed ? "Write" : "Name the server (server_name www.example.org;) and write";
  return [
    {
      at,
      also: [...others, server.directive],
      servers: [server],
      message: `${what} on ${shown} get this server, ${isSaid ? "by default_server" : "the first there"}`,
      fix: `${first} before it${isSaid ? ", and take default_server out of it" : ""}: ${text}`,
      // Before, a server with ssl needs a certificate of its own. One without a name would never be reached again.
      ...(isNamed &&
        !isBefore(model.version, REJECT_SINCE) && {
          edits: [
            { ...positionOf(server.directive), action: "insert-before", text } as const,
            ...listens.flatMap((listen) => unmarked(server, listen)),
          ] as const,
        }),
    },
  ];
}

/** A name that a client can ask for: `_` and the empty one, which is that of a server without, are none. */
function isName({ text }: NginxServerName): boolean {
  return text !== "" && text !== "_";
}

/** A socket has one default server. */
function unmarked(server: NginxServer, listen: NginxListen): readonly Edit[] {
  if (!listen.isDefaultServer) return [];
  const directive = listenDirective(server, listen);
  return replaceEdit(
    directive,
    directiveText(directive).replace(/ default(?:_server)?(?=[ ;])/, ""),
  );
}

function refusingServer(
  server: NginxServer,
  sockets: readonly NginxSocket[],
  { version }: NginxModel,
): string {
  const listens = sockets.map((socket) => {
    const address = socket.address === "*" ? `${socket.port}` : `${socket.address}:${socket.port}`;
    const flags = [
      ...(socket.isSsl ? ["ssl"] : []),
      ...(socket.isProxyProtocol ? ["proxy_protocol"] : []),
      "default_server",
    ];
    return `listen ${address} ${flags.join(" ")};`;
  });
  const rejects = sockets.some(({ isSsl }) => isSsl) && !isBefore(version, REJECT_SINCE);
  // Before 1.29 the default server's protocols count for all servers of the socket.
  const protocols = ownDirectives(server.path, "ssl_protocols").map((one) => directiveText(one));
  const body = [
    ...listens,
    ...(rejects ? protocols : []),
    "server_name _;",
    ...(rejects ? ["ssl_reject_handshake on;"] : []),
    "return 444;",
  ];
  return `server { ${body.join(" ")} }`;
}

/** Strangers also learn a name from the certificate. */
export const tlsNoDefaultServer = defaultRule(
  "tls-no-default-server",
  true,
  "Clients that name no or another server",
);

export const noDefaultServer = defaultRule(
  "no-default-server",
  false,
  "Requests for unknown names",
);

export const proxyDefaultServerProxy = proxyCheck({
  control: proxyDefaultServer,
  reads:
    "The default server of every socket of nginx: marked default_server, or the first there; the first virtual host of every socket of Apache; what a frontend of HAProxy does with names no rule is about.",
  kinds: ["nginx", "apache", "haproxy"],
  nginx: [tlsNoDefaultServer, noDefaultServer],
  sites: [siteDefaultServerRule],
  passes: "Requests for unknown names are refused or only redirected",
});
