/** A calendar day in UTC, `YYYY-MM-DD`, that exists. */
export type Day = string;

const DAY_MS = 86_400_000;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
/** How far the clock of who signs may run ahead of the auditor's. */
export const SKEW_MS_MAX = 300_000;

/** Where a statement stands in time. */
export interface Expiry {
  readonly state: "valid" | "expired" | "not-yet";
  /** The last day it holds, to its end in UTC: 23:59:59.999. */
  readonly lastDay: Day;
  /** Whole days since what it is about was done; negative for one that is still to come. */
  readonly ageDays: number;
  /** Days after today that it still holds; negative where it has expired. */
  readonly daysLeft: number;
}

export interface ExpiryInput {
  /** The day what is stated was done. */
  readonly performed: Day;
  /** When it was signed, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly madeAt: string;
  /** The last day it is to hold. */
  readonly expires: Day;
  /** Days after `performed` past which it never holds, whatever `expires` says. */
  readonly daysMax: number;
}

/**
 * The one place that decides whether a statement still holds: at evaluation and wherever it is shown.
 *
 * A day lasts to its end in UTC: what expires on 2026-11-28 holds at 23:59:59.999 of it and not a millisecond later.
 * What was signed in the future (but for `SKEW_MS_MAX`), or about a day that is still to come, does not hold yet.
 * A date that is none (`isDay`, `isInstant`) never holds.
 */
export function expiryOf(
  { performed, madeAt, expires, daysMax }: ExpiryInput,
  nowMs: number,
): Expiry {
  const today = Math.floor(nowMs / DAY_MS);
  const [done, end, made] = [dayNumber(performed), dayNumber(expires), instantMs(madeAt)];
  if (done === undefined || end === undefined || made === undefined) {
    return { state: "expired", lastDay: expires, ageDays: 0, daysLeft: -1 };
  }
  const last = Math.min(end, done + daysMax);
  const times = { lastDay: dayText(last), ageDays: today - done, daysLeft: last - today };
  if (today > last) return { state: "expired", ...times };
  const isAhead = made > nowMs + SKEW_MS_MAX || done > Math.floor((nowMs + SKEW_MS_MAX) / DAY_MS);
  return { state: isAhead ? "not-yet" : "valid", ...times };
}

/** Whether text is a day of the calendar: 2028-02-29 is, 2027-02-29 is not. */
export function isDay(text: string): text is Day {
  return dayNumber(text) !== undefined;
}

/** Whether text is a second of a day that exists, in UTC: `2026-11-28T09:00:00Z`. */
export function isInstant(text: string): boolean {
  return instantMs(text) !== undefined;
}

/** The day of an instant, in UTC. */
export function dayOf(ms: number): Day {
  return dayText(Math.floor(ms / DAY_MS));
}

/** `days` after `day`. Throws `RangeError` for what is no day. */
export function addDays(day: Day, days: number): Day {
  const number = dayNumber(day);
  if (number === undefined) throw new RangeError(`${day} is no day`);
  return dayText(number + days);
}

function dayNumber(text: string): number | undefined {
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (year === undefined) return undefined;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return dayText(ms / DAY_MS) === text ? ms / DAY_MS : undefined;
}

function dayText(number: number): Day {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

function instantMs(text: string): number | undefined {
  const [, day] = INSTANT.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return undefined;
  return Date.parse(text);
}
