import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { rowOf, sourceOf } from "../../sentry-settings/example-sentry.ts";
import { sentryPiiSource } from "./pii-source.check.ts";

const judged = (...rows: readonly SourceSetting[]) =>
  sentryPiiSource.evaluate({ source: sourceOf(...rows) }, {});
const init = (rest: Partial<SourceSetting> = {}) =>
  rowOf("sentry.init", "sentry.enabled", false, rest);
const pii = (value: unknown, rest: Partial<SourceSetting> = {}) =>
  rowOf("sentry.send_default_pii", "sentry.send-default-pii", value, rest);
const scrubber = rowOf("sentry.before_send", "sentry.scrubber", true, { subject: "before_send" });
const scrubbed = (line: number) => ({ ...scrubber, line: line + 3, callLine: line });
const open = { condition: "not all of its arguments are known" };

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["off, scrubbed", judged(init(), pii(false), scrubber), "pass"],
  ["absent, scrubbed", judged(init(), scrubber), "pass"],
  ["absent, not scrubbed", judged(init()), "warn"],
  [
    "before_send=None",
    judged(init(), rowOf("sentry.before_send", "sentry.scrubber", false)),
    "warn",
  ],
  ["on, not scrubbed, also where the switch is off", judged(init(), pii(true)), "fail"],
  ["on, with a before_send", judged(init(), pii(true), scrubber), "warn"],
  ["only known at run time", judged(init(), pii(undefined)), "unknown"],
  ["arguments that are not known", judged(init(open)), "unknown"],
  [
    "both given beside arguments that are not known",
    judged(init(open), pii(false), scrubber),
    "pass",
  ],
  [
    "of two calls one is open",
    judged(init(), scrubber, init({ line: 9 }), pii(true, { line: 9 })),
    "fail",
  ],
  ["on, on a line of its own", judged(init(), pii(true, { line: 9, callLine: 3 })), "fail"],
  [
    "on for another call of the file",
    judged(init(), scrubber, init({ line: 8 }), scrubbed(8), pii(true, { line: 9, callLine: 8 })),
    "warn",
  ],
  ["no call", judged(rowOf("sentry.sdk", undefined, true)), "skip"],
  ["source that calls it nowhere", judged(init({ kind: "absent", line: null })), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`sentry.pii/source: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("sentry.pii/source: the call and the argument are quoted", () => {
  const outcome = judged(init(), pii(true, { line: 4 }), pii(true));
  assert.ok(outcome.status === "fail");
  const [{ message, evidence }] = outcome.findings;
  assert.equal(
    message,
    "sentry_sdk.init sends personal data with every event (web/sentry.py:3), and nothing scrubs it",
  );
  assert.deepEqual(
    evidence.map(({ file, line }) => `${file}:${line}`),
    ["web/sentry.py:3", "web/sentry.py:3"],
  );
});
