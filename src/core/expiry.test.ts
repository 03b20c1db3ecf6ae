import assert from "node:assert/strict";
import { test } from "node:test";

import { addDays, dayOf, expiryOf, isDay, isInstant, SKEW_MS_MAX } from "./expiry.ts";

const LONG = 10_000;
/** Done and signed on 2026-01-10. */
function stateAt(now: string, expires: string, daysMax = LONG): string {
  const given = { performed: "2026-01-10", madeAt: "2026-01-10T12:00:00Z", expires, daysMax };
  const { state, lastDay, ageDays, daysLeft } = expiryOf(given, Date.parse(now));
  return `${state} ${lastDay} ${ageDays} ${daysLeft}`;
}

const CASES: readonly [now: string, expires: string, expected: string, daysMax?: number][] = [
  ["2026-03-01T00:00:00.000Z", "2026-03-01", "valid 2026-03-01 50 0"],
  ["2026-03-01T23:59:59.999Z", "2026-03-01", "valid 2026-03-01 50 0"],
  ["2026-03-02T00:00:00.000Z", "2026-03-01", "expired 2026-03-01 51 -1"],
  // A wall clock west of Greenwich still shows the first of March, one east of it the second.
  ["2026-03-01T19:00:00-05:00", "2026-03-01", "expired 2026-03-01 51 -1"],
  ["2026-03-02T08:59:59+09:00", "2026-03-01", "valid 2026-03-01 50 0"],
  // The night in which Europe's clocks are put forward.
  ["2026-03-29T23:59:59.999Z", "2026-03-29", "valid 2026-03-29 78 0"],
  ["2026-03-30T00:00:00.000Z", "2026-03-29", "expired 2026-03-29 79 -1"],
  ["2028-02-29T23:59:59.999Z", "2028-02-29", "valid 2028-02-29 780 0"],
  ["2028-03-01T00:00:00.000Z", "2028-02-29", "expired 2028-02-29 781 -1"],
  // Whatever it says, it never holds longer than its kind may.
  ["2026-02-10T23:59:59.999Z", "2099-12-31", "valid 2026-02-10 31 0", 31],
  ["2026-02-11T00:00:00.000Z", "2099-12-31", "expired 2026-02-10 32 -1", 31],
  // No days at all.
  ["2026-02-01T00:00:00Z", "2026-02-30", "expired 2026-02-30 0 -1"],
  ["2026-02-01T00:00:00Z", "", "expired  0 -1"],
];

for (const [now, expires, expected, daysMax] of CASES) {
  test(`what expires on ${expires} is at ${now} ${expected}`, () => {
    assert.equal(stateAt(now, expires, daysMax), expected);
  });
}

const SIGNED = Date.parse("2026-01-10T12:00:00Z");
const AHEAD: readonly [name: string, nowMs: number, performed: string, expected: string][] = [
  ["signed this moment", SIGNED, "2026-01-10", "valid"],
  ["signed by a clock that is ahead", SIGNED - SKEW_MS_MAX, "2026-01-10", "valid"],
  ["signed in the future", SIGNED - SKEW_MS_MAX - 1, "2026-01-10", "not-yet"],
  ["about tomorrow", SIGNED, "2026-01-11", "not-yet"],
];

for (const [name, nowMs, performed, expected] of AHEAD) {
  test(`${name} is ${expected}`, () => {
    const madeAt = "2026-01-10T12:00:00Z";
    const given = { performed, madeAt, expires: "2027-01-01", daysMax: LONG };
    assert.equal(expiryOf(given, nowMs).state, expected);
  });
}

test("days are those of the calendar", () => {
  const days = ["2026-11-28", "2028-02-29", "2000-02-29"];
  const none = [
    ...["2026-11-31", "2027-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "0000-01-01"],
    ...[
      "2026-1-1",
      "26-11-28",
      "2026-11-28 ",
      "2026-11-28T00:00:00Z",
      "+002026-11-28",
      "",
      "٢٠٢٦-11-28",
    ],
  ];
  assert.deepEqual([days.filter(isDay), none.filter(isDay)], [days, []]);
});

test("instants are seconds of UTC", () => {
  const instants = ["2026-11-28T00:00:00Z", "2028-02-29T23:59:59Z"];
  const none = [
    ...[
      "2026-11-28T24:00:00Z",
      "2026-11-28T23:60:00Z",
      "2026-11-28T23:59:60Z",
      "2027-02-29T00:00:00Z",
    ],
    ...[
      "2026-11-28T00:00:00+00:00",
      "2026-11-28T00:00:00.000Z",
      "2026-11-28",
      "2026-11-28T00:00:00z",
    ],
  ];
  assert.deepEqual([instants.filter(isInstant), none.filter(isInstant)], [instants, []]);
});

test("days are counted over leap days and ends of years", () => {
  assert.equal(addDays("2028-02-28", 1), "2028-02-29");
  assert.equal(addDays("2026-11-28", 365), "2027-11-28");
  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
  assert.throws(() => addDays("2026-02-30", 1), RangeError);
  assert.equal(dayOf(Date.parse("2026-11-28T23:59:59.999Z")), "2026-11-28");
});
