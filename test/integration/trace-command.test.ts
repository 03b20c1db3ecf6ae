import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createScratch, plimsoll, type Scratch } from "./plimsoll.ts";

const SETTINGS = `import os
ALLOWED_HOSTS = ["shop.example.test"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", "31536000"))
`;

let scratch: Scratch;
before(() => {
  scratch = createScratch();
  scratch.write("shop/settings.py", SETTINGS);
  scratch.write(".env", "DJANGO_ENV=production\nHSTS_SECONDS=3600\n");
});
after(() => scratch.remove());

interface TraceJson {
  readonly control: string;
  readonly status: string;
  readonly trace: { readonly verdict: string; readonly steps: readonly Record<string, string>[] };
}

test("trace tells each step with its place, and the verdict", async () => {
  const ended = await plimsoll(["trace", "hsts.max-age", scratch.directory, "--json", "--no-host"]);
  const found = JSON.parse(ended.stdout) as TraceJson;
  assert.equal(found.control, "hsts.max-age");
  assert.equal(found.status, "fail");
  assert.deepEqual(found.trace, {
    verdict: "overridden",
    steps: [
      { layer: "source", says: "sets", value: "31536000", where: "shop/settings.py:4" },
      { layer: "config", says: "sets", value: "3600", where: ".env:2" },
    ],
  });
  assert.equal(ended.exit, 2);
});

test("as text", async () => {
  const { stdout } = await plimsoll(["trace", "hsts.max-age", scratch.directory, "--no-host"]);
  assert.match(stdout, /^ {2}source {3}sets 31536000 {2}shop\/settings\.py:4$/m);
  assert.match(stdout, /^Verdict: overridden, /m);
});

for (const [name, args, says] of [
  [
    "an unknown control",
    ["trace", "hsts.configuerd"],
    'no control "hsts.configuerd"; did you mean "hsts.configured"?',
  ],
  ["no control", ["trace"], 'which control? see "plimsoll list"'],
  [
    "a path of another site",
    ["trace", "hsts.live", "--url", "https://a.test", "--path", "//b.test/"],
    "leads to another site",
  ],
] as const) {
  test(`${name} is a usage error`, async () => {
    const ended = await plimsoll(args);
    assert.equal(ended.exit, 64);
    assert.ok(ended.stderr.includes(says), ended.stderr);
  });
}
