import assert from "node:assert/strict";
import { test } from "node:test";
import type { EnvironmentLayer } from "../../facts/environment-values.fact.ts";
import { describeLayers, hiddenBehind, variableEvidence } from "./effective-value.ts";
import { environmentOf, STRONG, variableOf } from "./example-facts.ts";

const cases: readonly (readonly [unreadable: string, layer: EnvironmentLayer, boolean])[] = [
  [".env", "process", false],
  [".env", "service", false],
  [".env", "service-file", false],
  [".env", "dotenv", true],
  ["deploy/.env.production", "dotenv", true],
  [".env.dev", "dotenv", false],
  [".env.dev", "dotenv-dev", true],
  ["app.service", "process", false],
  ["app.service", "service", true],
  ["/etc/systemd/system/app.service.d/override.conf", "service", true],
  ["deploy/compose.yaml", "service", true],
  ["docker-compose.yml", "dotenv", true],
  ["/etc/app/env", "process", false],
  ["/etc/app/env", "service", false],
  ["/etc/app/env", "service-file", true],
  ["/etc/app/env", "dotenv", true],
];

for (const [file, layer, isHidden] of cases) {
  test(`effective value: ${layer} ${isHidden ? "may be overridden by" : "wins over"} an unreadable ${file}`, () => {
    const environment = environmentOf(
      { A: [variableOf("A", "1", { layer })] },
      { unreadable: [{ file, problem: { code: "denied", detail: "permission denied" } }] },
    );
    assert.equal(hiddenBehind(environment, ["A"]) !== undefined, isHidden);
  });
}

test("effective value: what no layer sets may stand in any unreadable file", () => {
  const problem = { code: "denied", detail: "permission denied" } as const;
  const environment = environmentOf({}, { unreadable: [{ file: ".env.dev", problem }] });
  assert.deepEqual(hiddenBehind(environment, ["A", "B"]), {
    code: "denied",
    detail: "A or B may be set in .env.dev, which cannot be read: permission denied",
  });
  assert.equal(hiddenBehind(environmentOf({}), ["A"]), undefined);
});

test("effective value: evidence shows a secret by its measures, and names its reader", () => {
  assert.deepEqual(variableEvidence(variableOf("JWT_SECRET", STRONG, { line: 3 })), {
    file: ".env",
    line: 3,
    excerpt: "JWT_SECRET=set, 86 chars, fp:1a2b3c4d (layer dotenv, read by python-dotenv)",
  });
});

test("effective value: at most five of the files looked through are named", () => {
  const values = Object.fromEntries(
    Array.from({ length: 7 }, (_, at) => [
      `K${at}`,
      [variableOf(`K${at}`, "1", { file: `f${at}` })],
    ]),
  );
  assert.equal(describeLayers(environmentOf(values)), "f0, f1, f2, f3, f4");
  assert.equal(describeLayers(environmentOf({})), "any layer of the environment");
});
