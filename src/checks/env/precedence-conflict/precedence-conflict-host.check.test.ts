import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known } from "../../../core/reading.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import {
  environmentOf,
  processVariable,
  STRONG,
  servicesOf,
  UNREADABLE,
  variableOf,
} from "../../judgement/example-facts.ts";
import { envPrecedenceConflictHost } from "./precedence-conflict-host.check.ts";

const SEEN = { isProcessSeen: true };
const other = { ...STRONG, fingerprint: "99999999" };

function judged(environment: Environment, isRunning = true) {
  return envPrecedenceConflictHost.evaluate(
    { environment },
    {
      services: isRunning ? known(servicesOf()) : absent("nothing runs"),
      processes: known([
        {
          pid: 10,
          name: "gunicorn",
          command: "gunicorn",
          user: "svc",
          startedMs: 1_795_305_600_000,
        },
      ]),
    },
  );
}

function layered(key: string, a: string | typeof STRONG, b: string | typeof STRONG) {
  return environmentOf({ [key]: [processVariable(key, a), variableOf(key, b, { line: 2 })] }, SEEN);
}

const unit = { layer: "service", file: "a.service", reader: "systemd" } as const;
const twoFiles = environmentOf(
  {
    DJANGO_DEBUG: [
      variableOf("DJANGO_DEBUG", "0", { layer: "service-file", file: "b.env" }),
      variableOf("DJANGO_DEBUG", "1", { layer: "service-file", file: "a.env" }),
    ],
  },
  SEEN,
);

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["equal", judged(layered("DJANGO_DEBUG", "0", "0")), "pass"],
  ["process differs", judged(layered("DJANGO_DEBUG", "0", "1")), "warn"],
  ["equal secrets", judged(layered("JWT_SECRET", STRONG, STRONG)), "pass"],
  ["secrets differ", judged(layered("JWT_SECRET", STRONG, other)), "warn"],
  ["empty overrides", judged(layered("HUB_URL", "", "https://hub.example.test/")), "warn"],
  [
    "unit differs from .env",
    judged(
      environmentOf({ DEBUG: [variableOf("DEBUG", "1", unit), variableOf("DEBUG", "0")] }, SEEN),
    ),
    "warn",
  ],
  ["two files of one layer", judged(twoFiles), "skip"],
  ["one layer", judged(environmentOf({ DJANGO_DEBUG: "0" }, SEEN)), "skip"],
  ["an irrelevant key differs", judged(layered("LANG", "C", "de_DE")), "skip"],
  ["process unreadable", judged(environmentOf({ DJANGO_DEBUG: "0" })), "unknown"],
  ["nothing runs", judged(environmentOf({ DJANGO_DEBUG: "0" }), false), "skip"],
  ["env file unreadable", judged(environmentOf({}, { ...UNREADABLE, ...SEEN })), "unknown"],
  [
    "process unreadable, files differ already",
    judged(environmentOf({ DEBUG: [variableOf("DEBUG", "1", unit), variableOf("DEBUG", "0")] })),
    "warn",
  ],
];

for (const [name, outcome, status] of cases) {
  test(`env.precedence-conflict/host: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("env.precedence-conflict/host: a warning names both layers, which wins, and since when", () => {
  const outcome = judged(layered("JWT_SECRET", STRONG, other));
  assert.ok(outcome.status === "warn");
  const [finding] = outcome.findings;
  assert.equal(
    finding.message,
    "JWT_SECRET is set, 86 chars, fp:1a2b3c4d in the process (/proc/10/environ), which wins over set, 86 chars, fp:99999999 in the dotenv (.env:2); the service started 2026-11-22T00:00:00.000Z",
  );
  assert.deepEqual(
    finding.evidence.map(({ file, line }) => [file, line]),
    [
      ["/proc/10/environ", undefined],
      [".env", 2],
    ],
  );
});
