import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  headerContentType,
  proxyHeaderContentTypeProxy,
} from "./header-content-type-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["default_type", "server { location = /a { default_type text/plain; return 200 a; } }", []],
  [
    "add_header",
    "server { location = /a {\nadd_header Content-Type text/plain; return 200 a; } }",
    ["header-content-type:2 note"],
  ],
  [
    "in lower case, always",
    "server {\nadd_header content-type text/plain always; }",
    ["header-content-type:2 note"],
  ],
  [
    "for all servers",
    "http {\nadd_header Content-Type text/plain;\nserver { }\nserver { listen 81; }\n}",
    ["header-content-type:2 note"],
  ],
  ["X-Content-Type-Options", "server { add_header X-Content-Type-Options nosniff; }", []],
  ["more_set_headers replaces it", "server { more_set_headers 'Content-Type: text/plain'; }", []],
  [
    "of the request",
    "server { location / { proxy_set_header Content-Type a/b; proxy_pass http://127.0.0.1:1; } }",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`header-content-type: ${name}`, () =>
    assert.deepEqual(found([headerContentType], text), expected));
}

const outcomes: readonly [text: string, worst: "pass" | "note"][] = [
  ["server { default_type text/plain; }", "pass"],
  ["server { add_header Content-Type text/plain; }", "note"],
];

for (const [text, worst] of outcomes) {
  test(`proxy.header-content-type: a pass, at most with a note: ${worst}`, () => {
    const outcome = proxyHeaderContentTypeProxy.evaluate({}, nginxWanted(text));
    assert.ok(outcome.status === "pass");
    assert.equal(outcome.notes?.[0]?.status ?? "pass", worst);
  });
}
