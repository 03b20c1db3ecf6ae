import assert from "node:assert/strict";
import { test } from "node:test";
import { crossOrigins } from "./cross-origins.ts";

const CASES: readonly [url: string, origins: readonly string[]][] = [
  [
    "https://www.example.com/a?b",
    [
      "null",
      "https://www.example.com.plimsoll-foreign.invalid",
      "https://plimsoll-foreignwww.example.com",
      "http://www.example.com",
    ],
  ],
  [
    "http://app.example.com:8080/",
    [
      "null",
      "https://app.example.com.plimsoll-foreign.invalid",
      "https://plimsoll-foreignapp.example.com",
    ],
  ],
  ["https://127.0.0.1:8443/", ["null", "http://127.0.0.1:8443"]],
  ["https://[::1]/", ["null", "http://[::1]"]],
];

for (const [url, origins] of CASES) {
  test(`origins for ${url}`, () => {
    assert.deepEqual(
      crossOrigins(new URL(url)).map(({ origin }) => origin),
      origins,
    );
  });
}
