import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectContext, Role } from "../core/fact.ts";
import { absent, known, type Reading, unknown } from "../core/reading.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import { type DeploymentMode, deploymentMode } from "./deployment-mode.fact.ts";
import type { EnvironmentLayer, EnvironmentValues } from "./environment-values.fact.ts";
import type { WebhookDrivers } from "./webhook-drivers.fact.ts";

type Row = readonly [key: string, value: string, layer?: EnvironmentLayer, file?: string];

function environment(rows: readonly Row[], unreadable: readonly string[] = []): EnvironmentValues {
  return {
    assignments: rows.map(([key, value, layer = "dotenv", file = ".env"], index) => ({
      key,
      value,
      layer,
      file,
      line: index + 1,
      reader: "python-dotenv",
    })),
    unreadable: unreadable.map((file) => ({
      file,
      problem: { code: "denied", detail: "permission denied" },
    })),
    isProcessSeen: false,
    files: [],
    samples: [],
    published: [],
  };
}

async function modeOf(
  values: Reading<EnvironmentValues>,
  mode: "auto" | readonly Role[] = "auto",
  drivers: Reading<WebhookDrivers> = absent("no source"),
): Promise<DeploymentMode> {
  const context: CollectContext = {
    host: createMemoryHost(),
    target: { directory: "/srv/app", urls: [], mode, compat: false, hostFacts: false },
    nowMs: 0,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  };
  const reading = await deploymentMode.collect(context, {}, { values, drivers });
  assert.equal(reading.state, "known");
  assert.ok(reading.state === "known");
  return reading.value;
}

const MODES: readonly (readonly [readonly Row[], DeploymentMode["label"], string])[] = [
  [[], "standalone", "no HUB_URL and no CLUSTER_ENABLED"],
  [[["HUB_URL", "https://u:p@h"]], "agent", "HUB_URL set (.env:1)"],
  [[["HUB_URL", ""]], "standalone", "HUB_URL set to empty (.env:1) and no CLUSTER_ENABLED"],
  [
    [["HUB_URL", "http://h", "process", "/proc/1/environ"]],
    "agent",
    "HUB_URL set (/proc/1/environ:1)",
  ],
  [[["CLUSTER_ENABLED", "1"]], "hub", "CLUSTER_ENABLED=1 (.env:1)"],
  [[["CLUSTER_ENABLED", "1\r"]], "hub", "CLUSTER_ENABLED=1 (.env:1)"],
  [
    [["CLUSTER_ENABLED", "true"]],
    "standalone",
    "no HUB_URL and CLUSTER_ENABLED=true, not 1 (.env:1)",
  ],
  [
    [["CLUSTER_ENABLED", "s3cret"]],
    "standalone",
    "no HUB_URL and CLUSTER_ENABLED is other text than 1 (.env:1)",
  ],
  [
    [["CLUSTER_ENABLED", " 1"]],
    "standalone",
    'no HUB_URL and CLUSTER_ENABLED=" 1", not 1 (.env:1)',
  ],
  [[["API_KEY_AUTH_ENABLED", "1"]], "hub", "API_KEY_AUTH_ENABLED=1 (.env:1)"],
  [[["API_KEY_AUTH_ENABLED", "0"]], "standalone", "no HUB_URL and no CLUSTER_ENABLED"],
  [
    [
      ["CLUSTER_ENABLED", "1"],
      ["HUB_URL", "x"],
    ],
    "agent + hub",
    "HUB_URL set (.env:2), CLUSTER_ENABLED=1 (.env:1)",
  ],
  [
    [
      ["HUB_URL", "", "process", "/proc/1/environ"],
      ["HUB_URL", "x"],
    ],
    "standalone",
    "HUB_URL set to empty (/proc/1/environ:1) and no CLUSTER_ENABLED",
  ],
];
for (const [rows, label, decidedBy] of MODES) {
  test(`mode of ${JSON.stringify(rows)}`, async () => {
    const mode = await modeOf(known(environment(rows)));
    assert.deepEqual([mode.label, mode.decidedBy, mode.isOpen], [label, decidedBy, false]);
  });
}

test("--mode overrides, in canonical order", async () => {
  const mode = await modeOf(known(environment([["HUB_URL", "x"]])), ["hub", "agent"]);
  assert.deepEqual(
    [mode.roles, mode.label, mode.decidedBy],
    [["agent", "hub"], "agent + hub", "--mode"],
  );
  const none = await modeOf(unknown("denied", "x"), []);
  assert.deepEqual([none.label, none.isOpen], ["standalone", false]);
});

const OPEN: readonly (readonly [readonly Row[], readonly string[], boolean])[] = [
  [[], [".env"], true],
  [[["HUB_URL", "x", "process"]], [".env"], true],
  [
    [
      ["HUB_URL", "x", "process"],
      ["CLUSTER_ENABLED", "0", "process"],
    ],
    [".env"],
    false,
  ],
  [
    [
      ["HUB_URL", "x", "service"],
      ["CLUSTER_ENABLED", "0", "service"],
    ],
    [".env"],
    false,
  ],
  [
    [
      ["HUB_URL", "x"],
      ["CLUSTER_ENABLED", "0"],
    ],
    [".env.production"],
    true,
  ],
  [
    [
      ["HUB_URL", "x"],
      ["CLUSTER_ENABLED", "0"],
    ],
    [".env.dev"],
    false,
  ],
  [
    [
      ["HUB_URL", "x"],
      ["CLUSTER_ENABLED", "0"],
    ],
    ["/etc/monitor/env"],
    true,
  ],
];
for (const [rows, unreadable, isOpen] of OPEN) {
  test(`open with ${JSON.stringify(rows)} and ${unreadable} unreadable: ${isOpen}`, async () => {
    const mode = await modeOf(known(environment(rows, unreadable)));
    assert.equal(mode.isOpen, isOpen);
    assert.equal(/; not settled, see mode\.declared$/.test(mode.decidedBy), isOpen);
    assert.equal(mode.openBecause?.startsWith(unreadable[0] ?? "-") ?? false, isOpen);
  });
}

test("an unknown environment leaves the mode open", async () => {
  const mode = await modeOf(unknown("denied", "permission denied"));
  assert.deepEqual([mode.isOpen, mode.openBecause], [true, "permission denied"]);
});

test("generations show in keys, even empty ones, and in source", async () => {
  const sign = { file: "apps/a.py", line: 3, sign: "APIKeyAuthMiddleware" };
  const drivers: WebhookDrivers = {
    drivers: [],
    routes: [],
    pushers: [],
    generation1: [{ ...sign, sign: "X-Cluster-Signature" }],
    generation2: [sign],
    isResolvable: true,
    unverifiedCalls: [],
  };
  const rows: readonly Row[] = [
    ["CLUSTER_ENABLED", ""],
    ["HUB_API_KEY", "secret"],
  ];
  const mode = await modeOf(known(environment(rows)), "auto", known(drivers));
  assert.deepEqual(mode.generation1, [
    "CLUSTER_ENABLED (.env:1)",
    "X-Cluster-Signature (apps/a.py:3)",
  ]);
  assert.deepEqual(mode.generation2, [
    "HUB_API_KEY (.env:2)",
    "APIKeyAuthMiddleware (apps/a.py:3)",
  ]);
  assert.ok(!JSON.stringify(mode).includes("secret"));
});

test("an agent whose source signs and never names HUB_API_KEY sends no key", async () => {
  const place = { file: "apps/a.py", line: 3 };
  const drivers: WebhookDrivers = {
    drivers: [{ ...place, name: "cluster", isEnabled: false }],
    routes: [],
    pushers: [],
    generation1: [{ ...place, sign: "CLUSTER_ENABLED is set" }],
    generation2: [{ ...place, sign: "APIKeyAuthMiddleware is defined" }],
    isResolvable: true,
    unverifiedCalls: [],
  };
  const of = async (rows: readonly Row[], change: Partial<WebhookDrivers> = {}) => {
    const mode = await modeOf(known(environment(rows)), "auto", known({ ...drivers, ...change }));
    return [mode.sendsNoKey ?? false, mode.isClusterDriverOff ?? false];
  };
  assert.deepEqual(await of([]), [true, true]);
  assert.deepEqual(await of([["HUB_API_KEY", ""]]), [false, true]);
  assert.deepEqual(await of([], { generation1: [] }), [false, true]);
  const command = { ...place, sign: "create_api_key command" };
  assert.deepEqual(await of([], { generation2: [command] }), [false, true]);
  assert.deepEqual(await of([], { isResolvable: false }), [true, false]);
});
