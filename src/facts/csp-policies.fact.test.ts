import assert from "node:assert/strict";
import { test } from "node:test";

import type { CollectContext } from "../core/fact.ts";
import type { HttpSite } from "../core/http-site.ts";
import { exampleAnswer, exampleBody, exampleSite } from "../core/http-site-example.ts";
import { cspPolicies, POLICIES_MAX } from "./csp-policies.fact.ts";

const NAME = "Content-Security-Policy";

async function policiesOf(...sites: readonly HttpSite[]) {
  // The fact asks nothing of the world.
  const reading = await cspPolicies.collect({} as CollectContext, { sites }, {});
  assert.ok(reading.state === "known");
  return reading.value;
}

const sent = (...policies: readonly string[]) =>
  exampleSite(policies.map((policy) => [NAME, policy] as const));

async function hashOf(...policies: readonly string[]): Promise<string | undefined> {
  return (await policiesOf(sent(...policies)))[0]?.sha256;
}

test("a nonce and blanks make no other policy, anything else does", async () => {
  const hash = await hashOf("script-src 'nonce-AAAA' 'self'");
  assert.match(hash ?? "", /^[0-9a-f]{64}$/);
  assert.equal(await hashOf("  script-src   'nonce-BBBB'\t'self' "), hash);
  for (const other of [
    "script-src 'self' 'nonce-AAAA'",
    "script-src 'self'",
    "script-src 'nonce-A' 'self' *",
  ])
    assert.notEqual(await hashOf(other), hash);
  assert.notEqual(await hashOf("script-src 'nonce-AAAA' 'self'", "img-src 'self'"), hash);
});

test("whether there is a nonce is told, and pages without a policy are left out", async () => {
  const has = async (policy: string) =>
    (await policiesOf(sent(policy))).map(({ hasNonce }) => hasNonce);
  assert.deepEqual(await has("script-src 'nonce-AAAA'"), [true]);
  assert.deepEqual(await has("script-src 'self'"), [false]);
  assert.deepEqual(await policiesOf(exampleSite([])), []);
});

test("a policy of a meta element in the head counts, one that only reports does not", async () => {
  const url = "https://www.example.com/m";
  const metas = [
    { httpEquiv: NAME, content: "script-src 'nonce-A'", isInHead: true, isInFragment: false },
  ];
  const answer = exampleAnswer(url, [[`${NAME}-Report-Only`, "default-src 'none'"]], {
    body: exampleBody({ metas: metas as never }),
  });
  const paths = [{ url, answer, why: "linked" as const }];
  const found = await policiesOf(exampleSite([], { extra: { paths, external: [] } }));
  assert.deepEqual(
    found.map(({ url: page }) => page),
    [url],
  );
  assert.equal(found[0]?.sha256, await hashOf("script-src 'nonce-B'"));
});

test("more pages than are told are left out", async () => {
  const sites = Array.from({ length: POLICIES_MAX + 1 }, () => sent("script-src 'nonce-A'"));
  assert.equal((await policiesOf(...sites)).length, POLICIES_MAX);
  assert.equal((await policiesOf(...sites.slice(1))).length, POLICIES_MAX);
});
