import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known, type Reading, unknown } from "../../../core/reading.ts";
import type { Application, Framework } from "../../../facts/application.fact.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import type { SeedSign } from "../../../facts/seed-profile.fact.ts";
import {
  applicationOf,
  environmentOf,
  processVariable,
  servicesOf,
  UNREADABLE,
  variableOf,
} from "../../judgement/example-facts.ts";
import { envStageConfig } from "./stage-config.check.ts";

function judged(
  environment: Environment,
  app: Framework | Reading<Application> | undefined,
  sign: SeedSign = "none",
) {
  const application = typeof app === "object" ? app : known(applicationOf(...(app ? [app] : [])));
  const profile = known({ applies: sign !== "none", because: sign, sign });
  return envStageConfig.evaluate(
    { environment },
    { application, profile, services: known(servicesOf()) },
  );
}

const set = (values: Readonly<Record<string, string>>) => environmentOf(values);
const both = { AGENTOS_ENV: "production", SENTRY_ENVIRONMENT: "development" };

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["production", judged(set({ DJANGO_ENV: "production" }), "django"), "pass"],
  ["development is a stage as well", judged(set({ NODE_ENV: "Development" }), "express"), "pass"],
  [
    "staging and production agree",
    judged(set({ DJANGO_ENV: "staging", SENTRY_ENVIRONMENT: "production" }), "django"),
    "pass",
  ],
  [
    "a Django key alone",
    judged(set({ DJANGO_ENV: "production" }), undefined, "django-key"),
    "pass",
  ],
  ["contradiction", judged(set(both), "fastapi"), "warn"],
  ["none set", judged(set({}), "fastapi"), "warn"],
  ["blank is not set", judged(set({ DJANGO_ENV: " " }), "django"), "warn"],
  ["none set, env file unreadable", judged(environmentOf({}, UNREADABLE), "django"), "unknown"],
  ["no application", judged(set({}), undefined), "skip"],
  ["only the drop-in asked", judged(set({}), undefined, "drop-in"), "skip"],
  ["application unknown", judged(set({}), unknown("too-large", "tree")), "unknown"],
  [
    "no application, env file unreadable",
    judged(environmentOf({}, UNREADABLE), undefined),
    "unknown",
  ],
  [
    "the process overrides the contradicting file",
    judged(
      environmentOf({
        DJANGO_ENV: [processVariable("DJANGO_ENV", "production"), variableOf("DJANGO_ENV", "dev")],
        APP_ENV: "production",
      }),
      "django",
    ),
    "pass",
  ],
];

for (const [name, outcome, status] of cases) {
  test(`env.stage/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("env.stage/config: a contradiction quotes both names and mends the development one", () => {
  const outcome = judged(set(both), "fastapi");
  assert.ok(outcome.status === "warn");
  const [finding] = outcome.findings;
  assert.equal(
    finding.message,
    "The stage contradicts itself: AGENTOS_ENV=production (dotenv, .env:1), yet SENTRY_ENVIRONMENT=development (dotenv, .env:2)",
  );
  assert.deepEqual(
    finding.evidence.map(({ file, line }) => `${file}:${line}`),
    [".env:1", ".env:2"],
  );
  assert.equal(
    finding.fix,
    "Set SENTRY_ENVIRONMENT=production in .env (line 2), then run: systemctl restart monitor",
  );
});
