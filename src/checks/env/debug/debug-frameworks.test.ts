import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known, unknown } from "../../../core/reading.ts";
import {
  applicationOf,
  environmentOf,
  servicesOf,
  settingOf,
  UNREADABLE,
} from "../../judgement/example-facts.ts";
import { type Input, judged, NO_SEED, settings, stage, value } from "./example-debug.ts";

const web = (framework: "fastapi" | "flask" | "express") => ({
  profile: NO_SEED,
  application: known(applicationOf(framework)),
  settings: known({ settings: [], problems: [] }),
});
type Case = readonly [name: string, input: Input, status: Status];
const cases: readonly Case[] = [
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
