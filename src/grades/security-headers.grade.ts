import { fieldValues, type HttpExchange, type HttpSite, judgedAnswer } from "../core/http-site.ts";
import type { Grade } from "../core/report.ts";
import { viewAsClient } from "./observatory/client.ts";
import { readCsp } from "./observatory/csp.ts";

/**
 * The headers securityheaders.com grades, as secondary sources describe them; its own page was not at hand. That all
 * six give an A, that an unsafe policy keeps from A+, and that none gives an F is agreed on; the rungs between are not
 * verified, and the report says so.
 */
export const SECURITY_HEADERS = { method: "securityheaders", version: "2026-unofficial" } as const;

export const GRADED_HEADERS = [
  "Strict-Transport-Security",
  "Content-Security-Policy",
  "X-Content-Type-Options",
  "X-Frame-Options",
  "Referrer-Policy",
  "Permissions-Policy",
] as const;
export type GradedHeader = (typeof GRADED_HEADERS)[number];

/** Grade by the number of headers that are there. */
const RUNGS: Readonly<Record<number, { readonly grade: string; readonly isVerified: boolean }>> = {
  6: { grade: "A", isVerified: true },
  5: { grade: "B", isVerified: false },
  4: { grade: "C", isVerified: false },
  3: { grade: "D", isVerified: false },
  2: { grade: "E", isVerified: false },
  1: { grade: "F", isVerified: false },
  0: { grade: "F", isVerified: true },
};

export interface SecurityHeadersGrade {
  readonly grade: string;
  readonly present: readonly GradedHeader[];
  readonly missing: readonly GradedHeader[];
  /** The policy lets inline or evaluated scripts run, which keeps from A+. */
  readonly isPolicyUnsafe: boolean;
  /** Whether the policy could be read; one that could not keeps from A+ too. */
  readonly isPolicyRead: boolean;
  /** Whether the rung is known, or assumed by the number of headers. */
  readonly isRungVerified: boolean;
}

/** The grade; `undefined` where nothing answered. */
export function gradeSecurityHeaders(site: HttpSite): SecurityHeadersGrade | undefined {
  const answer = judgedAnswer(site);
  if (answer === undefined) return undefined;
  const csp = readCsp(viewAsClient(site));
  const present = GRADED_HEADERS.filter((name) =>
    isPresent(name, answer, csp.policy !== undefined),
  );
  const missing = GRADED_HEADERS.filter((name) => !present.includes(name));
  const script =
    csp.policy?.directives.get("script-src") ?? csp.policy?.directives.get("default-src");
  const isPolicyUnsafe =
    script === undefined || script.has("'unsafe-inline'") || script.has("'unsafe-eval'");
  const rung = RUNGS[present.length] ?? { grade: "F", isVerified: false };
  const isTop = rung.grade === "A" && !isPolicyUnsafe;
  return {
    grade: isTop ? "A+" : rung.grade,
    present,
    missing,
    isPolicyUnsafe,
    isPolicyRead: csp.policy !== undefined,
    isRungVerified: rung.isVerified,
  };
}

/** Presence counts, whatever the value; frame-ancestors stands in for X-Frame-Options. */
function isPresent(name: GradedHeader, answer: HttpExchange, hasPolicy: boolean): boolean {
  const values = fieldValues(answer, name.toLowerCase()).filter((value) => value.trim() !== "");
  if (name === "Content-Security-Policy") return values.length > 0 || hasPolicy;
  if (values.length > 0) return true;
  if (name !== "X-Frame-Options") return false;
  return fieldValues(answer, "content-security-policy").some((value) =>
    /(?:^|[;,])\s*frame-ancestors\b/i.test(value),
  );
}

/** The grade as the report's `grades` has it. */
export function toSecurityHeadersReport(grade: SecurityHeadersGrade): Grade {
  const { present, missing, isPolicyUnsafe, isPolicyRead, isRungVerified } = grade;
  const because = isPolicyRead
    ? "the policy lets inline or evaluated scripts run"
    : "the policy cannot be read, or the answer not to its end";
  const caps = missing.length === 0 && isPolicyUnsafe ? [{ to: "A", because }] : [];
  return {
    ...SECURITY_HEADERS,
    grade: grade.grade,
    caps,
    parts: { present, missing, isPolicyUnsafe, isRungVerified },
  };
}
