import { effectiveScalar, findDirectives, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { textSources } from "../../nginx/client-variables.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { answersItself } from "../../nginx/serving.ts";
import { handshakingServers } from "../../nginx/tls-servers.ts";
import { hasUnread, isUnread } from "../../nginx/unread.ts";
import { ifTls } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyMtlsOptionalUnchecked } from "./mtls-optional-unchecked.control.ts";

/** Of a certificate that was verified each of these tells whether there was one. */
const TELLING: readonly string[] = [
  "ssl_client_verify",
  "ssl_client_cert",
  "ssl_client_raw_cert",
  "ssl_client_escaped_cert",
];
const TELLING_VERIFIED: readonly string[] = [
  ...TELLING,
  "ssl_client_s_dn",
  "ssl_client_i_dn",
  "ssl_client_serial",
  "ssl_client_fingerprint",
  "ssl_client_s_dn_legacy",
  "ssl_client_i_dn_legacy",
];

/** `optional` lets clients without a certificate in, `optional_no_ca` those with any. */
export const mtlsOptionalUnchecked: NginxRule = {
  slug: "mtls-optional-unchecked",
  status: "fail",
  find(model) {
    return [...handshakingServers(model).keys()].flatMap((server): readonly NginxHit[] => {
      const at = effectiveScalar(server.path, "ssl_verify_client");
      const mode = at?.args[0]?.text ?? "";
      if (at === undefined || !mode.startsWith("optional") || answersItself(server)) return [];
      const telling = mode === "optional" ? TELLING_VERIFIED : TELLING;
      if (isLookedAt(model, server, telling) || isPartlyUnread(server)) return [];
      return [
        {
          at,
          servers: [server],
          message: `A client certificate is asked for (${mode}), but nothing looks at $ssl_client_verify: clients without one are served alike`,
          fix: "Write: ssl_verify_client on; or in the server: if ($ssl_client_verify != SUCCESS) { return 403; }",
          edits: replaceEdit(at, "ssl_verify_client on;"),
        },
      ];
    });
  },
};

/** Directives that write a value down or send it back, and decide nothing by it. */
const TELLING_ONLY: ReadonlySet<string> = new Set([
  "add_header",
  "add_trailer",
  "access_log",
  "error_log",
  "log_format",
  "more_set_headers",
]);

/** Whether a word in the server, or fields and conditions it inherits, come from one of these variables. */
function isLookedAt(model: NginxModel, server: NginxServer, telling: readonly string[]): boolean {
  const words = [...wordsIn(server.directive), ...inheritedWords(server)];
  return words.some((text) => {
    if (!text.includes("$")) return false;
    const { texts, choices, exemptions } = textSources(model, text, server.path);
    return telling.some((name) => texts.has(name) || choices.has(name) || exemptions.has(name));
  });
}

/** A file that was not read, of configuration or of a script, may look at it. */
function isPartlyUnread({ path }: NginxServer): boolean {
  return (
    hasUnread(path) ||
    findDirectives(path, "include", ...SCRIPT_FILES).some(
      ({ directive }) => directive.name !== "include" || isUnread(directive),
    )
  );
}

const SCRIPT_FILES = [
  "access_by_lua_file",
  "rewrite_by_lua_file",
  "content_by_lua_file",
  "js_content",
  "perl",
];

function wordsIn({ name, args, block = [], lua }: NginxDirective): readonly string[] {
  if (TELLING_ONLY.has(name)) return [];
  // A script names them without the sign: ngx.var.ssl_client_verify.
  const script = lua?.replaceAll("ngx.var.", "$") ?? "";
  return [...args.map(({ text }) => text), script, ...block.flatMap(wordsIn)];
}

function inheritedWords({ path }: NginxServer): readonly string[] {
  return path
    .slice(0, -1)
    .flatMap((_, at) =>
      ownDirectives(
        path.slice(0, at + 1),
        "proxy_set_header",
        "fastcgi_param",
        "uwsgi_param",
        "scgi_param",
        "grpc_set_header",
      ),
    )
    .flatMap(({ args }) => args.map(({ text }) => text));
}

export const proxyMtlsOptionalUncheckedProxy = proxyCheck({
  control: proxyMtlsOptionalUnchecked,
  reads:
    "ssl_verify_client in force for every TLS server of nginx, and every use of the client certificate's variables in it.",
  nginx: [mtlsOptionalUnchecked],
  passes: "Where client certificates are optional they are looked at",
  applies: ifTls,
});
