import assert from "node:assert/strict";
import { test } from "node:test";

import type { DeploymentMode } from "../../facts/deployment-mode.fact.ts";
import { answerOutsideRole, usesGeneration1, usesGeneration2 } from "./role-gate.ts";

const standalone: DeploymentMode = {
  roles: [],
  label: "standalone",
  decidedBy: "no HUB_URL and no CLUSTER_ENABLED",
  generation1: [],
  generation2: [],
  isOpen: false,
};

test("a node without the role skips, one with it is judged", () => {
  assert.deepEqual(answerOutsideRole(standalone, "hub"), {
    status: "skip",
    because: "not-applicable",
    summary: "The node is standalone, not a hub",
  });
  assert.equal(
    answerOutsideRole({ ...standalone, roles: ["hub"], label: "hub" }, "hub"),
    undefined,
  );
});

test("open roles are unknown, yet a role that shows all the same is judged", () => {
  const open: DeploymentMode = { ...standalone, isOpen: true, openBecause: ".env is unreadable" };
  assert.deepEqual(answerOutsideRole(open, "agent"), {
    status: "unknown",
    problem: {
      code: "denied",
      detail:
        "The mode of the node cannot be told: .env is unreadable. Let the auditor read the env file, or say --mode",
    },
  });
  assert.equal(answerOutsideRole({ ...open, roles: ["agent"] }, "agent"), undefined);
});

const signs: readonly [
  g1: readonly string[],
  g2: readonly string[],
  expected: [boolean, boolean],
][] = [
  [[], [], [true, false]],
  [["CLUSTER_ENABLED (.env:5)"], [], [true, false]],
  [[], ["HUB_API_KEY (.env:6)"], [false, true]],
  [["CLUSTER_ENABLED (.env:5)"], ["HUB_API_KEY (.env:6)"], [true, true]],
];

for (const [generation1, generation2, expected] of signs) {
  test(`generations of [${generation1}] and [${generation2}] are ${expected}`, () => {
    const mode = { ...standalone, generation1, generation2 };
    assert.deepEqual([usesGeneration1(mode), usesGeneration2(mode)], expected);
  });
}
