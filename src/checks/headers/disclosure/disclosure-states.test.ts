import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleAnswer, exampleSide, exampleSite } from "../../../core/http-site-example.ts";
import { headerWanted } from "../../nginx/example-header-cases.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { liveStatements, proxyStatements } from "./disclosure-states.ts";

const PASS = "proxy_pass http://127.0.0.1:8000;";
const PROXY: readonly [name: string, lines: string, told: readonly string[]][] = [
  ["off", `server_tokens off; location / { ${PASS} }`, ["sets Server without a version"]],
  ["on", `server_tokens on; location / { ${PASS} }`, ["sets Server with a version"]],
  ["by default", `location / { ${PASS} }`, ["sets Server with a version"]],
  ["the application's", `location / { ${PASS} proxy_pass_header Server; }`, ["passes-on"]],
];

for (const [name, lines, told] of PROXY) {
  test(`Server at the proxy: ${name}`, () => {
    assert.deepEqual(
      proxyStatements(concernOf(headerWanted(lines))).map(({ says, value = "" }) =>
        `${says} ${value}`.trim(),
      ),
      told,
    );
  });
}

const HTTPS = "https://www.example.com/";
for (const [server, told] of [
  ["nginx/1.22.1", ["Server with a version"]],
  ["nginx", ["Server without a version"]],
  [undefined, []],
] as const) {
  test(`Server live: ${server}`, () => {
    const fields = server === undefined ? [] : [["Server", server] as const];
    assert.deepEqual(
      liveStatements([
        { ...exampleSite([]), https: exampleSide(exampleAnswer(HTTPS, fields)) },
      ]).map(({ value }) => value),
      told,
    );
  });
}
