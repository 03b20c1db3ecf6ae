import assert from "node:assert/strict";
import { test } from "node:test";
import { bypassesOf, bypassHosts } from "./bypass-hosts.ts";
import { cspTarget } from "./match.ts";
import { isGuessableNonce, noncesOf, repeatedNonces } from "./nonce.ts";
import { parseCsp } from "./policy.ts";
import { parseCspSource } from "./source.ts";
import { MITIGATION_COUNT_MAX, WEAKNESS_COUNT_MAX, weaknesses } from "./weaknesses.ts";

const SELF = "https://www.example.com/";
const NONCE = "'nonce-R2FuZG9tTm9uY2VWYWx1ZTEy'";
/** The rest of a policy that leaves nothing open. */
const REST = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const parse = (...values: string[]) =>
  parseCsp(values, { delivery: "header", disposition: "enforce" }).policies;
const find = (...values: string[]) =>
  weaknesses(parse(...values), { self: SELF }).map(({ rule, directive, source, reach }) =>
    [rule, directive, source, reach?.join(" ")].filter((part) => part !== undefined),
  );

for (const [policy, expected] of [
  [`default-src 'none'; script-src 'self'; ${REST}`, []],
  [`default-src 'none'; script-src ${NONCE} 'strict-dynamic' https: 'unsafe-inline'; ${REST}`, []],
  [
    "default-src 'none'",
    [
      ["base-uri-unrestricted", "base-uri", "base-uri"],
      ["form-action-unrestricted", "form-action", "form-action"],
      ["frame-ancestors-unrestricted", "frame-ancestors", "frame-ancestor"],
    ],
  ],
  [
    REST,
    [
      ["script-unrestricted", "script-src", "script"],
      ["object-unrestricted", "object-src", "object"],
    ],
  ],
  [
    `script-src 'self'; ${REST}`,
    [
      ["object-unrestricted", "object-src", "object"],
      ["loads-unrestricted", "default-src", "style frame connect font image media manifest"],
    ],
  ],
  [
    `default-src 'none'; script-src-elem 'self'; script-src 'none' 'unsafe-eval'; ${REST}`,
    [["eval", "script-src", "'unsafe-eval'"]],
  ],
  [
    `script-src-elem 'self'; object-src 'none'; ${REST}`,
    [
      ["script-unrestricted", "script-src", "worker"],
      ["loads-unrestricted", "default-src", "style frame connect font image media manifest"],
    ],
  ],
  [
    `default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; ${REST}`,
    [
      ["inline-script", "script-src", "'unsafe-inline'"],
      ["inline-style", "style-src", "'unsafe-inline'"],
      ["eval", "script-src", "'unsafe-eval'"],
    ],
  ],
  [
    `default-src 'none' 'unsafe-inline'; ${REST}`,
    [
      ["inline-script", "default-src", "'unsafe-inline'"],
      ["inline-style", "default-src", "'unsafe-inline'"],
    ],
  ],
  [
    `default-src *; ${REST}`,
    [
      [
        "any-host",
        "default-src",
        "*",
        "script object worker style frame connect font image media manifest",
      ],
      ["plugin-source", "default-src", "*", "object"],
    ],
  ],
  [
    `default-src 'none'; script-src data: blob: filesystem:; img-src data:; ${REST}`,
    [
      ["data-source", "script-src", "data:", "script worker"],
      ["blob-source", "script-src", "blob:", "script worker"],
      ["filesystem-source", "script-src", "filesystem:", "script worker"],
    ],
  ],
  [
    `default-src 'none'; script-src http://cdn.example.com 10.0.0.1 *.com; ${REST}`,
    [
      ["http-source", "script-src", "http://cdn.example.com", "script worker"],
      ["ip-source", "script-src", "10.0.0.1", "script worker"],
      ["any-host", "script-src", "*.com", "script worker"],
    ],
  ],
  [
    `default-src 'none'; script-src cdn.jsdelivr.net https://ajax.googleapis.com/ajax/libs/jquery/; ${REST}`,
    [["bypass-host", "script-src", "cdn.jsdelivr.net", "script"]],
  ],
  [`default-src 'none'; img-src cdn.jsdelivr.net; ${REST}`, []],
  [
    `default-src 'none'; script-src 'strict-dynamic'; ${REST}`,
    [["strict-dynamic-alone", "script-src", "'strict-dynamic'"]],
  ],
  [
    `default-src 'none'; script-src 'nonce-test12' 'strict-dynamic'; ${REST}`,
    [
      ["nonce-short", "script-src", "'nonce-test12'"],
      ["nonce-guessable", "script-src", "'nonce-test12'"],
    ],
  ],
  [
    `default-src 'none'; sandbox allow-scripts allow-same-origin; ${REST}`,
    [["sandbox-undone", "sandbox"]],
  ],
  [
    `default-src 'none'; trusted-types * 'allow-duplicates'; ${REST}`,
    [
      ["trusted-types-any", "trusted-types", "*"],
      ["trusted-types-not-required", "trusted-types"],
    ],
  ],
  [
    "default-src 'none'; base-uri *; form-action https:; frame-ancestors https:",
    [
      ["any-host", "base-uri", "*", "base-uri"],
      ["any-host", "form-action", "https:", "form-action"],
      ["any-host", "frame-ancestors", "https:", "frame-ancestor"],
    ],
  ],
  [
    `default-src 'none'; script-src 'unsafe-hashes' 'wasm-unsafe-eval' ${NONCE}; ${REST}`,
    [
      ["wasm-eval", "script-src", "'wasm-unsafe-eval'"],
      ["unsafe-hashes", "script-src", "'unsafe-hashes'"],
    ],
  ],
] as const) {
  test(`CSP weaknesses of ${policy}`, () => assert.deepEqual(find(policy), expected));
}

test("another enforced policy mitigates, a report-only one does not", () => {
  const open = `default-src *; ${REST}`;
  const closed = `default-src 'self'; ${REST}`;
  const mitigation = (policies: ReturnType<typeof parse>) =>
    weaknesses(policies, { self: SELF })
      .filter(({ rule }) => rule === "any-host")
      .map(({ policyIndex, mitigatedBy }) => [policyIndex, mitigatedBy]);
  assert.deepEqual(mitigation(parse(open)), [[0, undefined]]);
  assert.deepEqual(mitigation(parse(open, closed)), [[0, 1]]);
  assert.deepEqual(mitigation(parse(closed, open)), [[1, 0]]);
  const report = parseCsp([closed], { delivery: "header", disposition: "report" }).policies;
  assert.deepEqual(mitigation([...parse(open), ...report]), [[0, undefined]]);
});

test("a weakness points at the source expression in the field", () => {
  const text = `default-src 'none';  script-src 'self' https: ; ${REST}`;
  const [found] = weaknesses(parse("img-src *,", text), { self: SELF }).filter(
    ({ policyIndex, rule }) => policyIndex === 1 && rule === "any-host",
  );
  assert.ok(found);
  assert.equal(found.field, 1);
  assert.equal(text.slice(found.offset, found.offset + found.length), "https:");
  assert.equal(found.message, "https: in script-src allows every host over https");
});

test("weaknesses are bounded by rule, so that many of one hide none of another", () => {
  const sources = Array.from({ length: WEAKNESS_COUNT_MAX + 5 }, (_, at) => `http://h${at}.test`);
  const count = (list: readonly string[]) =>
    weaknesses(parse(`script-src ${list.join(" ")} data:`), { self: SELF }).filter(
      ({ rule }) => rule === "http-source" || rule === "data-source",
    ).length;
  assert.equal(count(sources.slice(0, WEAKNESS_COUNT_MAX)), WEAKNESS_COUNT_MAX + 1);
  assert.equal(count(sources), WEAKNESS_COUNT_MAX + 1);
});

test("only the first enforced policies are asked for mitigation", () => {
  const open = Array<string>(MITIGATION_COUNT_MAX).fill(`default-src *; ${REST}`);
  const mitigated = (policies: readonly string[]) =>
    weaknesses(parse(...policies), { self: SELF }).find(({ rule }) => rule === "any-host")
      ?.mitigatedBy;
  assert.equal(mitigated([...open.slice(1), "default-src 'none'"]), MITIGATION_COUNT_MAX - 1);
  assert.equal(mitigated([...open, "default-src 'none'"]), undefined);
});

test("nonces are found, compared between two answers and looked at", () => {
  const first = parse(`script-src ${NONCE} 'nonce-abc'; style-src ${NONCE}`);
  assert.deepEqual(
    noncesOf(first).map(({ directive, nonce, bitsMax }) => [directive, nonce, bitsMax]),
    [
      ["script-src", "R2FuZG9tTm9uY2VWYWx1ZTEy", 144],
      ["script-src", "abc", 18],
      ["style-src", "R2FuZG9tTm9uY2VWYWx1ZTEy", 144],
    ],
  );
  assert.deepEqual(
    repeatedNonces(first, parse("script-src 'nonce-abc' 'nonce-new'")).map(({ nonce }) => nonce),
    ["abc"],
  );
  assert.deepEqual(repeatedNonces(first, parse("script-src 'nonce-other'")), []);
  assert.equal(isGuessableNonce("aaaaaaaaaaaaaaaaaaaaaaaa"), true);
  assert.equal(isGuessableNonce("DhcnhD3khTMePgXwdayK9BsMqXjhguVV"), true);
  assert.equal(isGuessableNonce("q83vEjRWeJCrze8SNFZ4kA=="), false);
});

test("the bypass list is sound: each example is an https URL of its host, with a source, and no host twice", () => {
  const hosts = bypassHosts();
  assert.ok(hosts.length > 100);
  assert.equal(new Set(hosts.map(({ host }) => host)).size, hosts.length);
  for (const { example, source, host } of hosts) {
    assert.equal(new URL(example).hostname, host);
    assert.match(example, /^https:/);
    assert.match(source, /^https:/);
  }
});

test("a zone of user content is a bypass only as a wildcard", () => {
  const self = cspTarget(SELF);
  assert.ok(self);
  const hosts = (text: string) => bypassesOf(parseCspSource(text), self).map(({ host }) => host);
  assert.deepEqual(hosts("*.cloudfront.net"), ["any.cloudfront.net"]);
  assert.deepEqual(hosts("d111111abcdef8.cloudfront.net"), []);
  assert.deepEqual(hosts("https://ajax.googleapis.com/ajax/libs/angularjs/"), [
    "ajax.googleapis.com",
  ]);
  assert.deepEqual(hosts("https://own.example/js/angular.min.js"), ["own.example"]);
  assert.deepEqual(hosts("https://own.example/npm/@angular/core.js"), []);
  assert.deepEqual(hosts("'self'"), []);
});
