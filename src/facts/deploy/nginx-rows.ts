import { hideSecrets } from "../secret-text.ts";
import type { DeployRow } from "./deploy-row.ts";

/** Directives that decide what the application is told and what its answers carry, by what follows their name. */
const DIRECTIVES: readonly (readonly [pattern: RegExp, slug: string])[] = [
  [
    /^(?:proxy_set_header|uwsgi_param|fastcgi_param)\s+["']?(?:HTTP_)?X[-_](?:Forwarded[-_])?(?:Proto|Protocol|Scheme|Ssl)\b/i,
    "nginx.proxy_ssl_header",
  ],
  [/^proxy_set_header\s+["']?X-Forwarded-Host\b/i, "nginx.forwarded_host"],
  [/^proxy_set_header\s+["']?(?:X-Forwarded-For|X-Real-IP)\b/i, "nginx.forwarded_for"],
  [/^add_header\s+["']?Strict-Transport-Security\b/i, "nginx.hsts"],
  [/^add_header\s+["']?Content-Security-Policy\b/i, "nginx.csp"],
  [/^add_header\s+["']?X-Frame-Options\b/i, "nginx.frame_options"],
  [/^add_header\s+["']?X-Content-Type-Options\b/i, "nginx.nosniff"],
  [/^add_header\s+["']?Referrer-Policy\b/i, "nginx.referrer_policy"],
  [/^add_header\s+["']?Access-Control-Allow-Origin\b/i, "cors.allow_origins"],
  [/^limit_req(?:_zone)?\s/i, "ratelimit.proxy"],
  [/^server_tokens\s/i, "nginx.server_tokens"],
  [/^(?:return\s+30[1278]|rewrite\s.*\s)\s*https:\/\//i, "tls.redirect"],
];

/** Path and query of an address: whatever stands there, it is not what the row tells. */
const BEHIND_HOST = /(https?:\/\/[^\s/?#"']*)[/?#][^\s"']*/g;

/** `listen` of a web server's configuration, those in comments told as such, and what it tells application and client. */
export function nginxRows(file: string, text: string): readonly DeployRow[] {
  if (!/\b(?:listen|proxy_pass|add_header|location)\b/.test(text)) return [];
  return text
    .split(/\r?\n/)
    .flatMap((written, index) => [
      ...listenRows(file, written, index + 1),
      ...directiveRows(file, written, index + 1),
    ]);
}

function listenRows(file: string, written: string, line: number): readonly DeployRow[] {
  const [, comment, value] = /^\s*(#[#\s]*)?listen\s+([^;#]+);/.exec(written) ?? [];
  if (value === undefined) return [];
  const isTls = /\bssl\b/.test(value);
  if (comment !== undefined && !isTls) return [];
  const shown =
    comment !== undefined ? "commented" : isTls ? `TLS on ${value}` : `HTTP only on ${value}`;
  return [{ slug: "nginx.tls", file, line, kind: "literal", value: shown }];
}

function directiveRows(file: string, written: string, line: number): readonly DeployRow[] {
  const text = written.trim();
  if (text.startsWith("#") || !text.includes(";")) return [];
  const slug = DIRECTIVES.find(([pattern]) => pattern.test(text))?.[1];
  if (slug === undefined) return [];
  const value = text.replace(/;.*$/, "").replace(BEHIND_HOST, "$1");
  return [{ slug, file, line, kind: "literal", value: hideSecrets(value) }];
}

/** Listeners of NGINX Unit's configuration (unit.nginx.org, "Listeners"): the keys of `listeners`. */
export function nginxUnitRows(file: string, text: string): readonly DeployRow[] {
  const rows: DeployRow[] = [];
  let isWithin = false;
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    if (/^\s*"listeners"\s*:/.test(written)) isWithin = true;
    else if (/^\s*"(?:routes|applications|upstreams|settings)"\s*:/.test(written)) isWithin = false;
    const address = /^\s*(?:"listeners"\s*:\s*\{\s*)?"([\w.*[\]:]{1,60}:\d{1,5})"\s*:/.exec(
      written,
    );
    if (!isWithin || address?.[1] === undefined) continue;
    rows.push({ slug: "bind.address", file, line: index + 1, kind: "literal", value: address[1] });
  }
  return rows;
}
