import {
  type BlockPath,
  effectiveList,
  effectiveScalar,
  ownDirectives,
} from "../../../parsers/nginx/inherit.ts";
import { textSources } from "../../nginx/client-variables.ts";
import { type NginxModel, valueInForce } from "../../nginx/model.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { type NginxRoute, passRoutes } from "../../nginx/serving.ts";
import { handshakingServers } from "../../nginx/tls-servers.ts";
import { hasUnread } from "../../nginx/unread.ts";
import { ifTls } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyTlsEarlyDataReplay } from "./tls-early-data-replay.control.ts";

const FIELD = "proxy_set_header Early-Data $ssl_early_data;";
const VARIABLE = "ssl_early_data";

/** RFC 8470 section 5.1: an intermediary that hands on early data says so. */
export const tlsEarlyDataReplay: NginxRule = {
  slug: "tls-early-data-replay",
  status: "warn",
  find(model) {
    const servers = handshakingServers(model);
    return passRoutes(model)
      .filter(({ server }) => servers.has(server) && speaksEarlyData(server.path))
      .filter(
        (route) => !isTold(model, route) && !isGuarded(model, route) && !hasUnread(route.path),
      )
      .flatMap(hitsOf);
  },
};

/** Early data exists in TLS 1.3 alone. */
function speaksEarlyData(path: BlockPath): boolean {
  const protocols = effectiveList(path, "ssl_protocols").flatMap(({ args }) => args);
  return (
    valueInForce(path, "ssl_early_data") === "on" &&
    (protocols.length === 0 || protocols.some(({ text }) => text === "TLSv1.3"))
  );
}

const FIELDS: readonly string[] = ["proxy_set_header", "grpc_set_header"];
const PARAMETERS: readonly string[] = ["fastcgi_param", "uwsgi_param", "scgi_param"];

function isTold(model: NginxModel, { path }: NginxRoute): boolean {
  return [...FIELDS, ...PARAMETERS].some((name) =>
    effectiveList(path, name).some(({ args }) => mentions(model, args[1]?.text ?? "", path)),
  );
}

/** A condition on it in the server or the location: `if ($ssl_early_data) { return 425; }`. */
function isGuarded(model: NginxModel, { path, server }: NginxRoute): boolean {
  return [server.path, path].some((level) =>
    ownDirectives(level, "if").some(({ args }) =>
      args.some(({ text }) => mentions(model, text, path)),
    ),
  );
}

function mentions(model: NginxModel, text: string, path: BlockPath): boolean {
  const { texts, choices } = textSources(model, text, path);
  return texts.has(VARIABLE) || choices.has(VARIABLE);
}

function hitsOf({ server, location, passes: [pass] }: NginxRoute): readonly NginxHit[] {
  const at = effectiveScalar(server.path, "ssl_early_data");
  if (at === undefined) return [];
  return [
    {
      at,
      also: [location.directive, pass],
      servers: [server],
      message: `Early data, which can be replayed, is on, and the application behind ${location.value} is not told of it`,
      fix: `Write: ${FIELD} beside the other proxy_set_header, and answer 425 in the application; or ssl_early_data off;`,
      // Whether the application answers 425 is not known: off is what is safe at once.
      edits: replaceEdit(at, "ssl_early_data off;"),
    },
  ];
}

export const proxyTlsEarlyDataReplayProxy = proxyCheck({
  control: proxyTlsEarlyDataReplay,
  reads:
    "ssl_early_data of every TLS server of nginx, the fields its locations hand on, and conditions on $ssl_early_data.",
  nginx: [tlsEarlyDataReplay],
  passes: "No application gets early data without being told",
  applies: ifTls,
});
