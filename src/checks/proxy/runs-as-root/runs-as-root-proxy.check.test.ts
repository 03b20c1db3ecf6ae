import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyRunsAsRootProxy, runsAsRoot } from "./runs-as-root-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["root", "user root;\nhttp {\n server { listen 80; }\n}", ["runs-as-root:1 fail"]],
  ["root with a group", "user root www-data;\nhttp { }", ["runs-as-root:1 fail"]],
  ["another", "user www-data;\nhttp { }", []],
  ["another with the group root", "user www-data root;\nhttp { }", []],
  ["none", "http { }", []],
  ["a comment", "# user root;\nhttp { }", []],
];

for (const [name, text, expected] of cases) {
  test(`runs-as-root: ${name}`, () => assert.deepEqual(found([runsAsRoot], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["another", "user nginx;\nhttp { server { listen 80; } }", "pass"],
  ["root", "user root;\nhttp { server { listen 80; } }", "fail"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.runs-as-root: ${name} is ${status}`, () => {
    assert.equal(proxyRunsAsRootProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
