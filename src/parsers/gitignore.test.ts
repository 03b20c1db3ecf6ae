import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type IgnoreFile,
  isDockerIgnored,
  isGitIgnored,
  parseDockerignore,
  parseGitignore,
} from "./gitignore.ts";

// Each row was compared with `git check-ignore --no-index` (git 2.39).
const GIT: readonly (readonly [string, string, boolean])[] = [
  [".env", ".env", true],
  [".env", "config/.env", true],
  ["/.env", "config/.env", false],
  ["/.env", ".env", true],
  ["config/.env", "config/.env", true],
  ["config/.env", "a/config/.env", false],
  ["**/config/.env", "a/config/.env", true],
  ["*.env", "prod.env", true],
  ["*.env", ".env", true],
  [".env*", ".env.production", true],
  [".env.?", ".env.a", true],
  [".env.?", ".env.ab", false],
  [".env.[a-c]", ".env.b", true],
  [".env.[!a-c]", ".env.b", false],
  [".env.[^a-c]", ".env.d", true],
  [".env.[]x]", ".env.]", true],
  ["\\.env", ".env", true],
  ["\\!env", "!env", true],
  ["\\#env", "#env", true],
  ["#.env", ".env", false],
  [".env  ", ".env", true],
  [".env\\ ", ".env", false],
  [".env\r\n", ".env", true],
  [".env/", ".env", false],
  ["config/", "config/.env", true],
  ["config", "config/.env", true],
  ["config/*", "config/.env", true],
  ["config/*", "config/a/.env", true],
  ["config/**", "config/a/.env", true],
  ["a/**/b", "a/b", true],
  ["a/**/b", "a/x/y/b", true],
  ["*", "a/b", true],
  ["*\n!.env", ".env", false],
  [".env*\n!.env.example", ".env.example", false],
  [".env*\n!.env.example", ".env", true],
  ["config/\n!config/.env", "config/.env", true],
  ["config/*\n!config/.env", "config/.env", false],
  ["!.env\n.env", ".env", true],
  ["", ".env", false],
  ["/", ".env", false],
  ["**/", ".env", false],
  ["a*b*c", "aXbYc", true],
  ["a*b*c", "aXbY", false],
];
for (const [text, path, expected] of GIT) {
  test(`git: ${JSON.stringify(text)} ignores ${path}: ${expected}`, () => {
    const files = [{ directory: "", patterns: parseGitignore(text) }];
    assert.equal(isGitIgnored(files, path), expected);
  });
}

test("git: deeper files win over upper ones, all over info/exclude", () => {
  const file = (directory: string, text: string): IgnoreFile => ({
    directory,
    patterns: parseGitignore(text),
  });
  assert.equal(isGitIgnored([file("", ".env"), file("app", "!.env")], "app/.env"), false);
  assert.equal(isGitIgnored([file("", ".env"), file("app", "!.env")], ".env"), true);
  assert.equal(isGitIgnored([file("", "!.env"), file("app", "/.env")], "app/.env"), true);
  assert.equal(isGitIgnored([file("app", "/.env")], "app/b/.env"), false);
  assert.equal(isGitIgnored([file("app", ".env")], "application/.env"), false);
  assert.equal(isGitIgnored([file("", ".env"), file("", "!.env")], ".env"), false);
});

const DOCKER: readonly (readonly [string, string, boolean])[] = [
  [".env", ".env", true],
  [".env", "config/.env", false],
  ["**/.env", "config/.env", true],
  ["**/.env", ".env", true],
  ["/.env", ".env", true],
  ["./.env", ".env", true],
  ["*.env", "a.env", true],
  ["*", "config/.env", true],
  ["config", "config/.env", true],
  ["*\n!app", "app/.env", false],
  [".env*\n!.env.example", ".env.example", false],
  ["!.env\n.env", ".env", true],
  ["# .env", ".env", false],
  ["", ".env", false],
];
for (const [text, path, expected] of DOCKER) {
  test(`docker: ${JSON.stringify(text)} ignores ${path}: ${expected}`, () =>
    assert.equal(isDockerIgnored(parseDockerignore(text), path), expected));
}

test("a hostile pattern ends in bounded time", () => {
  const files = [
    { directory: "", patterns: parseGitignore(`${"*a".repeat(500)}b\n${"**/".repeat(300)}b\n`) },
  ];
  const started = performance.now();
  assert.equal(isGitIgnored(files, `${"a".repeat(4_000)}/${"a/".repeat(500)}c`), false);
  assert.ok(performance.now() - started < 3_000);
});
