import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  hstsIncludeSubdomainsProxy,
  hstsNoIncludesubdomains,
} from "./include-subdomains-proxy.check.ts";

function sts(value: string): string {
  return `server { listen 443 ssl; root /srv;\nadd_header Strict-Transport-Security ${value} always; }`;
}

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["set", sts('"max-age=31536000; includeSubDomains"'), []],
  ["in other letters", sts('"max-age=31536000; INCLUDESUBDOMAINS"'), []],
  ["not set", sts("max-age=31536000"), ["hsts-no-includesubdomains:2 fail"]],
  ["ignored altogether is for hsts.max-age", sts("x"), []],
  ["switched off is for hsts.max-age", sts("max-age=0"), []],
  ["not set at all", "server { listen 443 ssl; root /srv; }", []],
];

for (const [name, text, expected] of cases) {
  test(`hsts-no-includesubdomains: ${name}`, () => {
    assert.deepEqual(found([hstsNoIncludesubdomains], text), expected);
  });
}

const statuses: readonly [text: string, status: string][] = [
  [sts('"max-age=31536000; includeSubDomains"'), "pass"],
  [sts("max-age=31536000"), "fail"],
  ["server { listen 443 ssl; root /srv; }", "skip"],
];

for (const [text, status] of statuses) {
  test(`hsts.include-subdomains at the proxy is ${status}`, () => {
    assert.equal(hstsIncludeSubdomainsProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}

test("an unquoted value is quoted once it has a blank", () => {
  const outcome = hstsIncludeSubdomainsProxy.evaluate({}, nginxWanted(sts("max-age=31536000")));
  assert.ok(outcome.status === "fail");
  assert.equal(
    outcome.findings[0].edits?.[0].text,
    'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;',
  );
});
