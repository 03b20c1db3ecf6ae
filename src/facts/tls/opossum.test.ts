import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpMessage } from "../../core/host.ts";
import { HostError } from "../../core/reading.ts";
import { createMemoryHost } from "../../host/memory-host.ts";
import { opossumNote } from "./opossum.ts";

const { signal } = new AbortController();
const NOTE = "port 80 goes over to TLS inside HTTP (Opossum, CVE-2025-49812)";

const ROWS: readonly (readonly [string, Partial<HttpMessage> | HostError, string | undefined])[] = [
  ["switches", { status: 101 }, NOTE],
  ["offers", { status: 200, fields: [["Upgrade", "h2, TLS/1.0"]] }, NOTE],
  ["offers HTTP/2 alone", { status: 200, fields: [["Upgrade", "h2c"]] }, undefined],
  ["redirects", { status: 301 }, undefined],
  ["is closed", new HostError("unreachable", "refused", { reason: "ECONNREFUSED" }), undefined],
];

for (const [name, answer, note] of ROWS) {
  test(`looks for Opossum on a port that ${name}`, async () => {
    const seen: string[] = [];
    const host = createMemoryHost({
      request: ({ url, fields }) => {
        seen.push(`${url.href} ${fields?.["Upgrade"]}`);
        return answer;
      },
    });
    const target = { host: "a.test", port: 443, plainPort: 80 };
    assert.equal(await opossumNote(host, target, "192.0.2.1", { signal, nowMs: 0 }), note);
    assert.deepEqual(seen, ["http://a.test/ TLS/1.0"]);
  });
}

test("asks no plain port that was not named", async () => {
  const host = createMemoryHost();
  const target = { host: "a.test", port: 443 };
  assert.equal(await opossumNote(host, target, "192.0.2.1", { signal, nowMs: 0 }), undefined);
});
