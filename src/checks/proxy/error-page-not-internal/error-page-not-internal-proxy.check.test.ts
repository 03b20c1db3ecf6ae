import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  errorPageNotInternal,
  proxyErrorPageNotInternalProxy,
} from "./error-page-not-internal-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "open",
    "server { error_page 500 502 /50x.html;\nlocation = /50x.html { root /srv; } }",
    ["error-page-not-internal:2 note"],
  ],
  [
    "internal",
    "server { error_page 500 /50x.html; location = /50x.html { internal; root /srv; } }",
    [],
  ],
  [
    "said further out",
    "http { error_page 500 /50x.html;\nserver {\nlocation = /50x.html { } } }",
    ["error-page-not-internal:3 note"],
  ],
  [
    "said in a location",
    "server { location / { error_page 404 /e.html; }\nlocation = /e.html { } }",
    ["error-page-not-internal:2 note"],
  ],
  ["no location of its own", "server { error_page 500 /50x.html; location / { root /srv; } }", []],
  [
    "by name",
    "server { error_page 404 @app; location @app { proxy_pass http://127.0.0.1:1; } }",
    [],
  ],
  ["at another host", "server { error_page 404 https://a.test/; }", []],
  [
    "a page of the application",
    "server { error_page 404 =200 /index.html; location = /index.html { } }",
    [],
  ],
  ["an index", "server { error_page 404 /index.html; location = /index.html { } }", []],
  [
    "with a query",
    "server { error_page 404 /e?c=404;\nlocation = /e { } }",
    ["error-page-not-internal:2 note"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`error-page-not-internal: ${name}`, () =>
    assert.deepEqual(found([errorPageNotInternal], text), expected));
}

const outcomes: readonly [text: string, worst: "pass" | "note"][] = [
  ["server { root /srv; }", "pass"],
  ["server { error_page 500 /e; location = /e { } }", "note"],
];

for (const [text, worst] of outcomes) {
  test(`proxy.error-page-not-internal: a pass, at most with a note: ${worst}`, () => {
    const outcome = proxyErrorPageNotInternalProxy.evaluate({}, nginxWanted(text));
    assert.ok(outcome.status === "pass");
    assert.equal(outcome.notes?.[0]?.status ?? "pass", worst);
  });
}
