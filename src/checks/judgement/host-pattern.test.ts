import assert from "node:assert/strict";
import { test } from "node:test";
import { type HostDialect, isPublicName, judgeHost } from "./host-pattern.ts";

const cases: readonly [entry: string, dialect: HostDialect, expected: string][] = [
  ["monitor.example.test", "django", "good"],
  ["localhost", "django", "good"],
  ["127.0.0.1", "django", "good"],
  ["[::1]", "django", "good"],
  ["web_1", "django", "good"],
  ["bücher.example", "django", "good"],
  ["example.test.", "django", "good"],
  [".example.test", "django", "good"],
  [".test", "django", "whole-suffix"],
  [".co.uk", "django", "whole-suffix"],
  [".example.co.uk", "django", "good"],
  [".", "django", "not-a-host-name"],
  ["*", "django", "wildcard"],
  ["*", "starlette", "wildcard"],
  ["*.example.test", "django", "embedded-wildcard"],
  ["*.example.test", "starlette", "good"],
  ["*.test", "starlette", "whole-suffix"],
  [".example.test", "starlette", "not-a-host-name"],
  ["mon*tor.example.test", "starlette", "embedded-wildcard"],
  ["https://monitor.example.test", "django", "scheme"],
  ["monitor.example.test/path", "django", "path"],
  ["monitor.example.test:8000", "django", "port"],
  ["monitor.example.test:8000", "werkzeug", "good"],
  ["[::1]:8000", "django", "port"],
  ["::1", "django", "port"],
  ["fe80::abcd", "django", "not-a-host-name"],
  ["a.test;b.test", "django", "not-a-host-name"],
  ["-a.test", "django", "not-a-host-name"],
  [`${"a".repeat(63)}.test`, "django", "good"],
  [`${"a".repeat(64)}.test`, "django", "not-a-host-name"],
  [`${"a.".repeat(126)}a`, "django", "good"],
  [`${"a.".repeat(126)}ab`, "django", "not-a-host-name"],
];

for (const [entry, dialect, expected] of cases) {
  test(`host pattern: ${entry.slice(0, 40)} under ${dialect} is ${expected}`, () => {
    const verdict = judgeHost(entry, dialect);
    assert.equal(verdict.isGood ? "good" : verdict.rule, expected);
  });
}

const names: readonly [name: string, expected: boolean][] = [
  ["monitor.example.test", true],
  [".example.com", true],
  ["localhost", false],
  ["app.localhost", false],
  ["printer.local", false],
  ["box.home.arpa", false],
  ["db.internal", false],
  ["127.0.0.1", false],
  ["[::1]", false],
  ["*", false],
];

for (const [name, expected] of names) {
  test(`host pattern: ${name} is ${expected ? "public" : "local"}`, () => {
    assert.equal(isPublicName(name), expected);
  });
}
