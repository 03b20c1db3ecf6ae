import { effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { lackingBlock } from "../../nginx/serving.ts";
import { handshakingServers, isSince } from "../../nginx/tls-servers.ts";
import { hasUnread } from "../../nginx/unread.ts";
import { ifTls } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyTlsSessionTickets } from "./tls-session-tickets.control.ts";

/** Since then keys are renewed where sessions are kept in shared memory (CHANGES of nginx 1.23.2). */
const RENEWED_SINCE = "1.23.2";
const OFF = "ssl_session_tickets off;";

export const tlsSessionTickets: NginxRule = {
  slug: "tls-session-tickets",
  status: "note",
  find(model) {
    return [...handshakingServers(model).keys()].flatMap((server) => hitsOf(model, server));
  },
};

function hitsOf(model: NginxModel, server: NginxServer): readonly NginxHit[] {
  const { path } = server;
  const set = effectiveScalar(path, "ssl_session_tickets");
  const hasOwnKey = effectiveScalar(path, "ssl_session_ticket_key") !== undefined;
  const isShared =
    effectiveScalar(path, "ssl_session_cache")?.args.some(({ text }) =>
      text.startsWith("shared:"),
    ) ?? false;
  if (set?.args[0]?.text === "off" || hasOwnKey || hasUnread(path)) return [];
  if (isShared && isSince(model.version, RENEWED_SINCE)) return [];
  const at = set ?? lackingBlock(model, server);
  return [
    {
      at,
      also: [server.directive],
      servers: [server],
      message: `Session tickets are on, and nginx keeps ${keptUntil(isShared, model.version)}`,
      fix: `Write: ${OFF}`,
      edits: set === undefined ? insertInEdit(at, OFF) : replaceEdit(at, OFF),
    },
  ];
}

function keptUntil(isShared: boolean, version: string | undefined): string {
  if (!isShared) return "one key for them as long as it runs: there is no shared ssl_session_cache";
  const which = version === undefined ? ", and the version is not known" : "";
  return `one key for them as long as it runs before ${RENEWED_SINCE}${which}`;
}

export const proxyTlsSessionTicketsProxy = proxyCheck({
  control: proxyTlsSessionTickets,
  reads:
    "ssl_session_tickets, ssl_session_ticket_key and ssl_session_cache in force for every TLS server of nginx.",
  nginx: [tlsSessionTickets],
  passes: "No key of session tickets lives as long as the server",
  applies: ifTls,
});
