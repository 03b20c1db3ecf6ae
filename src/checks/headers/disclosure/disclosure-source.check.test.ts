import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { headersDisclosureSource } from "./disclosure-source.check.ts";

const server = (value: string | null, more: Partial<SourceSetting> = {}) =>
  sourceRow("header.server", value, more);
const powered = (value: string | null) => sourceRow("header.x-powered-by", value);
const nginx = (directives = "") =>
  `http { server { listen 80; ${directives} location / { proxy_pass http://127.0.0.1:8000; } } }`;

type Case = readonly [
  name: string,
  rows: readonly SourceSetting[],
  proxy: string | undefined,
  status: string,
];
const cases: readonly Case[] = [
  ["nothing said", [], undefined, "skip"],
  ["Express, no version", [powered("Express")], undefined, "pass"],
  ["taken away", [powered(null)], undefined, "pass"],
  ["a version", [powered("PHP/8.1.2")], undefined, "warn"],
  ["a version in Server", [server("shop/1.4.2")], undefined, "warn"],
  ["Server that nginx replaces", [server("shop/1.4.2")], nginx(), "pass"],
  [
    "a version that nginx hides",
    [powered("PHP/8.1.2")],
    nginx("proxy_hide_header X-Powered-By;"),
    "pass",
  ],
  ["a version that nginx passes on", [powered("PHP/8.1.2")], nginx(), "warn"],
  [
    "not known",
    [server("x", { resolved: { state: "unknown", reason: "computed" } })],
    undefined,
    "unknown",
  ],
];
for (const [name, rows, proxy, status] of cases) {
  test(`headers.disclosure/source: ${name} is ${status}`, () => {
    const outcome = headersDisclosureSource.evaluate({}, sourceWanted(rows, proxy));
    assert.equal(outcome.status, status, JSON.stringify(outcome));
  });
}

test("headers.disclosure/source: what source sets is stated for the trace, at its place", () => {
  const statements = headersDisclosureSource.states?.({}, sourceWanted([server("shop/1.4.2")]));
  assert.deepEqual(statements, [
    { layer: "source", says: "sets", value: "Server with a version", where: "web/security.py:5" },
  ]);
});
