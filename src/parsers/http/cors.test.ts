import assert from "node:assert/strict";
import { test } from "node:test";
import { allowsCorsRead, type CorsFields, parseCors } from "./cors.ts";

const ORIGIN = "https://a.test";
const fields = (allowOrigin: string, credentials?: string, more: CorsFields = {}): CorsFields => ({
  "access-control-allow-origin": [allowOrigin],
  ...(credentials === undefined ? {} : { "access-control-allow-credentials": [credentials] }),
  ...more,
});

for (const [name, input, plain, withCredentials, rules] of [
  ["nothing", {}, false, false, []],
  ["any", fields("*"), true, false, []],
  ["any with credentials", fields("*", "true"), true, false, ["any-with-credentials"]],
  ["reflected", fields(ORIGIN, "true"), true, true, ["vary-missing"]],
  ["reflected with Vary", fields(ORIGIN, "true", { vary: ["Accept, origin"] }), true, true, []],
  ["another", fields("https://b.test", "true"), false, false, []],
  [
    "credentials in upper case",
    fields(ORIGIN, "True", { vary: ["Origin"] }),
    true,
    false,
    ["invalid-credentials"],
  ],
  ["with path", fields(`${ORIGIN}/`), false, false, ["invalid-origin"]],
  ["two origins", fields(`${ORIGIN}, https://b.test`), false, false, ["invalid-origin"]],
  ["two lines", { "access-control-allow-origin": [ORIGIN, ORIGIN] }, false, false, ["repeated"]],
  [
    "credentials alone",
    { "access-control-allow-credentials": ["true"] },
    false,
    false,
    ["credentials-without-origin"],
  ],
  [
    "wildcard methods",
    fields("https://b.test", "true", { "access-control-allow-methods": ["*"] }),
    false,
    false,
    ["wildcard-with-credentials"],
  ],
  [
    "bad max-age",
    fields("*", undefined, { "access-control-max-age": ["1h"] }),
    true,
    false,
    ["bad-max-age"],
  ],
] as const) {
  test(`CORS ${name}`, () => {
    const cors = parseCors(input, ORIGIN);
    assert.deepEqual(
      cors.problems.map(({ rule }) => rule),
      rules,
    );
    assert.equal(allowsCorsRead(cors, ORIGIN, false), plain);
    assert.equal(allowsCorsRead(cors, ORIGIN, true), withCredentials);
  });
}

test("null is an origin of its own", () => {
  const cors = parseCors(fields("null", "true"));
  assert.deepEqual(cors.allowOrigin, { kind: "null" });
  assert.equal(allowsCorsRead(cors, "null", true), true);
  assert.equal(allowsCorsRead(cors, ORIGIN, false), false);
});

test("lists are read over all lines", () => {
  const cors = parseCors({
    "access-control-allow-methods": ["GET, PUT", "DELETE"],
    "access-control-allow-headers": ["X-A,x-b"],
    "access-control-max-age": ["600"],
  });
  assert.deepEqual(cors.allowMethods, ["GET", "PUT", "DELETE"]);
  assert.deepEqual(cors.allowHeaders, ["x-a", "x-b"]);
  assert.equal(cors.maxAgeSeconds, 600);
});
