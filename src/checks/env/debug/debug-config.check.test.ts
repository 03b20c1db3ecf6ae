import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known, unknown } from "../../../core/reading.ts";
import type { AppSetting, Resolved } from "../../../facts/app-settings.fact.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import {
  applicationOf,
  environmentOf,
  NO_SUBJECT,
  processVariable,
  servicesOf,
  settingOf,
  UNREADABLE,
  variableOf,
} from "../../judgement/example-facts.ts";
import { envDebugConfig } from "./debug-config.check.ts";

type Wanted = Parameters<typeof envDebugConfig.evaluate>[1];
interface Input extends Partial<Wanted> {
  readonly env?: Environment;
}

const SEED = known({ applies: true, because: "manage.py", sign: "application" } as const);
const NO_SEED = known({ applies: false, because: "no sign", sign: "none" } as const);

function readingsOf(input: Input): Wanted {
  return {
    profile: SEED,
    application: known(applicationOf("django")),
    settings: absent("no settings"),
    services: known(servicesOf()),
    mode: NO_SUBJECT,
    hub: NO_SUBJECT,
    listeners: NO_SUBJECT,
    processes: NO_SUBJECT,
    ...input,
  };
}

function judged(input: Input) {
  const environment = input.env ?? environmentOf({ DJANGO_ENV: "production" });
  return envDebugConfig.evaluate({ environment }, readingsOf(input));
}

function production(text: string): Input {
  return { env: environmentOf({ DJANGO_ENV: "production", DJANGO_DEBUG: text }) };
}

function settings(...made: readonly AppSetting[]): Pick<Wanted, "settings"> {
  return { settings: known({ settings: made, problems: [] }) };
}

function debug(resolved: Resolved, rest: Partial<AppSetting> = {}) {
  return settings(settingOf("DEBUG", resolved, { variables: ["DJANGO_DEBUG"], ...rest }));
}

const value = (on: unknown, from: "literal" | "env" | "default" = "env"): Resolved => ({
  state: "known",
  value: on,
  from,
});
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
const web = (framework: "fastapi" | "flask" | "express") => ({
  profile: NO_SEED,
  application: known(applicationOf(framework)),
  settings: known({ settings: [], problems: [] }),
});
const stage = (key: string, text: string, more: Readonly<Record<string, string>> = {}) => ({
  env: environmentOf({ [key]: text, ...more }),
});

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
  [
    "uvicorn --reload",
    { ...web("fastapi"), services: known(servicesOf("uvicorn a:app --reload")) },
    "fail",
  ],
  [
    "flask run --debug",
    { ...web("flask"), services: known(servicesOf("flask run --debug")) },
    "fail",
  ],
  ["FastAPI by default", { ...web("fastapi"), ...stage("AGENTOS_ENV", "production") }, "pass"],
  [
    "FastAPI(debug=True)",
    {
      ...web("fastapi"),
      ...settings(settingOf("FastAPI.debug", value(true, "literal"), { kind: "literal" })),
    },
    "fail",
  ],
  [
    "app.run(debug=True) beside a good one",
    {
      ...web("flask"),
      ...settings(
        settingOf("app.run.debug", value(true, "literal"), { file: "a.py", kind: "literal" }),
        settingOf("app.run.debug", value(false, "literal"), { file: "b.py", kind: "literal" }),
      ),
    },
    "fail",
  ],
  [
    "FastAPI whose source is unreadable",
    { ...web("fastapi"), settings: unknown("denied", "x") },
    "unknown",
  ],
  [
    "FastAPI known from its requirements only",
    {
      ...web("fastapi"),
      application: known({
        ...applicationOf(),
        frameworks: [
          { framework: "fastapi", file: "requirements.txt", line: 1, sign: "fastapi==0.115" },
        ],
      }),
    },
    "warn",
  ],
  ["FLASK_DEBUG=1", { ...web("flask"), ...stage("FLASK_DEBUG", "1") }, "fail"],
  [
    "Flask, env file unreadable",
    { ...web("flask"), env: environmentOf({}, UNREADABLE) },
    "unknown",
  ],
  ["Express in production", { ...web("express"), ...stage("NODE_ENV", "production") }, "pass"],
  ["Express in development", { ...web("express"), ...stage("NODE_ENV", "development") }, "pass"],
  [
    "Express in development on a production stage",
    { ...web("express"), ...stage("AGENTOS_ENV", "production", { NODE_ENV: "development" }) },
    "fail",
  ],
  [
    "namespaces of the npm package debug",
    { ...web("express"), ...stage("NODE_ENV", "production", { DEBUG: "express:*" }) },
    "pass",
  ],
  ["Express without NODE_ENV", { ...web("express"), env: environmentOf({}) }, "pass"],
  [
    "only a DEBUG key",
    { ...web("flask"), application: absent("none"), ...stage("DEBUG", "true") },
    "fail",
  ],
  [
    "nothing at all",
    { ...web("flask"), application: known(applicationOf()), env: environmentOf({}) },
    "skip",
  ],
  [
    "nothing found, application not looked at",
    { ...web("flask"), application: unknown("too-large", "tree"), env: environmentOf({}) },
    "unknown",
  ],
  [
    "nothing found, env file unreadable",
    { ...web("flask"), application: absent("none"), env: environmentOf({}, UNREADABLE) },
    "unknown",
  ],
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
