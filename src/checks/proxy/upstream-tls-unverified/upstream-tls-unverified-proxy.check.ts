import type { Edit } from "../../../core/check.ts";
import { type BlockPath, effectiveScalar, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { isCutOff } from "../../nginx/content.ts";
import { whereabouts } from "../../nginx/destination.ts";
import { insertAfterEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { type NginxPass, passesOf, streamPasses } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { untoldOnRoutes } from "../../proxy-sites/untold.ts";
import { siteUpstreamTlsRule } from "../../proxy-sites/upstream.ts";
import { proxyUpstreamTlsUnverified } from "./upstream-tls-unverified.control.ts";

/** `proxy_ssl_verify` is off unless switched on (ngx_http_proxy_module). */
export const upstreamTlsUnverified: NginxRule = {
  slug: "upstream-tls-unverified",
  status: "warn",
  find(model) {
    const inHttp = passesOf(model)
      .filter(({ place }) => place.location === undefined || !isCutOff(place))
      .flatMap((pass) => hitsAt(pass, pass.place.server));
    const inStream = streamPasses(model).flatMap((pass) => hitsAt(pass, pass.server));
    return [...inHttp, ...inStream];
  },
};

function hitsAt(
  { directive, path, targets }: Pick<NginxPass, "directive" | "path" | "targets">,
  server: NginxHit["servers"][number],
): readonly NginxHit[] {
  const family = directive.name.replace(/_pass$/, "");
  const verify = effectiveScalar(path, `${family}_ssl_verify`);
  const far = targets.find((target) => target.isTls && whereabouts(target) !== "this-machine");
  if (far === undefined || verify?.args[0]?.text === "on") return [];
  const edits = editsAt(path, directive, family);
  return [
    {
      at: directive,
      also: verify === undefined ? [] : [verify],
      servers: [server],
      message: `The certificate of ${far.host} is not verified: ${family}_ssl_verify is ${verify === undefined ? "not set, which is off" : "off"}`,
      fix: `Write: ${family}_ssl_verify on; ${family}_ssl_trusted_certificate ${AUTHORITIES}; ${family}_ssl_server_name on;`,
      ...(edits !== undefined && { edits }),
    },
  ];
}

/** Where Debian keeps the public authorities; one's own stand in a file of one's own. */
const AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

/** What `if` and `limit_except` do not take has to be written around them. */
function editsAt(
  path: BlockPath,
  directive: NginxHit["at"],
  family: string,
): readonly [Edit, ...Edit[]] | undefined {
  const block = path.at(-1)?.name;
  if (block === "if" || block === "limit_except") return undefined;
  const own = ownDirectives(path, `${family}_ssl_verify`).at(-1);
  const lines = [
    ...(effectiveScalar(path, `${family}_ssl_trusted_certificate`) === undefined
      ? [`${family}_ssl_trusted_certificate ${AUTHORITIES};`]
      : []),
    ...(effectiveScalar(path, `${family}_ssl_server_name`) === undefined
      ? [`${family}_ssl_server_name on;`]
      : []),
  ];
  const text = [`${family}_ssl_verify on;`, ...lines].join("\n");
  return own === undefined ? insertAfterEdit(directive, text) : replaceEdit(own, text);
}

export const proxyUpstreamTlsUnverifiedProxy = proxyCheck({
  control: proxyUpstreamTlsUnverified,
  reads:
    "proxy_pass and its like to https addresses, beside the proxy_ssl_verify in force there; tls_insecure_skip_verify of Caddy, SSLProxyVerify of Apache, ssl verify of HAProxy's servers, insecureSkipVerify of Traefik.",
  nginx: [upstreamTlsUnverified],
  sites: [siteUpstreamTlsRule],
  untold: [untoldOnRoutes(({ upstreamVerified }) => upstreamVerified)],
  passes: "The certificate of every upstream elsewhere is verified",
});
