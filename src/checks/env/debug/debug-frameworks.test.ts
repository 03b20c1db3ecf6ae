import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known, unknown } from "../../../core/reading.ts";
import {
  applicationOf,
  environmentOf,
  processVariable,
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
function startedWith(text: string, file = "Procfile") {
  const debugFlags = [{ service: "web", text, file, line: 3 }];
  return known({ services: [], published: [], binds: [], debugFlags });
}

const OPEN_FLASK = { key: "FLASK_DEBUG", file: "start.sh", line: 4 };
const NODE_STARTS: readonly (readonly [string, Status])[] = [
  ["node server.js", "warn"],
  ["/usr/bin/node --enable-source-maps dist/main.js", "warn"],
  ["NODE_ENV=production node server.js", "pass"],
  ["npm start", "pass"],
  ["pm2-runtime ecosystem.config.js", "pass"],
];
const UNPARSED = { file: "conf.py", detail: "is not valid Python here" };
const OFF = settingOf("FastAPI.debug", value(false, "literal"), { kind: "literal" });
const ON = settingOf("FastAPI.debug", value(true, "literal"), { kind: "literal" });
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
  [
    "uvicorn --reload in a start script, under a condition",
    {
      ...web("fastapi"),
      services: known({
        services: [],
        published: [],
        binds: [],
        debugFlags: [
          { service: "web", text: "--reload", file: "start.sh", line: 3, isPossible: true },
        ],
      }),
    },
    "warn",
  ],
  [
    "FLASK_DEBUG that a start script may set",
    { ...web("flask"), env: { ...environmentOf({}), open: [OPEN_FLASK] } },
    "unknown",
  ],
  [
    "FLASK_DEBUG that a start script may set, and the process shows",
    {
      ...web("flask"),
      env: {
        ...environmentOf({ FLASK_DEBUG: [processVariable("FLASK_DEBUG", "0")] }),
        open: [OPEN_FLASK],
      },
    },
    "pass",
  ],
  [
    "another variable that a start script may set",
    { ...web("flask"), env: { ...environmentOf({}), open: [{ ...OPEN_FLASK, key: "PORT" }] } },
    "pass",
  ],
  [
    "uvicorn --reload in the image's command",
    { ...web("fastapi"), services: startedWith("--reload", "Dockerfile") },
    "fail",
  ],
  [
    "runserver in the image's command",
    { ...web("fastapi"), ...stage("APP_ENV", "production"), services: startedWith("runserver") },
    "pass",
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
    "Flask, one of whose modules does not parse",
    { ...web("flask"), settings: known({ settings: [], problems: [UNPARSED] }) },
    "unknown",
  ],
  [
    "FastAPI(debug=False) above what does not parse",
    { ...web("fastapi"), settings: known({ settings: [OFF], problems: [UNPARSED] }) },
    "unknown",
  ],
  [
    "FastAPI(debug=True) above what does not parse",
    { ...web("fastapi"), settings: known({ settings: [ON], problems: [UNPARSED] }) },
    "fail",
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
  [
    "Next.js, which has no application object of the project's own",
    {
      ...web("express"),
      application: known({
        ...applicationOf(),
        frameworks: [{ framework: "nextjs", file: "package.json", line: 9, sign: "next 16" }],
      }),
    },
    "pass",
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
  ...NODE_STARTS.map(
    ([command, status]) =>
      [
        `Express without NODE_ENV, started by ${command}`,
        { ...web("express"), env: environmentOf({}), services: known(servicesOf(command)) },
        status,
      ] satisfies Case,
  ),
  [
    "Express in an image of its own without NODE_ENV",
    {
      ...web("express"),
      env: environmentOf({}),
      services: known({
        services: [],
        published: [],
        binds: [],
        image: { text: "node server.js", image: { dockerfile: "Dockerfile", context: "." } },
      }),
    },
    "warn",
  ],
  [
    "Express that runs without NODE_ENV",
    { ...web("express"), env: { ...environmentOf({}), isProcessSeen: true } },
    "warn",
  ],
  [
    "Express of a development stage without NODE_ENV",
    {
      ...web("express"),
      ...stage("APP_ENV", "dev"),
      services: known(servicesOf("node server.js")),
    },
    "pass",
  ],
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

const AT_DOCKERFILE = { service: "web", text: "--reload", file: "Dockerfile", line: 3 };

test("env.debug/config: a flag that a service's command shows is told once, where it stands", () => {
  const declared = servicesOf("uvicorn a:app --reload");
  const [service] = declared.services;
  const debugFlags = [{ ...AT_DOCKERFILE, service: service?.name ?? "" }];
  const outcome = judged({ ...web("fastapi"), services: known({ ...declared, debugFlags }) });
  assert.ok(outcome.status === "fail");
  assert.equal(outcome.findings.length, 1);
  assert.deepEqual(
    [outcome.findings[0].evidence[0].file, outcome.findings[0].evidence[0].line],
    ["Dockerfile", 3],
  );
});

test("env.debug/config: a flag of the image is taken out of the image", () => {
  const services = known({ services: [], published: [], binds: [], debugFlags: [AT_DOCKERFILE] });
  const outcome = judged({ ...web("fastapi"), services });
  assert.ok(outcome.status === "fail");
  assert.match(
    outcome.findings[0].fix,
    /^Remove --reload from Dockerfile:3 and build the image again, then /,
  );
});

const WRITTEN: readonly (readonly [setting: string, fix: string])[] = [
  ["DEBUG", "Write DEBUG = False at app.py:2, then"],
  ["FastAPI.debug", "Write debug=False in the call at app.py:2, then"],
  ["Flask.DEBUG", "Write False as the value at app.py:2, then"],
];
for (const [name, fix] of WRITTEN) {
  test(`env.debug/config: the fix of a literal ${name}`, () => {
    const place = { file: "app.py", line: 2, kind: "literal" } as const;
    const found = settingOf(name, value(true, "literal"), place);
    const outcome = judged({ ...web("flask"), ...settings(found) });
    assert.ok(outcome.status === "fail");
    assert.ok(outcome.findings[0].fix.startsWith(fix), outcome.findings[0].fix);
  });
}

test("env.debug/config: a unit that was changed is read again", () => {
  const outcome = judged({ ...web("fastapi"), services: known(servicesOf("uvicorn a --reload")) });
  assert.ok(outcome.status === "fail");
  assert.match(
    outcome.findings[0].fix,
    /^Remove --reload from the start command of \S+.*, run: systemctl daemon-reload, then run: systemctl restart monitor$/,
  );
});
