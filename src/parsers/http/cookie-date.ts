const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** Longest date that is read; attribute values over 1,024 bytes are ignored anyway. */
const DATE_LENGTH_MAX = 1024;

interface DateParts {
  time?: readonly [number, number, number];
  day?: number;
  month?: number;
  year?: number;
}

/**
 * A cookie date in seconds since 1970 (RFC 6265 section 5.1.1, unchanged in draft-ietf-httpbis-rfc6265bis-20):
 * the first time, day, month and year found in that order, whatever stands between. `undefined` where one is missing.
 */
export function parseCookieDate(text: string): number | undefined {
  const parts: DateParts = {};
  for (const token of text.slice(0, DATE_LENGTH_MAX).split(/[\t\x20-\x2f;-@[-`{-~]+/)) {
    take(token, parts);
  }
  const { time, day, month, year } = parts;
  if (time === undefined || day === undefined || month === undefined || year === undefined)
    return undefined;
  const [hour, minute, second] = time;
  const isInRange =
    day >= 1 && day <= 31 && year >= 1601 && hour < 24 && minute < 60 && second < 60;
  if (!isInRange) return undefined;
  const at = new Date(Date.UTC(year, month, day, hour, minute, second));
  return at.getUTCDate() === day ? at.getTime() / 1000 : undefined;
}

function take(token: string, parts: DateParts): void {
  const time = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D|$)/.exec(token);
  if (parts.time === undefined && time !== null) {
    parts.time = [Number(time[1]), Number(time[2]), Number(time[3])];
    return;
  }
  const day = /^(\d{1,2})(?:\D|$)/.exec(token)?.[1];
  if (parts.day === undefined && day !== undefined) {
    parts.day = Number(day);
    return;
  }
  const month = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
  if (parts.month === undefined && month >= 0) {
    parts.month = month;
    return;
  }
  const year = /^(\d{2,4})(?:\D|$)/.exec(token)?.[1];
  if (parts.year === undefined && year !== undefined) parts.year = wholeYear(Number(year));
}

function wholeYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900;
  return year <= 69 ? year + 2000 : year;
}
