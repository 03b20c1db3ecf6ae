import { effectiveList, effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { variablesIn } from "../../../parsers/nginx/variable.ts";
import { isCutOff } from "../../nginx/content.ts";
import type { NginxModel, NginxPlace } from "../../nginx/model.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { isLocalAddress } from "../../route/address.ts";
import { proxyBasicAuthOverHttp } from "./basic-auth-over-http.control.ts";

/** RFC 7617, 4: the password is sent as it is. */
export const basicAuthOverHttp: NginxRule = {
  slug: "basic-auth-over-http",
  status: "fail",
  find(model) {
    const plain = plainServers(model);
    return model.places.flatMap((place): readonly NginxHit[] => {
      const { path, server } = place;
      const listen = plain.get(server);
      const password = effectiveScalar(path, "auth_basic");
      if (listen === undefined || password === undefined || password.args[0]?.text === "off")
        return [];
      if (place.location?.kind === "named" || isCutOff(place) || turnsPlainAway(place)) return [];
      const trusted = effectiveList(path, "set_real_ip_from")[0];
      return [
        {
          at: password,
          also: trusted === undefined ? [] : [trusted],
          servers: [server],
          ...(trusted !== undefined && { status: "warn" as const }),
          message:
            trusted === undefined
              ? `The password is asked for over plain HTTP on ${listen}`
              : `The password is asked for over plain HTTP on ${listen}, unless the proxy in front speaks TLS`,
          fix: "Serve this over TLS, and in the server on port 80 write: return 301 https://$host$request_uri;",
        },
      ];
    });
  },
};

/** Servers that other machines reach without TLS, with the socket; what one `listen` says of a socket holds for all. */
function plainServers({ sockets }: NginxModel): ReadonlyMap<NginxServer, string> {
  const plain = sockets.filter(
    ({ isSsl, isQuic, address }) => !isSsl && !isQuic && !isLocalAddress(address),
  );
  return new Map(
    plain.flatMap(({ servers, address, port }) =>
      servers
        .filter(({ path }) => effectiveScalar(path, "ssl")?.args[0]?.text !== "on")
        .map((server) => [server, `${address}:${port}`] as const),
    ),
  );
}

const TELLS_SCHEME =
  /^(?:scheme|https|server_port|http_x_forwarded_proto|http_x_forwarded_ssl|ssl_protocol|host|http_host)$/;

/** An `if` of the server or location that sends plain requests to https, or refuses them. */
function turnsPlainAway({ server, path }: NginxPlace): boolean {
  return [server.directive, path.at(-1)]
    .flatMap((block) => block?.block ?? [])
    .some(({ name, args, block = [] }) => {
      const names = args.flatMap(({ text }) => variablesIn(text));
      return name === "if" && names.some((one) => TELLS_SCHEME.test(one)) && block.some(endsPlain);
    });
}

function endsPlain({ name, args }: NginxDirective): boolean {
  const [first = "", second = ""] = args.map(({ text }) => text);
  if (name === "rewrite") return second.startsWith("https://");
  return name === "return" && (/^[45]\d\d$/.test(first) || /^https:/.test(second || first));
}

export const proxyBasicAuthOverHttpProxy = proxyCheck({
  control: proxyBasicAuthOverHttp,
  reads:
    "auth_basic in force for every server and location of nginx, beside the sockets it is reached by.",
  nginx: [basicAuthOverHttp],
  passes: "No password is asked for over plain HTTP",
});
