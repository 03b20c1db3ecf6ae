/**
 * Days a publicly trusted certificate may be valid, by the day it was issued: CA/Browser Forum Baseline
 * Requirements 6.3.2 with ballots 193 (825 days), SC-31 (398) and SC-081v3 (200, 100, 47). Newest first.
 */
const LIMITS: readonly (readonly [sinceMs: number, days: number])[] = [
  [Date.UTC(2029, 2, 15), 47],
  [Date.UTC(2027, 2, 15), 100],
  [Date.UTC(2026, 2, 15), 200],
  [Date.UTC(2020, 8, 1), 398],
  [Date.UTC(2018, 2, 1), 825],
];
/** 39 months, before that. */
const OLDEST_DAYS = 1_187;

/** The most days from notBefore to notAfter, for a certificate issued at `notBeforeMs`. */
export function lifetimeDaysMax(notBeforeMs: number): number {
  return LIMITS.find(([sinceMs]) => notBeforeMs >= sinceMs)?.[1] ?? OLDEST_DAYS;
}
