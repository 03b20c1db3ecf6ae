import type { Report } from "../core/report.ts";

/** The report model as it is, `plimsoll.report/1`, indented; lone surrogates become U+FFFD. */
export function renderJson(report: Report): string {
  return `${jsonText(report, 2)}\n`;
}

/**
 * JSON that a terminal shows as it stands: what it would obey and `JSON.stringify` leaves raw
 * (DEL, C1, bidi and other format characters) is written as `\uXXXX`, which reads back the same.
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(
    value,
    (_, member) => (typeof member === "string" ? member.toWellFormed() : member),
    indent,
  );
  return text.replace(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
