import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, type Reading, unknown } from "../core/reading.ts";
import type { Application } from "./application.fact.ts";
import type { Environment, Variable } from "./environment.fact.ts";
import { profileOf, type SeedSign } from "./seed-profile.fact.ts";

const NOTHING: Application = {
  frameworks: [],
  hasManagePy: false,
  isStaticSite: false,
  problems: [],
};
const FASTAPI: Application = {
  ...NOTHING,
  frameworks: [{ framework: "fastapi", file: "app.py", line: 3, sign: "FastAPI()" }],
};

function environmentOf(...keys: readonly string[]): Environment {
  const variable = (key: string, at: number): Variable => ({
    key,
    layer: "dotenv",
    file: ".env",
    line: at + 1,
    reader: "python-dotenv",
    isEmpty: false,
    shown: "set",
    fingerprint: key,
  });
  return {
    variables: Object.fromEntries(keys.map((key, at) => [key, [variable(key, at)]])),
    unreadable: [],
    isProcessSeen: false,
  };
}

const cases: readonly [
  name: string,
  app: Application,
  keys: readonly string[],
  compat: boolean,
  sign: SeedSign,
][] = [
  ["manage.py", { ...NOTHING, hasManagePy: true }, [], false, "application"],
  [
    "a settings module",
    {
      ...NOTHING,
      settings: { module: "config.settings", file: "config/settings.py", decidedBy: "wsgi.py:3" },
    },
    [],
    false,
    "application",
  ],
  ["a Django key only", NOTHING, ["PATH", "DJANGO_ENV"], false, "django-key"],
  ["an inbound secret only", NOTHING, ["WEBHOOK_SECRET_GRAFANA"], false, "seed-key"],
  ["HUB_URL beside FastAPI", FASTAPI, ["HUB_URL"], false, "seed-key"],
  ["SECRET_KEY beside FastAPI", FASTAPI, ["SECRET_KEY"], false, "secret-key"],
  ["SESSION_SECRET_KEY is not SECRET_KEY", FASTAPI, ["SESSION_SECRET_KEY"], false, "none"],
  ["FastAPI under the drop-in", FASTAPI, ["AGENTOS_ENV"], true, "none"],
  ["a static site under the drop-in", { ...NOTHING, isStaticSite: true }, [], true, "none"],
  ["an empty directory under the drop-in", NOTHING, [], true, "drop-in"],
  ["an empty directory", NOTHING, [], false, "none"],
];

for (const [name, app, keys, compat, sign] of cases) {
  test(`seed-profile: ${name} is ${sign}`, () => {
    const reading = profileOf(known(app), known(environmentOf(...keys)), { compat });
    assert.equal(reading.state, "known");
    assert.equal(reading.value.sign, sign);
    assert.equal(reading.value.applies, sign !== "none");
  });
}

test("seed-profile: the deciding key is named with its place", () => {
  const reading = profileOf(known(NOTHING), known(environmentOf("A", "DJANGO_DEBUG")), {
    compat: false,
  });
  assert.equal(reading.state === "known" && reading.value.because, "DJANGO_DEBUG (.env:2)");
});

test("seed-profile: what may stand in an unreadable env file is unknown, not absent", () => {
  const hidden: Environment = {
    ...environmentOf(),
    unreadable: [{ file: ".env", problem: { code: "denied", detail: "permission denied" } }],
  };
  const reading = profileOf(known(NOTHING), known(hidden), { compat: false });
  assert.deepEqual(
    reading,
    unknown("denied", ".env may name a key of Django, yet cannot be read: permission denied"),
  );
  assert.equal(profileOf(known(NOTHING), known(hidden), { compat: true }).state, "known");
});

test("seed-profile: an application that could not be looked at leaves it open", () => {
  const app: Reading<Application> = unknown("too-large", "tree cut");
  assert.equal(profileOf(app, known(environmentOf()), { compat: true }).state, "unknown");
  assert.equal(
    profileOf(app, known(environmentOf("DJANGO_ENV")), { compat: false }).state,
    "known",
  );
  const none = absent("no directory");
  assert.equal(profileOf(none, none, { compat: false }).state, "known");
});

const HIDDEN: readonly (readonly [Application["problems"][number], state: "known" | "unknown"])[] =
  [
    [{ file: "main.py", detail: "is not valid Python here" }, "unknown"],
    [{ file: "config", detail: "denied", code: "denied" }, "unknown"],
    [{ file: ".", detail: "it holds more than is listed", code: "too-large" }, "unknown"],
    [{ file: "static/app.js", detail: "larger than the limit", code: "too-large" }, "known"],
  ];
for (const [problem, state] of HIDDEN) {
  test(`seed-profile: ${problem.file} that was not read leaves it ${state}`, () => {
    const app = known({ ...NOTHING, problems: [problem] });
    assert.equal(profileOf(app, known(environmentOf()), { compat: false }).state, state);
    const beside = known({ ...FASTAPI, problems: [problem] });
    assert.equal(profileOf(beside, known(environmentOf()), { compat: false }).state, "known");
  });
}
