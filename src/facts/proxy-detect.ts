import type { ProxyKind } from "./proxy-routes.fact.ts";
import { proxyByPath, proxyByText } from "./proxy-tree.ts";
import { baseName } from "./target-path.ts";

/** Which proxy reads a file that was named, by its name where that tells, else by its text. */
export function detectProxy(path: string, text: string): ProxyKind | undefined {
  const name = baseName(path).replace(/\.(?:j2|tmpl|tpl|template|erb|bak|old|orig|disabled)$/i, "");
  if (/\.json$/i.test(name)) return isCaddyJson(text) ? "caddy" : undefined;
  const guess = proxyByPath(name);
  if (guess !== undefined && guess !== "sniff") return guess;
  return proxyOfText(name, text);
}

function proxyOfText(name: string, text: string): ProxyKind | undefined {
  if (/^\s*\{\s*"/.test(text) && isCaddyJson(text)) return "caddy";
  if (/^(?:global|defaults|frontend|backend|listen)\b[^;{}\n]*$/m.test(text)) return "haproxy";
  if (NGINX_BLOCK.test(text)) return "nginx";
  const found = proxyByText(name, text);
  if (found !== undefined) return found;
  if (TRAEFIK_KEYS.test(text)) return "traefik";
  const lines = text.split("\n", LINES_LOOKED_AT).map((line) => line.replace(/\s#.*$/, "").trim());
  if (lines.some((line) => /^[a-z][a-z0-9_]*\s[^;{}]*;$/.test(line))) return "nginx";
  return lines.some((line) => CADDY_OPEN.test(line)) ? "caddy" : undefined;
}

/** Only nginx has these with a brace behind them; told without reading the whole text. */
const NGINX_BLOCK =
  /^[ \t]{0,40}(?:http|server|stream|events)[ \t]{0,40}\{|^[ \t]{0,40}server_name[ \t][^\n]{0,200};/m;

/** Enough to meet a statement behind any licence. */
const LINES_LOOKED_AT = 2_000;

/** Top-level keys of Traefik's static and dynamic files, as YAML and as TOML. */
const TRAEFIK_KEYS =
  /^(?:entryPoints|certificatesResolvers|serversTransport|providers|http|tcp|tls):\s*(?:#.*)?$|^\[(?:entryPoints|certificatesResolvers|providers|http\.(?:routers|services|middlewares))/m;

/** A site address, a snippet or the global options, with the brace that opens its block. */
const CADDY_OPEN = /^(?:[^\s;{}#]+(?:,?\s+[^\s;{}#]+)*\s+)?\{$/;

/** Caddy's native configuration: an object of `apps`, or a part of it. */
function isCaddyJson(text: string): boolean {
  return /"(?:apps|admin)"\s*:\s*\{/.test(text);
}
