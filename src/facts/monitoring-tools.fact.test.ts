import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known } from "../core/reading.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import type { ComposeService } from "../parsers/compose.ts";
import { monitoringTools } from "./monitoring-tools.fact.ts";

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly images?: readonly string[];
  readonly programs?: readonly string[];
}

async function told({ env = {}, images = [], programs = [] }: Given) {
  const assignments = Object.entries(env).map(([key, value]) => ({
    ...{ key, value, layer: "dotenv" as const, file: ".env", line: 1, reader: "python-dotenv" },
  }));
  const services = images.map((image, at) => {
    const service: Partial<ComposeService> = {
      name: `s${at}`,
      file: "compose.yml",
      line: at + 2,
      image,
    };
    return service as ComposeService; // The rest of a service is not asked for.
  });
  const reading = await monitoringTools.collect(
    {
      host: createMemoryHost({ files: { "/srv/x": "" } }),
      target: { directory: "/srv", urls: [], mode: "auto", compat: false, hostFacts: false },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {},
    {
      environmentValues: known({ assignments, unreadable: [], isProcessSeen: false }),
      composeFiles: known({ files: ["compose.yml"], project: { services }, problems: [] }),
      processes:
        programs.length === 0
          ? absent("none")
          : known(
              programs.map((name, pid) => ({
                pid,
                name,
                command: `/usr/bin/${name} -x`,
                user: "a",
              })),
            ),
    },
  );
  assert.ok(reading.state === "known");
  assert.ok(!JSON.stringify(reading.value).includes("plimsoll-fixture"));
  return reading.value.map(({ collects, name, sign }) => `${collects} ${name} (${sign})`);
}

const cases: readonly (readonly [string, Given, readonly string[]])[] = [
  ["nothing", {}, []],
  [
    "a tracker by its variable",
    { env: { SENTRY_DSN: "https://plimsoll-fixture@o1/2" } },
    ["errors Sentry (SENTRY_DSN is set)"],
  ],
  ["one that is empty", { env: { SENTRY_DSN: " " } }, []],
  [
    "one for both",
    { env: { DD_API_KEY: "plimsoll-fixture" } },
    ["errors Datadog (DD_API_KEY is set)", "measures Datadog (DD_API_KEY is set)"],
  ],
  [
    "images",
    { images: ["prom/prometheus:v3", "glitchtip/glitchtip:4", "postgres:17"] },
    [
      "measures prometheus (image prom/prometheus:v3)",
      "errors glitchtip (image glitchtip/glitchtip:4)",
    ],
  ],
  [
    "processes",
    { programs: ["node_exporter", "nginx"] },
    ["measures node_exporter (process node_exporter)"],
  ],
];
for (const [name, given, expected] of cases) {
  test(`monitoring-tools: ${name}`, async () => assert.deepEqual(await told(given), expected));
}
