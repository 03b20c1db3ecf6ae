import type { Grade } from "../core/report.ts";
import { gradeTls as gradeByGuide } from "../core/tls-grade.ts";
import type { HstsSeen } from "../core/tls-grade-caps.ts";
import type { TlsGrade, TlsScan } from "../core/tls-scan.ts";

/** SSL Server Rating Guide 2009q with the rules of 2009r (2025-05-16, as testssl.sh implements them). */
export const SSL_LABS = { method: "ssl-labs", version: "2009r" } as const;

/**
 * The grade with its arithmetic; `undefined` for an address that spoke no TLS or answered too little.
 * The rules live in core, as the control `grade.tls` judges by them too.
 */
export function gradeTls(
  scan: TlsScan,
  options: { readonly hsts: HstsSeen },
): TlsGrade | undefined {
  return gradeByGuide(scan, options);
}

/** The grade as the report's `grades` has it. */
export function toReportGrade(grade: TlsGrade): Grade {
  const { parts, caps, score, ifTrustIgnored, provisional, notes } = grade;
  return {
    ...SSL_LABS,
    grade: grade.grade,
    score,
    caps,
    parts: {
      ...parts,
      ...(ifTrustIgnored !== undefined && { ifTrustIgnored }),
      provisional,
      ...(notes.length > 0 && { notes }),
    },
  };
}
