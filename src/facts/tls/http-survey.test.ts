import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpMessage } from "../../core/host.ts";
import { HostError } from "../../core/reading.ts";
import type { TlsVerdict } from "../../core/tls-scan.ts";
import { createMemoryHost } from "../../host/memory-host.ts";
import type { Dialer } from "./dialer.ts";
import { surveyHttp } from "./http-survey.ts";

const { signal } = new AbortController();

type Fields = HttpMessage["fields"];
const ROWS: readonly (readonly [string, Fields | HostError, TlsVerdict])[] = [
  ["gzip", [["Content-Encoding", "gzip"]], "vulnerable"],
  ["br in odd letters", [["content-encoding", " BR "]], "vulnerable"],
  ["two codings", [["Content-Encoding", "identity, zstd"]], "vulnerable"],
  ["none", [["Content-Type", "text/html"]], "not-vulnerable"],
  ["identity", [["Content-Encoding", "identity"]], "not-vulnerable"],
  ["a coding nobody knows", [["Content-Encoding", "aes128gcm"]], "not-vulnerable"],
  [
    "JSON by gzip",
    [
      ["Content-Encoding", "gzip"],
      ["Content-Type", "application/json"],
    ],
    "vulnerable",
  ],
  [
    "SVG by gzip",
    [
      ["Content-Encoding", "gzip"],
      ["Content-Type", "image/svg+xml"],
    ],
    "vulnerable",
  ],
  [
    "an image alone by gzip",
    [
      ["Content-Encoding", "gzip"],
      ["Content-Type", "image/png"],
    ],
    "unknown",
  ],
  ["no HTTP", new HostError("malformed", "no HTTP"), "unknown"],
  ["a head without end", new HostError("too-large", "HPE_HEADER_OVERFLOW"), "unknown"],
];

for (const [name, answer, breach] of ROWS) {
  test(`BREACH of a page that comes with ${name}: ${breach}`, async () => {
    const asked: string[] = [];
    const host = createMemoryHost({
      request: ({ fields }) => {
        asked.push(fields?.["Accept-Encoding"] ?? "");
        return answer instanceof HostError ? answer : { status: 200, fields: answer };
      },
    });
    const target = { host: "a.test", port: 443 };
    const place = { host, target, address: "192.0.2.1", serverName: "a.test" };
    // Of the dialer only what a request takes.
    const dialer = { answerMs: 1000, lend: (work: () => unknown) => work() } as unknown as Dialer;
    assert.equal((await surveyHttp(place, dialer, signal)).breach, breach);
    assert.deepEqual(asked, ["gzip, deflate, br, zstd"]);
  });
}
