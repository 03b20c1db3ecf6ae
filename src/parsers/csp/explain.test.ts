import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { explainFor } from "./explain.ts";
import type { InlineNeed, LoadNeed, PageNeeds } from "./page-needs.ts";
import { type CspPolicy, parseCsp } from "./policy.ts";
import { NONCE_PLACEHOLDER, SUGGESTED_SOURCE_COUNT_MAX, suggestPolicy } from "./suggest.ts";

const H1 = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const H2 = "sha256-n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=";
const URL_A = "https://www.plimsoll.dev/a";
const page = (
  inline: readonly InlineNeed[],
  loads: readonly LoadNeed[],
  url = URL_A,
): PageNeeds => ({
  url,
  inline,
  loads,
});
const script: InlineNeed = { kind: "script", hashes: [H1], where: "line 3, <script>" };
const handler: InlineNeed = { kind: "script-attribute", hashes: [H2], where: "line 9, onclick" };
const load = (kind: LoadNeed["kind"], url: string, more: Partial<LoadNeed> = {}): LoadNeed => ({
  kind,
  url,
  where: `<${kind}>`,
  ...more,
});
const enforced = (...values: string[]): readonly CspPolicy[] =>
  parseCsp(values, { delivery: "header", disposition: "enforce" }).policies;

test("an explanation names policy, directive and what stands in the page", () => {
  const policies = [
    ...enforced("default-src 'self'", "script-src 'self' https://cdn.test https://idle.test"),
    ...parseCsp(["img-src 'none'"], { delivery: "header", disposition: "report" }).policies,
  ];
  const needs = page(
    [script],
    [load("script", "https://cdn.test/x.js"), load("image", "https://www.plimsoll.dev/i.png")],
  );
  const { blocks, unused } = explainFor(needs, policies);
  assert.deepEqual(
    blocks.map(({ policyIndex, disposition, directive, need }) => [
      policyIndex,
      disposition,
      directive.name,
      need.where,
    ]),
    [
      [0, "enforce", "default-src", "line 3, <script>"],
      [1, "enforce", "script-src", "line 3, <script>"],
      [0, "enforce", "default-src", "<script>"],
      [2, "report", "img-src", "<image>"],
    ],
  );
  assert.deepEqual(unused, [
    { policyIndex: 1, directive: "script-src", source: "https://idle.test" },
  ]);
});

const TAIL = "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
for (const [name, needs, value] of [
  ["nothing", page([], []), `default-src 'none'; ${TAIL}`],
  [
    "hashes and own files",
    page([script, handler], [load("script", "https://www.plimsoll.dev/x.js")]),
    `default-src 'none'; script-src 'self' '${H1}'; script-src-attr '${H2}' 'unsafe-hashes'; connect-src 'self'; ${TAIL}`,
  ],
  [
    "nonces",
    page(
      [{ ...script, nonce: "abc" }],
      [load("script", "https://cdn.test/x.js", { nonce: "abc" })],
    ),
    `default-src 'none'; script-src 'nonce-${NONCE_PLACEHOLDER}'; connect-src 'self'; ${TAIL}`,
  ],
  [
    "origins, schemes and forms",
    page(
      [],
      [
        load("style", "https://fonts.test/css?x"),
        load("image", "data:image/gif;base64,AA"),
        load("image", "https://img.test:8443/x/y.png"),
        load("frame", "https://www.plimsoll.dev/f"),
        load("connect", "wss://www.plimsoll.dev/s"),
        load("form-action", "https://www.plimsoll.dev/login"),
        load("base-uri", "https://www.plimsoll.dev/"),
        load("object", "https://www.plimsoll.dev/x.pdf"),
      ],
    ),
    "default-src 'none'; style-src https://fonts.test; img-src 'self' data: https://img.test:8443; font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  ],
] as const) {
  test(`suggested policy: ${name}`, () => assert.equal(suggestPolicy([needs]).value, value));
}

test("what the markup does not tell is said", () => {
  const { unknown, usesNonce } = suggestPolicy([
    page(
      [
        { ...script, isStable: false },
        { ...handler, isStable: false },
      ],
      [load("image", "http://[::1]/x.png"), load("image", "http://old.test/x.png")],
    ),
  ]);
  assert.equal(usesNonce, true);
  assert.deepEqual(unknown, [
    "how the code at line 3, <script> changes: give its element the nonce of the answer",
    "how to allow what <image> loads: no source expression can name it",
    "what scripts load, connect to or evaluate once they run: connect-src 'self' is a guess, eval and workers are forbidden",
    "what the code at line 9, onclick will be: move it to a file, no policy short of 'unsafe-inline' allows it",
    "whether http://old.test answers over https, which the policy should say",
    "whether pages of other origins are meant to frame these: frame-ancestors 'none' forbids all framing",
  ]);
});

test("a policy too long for a header is said to be", () => {
  const many = (count: number) =>
    suggestPolicy([
      page(
        [],
        Array.from({ length: count }, (_, at) => load("image", `https://h${at}.test/`)),
      ),
    ]);
  const fixed = 5; // The sources of default-src and of the four directives that end the policy.
  const isSaid = (count: number) => many(count).unknown.some((text) => text.includes("sources"));
  assert.equal(isSaid(SUGGESTED_SOURCE_COUNT_MAX - fixed), false);
  assert.equal(isSaid(SUGGESTED_SOURCE_COUNT_MAX - fixed + 1), true);
});

const HOSTS = ["www.plimsoll.dev", "cdn.test", "a.b.test:8443", "xn--tdaaaaaa.de"];
const urlOf = fc
  .record({
    scheme: fc.constantFrom("https", "http", "wss"),
    host: fc.constantFrom(...HOSTS),
    path: fc.constantFrom("", "x.js", "p/q?r=1#s"),
  })
  .map(({ scheme, host, path }) => `${scheme}://${host}/${path}`);
const anyLoad = fc
  .record({
    kind: fc.constantFrom(
      "script",
      "style",
      "image",
      "font",
      "media",
      "object",
      "frame",
      "worker",
      "connect",
      "manifest",
      "form-action",
      "base-uri",
    ),
    url: fc.oneof(urlOf, fc.constantFrom("data:text/plain,x", "blob:https://www.plimsoll.dev/1")),
    hasNonce: fc.boolean(),
  })
  .map(({ kind, url, hasNonce }) =>
    load(kind as LoadNeed["kind"], url, hasNonce ? { nonce: "abcd" } : {}),
  );
const anyInline = fc
  .record({
    kind: fc.constantFrom("script", "style", "script-attribute", "style-attribute", "navigation"),
    hash: fc.constantFrom(H1, H2),
    hasNonce: fc.boolean(),
  })
  .map(
    ({ kind, hash, hasNonce }): InlineNeed => ({
      kind: kind as InlineNeed["kind"],
      hashes: [hash],
      where: kind,
      ...(hasNonce ? { nonce: "abcd" } : {}),
    }),
  );
const anyPage = fc
  .record({
    inline: fc.array(anyInline, { maxLength: 6 }),
    loads: fc.array(anyLoad, { maxLength: 10 }),
  })
  .map(({ inline, loads }) => page(inline, loads));

test("a suggested policy parses cleanly, blocks nothing of its pages, and does not depend on their order", () => {
  fc.assert(
    fc.property(fc.array(anyPage, { minLength: 1, maxLength: 3 }), (pages) => {
      const { value } = suggestPolicy(pages);
      const text = value.replaceAll(NONCE_PLACEHOLDER, "abcd");
      const header = parseCsp([text], { delivery: "header", disposition: "enforce" });
      assert.deepEqual(header.problems, []);
      for (const one of pages) assert.deepEqual(explainFor(one, header.policies).blocks, []);
      assert.equal(suggestPolicy(pages.toReversed()).value, value);
    }),
    { seed: 20261128, numRuns: 300 },
  );
});
