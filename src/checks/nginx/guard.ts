import type { BlockPath } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import { variablesIn } from "../../parsers/nginx/variable.ts";
import type { NginxPlace } from "./model.ts";

/** What a client says of a request and may say otherwise: a condition on it keeps nobody out. */
const SAYS_NOTHING =
  /^(?:request_method|host|http_host|scheme|https|server_port|server_name|request_uri|uri|document_uri|args|query_string|request_filename|http_user_agent|http_referer|invalid_referer|http_upgrade|http_x_forwarded_proto|is_args|content_type|content_length|http_accept\w*|http_origin|limit_rate)$/;

/**
 * Whether an `if` of the server or the location itself turns requests away by who or where the client
 * is: an address, a `geo` or `map` variable, a secret, a certificate (`$ssl_client_verify`).
 */
export function isGuardedByIf({ server, path }: NginxPlace): boolean {
  const [, , ...inner] = path;
  const location = inner.at(-1);
  const blocks =
    location === undefined || location === server.directive
      ? [server.directive]
      : [server.directive, location];
  return blocks.some(({ block = [] }) => block.some(isGuard));
}

/** An `if` that answers with an error or closes the connection. */
function isGuard({ name, args, block = [] }: NginxDirective): boolean {
  if (name !== "if" || !block.some(isRefusal)) return false;
  const names = args.flatMap(({ text }) => variablesIn(text));
  return names.some((variable) => !SAYS_NOTHING.test(variable));
}

export function isRefusal({ name, args }: NginxDirective): boolean {
  return name === "return" && /^(?:4\d\d|50[13])$/.test(args[0]?.text ?? "");
}

/** Variables of the `if`s that turn requests away. */
export function guardVariables(path: BlockPath): readonly string[] {
  return (path.at(-1)?.block ?? [])
    .filter(({ name, block = [] }) => name === "if" && block.some(isRefusal))
    .flatMap(({ args }) => args.flatMap(({ text }) => variablesIn(text)));
}

/** An `if` of the block that turns away requests by their method. */
export function guardsMethods(path: BlockPath): boolean {
  return guardVariables(path).includes("request_method");
}
