import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import { excerptOf } from "../proxy-extract.ts";

/** Directives whose words may be passwords or tokens (accounts, DNS providers, plugins' keys). */
const SHOWN = new Set([
  "abort",
  "admin",
  "auto_https",
  "bind",
  "error",
  "file_server",
  "handle",
  "handle_path",
  "log",
  "metrics",
  "on_demand",
  "php_fastcgi",
  "redir",
  "request_body",
  "reverse_proxy",
  "respond",
  "root",
  "route",
  "servers",
  "tls",
  "trusted_proxies",
]);

/** The directive without its block, short; nothing but the name where a word may be a secret. */
export function caddyText({ name, args }: CaddyDirective): string {
  return excerptOf(SHOWN.has(name) ? [name, ...args.map(({ text }) => text)] : [name]);
}
