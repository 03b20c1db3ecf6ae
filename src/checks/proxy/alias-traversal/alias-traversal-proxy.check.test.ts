import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { aliasTraversal, proxyAliasTraversalProxy } from "./alias-traversal-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a location without / and an alias with it",
    "server {\n location /static {\n  alias /srv/static/;\n }\n}",
    ["alias-traversal:3 fail"],
  ],
  ["both end in /", "server {\n location /static/ {\n  alias /srv/static/;\n }\n}", []],
  ["neither does", "server {\n location /static {\n  alias /srv/static;\n }\n}", []],
  ["an exact location", "server {\n location = /a {\n  alias /srv/a/;\n }\n}", []],
  ["a pattern", "server {\n location ~ ^/a(.*) {\n  alias /srv/a/;\n }\n}", []],
  [
    "^~ and nested",
    "server {\n location / {\n location ^~ /i {\n  alias /srv/i/;\n } } }",
    ["alias-traversal:4 fail"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`alias-traversal: ${name}`, () => assert.deepEqual(found([aliasTraversal], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["a safe alias", "server {\n location /s/ {\n  alias /srv/s/;\n }\n}", "pass"],
  ["an unsafe one", "server {\n location /s {\n  alias /srv/s/;\n }\n}", "fail"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.alias-traversal: ${name} is ${status}`, () => {
    assert.equal(proxyAliasTraversalProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
