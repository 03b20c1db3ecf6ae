import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known, unknown } from "../../../core/reading.ts";
import {
  environmentOf,
  processVariable,
  UNREADABLE,
  variableOf,
} from "../../judgement/example-facts.ts";
import { envDebugConfig } from "./debug-config.check.ts";
import {
  debug,
  type Input,
  judged,
  production,
  readingsOf,
  stage,
  value,
} from "./example-debug.ts";

const devOn = environmentOf({ DJANGO_ENV: "dev", DJANGO_DEBUG: "1" });
const HUB = known({
  roles: ["hub"],
  label: "hub",
  decidedBy: "CLUSTER_ENABLED=1 (.env:3)",
  generation1: [],
  generation2: [],
  isOpen: false,
} as const);
const hubAt = (host: string, isLoopback: boolean) =>
  known({
    isParsable: true,
    scheme: "https",
    host,
    port: 443,
    shown: `https://${host}/`,
    hasUserinfo: false,
    secretParameters: [],
    isLoopback,
    isThisNode: isLoopback,
    file: ".env",
    layer: "dotenv",
  });
const listensOn = (address: string) =>
  known([{ proto: "tcp", address, port: 8000, pid: 10, command: "gunicorn" }] as const);
type Case = readonly [name: string, input: Input, status: Status];
const cases: readonly Case[] = [
  ...["0", "false", "No", "OFF", "n", "f"].map(
    (text) => [`DJANGO_DEBUG=${text}`, production(text), "pass"] satisfies Case,
  ),
  ...["1", "true", "True", "TRUE", "yes", "on", "t", "y"].map(
    (text) => [`DJANGO_DEBUG=${text}`, production(text), "fail"] satisfies Case,
  ),
  ["ambiguous text", production("maybe"), "warn"],
  ["a trailing comment kept by the reader", production("1 # temp"), "warn"],
  ["empty without source", production(""), "warn"],
  ["unset without source", {}, "warn"],
  ["no stage and on", stage("DJANGO_DEBUG", "1"), "fail"],
  ["no stage and off", stage("DJANGO_DEBUG", "0"), "pass"],
  ["staging and on", stage("DJANGO_ENV", "staging", { DJANGO_DEBUG: "on" }), "fail"],
  [
    "the process switches a file off",
    {
      env: environmentOf({
        DJANGO_DEBUG: [processVariable("DJANGO_DEBUG", "0"), variableOf("DJANGO_DEBUG", "1")],
      }),
    },
    "pass",
  ],
  [
    "the process switches a file on",
    {
      env: environmentOf({
        DJANGO_DEBUG: [processVariable("DJANGO_DEBUG", "1"), variableOf("DJANGO_DEBUG", "0")],
      }),
    },
    "fail",
  ],
  ["default in source is on", debug(value(true, "default")), "fail"],
  ["default in source is off", debug(value(false, "default")), "pass"],
  ["empty, with an idiom", { ...production(""), ...debug(value(false)) }, "pass"],
  ["bool() of 0 is on", { ...production("0"), ...debug(value(true)) }, "fail"],
  ["text 0 is true in Python", { ...production("0"), ...debug(value("0")) }, "fail"],
  ['== "1" makes true off', { ...production("true"), ...debug(value(false)) }, "pass"],
  [
    "a literal wins over the variable",
    { ...production("0"), ...debug(value(true, "literal"), { kind: "literal", variables: [] }) },
    "fail",
  ],
  ["raises without the variable", debug({ state: "raises", reason: "KeyError" }), "warn"],
  [
    "text that does not cast",
    { ...production("off"), ...debug({ state: "raises", reason: "int('off')" }) },
    "warn",
  ],
  ["not resolvable and unset", debug({ state: "unknown", reason: "calls flag()" }), "unknown"],
  [
    "not resolvable, yet the variable is clear",
    { ...production("1"), ...debug({ state: "unknown", reason: "calls flag()" }) },
    "fail",
  ],
  [
    "settings do not parse, key unset",
    { settings: known({ settings: [], problems: [{ file: "s.py", detail: "syntax" }] }) },
    "unknown",
  ],
  ["settings cannot be read, key unset", { settings: unknown("denied", "s.py") }, "unknown"],
  [
    "settings cannot be read, key set",
    { ...production("0"), settings: unknown("denied", "s.py") },
    "pass",
  ],
  ["Django's own default", debug(value(false, "default"), { kind: "absent" }), "pass"],
  ["env file unreadable", { env: environmentOf({}, UNREADABLE) }, "unknown"],
  [
    "on in the process, stage perhaps in an unreadable file",
    { env: environmentOf({ DJANGO_DEBUG: [processVariable("DJANGO_DEBUG", "1")] }, UNREADABLE) },
    "unknown",
  ],
  [
    "off in the process beside an unreadable file",
    { env: environmentOf({ DJANGO_DEBUG: [processVariable("DJANGO_DEBUG", "0")] }, UNREADABLE) },
    "pass",
  ],
  ["development and on", { env: devOn }, "pass"],
  ["development and unset", stage("DJANGO_ENV", "local"), "pass"],
  ["development and on, yet a hub", { env: devOn, mode: HUB }, "warn"],
  ["development and off, a hub", stage("DJANGO_ENV", "dev", { DJANGO_DEBUG: "0" }), "pass"],
  ["development, pushes elsewhere", { env: devOn, hub: hubAt("hub.example.test", false) }, "warn"],
  ["development, pushes to itself", { env: devOn, hub: hubAt("localhost", true) }, "pass"],
  [
    "development with a public name",
    stage("DJANGO_ENV", "dev", { DJANGO_DEBUG: "1", DJANGO_ALLOWED_HOSTS: "a.example.com" }),
    "warn",
  ],
  [
    "development with local names",
    stage("DJANGO_ENV", "dev", {
      DJANGO_DEBUG: "1",
      DJANGO_ALLOWED_HOSTS: "localhost,127.0.0.1,[::1],box.local",
    }),
    "pass",
  ],
  ["development on a global address", { env: devOn, listeners: listensOn("203.0.113.5") }, "warn"],
  ["development on a private address", { env: devOn, listeners: listensOn("10.0.0.5") }, "pass"],
];

for (const [name, input, status] of cases) {
  test(`env.debug/config: ${name} is ${status}`, () => {
    const outcome = judged(input);
    assert.equal(outcome.status, status, JSON.stringify(outcome));
  });
}

test("env.debug/config: a failure quotes text, layer, place and stage, and says what to run", () => {
  const outcome = judged(production("yes"));
  assert.ok(outcome.status === "fail");
  const [finding] = outcome.findings;
  assert.equal(
    finding.message,
    'DJANGO_DEBUG is on ("yes", .env:2); the stage is production (DJANGO_ENV, .env:1)',
  );
  assert.deepEqual(finding.evidence, [
    { file: ".env", line: 2, excerpt: 'DJANGO_DEBUG="yes" (layer dotenv, read by python-dotenv)' },
    {
      file: ".env",
      line: 1,
      excerpt: 'DJANGO_ENV="production" (layer dotenv, read by python-dotenv)',
    },
  ]);
  assert.equal(
    finding.fix,
    "Set DJANGO_DEBUG=0 in .env (line 2), then run: systemctl restart monitor",
  );
});

test("env.debug/config: an idiom that takes 0 for on is mended in code", () => {
  const outcome = judged({ ...production("0"), ...debug(value(true)) });
  assert.ok(outcome.status === "fail");
  assert.match(
    outcome.findings[0].fix,
    /^Write DEBUG = os\.environ\.get\("DJANGO_DEBUG", "0"\) == "1" at config\/settings\.py:12/,
  );
});

const OFF_WORDS: readonly (readonly [idiom: string, text: string])[] = [
  ['== "True"', "DJANGO_DEBUG=False in .env"],
  ["== 'true'", "DJANGO_DEBUG=false in .env"],
  ['== "1"', "DJANGO_DEBUG=0 in .env"],
  ['in {"1", "true"}', "DJANGO_DEBUG=0 in .env"],
  ["bool()", "DJANGO_DEBUG= in .env"],
];
for (const [idiom, text] of OFF_WORDS) {
  test(`env.debug/config: what ${idiom} takes for off is written as ${text}`, () => {
    const outcome = judged({ ...production("yes"), ...debug(value(true), { idiom }) });
    assert.ok(outcome.status === "fail");
    assert.ok(outcome.findings[0].fix.startsWith(`Set ${text} (line 2)`), outcome.findings[0].fix);
  });
}

test("env.debug/config: the value is traced from the default outwards", () => {
  const environment = environmentOf({
    DJANGO_DEBUG: [processVariable("DJANGO_DEBUG", "0"), variableOf("DJANGO_DEBUG", "1")],
  });
  const statements = envDebugConfig.states?.(
    { environment },
    readingsOf(debug(value(false), { default: "1" })),
  );
  assert.deepEqual(statements, [
    { layer: "source", says: "sets", value: "on", where: "config/settings.py:12" },
    { layer: "config", says: "sets", value: "on", where: ".env" },
    { layer: "host", says: "sets", value: "off", where: "/proc/10/environ" },
  ]);
});
