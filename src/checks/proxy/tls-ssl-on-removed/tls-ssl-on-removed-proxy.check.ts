import type { Edit } from "../../../core/check.ts";
import { effectiveScalar, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { directiveText } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { isSince } from "../../nginx/tls-servers.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyTlsSslOnRemoved } from "./tls-ssl-on-removed.control.ts";

/** CHANGES of nginx 1.25.1: the directive, deprecated since 1.15.0, is gone. */
const REMOVED_IN = "1.25.1";

export const tlsSslOnRemoved: NginxRule = {
  slug: "tls-ssl-on-removed",
  status: "note",
  find({ servers, version }) {
    return servers.flatMap((server): readonly NginxHit[] => {
      const at = effectiveScalar(server.path, "ssl");
      if (at === undefined) return [];
      const isRefused = isSince(version, REMOVED_IN);
      const isOn = at.args[0]?.text === "on";
      return [
        {
          at,
          servers: [server],
          ...(isRefused && { status: "warn" }),
          message: `${directiveText(at)} is ${isRefused ? `refused by nginx ${version}` : `refused by nginx from ${REMOVED_IN} on`}`,
          fix: isOn ? "Take it away and write ssl in listen: listen 443 ssl;" : "Take it away",
          edits: editsOf(server, replaceEdit(at, ""), isOn),
        },
      ];
    });
  },
};

/** Every `listen` of the server itself gets what the directive stood for. */
function editsOf(
  server: NginxServer,
  removal: readonly [Edit],
  isOn: boolean,
): readonly [Edit, ...Edit[]] {
  const plain = ownDirectives(server.path, "listen").filter(
    ({ args }) => !args.some(({ text }) => text === "ssl" || text === "quic"),
  );
  const added = plain.flatMap((listen) =>
    replaceEdit(listen, directiveText(listen).replace(/;$/, " ssl;")),
  );
  return [...removal, ...(isOn ? added : [])];
}

export const proxyTlsSslOnRemovedProxy = proxyCheck({
  control: proxyTlsSslOnRemoved,
  reads: "The directive ssl in force for every server of nginx.",
  nginx: [tlsSslOnRemoved],
  passes: "No server uses the directive ssl",
});
