import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { headersConsistencySource } from "./consistency-source.check.ts";

const frames = (value: string | null) => sourceRow("header.x-frame-options", value);
const nginx = (directives = "") =>
  `http { server { listen 80; ${directives} location / { proxy_pass http://127.0.0.1:8000; } } }`;

type Case = readonly [
  name: string,
  rows: readonly SourceSetting[],
  proxy: string | undefined,
  expected: string,
];
const cases: readonly Case[] = [
  ["no proxy", [frames("DENY")], undefined, "skip"],
  ["a proxy that sets nothing", [frames("DENY")], nginx(), "skip"],
  ["the same value", [frames("DENY")], nginx("add_header X-Frame-Options deny always;"), "pass"],
  [
    "different values",
    [frames("DENY")],
    nginx("add_header X-Frame-Options SAMEORIGIN always;"),
    "warn different-values",
  ],
  [
    "another value in place of the application's",
    [frames("DENY")],
    nginx("proxy_hide_header X-Frame-Options; add_header X-Frame-Options SAMEORIGIN always;"),
    "pass",
  ],
  [
    "hidden, nothing in its place",
    [frames("DENY")],
    nginx("proxy_hide_header X-Frame-Options;"),
    "warn hidden-and-unset",
  ],
  [
    "set by the proxy alone",
    [frames(null)],
    nginx("add_header X-Frame-Options DENY always;"),
    "skip",
  ],
];
for (const [name, rows, proxy, expected] of cases) {
  test(`headers.consistency/source: ${name} is ${expected}`, () => {
    const outcome = headersConsistencySource.evaluate({}, sourceWanted(rows, proxy));
    const rule = "findings" in outcome ? ` ${outcome.findings[0].rule}` : "";
    assert.equal(`${outcome.status}${rule}`, expected, JSON.stringify(outcome));
  });
}

test("headers.consistency/source: both places are told, and the trace begins in source", () => {
  const wanted = sourceWanted([frames("DENY")], nginx("add_header X-Frame-Options SAMEORIGIN;"));
  const outcome = headersConsistencySource.evaluate({}, wanted);
  assert.ok("findings" in outcome);
  assert.deepEqual(
    outcome.findings[0].evidence.map(({ file, line }) => `${file}:${line}`),
    ["web/security.py:5", "nginx.conf:1"],
  );
  assert.deepEqual(headersConsistencySource.states?.({}, wanted), []);
  const alone = sourceWanted([frames("DENY")], nginx());
  assert.deepEqual(headersConsistencySource.states?.({}, alone), [
    { layer: "source", says: "sets", value: "X-Frame-Options", where: "web/security.py:5" },
  ]);
});
