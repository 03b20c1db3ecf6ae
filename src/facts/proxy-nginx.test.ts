import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNginx } from "../parsers/nginx/parse.ts";
import { nginxRoutes } from "./proxy-nginx.ts";
import type { ProxyRoute } from "./proxy-routes.fact.ts";

function shown({ names, listeners, upstreams, path }: ProxyRoute): string {
  const at = listeners.map(({ address, port, isTls }) => `${address}:${port}${isTls ? "+" : ""}`);
  const to = upstreams.map(
    ({ kind, host, port, isTls }) =>
      `${kind === "tcp" ? "" : `${kind}:`}${host}:${port}${isTls ? "+" : ""}`,
  );
  return `${names.join(",")} ${path} -> ${to.join(" ")} @ ${at.join(" ")}`;
}

const TLS =
  "listen 443 ssl; server_name a.test; ssl_certificate /c.pem; ssl_certificate_key /k.pem;";
const PASS = "location / { proxy_pass http://127.0.0.1:8000; }";

const NGINX: readonly (readonly [
  name: string,
  text: string,
  expected: readonly string[],
  because?: string,
])[] = [
  ["server at the top", `server { ${TLS} ${PASS} }`, ["a.test / -> 127.0.0.1:8000 @ *:443+"]],
  [
    "certificate inherited from http",
    `http { ssl_certificate c; ssl_certificate_key k; server { listen [::]:443 ssl; ${PASS} } }`,
    [" / -> 127.0.0.1:8000 @ :::443+"],
  ],
  [
    "listen 443 without ssl",
    `server { ${TLS.replace(" ssl;", ";")} ${PASS} }`,
    ["a.test / -> 127.0.0.1:8000 @ *:443"],
    "listen 443 without ssl",
  ],
  [
    "ssl of another server on the socket",
    `server { listen 443; ${PASS} }\nserver { ${TLS} }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "listen 443 without ssl; only another server block has it, at nginx.conf:2",
  ],
  [
    "ssl of another server on the socket, certificate of its own",
    `server { ${TLS.replace(" ssl;", ";")} ${PASS} }\nserver { listen 0.0.0.0:443 ssl; }`,
    ["a.test / -> 127.0.0.1:8000 @ *:443+"],
    "ssl of the socket comes from another server block, at nginx.conf:2; certificate and key are in force",
  ],
  [
    "ssl of another server on another socket",
    `server { ${TLS.replace("443 ssl;", "127.0.0.1:443;")} ${PASS} }\nserver { listen 443 ssl; }`,
    ["a.test / -> 127.0.0.1:8000 @ 127.0.0.1:443"],
    "listen 443 without ssl",
  ],
  [
    "ssl on the socket, certificate without its key",
    `server { listen 443; ssl_certificate c; ${PASS} }\nserver { ${TLS} }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "listen 443 without ssl; only another server block has it, at nginx.conf:2",
  ],
  [
    "ssl on the socket only where handshakes are rejected",
    `server { ${TLS.replace(" ssl;", ";")} ${PASS} }\nserver { listen 443 ssl default_server; ssl_reject_handshake on; }`,
    ["a.test / -> 127.0.0.1:8000 @ *:443"],
    "listen 443 without ssl",
  ],
  [
    "ssl on beside ssl of the socket",
    `server { ${TLS.replace(" ssl;", "; ssl on;")} ${PASS} }\nserver { listen 443 ssl; }`,
    ["a.test / -> 127.0.0.1:8000 @ *:443"],
    "ssl on was removed in nginx 1.25.1, listen 443 has no ssl",
  ],
  [
    "certificate only in a comment",
    `server { listen 443 ssl;\n# ssl_certificate /c; ssl_certificate_key /k;\n${PASS} }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "listen has ssl but no ssl_certificate is in force",
  ],
  [
    "certificate in another server",
    `server { listen 443 ssl; ${PASS} } server { ${TLS} return 444; }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "listen has ssl but no ssl_certificate is in force",
  ],
  [
    "key missing",
    `server { listen 443 ssl; ssl_certificate c; ${PASS} }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "listen has ssl but no ssl_certificate_key is in force",
  ],
  [
    "ssl on",
    `server { listen 443; ssl on; ssl_certificate c; ssl_certificate_key k; ${PASS} }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "ssl on was removed in nginx 1.25.1, listen 443 has no ssl",
  ],
  [
    "handshake rejected",
    `server { ${TLS} ssl_reject_handshake on; ${PASS} }`,
    ["a.test / -> 127.0.0.1:8000 @ *:443"],
    "ssl_reject_handshake on",
  ],
  [
    "port 80 only",
    `server { listen 80; ${PASS} }`,
    [" / -> 127.0.0.1:8000 @ *:80"],
    "listen 80 without ssl",
  ],
  ["no listen at all", `server { ${PASS} }`, [" / -> 127.0.0.1:8000 @ *:80"]],
  [
    "both ports in one server",
    `server { listen 80; ${TLS} ${PASS} }`,
    ["a.test / -> 127.0.0.1:8000 @ *:80 *:443+"],
  ],
  [
    "upstream block",
    `upstream app { server a:1; server b; server c:3 down; server unix:/run/a.sock; } server { listen 80; location / { proxy_pass http://app/x; } }`,
    [" / -> a:1 b:80 unix:/run/a.sock:0 @ *:80"],
  ],
  [
    "unix socket",
    "server { listen 80; location / { proxy_pass http://unix:/run/app.sock:/; } }",
    [" / -> unix:/run/app.sock:0 @ *:80"],
  ],
  [
    "other passes",
    "server { listen 80; location /u { uwsgi_pass unix:/u.sock; } location /g { grpc_pass grpcs://g:50051; } location ~ \\.php$ { fastcgi_pass php:9000; } }",
    [" /u -> unix:/u.sock:0 @ *:80", " /g -> g:50051+ @ *:80", " ~ \\.php$ -> php:9000 @ *:80"],
  ],
  [
    "set variable",
    "server { listen 80; set $up web; location / { set $url http://$up:8000; proxy_pass $url; } }",
    [" / -> web:8000 @ *:80"],
  ],
  [
    "map variable",
    "map $http_x $b { default http://a:1; ~y http://b:2; } server { listen 80; location / { proxy_pass $b; } }",
    [" / -> a:1 b:2 @ *:80"],
  ],
  [
    "request decides",
    "server { listen 80; location / { proxy_pass http://$host:80; } }",
    [" / -> unresolved:$host:80:0 @ *:80"],
  ],
  [
    "path with a variable",
    "server { listen 80; location / { proxy_pass https://web$request_uri; } }",
    [" / -> web:443+ @ *:80"],
  ],
  [
    "set host and a path with a variable",
    "server { listen 80; location / { set $app 127.0.0.1; proxy_pass http://$app:8000$uri$is_args$args; } }",
    [" / -> 127.0.0.1:8000 @ *:80"],
  ],
  [
    "upstream block before a path variable",
    "upstream app { server a:1; } server { listen 80; location / { proxy_pass http://app${request_uri}; } }",
    [" / -> a:1 @ *:80"],
  ],
  [
    "capture right after the host",
    "server { listen 80; location ~ ^/x(.*)$ { proxy_pass http://web$1; } }",
    [" ~ ^/x(.*)$ -> unresolved:web$1:0 @ *:80"],
  ],
  [
    "variable of another name",
    "server { listen 80; location / { proxy_pass http://web$uri_host; } }",
    [" / -> unresolved:web$uri_host:0 @ *:80"],
  ],
  [
    "nested and websocket locations",
    `server { ${TLS} location /a { location /a/b { proxy_pass http://b:1; } } location /ws { proxy_pass http://w:1; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; } }`,
    ["a.test /a/b -> b:1 @ *:443+", "a.test /ws -> w:1 @ *:443+"],
  ],
  ["behind a return", `server { listen 80; return 301 https://$host$request_uri; ${PASS} }`, []],
  ["location outside of a server", PASS, []],
  ["stream", "stream { server { listen 5000; proxy_pass db:5432; } }", [" / -> db:5432 @ *:5000"]],
  [
    "set that refers to itself",
    "server { listen 80; set $a $a$a; location / { proxy_pass http://$a; } }",
    [],
  ],
];

for (const [name, text, expected, because] of NGINX)
  test(`nginx: ${name}`, () => {
    const { routes } = nginxRoutes(parseNginx(text, "nginx.conf"), {
      configurationDirectory: "/etc/nginx",
      prefixDirectory: "/etc/nginx",
    });
    if (name === "set that refers to itself")
      assert.deepEqual(
        routes[0]?.upstreams.map(({ kind }) => kind),
        ["unresolved"],
      );
    else assert.deepEqual(routes.map(shown), expected);
    if (because !== undefined) assert.equal(routes[0]?.listeners[0]?.because, because);
  });
