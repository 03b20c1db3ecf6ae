import assert from "node:assert/strict";
import { test } from "node:test";
import type { CspLevel } from "./effective.ts";
import { allowsEval, allowsInline, allowsInlineScript, type CspInline } from "./inline.ts";
import { type CspPolicy, parseCsp } from "./policy.ts";
import { allowsRequest, allowsScriptFrom, type CspRequest } from "./request.ts";

const SELF = "https://www.example.com/page";
const HASH = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const OTHER_HASH = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";

const enforced = (...values: string[]): readonly CspPolicy[] =>
  parseCsp(values, { delivery: "header", disposition: "enforce" }).policies;

type RequestCase = readonly [
  policy: string,
  kind: CspRequest["kind"],
  url: string,
  allowed: boolean,
  more?: Partial<CspRequest> & { readonly self?: string },
];

const REQUESTS: readonly RequestCase[] = [
  // No directive, no restriction.
  ["img-src 'none'", "script", "https://evil.test/x.js", true],
  ["default-src 'none'", "script", "https://www.example.com/x.js", false],
  // Fallbacks, CSP3 section 6.8.3.
  ["default-src 'none'; script-src a.test", "script", "https://a.test/x.js", true],
  ["script-src 'none'; script-src-elem a.test", "script", "https://a.test/x.js", true],
  ["script-src a.test; script-src-attr 'none'", "script", "https://a.test/x.js", true],
  ["default-src 'none'; style-src a.test", "style", "https://a.test/x.css", true],
  ["default-src a.test; style-src-attr 'none'", "style", "https://a.test/x.css", true],
  ["default-src a.test; font-src 'none'", "font", "https://a.test/x.woff", false],
  ["default-src a.test", "connect", "https://a.test/", true],
  ["child-src a.test; default-src 'none'", "frame", "https://a.test/", true],
  ["child-src a.test; frame-src 'none'", "frame", "https://a.test/", false],
  ["child-src 'none'; script-src a.test", "worker", "https://a.test/w.js", false],
  ["script-src a.test; default-src 'none'", "worker", "https://a.test/w.js", true],
  ["worker-src 'none'; script-src *", "worker", "https://a.test/w.js", false],
  ["script-src-elem 'none'", "worker", "https://a.test/w.js", true],
  // No fallback.
  ["default-src 'none'", "form-action", "https://evil.test/", true],
  ["default-src 'none'", "base-uri", "https://evil.test/", true],
  ["default-src 'none'", "frame-ancestor", "https://evil.test", true],
  ["form-action 'self'", "form-action", "https://evil.test/", false],
  ["base-uri 'none'", "base-uri", "https://www.example.com/", false],
  ["frame-ancestors https://a.test", "frame-ancestor", "https://a.test", true],
  ["frame-ancestors 'self'", "frame-ancestor", "https://a.test", false],
  ["default-src 'none'", "manifest", "https://www.example.com/m.json", false],
  ["object-src 'none'; default-src *", "object", "https://a.test/x.swf", false],
  ["default-src *", "media", "https://a.test/x.mp4", true],
  // Schemes, section 6.7.2.9.
  ["img-src http:", "image", "https://a.test/x.png", true],
  ["img-src https:", "image", "http://a.test/x.png", false],
  ["img-src http://a.test", "image", "https://a.test/x.png", true],
  ["connect-src ws:", "connect", "wss://a.test/", true],
  ["connect-src wss:", "connect", "ws://a.test/", false],
  ["connect-src https://a.test", "connect", "wss://a.test/", false],
  ["connect-src a.test", "connect", "wss://a.test/", false],
  ["connect-src ws:", "connect", "https://a.test/", false],
  ["connect-src *", "connect", "wss://a.test/", true],
  ["img-src *", "image", "data:image/png;base64,AA==", false],
  ["img-src data:", "image", "data:image/png;base64,AA==", true],
  ["img-src * blob:", "image", "blob:https://www.example.com/1-2", true],
  ["img-src 'self'", "image", "blob:https://www.example.com/1-2", false],
  ["img-src *", "image", "custom:x", false],
  // Hosts without scheme follow the page's own scheme.
  ["img-src a.test", "image", "http://a.test/x.png", false],
  ["img-src a.test", "image", "http://a.test/x.png", true, { self: "http://www.example.com/" }],
  ["img-src a.test", "image", "https://a.test/x.png", true, { self: "http://www.example.com/" }],
  // Host names, section 6.7.2.10.
  ["img-src *.example.com", "image", "https://a.b.example.com/", true],
  ["img-src *.example.com", "image", "https://example.com/", false],
  ["img-src *.example.com", "image", "https://badexample.com/", false],
  ["img-src EXAMPLE.com", "image", "https://example.com/", true],
  ["img-src https://*", "image", "https://anything.test/", true],
  // Ports, section 6.7.2.11.
  ["img-src a.test:8443", "image", "https://a.test:8443/", true],
  ["img-src a.test", "image", "https://a.test:8443/", false],
  ["img-src a.test:443", "image", "https://a.test/", true],
  ["img-src a.test:*", "image", "https://a.test:1/", true],
  ["img-src https://*:*", "image", "https://a.test:1/", true],
  ["img-src https://a.test:00443", "image", "https://a.test/", true],
  // Paths, section 6.7.2.12.
  ["script-src a.test/js/", "script", "https://a.test/js/x/y.js", true],
  ["script-src a.test/js", "script", "https://a.test/js/x.js", false],
  ["script-src a.test/js/x.js", "script", "https://a.test/js/x.js?v=1", true],
  ["script-src a.test/", "script", "https://a.test/x.js", true],
  ["script-src a.test/j%73/", "script", "https://a.test/js/x.js", true],
  ["script-src a.test/js/", "script", "https://a.test/evil.js", true, { redirects: 1 }],
  // 'self', section 6.7.2.8 step 4.
  ["img-src 'self'", "image", "https://www.example.com/x", true],
  ["img-src 'self'", "image", "http://www.example.com/x", false],
  [
    "img-src 'self'",
    "image",
    "https://www.example.com/x",
    true,
    { self: "http://www.example.com" },
  ],
  ["img-src 'self'", "image", "https://www.example.com:444/x", false],
  ["connect-src 'self'", "connect", "wss://www.example.com/ws", true],
  [
    "connect-src 'self'",
    "connect",
    "ws://www.example.com/ws",
    true,
    { self: "http://www.example.com" },
  ],
  // 'none' beside others is ignored, an empty list is 'none'.
  ["img-src 'none' a.test", "image", "https://a.test/", true],
  ["img-src", "image", "https://www.example.com/", false],
  // Nonces, integrity and 'strict-dynamic', section 6.7.1.1.
  ["script-src 'nonce-abc'", "script", "https://evil.test/x.js", true, { nonce: "abc" }],
  ["script-src 'nonce-abc'", "script", "https://evil.test/x.js", false, { nonce: "ABC" }],
  ["script-src 'nonce-abc'", "script", "https://evil.test/x.js", false, { nonce: "" }],
  ["style-src 'nonce-abc'", "style", "https://evil.test/x.css", true, { nonce: "abc" }],
  ["img-src 'nonce-abc'", "image", "https://evil.test/x.png", false, { nonce: "abc" }],
  [`script-src '${HASH}'`, "script", "https://a.test/x.js", true, { integrity: HASH }],
  [
    `script-src '${HASH}'`,
    "script",
    "https://a.test/x.js",
    false,
    { integrity: `${HASH} ${OTHER_HASH}` },
  ],
  [
    `script-src '${HASH}' '${OTHER_HASH}'`,
    "script",
    "https://a.test/x.js",
    true,
    { integrity: `${HASH} ${OTHER_HASH}` },
  ],
  [`script-src '${HASH}'`, "script", "https://a.test/x.js", false, { integrity: "md5-abc" }],
  ["script-src 'strict-dynamic' 'nonce-abc' a.test 'self'", "script", "https://a.test/x.js", false],
  [
    "script-src 'strict-dynamic' 'nonce-abc'",
    "script",
    "https://a.test/x.js",
    true,
    { nonce: "abc" },
  ],
  [
    "script-src 'strict-dynamic' 'nonce-abc'",
    "script",
    "https://a.test/x.js",
    true,
    { isParserInserted: false },
  ],
  ["script-src 'strict-dynamic' 'nonce-abc'", "worker", "https://a.test/w.js", true],
  ["worker-src 'strict-dynamic'", "worker", "https://a.test/w.js", false],
  ["style-src 'strict-dynamic' a.test", "style", "https://a.test/x.css", true],
  // Prefetch needs any one directive, section 6.7.2.2.
  ["default-src 'none'; img-src a.test", "prefetch", "https://a.test/x", true],
  ["default-src 'none'; img-src a.test", "prefetch", "https://b.test/x", false],
  ["img-src 'none'", "prefetch", "https://b.test/x", true],
  ["default-src 'self'", "prefetch", "https://www.example.com/next", true],
  // Several policies: each must allow.
  ["default-src *, script-src 'none'", "script", "https://a.test/x.js", false],
  ["script-src a.test, script-src a.test b.test", "script", "https://a.test/x.js", true],
  ["script-src a.test, script-src b.test", "script", "https://a.test/x.js", false],
  // A browser takes the first of two directives of one name.
  ["img-src 'none'; img-src *", "image", "https://a.test/", false],
  // Addresses match as browsers do it.
  ["img-src 127.0.0.1:81", "image", "http://127.0.0.1:81/", true, { self: "http://127.0.0.1/" }],
  ["img-src 10.1.2.3", "image", "https://10.1.2.3/", true],
  ["img-src *", "image", "no url", false],
];

for (const [policy, kind, url, allowed, { self = SELF, ...more } = {}] of REQUESTS) {
  test(`CSP ${policy} ${allowed ? "allows" : "blocks"} ${kind} ${url} ${JSON.stringify(more)}`, () => {
    const verdict = allowsRequest(enforced(policy), { kind, url, ...more }, { self });
    assert.equal(verdict.allowed, allowed);
  });
}

type InlineCase = readonly [policy: string, inline: CspInline, allowed: boolean, level?: CspLevel];
const script: CspInline = { kind: "script" };
const handler: CspInline = { kind: "script-attribute" };
const hashed: CspInline = { kind: "script", hashes: [HASH] };
const INLINES: readonly InlineCase[] = [
  ["img-src *", script, true],
  ["default-src *", script, false],
  ["default-src 'unsafe-inline'", script, true],
  ["script-src 'unsafe-inline' http://a.com", script, true],
  ["script-src 'unsafe-inline' 'nonce-abc'", script, false],
  ["script-src 'unsafe-inline' 'nonce-abc'", script, true, 1],
  ["script-src 'unsafe-inline' 'nonce-abc'", script, false, 2],
  [`script-src 'unsafe-inline' '${HASH}'`, script, false],
  ["script-src 'unsafe-inline' 'strict-dynamic'", script, false],
  ["script-src 'unsafe-inline' 'strict-dynamic'", script, true, 2],
  ["style-src 'unsafe-inline' 'strict-dynamic'", { kind: "style" }, true],
  ["script-src 'nonce-abc'", { kind: "script", nonce: "abc" }, true],
  ["script-src 'nonce-abc'", { kind: "script-attribute", nonce: "abc" }, false],
  [`script-src '${HASH}'`, hashed, true],
  [`script-src '${HASH}'`, { kind: "script-attribute", hashes: [HASH] }, false],
  [`script-src 'unsafe-hashes' '${HASH}'`, { kind: "script-attribute", hashes: [HASH] }, true],
  [`script-src 'unsafe-hashes' '${HASH}'`, { kind: "navigation", hashes: [HASH] }, true],
  [`script-src '${HASH.replaceAll("+", "-").replaceAll("/", "_")}'`, hashed, true],
  [`style-src '${HASH}'`, { kind: "style", hashes: [HASH] }, true],
  ["script-src 'unsafe-inline'; script-src-attr 'none'", handler, false],
  ["script-src 'unsafe-inline'; script-src-attr 'none'", script, true],
  ["script-src 'unsafe-inline'; script-src-attr 'none'", handler, true, 2],
  ["script-src 'none'; script-src-elem 'unsafe-inline'", { kind: "navigation" }, true],
  ["style-src 'self'; style-src-attr 'unsafe-inline'", { kind: "style-attribute" }, true],
  ["script-src 'strict-dynamic' 'nonce-abc'", { kind: "script", isParserInserted: false }, true],
  ["script-src 'unsafe-inline', script-src 'nonce-abc'", script, false],
];
for (const [policy, inline, allowed, level] of INLINES) {
  test(`CSP ${policy} ${allowed ? "runs" : "blocks"} inline ${JSON.stringify(inline)} at level ${level ?? 3}`, () => {
    assert.equal(allowsInline(enforced(policy), inline, level).allowed, allowed);
  });
}

for (const [policy, string, wasm] of [
  ["img-src *", true, true],
  ["default-src 'self'", false, false],
  ["default-src 'unsafe-eval'", true, true],
  ["script-src 'wasm-unsafe-eval'", false, true],
  ["script-src-elem 'none'", true, true],
  ["script-src 'self'; script-src-elem 'unsafe-eval'", false, false],
  ["script-src 'trusted-types-eval'", false, false],
  ["script-src 'trusted-types-eval'; require-trusted-types-for 'script'", true, false],
  ["script-src 'unsafe-eval', script-src 'self'", false, false],
] as const) {
  test(`CSP ${policy}: eval ${string}, WebAssembly ${wasm}`, () => {
    assert.equal(allowsEval(enforced(policy)).allowed, string);
    assert.equal(allowsEval(enforced(policy), "wasm").allowed, wasm);
  });
}

test("a verdict names policy, directive and source; a report-only policy does not block", () => {
  const policies = [
    ...enforced("default-src 'self'; script-src https://a.test 'self'"),
    ...parseCsp(["script-src 'none'"], { delivery: "header", disposition: "report" }).policies,
  ];
  const { allowed, decisions } = allowsScriptFrom(policies, "https://a.test/x.js", { self: SELF });
  assert.equal(allowed, true);
  assert.deepEqual(
    decisions.map((decision) => [
      decision.policyIndex,
      decision.allowed,
      decision.directive?.name,
      decision.source?.text,
      decision.source?.offset,
    ]),
    [
      [0, true, "script-src", "https://a.test", 31],
      [1, false, "script-src", undefined, undefined],
    ],
  );
});

test("an attacker's inline script is looked for in elements and handlers", () => {
  const allowed = (policy: string) => allowsInlineScript(enforced(policy)).allowed;
  assert.equal(allowed("script-src-elem 'none'; script-src-attr 'unsafe-inline'"), true);
  assert.equal(allowed("script-src-elem 'unsafe-inline'; script-src-attr 'none'"), true);
  assert.equal(allowed("script-src 'self'"), false);
});
