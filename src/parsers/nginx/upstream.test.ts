import assert from "node:assert/strict";
import { test } from "node:test";
import { findDirectives } from "./inherit.ts";
import { parseNginx } from "./parse.ts";
import { httpPaths } from "./server.ts";
import {
  PASS_DIRECTIVES,
  type PassTarget,
  passTargets,
  TARGETS_MAX,
  upstreamsIn,
} from "./upstream.ts";

function targets(http: string): readonly PassTarget[] {
  const tree = parseNginx(`http { ${http} }`, "f");
  assert.deepEqual(tree.problems, []);
  const [path = []] = httpPaths(tree);
  const passes = findDirectives(path, ...PASS_DIRECTIVES);
  assert.ok(passes[0]);
  return passTargets(passes[0]);
}

const texts = (http: string): readonly string[] =>
  targets(http).map(
    ({ kind, host, port, isTls }) => `${kind} ${host} ${port}${isTls ? " tls" : ""}`,
  );

const at = (directive: string, before = ""): string =>
  `${before} server { location / { ${directive} } }`;

const TARGETS: readonly (readonly [http: string, expected: readonly string[]])[] = [
  [at("proxy_pass http://127.0.0.1:8000;"), ["tcp 127.0.0.1 8000"]],
  [at("proxy_pass http://127.0.0.1;"), ["tcp 127.0.0.1 80"]],
  [at("proxy_pass HTTPS://App.internal/path?x;"), ["tcp app.internal 443 tls"]],
  [at("proxy_pass http://[::1]:8000/;"), ["tcp ::1 8000"]],
  [at("proxy_pass http://unix:/run/app.sock;"), ["unix /run/app.sock 0"]],
  [at("proxy_pass http://unix:/run/app.sock:/uri;"), ["unix /run/app.sock 0"]],
  [at("fastcgi_pass unix:/run/php.sock;"), ["unix /run/php.sock 0"]],
  [at("uwsgi_pass suwsgi://app:3031;"), ["tcp app 3031 tls"]],
  [at("grpc_pass grpcs://app:50051;"), ["tcp app 50051 tls"]],
  [
    at(
      "proxy_pass http://app;",
      "upstream app { server 10.0.0.1:81 weight=3; server unix:/s backup; server [::1] down; server h; }",
    ),
    ["tcp 10.0.0.1 81", "unix /s 0", "tcp h 80"],
  ],
  [
    at("proxy_pass https://APP/x;", "upstream app { server 10.0.0.1:81; }"),
    ["tcp 10.0.0.1 81 tls"],
  ],
  [at("proxy_pass http://app:90;", "upstream app { server 10.0.0.1:81; }"), ["tcp app 90"]],
  [at("set $b 127.0.0.1:8000; proxy_pass http://$b;"), ["tcp 127.0.0.1 8000"]],
  [
    at(
      "proxy_pass http://$b;",
      "map $uri $b { default one; /x two; } upstream two { server t:1; }",
    ),
    ["tcp one 80", "tcp t 1"],
  ],
  [at("proxy_pass http://$b;", "map $uri $b { /x one:1; }"), ["tcp one 1"]],
  [at("proxy_pass http://$host:8000;"), ["unresolved $host:8000 0"]],
  [at("proxy_pass $scheme://app;"), ["unresolved app 0"]],
  [at("proxy_pass https://$http_x;"), ["unresolved $http_x 0 tls"]],
  [at("proxy_pass http://;"), ["unresolved  0"]],
  [at("proxy_pass http://app;", "upstream app { }"), ["unresolved app 0"]],
];
for (const [http, expected] of TARGETS) {
  test(`targets: ${http.trim()}`, () => assert.deepEqual(texts(http), expected));
}

test("an upstream's servers with their parameters and places", () => {
  const tree = parseNginx(
    "upstream app {\n  server a:1 weight=5;\n  server b backup;\n keepalive 3;\n}",
    "f",
  );
  const [path = []] = httpPaths(tree);
  assert.deepEqual(
    upstreamsIn(path).map(({ name, servers }) => [
      name,
      servers.map(({ host, port, weight, isBackup, line }) => [host, port, weight, isBackup, line]),
    ]),
    [
      [
        "app",
        [
          ["a", 1, 5, false, 2],
          ["b", 80, 1, true, 3],
        ],
      ],
    ],
  );
});

test("limits: targets of one directive", () => {
  const many = (count: number): string =>
    at("proxy_pass http://app;", `upstream app { ${"server a;".repeat(count)} }`);
  assert.equal(targets(many(TARGETS_MAX)).length, TARGETS_MAX);
  assert.equal(targets(many(TARGETS_MAX + 1)).length, TARGETS_MAX);
});
