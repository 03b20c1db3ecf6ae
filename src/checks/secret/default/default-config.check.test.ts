import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../../../core/reading.ts";
import type {
  PublishedSecret,
  SecretLiteral,
  SecretLiterals,
} from "../../../facts/secret-literals.fact.ts";
import { environmentOf, servicesOf, UNREADABLE } from "../../judgement/example-facts.ts";
import { secretDefaultConfig } from "./default-config.check.ts";

const PUBLISHED: PublishedSecret = {
  key: "SECRET_KEY",
  file: "env/netbox.env",
  line: 32,
  fingerprint: "1a2b3c4d",
  how: "published",
  of: "netbox-docker's netbox.env",
};
const ROW: SecretLiteral = {
  slug: "secret.default",
  file: "settings/common.py",
  line: 249,
  column: 1,
  kind: "literal",
  value: "set, 50 chars, fp:5e6f7a8b",
  detector: "assignment",
  subject: "SECRET_KEY",
  fingerprint: "5e6f7a8b",
  publisher: "taiga-back's common.py",
};

function judged(
  scan: Partial<SecretLiterals>,
  hidden = {},
  env: Record<string, string> = { SECRET_KEY: "x" },
) {
  const facts = {
    scan: { literals: [], published: [], filesScanned: 3, unread: [], isTruncated: false, ...scan },
  };
  return secretDefaultConfig.evaluate(facts, {
    environment: known({ ...environmentOf(env), ...hidden }),
    services: known(servicesOf()),
  });
}

const cases: readonly (readonly [string, ReturnType<typeof judged>, string])[] = [
  ["none published", judged({}), "pass"],
  ["a published default", judged({ published: [PUBLISHED] }), "fail"],
  ["the sample's own", judged({ published: [{ ...PUBLISHED, how: "sample" }] }), "fail"],
  ["the user's name", judged({ published: [{ ...PUBLISHED, how: "name" }] }), "warn"],
  ["a published key in settings", judged({ literals: [ROW] }), "fail"],
  [
    "a published password of another service",
    judged({ literals: [{ ...ROW, value: "set, 8 chars, fp:5e6f7a8b" }] }),
    "warn",
  ],
  [
    "a value that later settings override",
    judged({ literals: [{ ...ROW, slug: "secret.overridden" }] }),
    "pass",
  ],
  ["a placeholder", judged({ literals: [{ ...ROW, slug: "secret.placeholder" }] }), "pass"],
  ["no secret at all", judged({}, {}, {}), "skip"],
  ["an env file that cannot be read", judged({}, UNREADABLE), "unknown"],
];

for (const [name, outcome, status] of cases) {
  test(`secret.default/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("secret.default/config: the finding quotes the place once and names who publishes it", () => {
  const place = { file: PUBLISHED.file, line: 32 };
  const outcome = judged({ published: [PUBLISHED], literals: [{ ...ROW, ...place }] });
  assert.ok(outcome.status === "fail");
  assert.equal(outcome.findings.length, 1);
  const [{ rule, message, fix, evidence }] = outcome.findings;
  assert.equal(rule, "published-default");
  assert.match(
    message,
    /^SECRET_KEY is a published default \(netbox-docker's netbox\.env\) \(env\/netbox\.env:32\)$/,
  );
  assert.match(
    fix,
    /^Set SECRET_KEY in env\/netbox\.env \(line 32\) to the output of: python3 -c /,
  );
  assert.deepEqual(evidence, [{ ...place, excerpt: "SECRET_KEY: fp:1a2b3c4d" }]);
});
