import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";

import { absent, known } from "../../../core/reading.ts";
import type { Framework } from "../../../facts/application.fact.ts";
import type { SourceProperty, SourceSetting } from "../../../facts/source-settings.fact.ts";
import { applicationOf, servicesOf } from "../../judgement/example-facts.ts";
import { NO_ENVIRONMENT } from "../../judgement/example-source.ts";
import { rowOf, sourceOf } from "../../sentry-settings/example-sentry.ts";
import { ratelimitAppSource } from "./app-source.check.ts";

const judged = (rows: readonly SourceSetting[], ...frameworks: readonly Framework[]) =>
  ratelimitAppSource.evaluate(
    { application: applicationOf(...frameworks), source: sourceOf(...rows) },
    { ...NO_ENVIRONMENT, services: absent("nothing runs") },
  );
/** Good limits, with what else is known of the limiter, and what starts the application. */
const besides = (property: SourceProperty, value: unknown, command = "gunicorn app") =>
  ratelimitAppSource.evaluate(
    {
      application: applicationOf("flask"),
      source: sourceOf(
        rowOf("ratelimit.app", "ratelimit.app", ["100 per minute"]),
        rowOf(property, property, value),
      ),
    },
    { ...NO_ENVIRONMENT, services: known(servicesOf(command)) },
  );
const limits = (value: unknown) =>
  judged([rowOf("ratelimit.app", "ratelimit.app", value)], "fastapi");

const ofNode = (value: unknown, rest: Partial<SourceSetting> = {}): SourceSetting => ({
  ...rowOf("ratelimit.app", "ratelimit.app", value),
  framework: "express",
  ...rest,
});

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["the seed's limits", limits(["1000 per hour", "100 per minute"]), "pass"],
  ["one text of two", limits(["1000/hour;100/minute"]), "pass"],
  ["ten times the policy", limits(["1000/minute"]), "pass"],
  ["more than ten times", limits(["1001/minute"]), "warn"],
  ["more, in several minutes", limits(["15015 per 15 minutes"]), "warn"],
  ["no default limits", limits([]), "warn"],
  [
    "switched off",
    judged(
      [
        rowOf("ratelimit.app", "ratelimit.app", ["100/minute"]),
        rowOf("ratelimit.enabled", "ratelimit.enabled", false),
      ],
      "fastapi",
    ),
    "warn",
  ],
  [
    "switched on",
    judged(
      [
        rowOf("ratelimit.app", "ratelimit.app", ["100/minute"]),
        rowOf("ratelimit.enabled", "ratelimit.enabled", true),
      ],
      "fastapi",
    ),
    "pass",
  ],
  ["not known", limits(undefined), "unknown"],
  ["none", judged([], "django"), "warn"],
  ["Express without any", judged([], "express"), "warn"],
  [
    "signing in alone",
    judged([rowOf("ratelimit.login", "ratelimit.login", "5 per 60 second")], "express"),
    "warn",
  ],
  ["switched off", besides("ratelimit.enabled", false), "warn"],
  ["switched off by a variable", besides("ratelimit.enabled", "0"), "warn"],
  ["switched on", besides("ratelimit.enabled", "true"), "pass"],
  ["in memory, one worker", besides("ratelimit.storage", "memory://"), "pass"],
  ["in memory, four workers", besides("ratelimit.storage", "memory://", "gunicorn -w 4 a"), "warn"],
  ["in redis, four workers", besides("ratelimit.storage", "redis://", "gunicorn -w 4 a"), "pass"],
  [
    "one of all requests and one of some routes",
    judged([ofNode([]), ofNode("100 per 60 second")], "express"),
    "pass",
  ],
  [
    "one of all requests under a condition, and one of some routes",
    judged([ofNode([]), ofNode("100 per 60 second", { condition: "x" })], "express"),
    "warn",
  ],
  [
    "one of all requests that holds nobody back",
    judged([ofNode([]), ofNode("1001 per minute")], "express"),
    "warn",
  ],
  ["no application", judged([]), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`ratelimit.app/source: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("ratelimit.app/source: the limiter is quoted", () => {
  const outcome = limits([]);
  assert.ok(outcome.status === "warn");
  const [{ rule, evidence }] = outcome.findings;
  assert.equal(rule, "no-default-limits");
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, "web/sentry.py:3");
});
