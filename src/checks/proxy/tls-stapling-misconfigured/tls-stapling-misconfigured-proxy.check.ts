import { effectiveList, effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import { insertAfterEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { handshakingServers } from "../../nginx/tls-servers.ts";
import { hasUnread } from "../../nginx/unread.ts";
import { ifTls } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyTlsStaplingMisconfigured } from "./tls-stapling-misconfigured.control.ts";

const RESOLVER = "resolver 127.0.0.53;";

/** Demanding stapling would be wrong: Let's Encrypt has no OCSP any more. */
export const tlsStaplingMisconfigured: NginxRule = {
  slug: "tls-stapling-misconfigured",
  status: "note",
  find(model) {
    return [...handshakingServers(model).keys()].flatMap((server): readonly NginxHit[] => {
      const { path } = server;
      const at = effectiveScalar(path, "ssl_stapling");
      if (at?.args[0]?.text !== "on") return [];
      if (effectiveScalar(path, "ssl_stapling_file") !== undefined) return [];
      if (effectiveList(path, "resolver").length > 0 || hasUnread(path)) return [];
      if (isAddressed(effectiveScalar(path, "ssl_stapling_responder")?.args[0]?.text)) return [];
      return [
        {
          at,
          servers: [server],
          message: "ssl_stapling is on, but no resolver tells where the OCSP responder is",
          fix: `Write beside it: ${RESOLVER}`,
          edits: insertAfterEdit(at, RESOLVER),
        },
      ];
    });
  },
};

/** A responder given by its address needs no resolver. */
function isAddressed(url: string | undefined): boolean {
  return /^http:\/\/(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?:[:/]|$)/i.test(url ?? "");
}

export const proxyTlsStaplingMisconfiguredProxy = proxyCheck({
  control: proxyTlsStaplingMisconfigured,
  reads:
    "ssl_stapling, its file and responder, and resolver in force for every TLS server of nginx.",
  nginx: [tlsStaplingMisconfigured],
  passes: "Where stapling is on there is a resolver",
  applies: ifTls,
});
