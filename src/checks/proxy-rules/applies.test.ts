import assert from "node:assert/strict";
import { test } from "node:test";
import { caddyWanted } from "../proxy-sites/example-sites.ts";
import { ifReached, ifRouted } from "./applies.ts";
import { concernOf } from "./concern.ts";
import { nginxWanted } from "./example-wanted.ts";

const ALONE = "The proxy hands on what comes from its own machine alone";
const NOTHING = "The proxy hands nothing on to an application";
const PASS = "location / { proxy_pass http://127.0.0.1:8000; }";

const CADDY: readonly [name: string, text: string, expected: true | string][] = [
  ["a site of a name", "a.test {\n\treverse_proxy app:8000\n}\n", true],
  [
    "a site that only its own machine asks for",
    "http://localhost {\n\treverse_proxy app:8000\n}\n",
    ALONE,
  ],
  ["a site of files", "a.test {\n\tfile_server\n}\n", NOTHING],
];

for (const [name, text, expected] of CADDY)
  test(`whether a proxy hands on requests of others: ${name}`, async () => {
    assert.equal(ifReached(concernOf(await caddyWanted(text))), expected);
  });

test("nginx on loopback hands on, and nothing of others", () => {
  const concern = concernOf(nginxWanted(`http { server { listen 127.0.0.1:80; ${PASS} } }`));
  assert.equal(ifRouted(concern), true);
  assert.equal(ifReached(concern), ALONE);
  assert.equal(ifReached(concernOf(nginxWanted(`http { server { listen 80; ${PASS} } }`))), true);
});
