import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exampleModel } from "../../src/checks/nginx/example-model.ts";
import type { NginxRule } from "../../src/checks/nginx/rule.ts";
import { aclBypassByRegexLocation } from "../../src/checks/proxy/acl-bypass-by-regex-location/acl-bypass-by-regex-location-proxy.check.ts";
import { allowWithoutDeny } from "../../src/checks/proxy/allow-without-deny/allow-without-deny-proxy.check.ts";
import { autoindex } from "../../src/checks/proxy/autoindex/autoindex-proxy.check.ts";
import { davWriteOpen } from "../../src/checks/proxy/dav-write-open/dav-write-open-proxy.check.ts";
import { dotfilesNotDenied } from "../../src/checks/proxy/dotfiles-not-denied/dotfiles-not-denied-proxy.check.ts";
import { httpSplitting } from "../../src/checks/proxy/http-splitting/http-splitting-proxy.check.ts";
import { metricsExposed } from "../../src/checks/proxy/metrics-exposed/metrics-exposed-proxy.check.ts";
import { returnBypassesAcl } from "../../src/checks/proxy/return-bypasses-acl/return-bypasses-acl-proxy.check.ts";
import { sensitivePathExposed } from "../../src/checks/proxy/sensitive-path-exposed/sensitive-path-exposed-proxy.check.ts";
import { ssrfProxyPass } from "../../src/checks/proxy/ssrf-proxy-pass/ssrf-proxy-pass-proxy.check.ts";
import { statusPageExposed } from "../../src/checks/proxy/status-page-exposed/status-page-exposed-proxy.check.ts";
import {
  type Answer,
  ask,
  freePorts,
  makePrefix,
  nginxMissing,
  removePrefix,
  startNginx,
  stopNginx,
  wrapHttp,
  writeFiles,
} from "./nginx-process.ts";

/* A rule fires exactly where a real nginx gives the thing away to a client that is nobody. */

const skip = nginxMissing() ?? false;

interface Row {
  readonly name: string;
  readonly rule: NginxRule;
  /** Of the server; `@ROOT@` is a directory of files, `@B@` the port of a server that holds a secret. */
  readonly body: string;
  readonly target: string;
  readonly leaks: boolean;
  readonly method?: string;
  /** Beside the server. */
  readonly outside?: string;
}

const FILES = {
  "root/.git/config": "SECRET",
  "root/.env": "SECRET",
  "root/admin/a.txt": "SECRET",
  "root/files/SECRET.bin": "x",
  "root/backups/db.txt": "SECRET",
  "root/media/.env": "SECRET",
  "root/up/x": "",
};
const ROOT = "root @ROOT@;";
const EVIL = "%0d%0aEvil:%20SECRET";

function rows(
  rule: NginxRule,
  target: string,
  list: readonly (readonly [name: string, leaks: boolean, body: string, outside?: string])[],
  method = "GET",
): readonly Row[] {
  return list.map(([name, leaks, body, outside = ""]) => ({
    name,
    rule,
    body,
    target,
    leaks,
    method,
    outside,
  }));
}

const ROWS: readonly Row[] = [
  ...rows(allowWithoutDeny, "/admin/a.txt", [
    ["an allow alone", true, `${ROOT} location /admin/ { allow 10.0.0.0/8; }`],
    ["with deny all", false, `${ROOT} location /admin/ { allow 10.0.0.0/8; deny all; }`],
    ["deny all is replaced", true, `${ROOT} deny all; location / { allow 10.0.0.0/8; }`],
    ["deny all comes first", false, `${ROOT} deny all; allow 10.0.0.0/8;`],
  ]),
  ...rows(returnBypassesAcl, "/admin/x", [
    ["a return beside deny all", true, 'location /admin/ { deny all; return 200 "SECRET x"; }'],
    ["an error", false, "location /admin/ { deny all; return 404; }"],
    [
      "through try_files",
      false,
      'location /admin/ { deny all; try_files /.none @a; } location @a { return 200 "SECRET x"; }',
    ],
  ]),
  ...rows(aclBypassByRegexLocation, "/admin/a.txt", [
    ["a pattern", true, `${ROOT} location /admin/ { deny all; } location ~ \\.txt$ { }`],
    ["^~", false, `${ROOT} location ^~ /admin/ { deny all; } location ~ \\.txt$ { }`],
    [
      "an earlier pattern",
      false,
      `${ROOT} location /admin/ { deny all; } location ~ ^/admin/ { deny all; } location ~ \\.txt$ { }`,
    ],
    ["nested", false, `${ROOT} location /admin/ { deny all; location ~ \\.txt$ { } }`],
    [
      "another directory",
      false,
      `${ROOT} location /admin/ { deny all; } location ~ \\.txt$ { root /none; }`,
    ],
  ]),
  ...rows(dotfilesNotDenied, "/.git/config", [
    ["no rule", true, `${ROOT} location / { try_files $uri $uri/ =404; }`],
    ["denied", false, `${ROOT} location ~ /\\. { deny all; }`],
    ["denied but for well-known", false, `${ROOT} location ~ /\\.(?!well-known/) { return 404; }`],
    ["other names denied", true, `${ROOT} location ~ /\\.ht { deny all; }`],
    [
      "files before the application",
      true,
      `${ROOT} location / { try_files $uri @a; } location @a { return 404; }`,
    ],
    [
      "never the file",
      false,
      `${ROOT} location / { try_files /none @a; } location @a { return 404; }`,
    ],
    ["an if", false, `${ROOT} if ($request_uri ~ "/\\.") { return 404; }`],
    ["a rewrite", false, `${ROOT} rewrite /\\. /none last;`],
    ["internal", false, `location / { internal; ${ROOT} }`],
  ]),
  ...rows(dotfilesNotDenied, "/media/.env", [
    [
      "^~ keeps patterns out",
      true,
      "location ^~ /media/ { alias @ROOT@/media/; } location ~ /\\. { deny all; }",
    ],
    [
      "a prefix alone does not",
      false,
      "location /media/ { alias @ROOT@/media/; } location ~ /\\. { deny all; }",
    ],
  ]),
  ...rows(autoindex, "/files/", [
    ["on", true, `${ROOT} autoindex on;`],
    ["off", false, ROOT],
    [
      "try_files without directories",
      false,
      `${ROOT} autoindex on; location / { try_files $uri =404; }`,
    ],
    [
      "try_files with them",
      true,
      `${ROOT} autoindex on; location / { try_files $uri $uri/ =404; }`,
    ],
    ["addresses", false, `${ROOT} location / { autoindex on; allow 10.0.0.0/8; deny all; }`],
  ]),
  ...rows(sensitivePathExposed, "/backups/db.txt", [
    ["open", true, "location /backups/ { alias @ROOT@/backups/; }"],
    ["denied", false, "location /backups/ { alias @ROOT@/backups/; deny all; }"],
  ]),
  ...rows(statusPageExposed, "/s", [
    ["open", true, "location = /s { stub_status; }"],
    ["allow alone", true, "location = /s { stub_status; allow 10.0.0.1; }"],
    ["one address denied", true, "location = /s { stub_status; deny 10.0.0.1; allow all; }"],
    ["denied", false, "location = /s { stub_status; allow 10.0.0.1; deny all; }"],
    [
      "an if on the address",
      false,
      "location = /s { stub_status; if ($remote_addr != 10.0.0.1) { return 403; } }",
    ],
    ["behind a return", false, "location = /s { stub_status; } return 404;"],
  ]),
  ...rows(metricsExposed, "/metrics", [
    ["open", true, "location /metrics { proxy_pass http://127.0.0.1:@B@; }"],
    [
      "denied",
      false,
      "location /metrics { proxy_pass http://127.0.0.1:@B@; allow 10.0.0.1; deny all; }",
    ],
  ]),
  ...rows(
    davWriteOpen,
    "/up/new",
    [
      ["open", true, `${ROOT} dav_methods PUT;`],
      [
        "limit_except",
        false,
        `location /up/ { ${ROOT} dav_methods PUT; limit_except GET { deny all; } }`,
      ],
      [
        "limit_except that names it",
        true,
        `location /up/ { ${ROOT} dav_methods PUT; limit_except PUT { deny all; } }`,
      ],
      [
        "an if on the method",
        false,
        `location /up/ { ${ROOT} dav_methods PUT; if ($request_method != GET) { return 405; } }`,
      ],
    ],
    "PUT",
  ),
  ...rows(httpSplitting, `/old/a${EVIL}`, [
    ["$uri", true, "return 301 https://a$uri;"],
    ["$request_uri", false, "return 301 https://a$request_uri;"],
    [
      "a capture that takes newlines",
      true,
      "location ~ ^/old/([^/]*)$ { return 301 https://a/$1; }",
    ],
    ["a capture that takes none", false, "location ~ ^/old/(.*)$ { return 301 https://a/$1; }"],
    ["a rewrite with a number", false, "rewrite ^/old/([^/]*)$ https://a/$1 permanent;"],
    ["a rewrite with a name", true, "rewrite ^/old/(?<p>[^/]*)$ https://a/$p permanent;"],
    ["a rewrite with $uri", true, "rewrite ^ https://a$uri permanent;"],
    ["a header", true, "location / { add_header X-P $uri always; return 404; }"],
    ["a body", false, 'location / { return 200 "body"; }'],
    ["a set", true, "set $to $uri; return 301 https://a$to;"],
    [
      "a map of the path",
      true,
      "return 301 $new;",
      "map $uri $new { default /; ~^/old/(?<s>[^/]+)$ /p/$s; }",
    ],
    [
      "a map of what was sent",
      false,
      "return 301 $new;",
      "map $request_uri $new { default /; ~^/old/(?<s>[^/]+)$ /p/$s; }",
    ],
    ["a capture of what was sent", false, "if ($request_uri ~ ^/old/(.*)$) { return 301 /n/$1; }"],
    ["a capture of the path", true, "if ($uri ~ ^/old/([^/]*)$) { return 301 /n/$1; }"],
    [
      "towards the application",
      true,
      "location / { proxy_set_header X-P $uri; proxy_pass http://127.0.0.1:@B@/echo; }",
    ],
  ]),
  ...rows(ssrfProxyPass, "/go/@B@/?u=127.0.0.1:@B@", [
    ["an argument", true, "location / { proxy_pass http://$arg_u/; }"],
    [
      "a fixed host",
      false,
      "location / { proxy_pass http://127.0.0.1:@A@/none?u=$arg_u; } location = /none { return 404; }",
    ],
    ["a port of the path", true, "location ~ ^/go/([0-9]+)/ { proxy_pass http://127.0.0.1:$1/; }"],
    ["internal", false, "location / { internal; proxy_pass http://$arg_u/; }"],
    ["two sets", true, "set $a $arg_u; location / { set $b $a; proxy_pass http://$b/; }"],
    [
      "a map that lists",
      false,
      "location / { if ($to = none) { return 404; } proxy_pass http://$to; }",
      "map $arg_u $to { default none; other 127.0.0.1:@B@; }",
    ],
  ]),
];

const SECRET_SERVER =
  'location / { return 200 "SECRET"; } location = /echo { return 200 "$http_evil"; }';

function isLeak({ status, fields, body }: Answer): boolean {
  const isListed = body.includes("SECRET") || body.includes("Active connections");
  return isListed || status === 201 || fields.some(([name]) => name === "evil");
}

describe("rules fire where nginx gives something away, and nowhere else", { skip }, () => {
  for (const row of ROWS) {
    test(`${row.rule.slug}: ${row.name} ${row.leaks ? "leaks" : "is safe"}`, async () => {
      const [a = 0, b = 0] = await freePorts(2);
      const prefix = makePrefix(FILES);
      const fill = (text: string) =>
        text
          .replaceAll("@ROOT@", `${prefix}/root`)
          .replaceAll("@A@", String(a))
          .replaceAll("@B@", String(b));
      const text = (listen: string) =>
        `${fill(row.outside ?? "")} server { listen ${listen}; ${fill(row.body)} }`;
      const secret = `server { listen 127.0.0.1:${b}; ${SECRET_SERVER} }`;
      writeFiles(prefix, { "nginx.conf": wrapHttp(prefix, `${text(`127.0.0.1:${a}`)} ${secret}`) });
      const child = await startNginx(prefix, a);
      try {
        const fields = ["Host: a", ...(row.method === "PUT" ? ["Content-Length: 0"] : [])];
        const answer = await ask(a, fill(row.target), fields, { method: row.method ?? "GET" });
        assert.equal(isLeak(answer), row.leaks, `nginx answers ${answer.status}`);
        // Judged as if it were open to other machines.
        const isFound = row.rule.find(exampleModel(text(String(a)))).length > 0;
        assert.equal(isFound, row.leaks, "the rule");
      } finally {
        await stopNginx(child);
        removePrefix(prefix);
      }
    });
  }
});
