import type { Edit } from "../../../core/check.ts";
import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { directiveText, type NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { type NginxModel, valueInForce } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { answersItself, listenDirective, socketsByServer } from "../../nginx/serving.ts";
import { handshakingServers, isBefore, isSince, tlsSockets } from "../../nginx/tls-servers.ts";
import { hasUnread } from "../../nginx/unread.ts";
import { ifTls } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteHttp2Rule } from "../../proxy-sites/protocols.ts";
import { proxyHttp2 } from "./http2.control.ts";

/** CHANGES of nginx 1.25.1: the directive is new, the parameter of listen deprecated. */
const DIRECTIVE_SINCE = "1.25.1";
const ON = "http2 on;";

/** The parameter counts for all servers of a socket, the directive for its server. */
export const http2Missing: NginxRule = {
  slug: "http2-missing",
  status: "warn",
  find(model) {
    const sockets = socketsByServer(model);
    const tls = new Set(tlsSockets(model));
    return [...handshakingServers(model).keys()].flatMap((server): readonly NginxHit[] => {
      const own = (sockets.get(server) ?? []).filter((socket) => tls.has(socket) && !socket.isQuic);
      const isOn = valueInForce(server.path, "http2") === "on";
      const [socket] = own;
      if (socket === undefined || isOn || own.some(({ isHttp2 }) => isHttp2)) return [];
      if (answersItself(server) || hasUnread(server.path)) return [];
      const listen = server.listens.find((one) => socket.listens.includes(one));
      const text =
        listen === undefined ? "" : withParameter(listenDirective(server, listen), "http2");
      return [missingHit(model, server, text)];
    });
  },
};

function missingHit({ version }: NginxModel, server: NginxServer, text: string): NginxHit {
  const at = server.directive;
  const listens = ownDirectives(server.path, "listen").filter(hasParameter("ssl"));
  const old = listens.flatMap((listen) => replaceEdit(listen, withParameter(listen, "http2")));
  const [first, ...others] = isBefore(version, DIRECTIVE_SINCE) ? old : [];
  return {
    at,
    servers: [server],
    message: "HTTP/2 is not switched on",
    fix: isSince(version, DIRECTIVE_SINCE)
      ? `Write in the server: ${ON}`
      : `Write in the server: ${ON} (nginx ${DIRECTIVE_SINCE} and later); before: ${text}`,
    ...(isSince(version, DIRECTIVE_SINCE) && { edits: insertInEdit(at, ON) }),
    ...(first !== undefined && { edits: [first, ...others] }),
  };
}

function hasParameter(name: string): (listen: NginxDirective) => boolean {
  return ({ args }) => args.slice(1).some(({ text }) => text === name);
}

function withParameter(listen: NginxDirective, name: string): string {
  return directiveText(listen).replace(/;$/, ` ${name};`);
}

/** One finding a server: its `listen`s change together with the directive that takes their place. */
export const http2DeprecatedSyntax: NginxRule = {
  slug: "http2-deprecated-syntax",
  status: "note",
  find({ servers, version }) {
    if (isBefore(version, DIRECTIVE_SINCE)) return [];
    return servers.flatMap((server): readonly NginxHit[] => {
      const listens = ownDirectives(server.path, "listen").filter(hasParameter("http2"));
      const [at, ...others] = listens;
      if (at === undefined) return [];
      const isOn = valueInForce(server.path, "http2") === "on";
      const which =
        version === undefined ? `nginx from ${DIRECTIVE_SINCE} on warns` : "nginx warns";
      return [
        {
          at,
          also: others,
          servers: [server],
          message: `${which} of http2 as a parameter of listen`,
          fix: `Take http2 out of listen and write in the server: ${ON}`,
          ...(version !== undefined && { edits: editsOf(server, at, others, isOn) }),
        },
      ];
    });
  },
};

function editsOf(
  server: NginxServer,
  at: NginxDirective,
  others: readonly NginxDirective[],
  isOn: boolean,
): readonly [Edit, ...Edit[]] {
  const [first] = replaceEdit(at, withoutHttp2(at));
  const more = others.flatMap((listen) => replaceEdit(listen, withoutHttp2(listen)));
  return [first, ...more, ...(isOn ? [] : insertInEdit(server.directive, ON))];
}

function withoutHttp2(listen: NginxDirective): string {
  return directiveText(listen).replace(/ http2(?=[ ;])/g, "");
}

export const proxyHttp2Proxy = proxyCheck({
  control: proxyHttp2,
  reads:
    "http2 and the parameters of listen of every TLS server of nginx; protocols of Caddy, Protocols of Apache, alpn of HAProxy, alpnProtocols of Traefik.",
  nginx: [http2Missing, http2DeprecatedSyntax],
  sites: [siteHttp2Rule],
  untold: [({ http2 }) => (http2.state === "unknown" ? http2.why : undefined)],
  passes: "HTTP/2 is on wherever TLS is served",
  applies: ifTls,
});
