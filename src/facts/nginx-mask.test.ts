import assert from "node:assert/strict";
import { test } from "node:test";

import { directiveText, parseNginx } from "../parsers/nginx/parse.ts";
import { MASK, maskNginx } from "./nginx-mask.ts";

const SECRET = "s3cr3tV4lueOf40Characters";

const masked: readonly [name: string, text: string][] = [
  ["a field that authenticates the proxy", `proxy_set_header Authorization "Basic ${SECRET}";`],
  ["a field named like a key", `proxy_set_header X-Api-Key ${SECRET};`],
  ["a variable named like a secret", `set $webhook_token ${SECRET};`],
  [
    "a comparison with what a client must know",
    `if ($http_x_api_key != "${SECRET}") { return 401; }`,
  ],
  ["a comparison of an argument", `if ($arg_token = ${SECRET}) { return 200; }`],
  [
    "the keys of a map of tokens",
    `map $http_authorization $ok { default 0; "Bearer ${SECRET}" 1; }`,
  ],
  ["userinfo", `proxy_pass http://user:${SECRET}@127.0.0.1:8000;`],
  ["a link secret", `secure_link_secret ${SECRET};`],
  ["Lua", `content_by_lua_block { local k = "${SECRET}" }`],
  ["a value behind a credential scheme anywhere", `return 302 "/x?Bearer ${SECRET}";`],
];

for (const [name, text] of masked) {
  test(`masked: ${name}`, () => {
    const tree = maskNginx(parseNginx(text, "n.conf"));
    const shown = JSON.stringify(tree);
    assert.ok(!shown.includes(SECRET), shown);
  });
}

const kept: readonly string[] = [
  "proxy_set_header Authorization $http_authorization;",
  'proxy_set_header Authorization "";',
  'add_header Set-Cookie "a=b" always;',
  "add_header Access-Control-Allow-Credentials true always;",
  "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
  "ssl_certificate_key /etc/ssl/private/key.pem;",
  "auth_basic_user_file /etc/nginx/htpasswd;",
  "limit_req_zone $http_x_api_key zone=perkey:10m rate=1r/s;",
];

for (const text of kept) {
  test(`kept as it is: ${text}`, () => {
    const [directive] = maskNginx(parseNginx(text, "n.conf")).directives;
    assert.ok(directive);
    assert.ok(!directiveText(directive).includes(MASK));
  });
}

test("positions, names and blocks stay", () => {
  const text = `map $http_authorization $ok {\n  default 0;\n  "Bearer ${SECRET}" 1;\n}\n`;
  const [map] = maskNginx(parseNginx(text, "n.conf")).directives;
  assert.deepEqual(
    map?.block?.map(({ name, line, column }) => [name, line, column]),
    [
      ["default", 2, 3],
      [MASK, 3, 3],
    ],
  );
});
