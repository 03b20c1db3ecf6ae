import { boundedFields, type FieldProblem, problemList, quoted, splitPiece } from "./field.ts";

/** X-XSS-Protection: no standard; read as Chromium did until version 78 took the filter out (2019). */
export interface XssProtectionHeader {
  /** Absent where the header is missing or malformed; the filter's default held then. */
  readonly filter?: "off" | "on" | "block";
  /** URL of `report=`, which let the filter leak what it found. */
  readonly reportUrl?: string;
  readonly problems: readonly FieldProblem[];
}

export function parseXssProtection(values: readonly string[]): XssProtectionHeader {
  const problems = problemList();
  const [first, ...more] = boundedFields(values, problems);
  for (const piece of more)
    problems.add("repeated", `${quoted(piece.text)} is sent as well`, piece);
  if (first === undefined) return { problems: problems.all };
  const [flag, ...rest] = splitPiece(first, ";").filter(({ text }, at) => text !== "" || at === 0);
  if (flag === undefined || !/^[01]$/.test(flag.text)) {
    problems.add("invalid", `${quoted(first.text)} starts with neither 0 nor 1`, first);
    return { problems: problems.all };
  }
  let isBlocking = false;
  let reportUrl: string | undefined;
  for (const piece of rest) {
    const report = /^report\s*=\s*(\S+)$/i.exec(piece.text)?.[1];
    if (/^mode\s*=\s*block$/i.test(piece.text)) isBlocking = true;
    else if (report !== undefined) reportUrl = report;
    else problems.add("unknown-directive", `${quoted(piece.text)} is unknown`, piece);
  }
  const filter = filterOf(flag.text, isBlocking);
  return { filter, ...(reportUrl === undefined ? {} : { reportUrl }), problems: problems.all };
}

function filterOf(flag: string, isBlocking: boolean): "off" | "on" | "block" {
  if (flag === "0") return "off";
  return isBlocking ? "block" : "on";
}
