import assert from "node:assert/strict";
import { test } from "node:test";
import { CSP_LENGTH_MAX, DIRECTIVE_COUNT_MAX, POLICY_COUNT_MAX, parseCsp } from "./policy.ts";
import { parseCspSource } from "./source.ts";

const header = { delivery: "header", disposition: "enforce" } as const;
const meta = { delivery: "meta", disposition: "enforce" } as const;
const reportOnly = { delivery: "header", disposition: "report" } as const;

const rules = (text: string, delivery: Parameters<typeof parseCsp>[1] = header) =>
  parseCsp([text], delivery).problems.map(({ rule, offset, length }) => [
    rule,
    text.slice(offset, offset + length),
  ]);

for (const [text, expected] of [
  ["*", { kind: "any" }],
  ["'NONE'", { kind: "none" }],
  ["'Self'", { kind: "keyword", keyword: "'self'" }],
  ["'nonce-AbC+/-_9=='", { kind: "nonce", nonce: "AbC+/-_9==" }],
  ["'nonce-'", { kind: "invalid", reason: "bad-nonce" }],
  ["'nonce-a b'", { kind: "invalid", reason: "bad-nonce" }],
  ["'nonce-abc", { kind: "invalid", reason: "bad-nonce" }],
  [
    "'sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU='",
    { kind: "hash", algorithm: "sha256", digest: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
  ],
  ["'sha256-abc'", { kind: "hash", algorithm: "sha256", digest: "abc" }],
  ["'sha1-47DEQpj8HBSa'", { kind: "invalid", reason: "bad-hash" }],
  ["https:", { kind: "scheme", scheme: "https" }],
  ["Web+Plimsoll:", { kind: "scheme", scheme: "web+plimsoll" }],
  ["example.com", { kind: "host", host: "example.com" }],
  ["*.Example.com", { kind: "host", host: "*.example.com" }],
  [
    "https://*.example.com:12/path/to/file.js",
    { kind: "host", scheme: "https", host: "*.example.com", port: "12", path: "/path/to/file.js" },
  ],
  ["localhost:*", { kind: "host", host: "localhost", port: "*" }],
  ["https://*", { kind: "host", scheme: "https", host: "*" }],
  ["*:443", { kind: "host", host: "*", port: "443" }],
  ["10.0.0.1", { kind: "host", host: "10.0.0.1", isIp: true }],
  ["xn--tdaaaaaa.de", { kind: "host", host: "xn--tdaaaaaa.de" }],
  ["example.com.", { kind: "host", host: "example.com." }],
  ["self", { kind: "invalid", reason: "unquoted-keyword", suggestion: "'self'" }],
  ["Unsafe-Inline", { kind: "invalid", reason: "unquoted-keyword", suggestion: "'unsafe-inline'" }],
  [
    "nonce-r4nd0mr4nd0m",
    { kind: "invalid", reason: "unquoted-keyword", suggestion: "'nonce-r4nd0mr4nd0m'" },
  ],
  ["'unsafe-inlin'", { kind: "invalid", reason: "unknown-keyword", suggestion: "'unsafe-inline'" }],
  ["'example.com'", { kind: "invalid", reason: "quoted-host", suggestion: "example.com" }],
  ["'whatever'", { kind: "invalid", reason: "unknown-keyword" }],
  ["'self", { kind: "invalid", reason: "unknown-keyword", suggestion: "'self'" }],
  ["//cdn.example", { kind: "invalid", reason: "missing-scheme", suggestion: "cdn.example" }],
  ["https://[::1]:80", { kind: "invalid", reason: "ipv6" }],
  [
    "https://a.example/x?y",
    { kind: "invalid", reason: "query-or-fragment", suggestion: "https://a.example/x" },
  ],
  ["https://", { kind: "invalid", reason: "syntax" }],
  ["*.*.com", { kind: "invalid", reason: "syntax" }],
  ["a.*.com", { kind: "invalid", reason: "syntax" }],
  ["%zz", { kind: "invalid", reason: "syntax" }],
] as const) {
  test(`CSP source ${text}`, () => assert.deepEqual(parseCspSource(text), expected));
}

for (const [name, text, expected] of [
  ["clean", "default-src 'self'; img-src *", []],
  ["deprecated", "report-uri /r", [["deprecated-directive", "report-uri /r"]]],
  ["removed", "img-src *; plugin-types a/b", [["removed-directive", "plugin-types a/b"]]],
  ["unknown", "scrpt-src 'self'", [["unknown-directive", "scrpt-src 'self'"]]],
  [
    "duplicate in other case",
    "img-src *; IMG-SRC 'none'",
    [["duplicate-directive", "IMG-SRC 'none'"]],
  ],
  [
    "missing semicolon",
    "script-src 'self' object-src 'none'",
    [
      ["missing-semicolon", "object-src"],
      ["none-not-alone", "'none'"],
    ],
  ],
  ["unquoted", "script-src self", [["unquoted-keyword", "self"]]],
  ["none not alone", "img-src 'none' a.example", [["none-not-alone", "'none'"]]],
  ["empty value", "script-src", [["empty-value", "script-src"]]],
  ["empty", " ; ", [["empty-policy", ";"]]],
  ["not ASCII", "img-src ü.de", [["not-ascii", "img-src ü.de"]]],
  [
    "no effect",
    "img-src 'nonce-abcdefgh' 'unsafe-eval'",
    [
      ["no-effect", "'nonce-abcdefgh'"],
      ["no-effect", "'unsafe-eval'"],
    ],
  ],
  ["ancestors", "frame-ancestors 'unsafe-inline' 'self'", [["no-effect", "'unsafe-inline'"]]],
  ["short hash", "script-src 'sha256-abc'", [["bad-hash", "'sha256-abc'"]]],
  ["sandbox", "sandbox allow-script", [["unknown-sandbox-flag", "allow-script"]]],
  ["value not allowed", "upgrade-insecure-requests 1", [["value-not-allowed", "1"]]],
  ["ip", "img-src 10.0.0.1 127.0.0.1", [["ip-source", "10.0.0.1"]]],
  ["trusted types", "require-trusted-types-for script", [["unknown-sink", "script"]]],
  ["report-to", "report-to a b", [["bad-value", "report-to a b"]]],
  ["webrtc", "webrtc allow", [["bad-value", "allow"]]],
] as const) {
  test(`CSP problems: ${name}`, () => assert.deepEqual(rules(text), expected));
}

test("a header is split at commas, a meta element is not", () => {
  const text = "default-src 'self', img-src *";
  const { policies } = parseCsp([text, "object-src 'none'"], header);
  assert.deepEqual(
    policies.map(({ field, offset, length, text: own }) => [field, offset, length, own]),
    [
      [0, 0, 18, "default-src 'self'"],
      [0, 20, 9, "img-src *"],
      [1, 0, 17, "object-src 'none'"],
    ],
  );
  assert.deepEqual(
    parseCsp([text], meta).policies.map(({ directives }) => directives.map(({ name }) => name)),
    [["default-src"]],
  );
  assert.ok(rules(text, meta).some(([rule]) => rule === "comma-in-meta"));
});

test("directives that do not count where they stand are marked", () => {
  const text = "sandbox; frame-ancestors 'none'; report-uri /r; upgrade-insecure-requests";
  const ignored = (delivery: Parameters<typeof parseCsp>[1]) =>
    parseCsp([text], delivery).policies[0]?.directives.map((directive) => directive.ignored);
  assert.deepEqual(ignored(header), [undefined, undefined, undefined, undefined]);
  assert.deepEqual(ignored(meta), ["not-in-meta", "not-in-meta", "not-in-meta", undefined]);
  assert.deepEqual(ignored(reportOnly), [
    "not-in-report-only",
    undefined,
    undefined,
    "not-in-report-only",
  ]);
});

test("the number of policies is bounded and said", () => {
  const policies = (count: number) => Array.from({ length: count }, () => "img-src *").join(",");
  const at = parseCsp([policies(POLICY_COUNT_MAX)], header);
  assert.equal(at.policies.length, POLICY_COUNT_MAX);
  assert.deepEqual(at.problems, []);
  const over = parseCsp([policies(POLICY_COUNT_MAX + 1)], header);
  assert.equal(over.policies.length, POLICY_COUNT_MAX);
  assert.deepEqual(
    over.problems.map(({ rule }) => rule),
    ["too-many-policies"],
  );
});

test("empty policies and headers are none", () => {
  assert.deepEqual(parseCsp([], header), { policies: [], problems: [] });
  assert.deepEqual(parseCsp([",img-src *,"], header).policies.length, 1);
});

test("the length of all policies and the number of directives are bounded and said", () => {
  const long = (length: number) => parseCsp(["img-src *;", "x".repeat(length - 10)], header);
  const said = (length: number) => long(length).problems.some(({ rule }) => rule === "too-long");
  assert.equal(said(CSP_LENGTH_MAX), false);
  assert.equal(said(CSP_LENGTH_MAX + 1), true);
  const many = (count: number) =>
    parseCsp(["img-src *;".repeat(count)], header).problems.some(
      ({ rule }) => rule === "too-many-directives",
    );
  assert.equal(many(DIRECTIVE_COUNT_MAX), false);
  assert.equal(many(DIRECTIVE_COUNT_MAX + 1), true);
});
