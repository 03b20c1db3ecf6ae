import type { TlsProtocol } from "../../../core/tls-scan.ts";
import { sortedProtocols } from "../../../facts/proxy-tls.ts";
import { type BlockPath, effectiveList } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer, NginxSocket } from "../../../parsers/nginx/server.ts";
import { expandCipherList } from "../../../parsers/openssl-ciphers/expand.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { lackingBlock, rejectsHandshakes } from "../../nginx/serving.ts";
import {
  cipherListInForce,
  confCommand,
  isBefore,
  isSince,
  showSocket,
  tlsSockets,
} from "../../nginx/tls-servers.ts";
import { hasUnread } from "../../nginx/unread.ts";
import { ifTls } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteTlsProtocolsRule } from "../../proxy-sites/tls.ts";
import { untoldTls } from "../../proxy-sites/untold.ts";
import { defaultProtocols } from "../../tls-scan/proxy-defaults.ts";
import { proxyTlsProtocols } from "./tls-protocols.control.ts";

/** RFC 8996 sections 4 and 5, RFC 7568, RFC 6176. */
const OLD: ReadonlySet<string> = new Set(["SSLv2", "SSLv3", "TLSv1", "TLSv1.1"]);
const MODERN = "ssl_protocols TLSv1.2 TLSv1.3;";

/** nginx 1.29 began to read the server name before it settles on a protocol. */
const PER_SERVER_SINCE = "1.29.0";
const MODERN_DEFAULT_SINCE = "1.27.3";

interface Allowed {
  /** None: nothing is set. */
  readonly directives: readonly NginxDirective[];
  readonly old: readonly TlsProtocol[];
}

/**
 * What `ssl_protocols` allows (several in one block add up); `undefined` where `ssl_conf_command Protocol`
 * or `MinProtocol` has the last word.
 */
function allowedIn(path: BlockPath): Allowed | undefined {
  const minimum = confCommand(path, "minprotocol")?.args[1]?.text ?? "SSLv2";
  if (confCommand(path, "protocol") !== undefined || !isOld(minimum)) return undefined;
  const directives = effectiveList(path, "ssl_protocols");
  const named = directives.flatMap(({ args }) => args.map(({ text }) => text)).filter(isOld);
  const old = sortedProtocols(named).filter(
    (one) => sortedProtocols([one, minimum])[0] === minimum,
  );
  return { directives, old };
}

function isOld(text: string): text is TlsProtocol {
  return OLD.has(text);
}

/**
 * Why the OpenSSL at hand speaks none of these although it is told to. Default builds have no SSLv3 since 1.1.0,
 * and since 3.0 TLS 1.1 and older need security level 0 (`ssl_security_default_callback`).
 */
function refusal(
  old: readonly TlsProtocol[],
  path: BlockPath,
  openssl: string | undefined,
): string | undefined {
  if (openssl === undefined) return undefined;
  const list = cipherListInForce(path)?.text ?? "";
  const isOpen = !isSince(openssl, "3.0.0") || expandCipherList(list).securityLevel === 0;
  const isSpoken = (one: TlsProtocol) =>
    one.startsWith("SSL") ? isBefore(openssl, "1.1.0") : isOpen;
  if (old.some(isSpoken)) return undefined;
  return `; OpenSSL ${openssl} refuses it as it is built, another build would not`;
}

/** Two answers: what the text allows, and what this OpenSSL makes of it. */
export const tlsLegacyProtocol: NginxRule = {
  slug: "tls-legacy-protocol",
  status: "fail",
  find(model) {
    return tlsSockets(model).flatMap((socket): readonly NginxHit[] => {
      const allowed = allowedIn(socket.defaultServer.path);
      if (allowed === undefined) return [];
      const decisive =
        allowed.directives.length === 0
          ? unsetHits(model, socket)
          : hitsOf(model, socket.defaultServer.path, allowed, socket.servers);
      return [...decisive, ...ownHits(model, socket), ...perhapsHits(model, socket, allowed)];
    });
  },
};

function hitsOf(
  { openssl }: NginxModel,
  path: BlockPath,
  { directives, old }: Allowed,
  servers: readonly NginxServer[],
): readonly NginxHit[] {
  const at = directives.find(({ args }) => args.some(({ text }) => isOld(text)));
  if (at === undefined || old.length === 0) return [];
  const refused = refusal(old, path, openssl);
  const kept = at.args.map(({ text }) => text).filter((text) => !isOld(text));
  const text = kept.length === 0 ? MODERN : `ssl_protocols ${kept.join(" ")};`;
  return [
    {
      at,
      servers,
      ...(refused !== undefined && { status: "warn" }),
      message: `nginx is told to speak ${old.join(", ")}${refused ?? ""}`,
      fix: `Write: ${MODERN}`,
      edits: replaceEdit(at, text),
    },
  ];
}

/** Nothing set: the default of the version counts. */
function unsetHits(model: NginxModel, socket: NginxSocket): readonly NginxHit[] {
  const { version, openssl } = model;
  const { defaultServer, servers } = socket;
  if (isSince(version, MODERN_DEFAULT_SINCE) || isExcused(version, socket)) return [];
  if (hasUnread(defaultServer.path)) return [];
  const told = version === undefined ? undefined : { proxy: "nginx" as const, version, from: "" };
  const old = (defaultProtocols("nginx", told) ?? []).filter(isOld);
  const refused = refusal(old, defaultServer.path, openssl);
  const isSpoken = version !== undefined && openssl !== undefined && refused === undefined;
  const says =
    version === undefined
      ? `before nginx ${MODERN_DEFAULT_SINCE} the default includes TLSv1 and TLSv1.1, and the version is not known`
      : `the default of nginx ${version} includes TLSv1 and TLSv1.1${refused ?? ""}`;
  const at = lackingBlock(model, defaultServer);
  return [
    {
      at,
      also: [defaultServer.directive],
      servers,
      status: isSpoken ? "fail" : "warn",
      message: `No ssl_protocols is in force: ${says}`,
      fix: `Write in http{}: ${MODERN}`,
      edits: insertInEdit(at, MODERN),
    },
  ];
}

/**
 * A default server that only ends handshakes, beside servers that all set protocols: it decides for them in
 * versions before 1.29, which is told as a note while the version is not known.
 */
function isExcused(version: string | undefined, { defaultServer, servers }: NginxSocket): boolean {
  if (version !== undefined || !rejectsHandshakes(defaultServer)) return false;
  const others = servers.filter((server) => server !== defaultServer && !rejectsHandshakes(server));
  return others.every(({ path }) => effectiveList(path, "ssl_protocols").length > 0);
}

/** Since 1.29 each server's own setting counts. */
function ownHits(model: NginxModel, { defaultServer, servers }: NginxSocket): readonly NginxHit[] {
  if (!isSince(model.version, PER_SERVER_SINCE)) return [];
  return servers
    .filter((server) => server !== defaultServer && !rejectsHandshakes(server))
    .flatMap((server) => {
      const allowed = allowedIn(server.path);
      return allowed === undefined ? [] : hitsOf(model, server.path, allowed, [server]);
    });
}

/** Whether it is spoken depends on a version that is not known. */
function perhapsHits(
  { version }: NginxModel,
  socket: NginxSocket,
  decisive: Allowed,
): readonly NginxHit[] {
  if (version !== undefined || decisive.old.length > 0) return [];
  return socket.servers
    .flatMap((server) => overruledHits(server, socket))
    .map((hit) => ({ ...hit, status: "warn" }));
}

/** What is set where it has no effect, or is left to a default server that only refuses. */
export const tlsProtocolOverruled: NginxRule = {
  slug: "tls-protocol-overruled",
  status: "note",
  find(model) {
    if (isSince(model.version, PER_SERVER_SINCE)) return [];
    return tlsSockets(model).flatMap((socket): readonly NginxHit[] => {
      const { defaultServer, servers } = socket;
      const decisive = allowedIn(defaultServer.path);
      if (decisive === undefined || decisive.old.length > 0) return [];
      const isUnset = decisive.directives.length === 0;
      if (isUnset && isExcused(model.version, socket)) return [excusedHit(socket)];
      if (model.version === undefined) return [];
      return servers.flatMap((server) => overruledHits(server, socket));
    });
  },
};

function overruledHits(server: NginxServer, socket: NginxSocket): readonly NginxHit[] {
  if (server === socket.defaultServer || rejectsHandshakes(server)) return [];
  const { directives = [], old = [] } = allowedIn(server.path) ?? {};
  const at = directives.find(({ args }) => args.some(({ text }) => isOld(text)));
  if (at === undefined || old.length === 0) return [];
  return [
    {
      at,
      also: [socket.defaultServer.directive],
      servers: [server],
      message: `${old.join(", ")} allowed here has no effect before nginx ${PER_SERVER_SINCE}: the default server of ${showSocket(socket)} decides; from then on it is spoken`,
      fix: `Write: ${MODERN}`,
      edits: replaceEdit(at, MODERN),
    },
  ];
}

function excusedHit({ defaultServer, servers, ...socket }: NginxSocket): NginxHit {
  return {
    at: defaultServer.directive,
    servers,
    message: `The default server of ${showSocket({ ...socket, defaultServer, servers })} sets no ssl_protocols; before nginx ${PER_SERVER_SINCE} it decides for all servers there, with a default that includes TLSv1 and TLSv1.1 before ${MODERN_DEFAULT_SINCE}`,
    fix: `Write in http{}: ${MODERN}`,
    edits: insertInEdit(defaultServer.directive, MODERN),
  };
}

export const proxyTlsProtocolsProxy = proxyCheck({
  control: proxyTlsProtocols,
  reads:
    "ssl_protocols in force at the default server of every TLS socket of nginx; protocols (Caddy), SSLProtocol (Apache), ssl-min-ver and its like (HAProxy), minVersion (Traefik) in force at every TLS listener; the default of the version, and the OpenSSL it runs with.",
  nginx: [tlsLegacyProtocol, tlsProtocolOverruled],
  sites: [siteTlsProtocolsRule],
  untold: [untoldTls("protocols")],
  passes: "The configuration allows no protocol older than TLS 1.2",
  applies: ifTls,
});
