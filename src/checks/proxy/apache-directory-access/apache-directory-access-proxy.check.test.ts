import assert from "node:assert/strict";
import { test } from "node:test";

import { apacheWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyApacheDirectoryAccessProxy } from "./apache-directory-access-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["denied", "Listen 80\n<Directory />\nRequire all denied\n</Directory>", "pass"],
  ["granted", "Listen 80\n<Directory />\nRequire all granted\n</Directory>", "fail"],
  ["files that change it", "Listen 80\n<Directory />\nAllowOverride All\n</Directory>", "warn"],
];

for (const [name, text, status] of cases) {
  test(`proxy.apache-directory-access: ${name} is ${status}`, async () => {
    assert.equal(
      proxyApacheDirectoryAccessProxy.evaluate({}, await apacheWanted(text)).status,
      status,
    );
  });
}

test("proxy.apache-directory-access: another proxy is not its subject", async () => {
  assert.equal(
    proxyApacheDirectoryAccessProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
