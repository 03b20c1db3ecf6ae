import { hstsOf } from "../core/tls-grade-caps.ts";
import type { TlsScan } from "../core/tls-scan.ts";
import { type ClientOutcome, simulateClients } from "../grades/client-simulation.ts";
import { conformanceOf } from "../grades/mozilla.ts";
import { nextGrade } from "../grades/next-grade.ts";
import { gradeTls } from "../grades/ssl-labs.grade.ts";
import type { TlsView } from "../report/tls-layout.ts";

/** What is computed over each scan for people to read. */
export function viewsOf(scans: readonly TlsScan[]): readonly TlsView[] {
  return scans.map((scan) => {
    const hsts = hstsOf(scan);
    const grade = gradeTls(scan, { hsts });
    if (scan.state !== "tls") return { scan };
    const { profile, differences } = conformanceOf(scan, { hsts });
    const better = profile === "modern" ? undefined : NEXT_PROFILE[profile];
    const next = grade === undefined ? undefined : nextGrade(grade);
    return {
      scan,
      ...(grade !== undefined && { grade }),
      ...(next !== undefined && { next }),
      clients: simulateClients(scan).map((outcome) => ({
        client: outcome.client,
        state: outcome.state,
        result: clientText(outcome),
      })),
      mozilla: {
        profile,
        ...(better !== undefined && { next: better }),
        differences: better === undefined ? [] : differences[better],
      },
    };
  });
}

/** The profile the differences are told from. */
const NEXT_PROFILE = {
  intermediate: "modern",
  neither: "intermediate",
  unknown: "intermediate",
} as const;

function clientText(outcome: ClientOutcome): string {
  if (outcome.state === "connects") {
    const { protocol, suite, group, needsRetry } = outcome;
    const parts = [protocol, suite, ...(group === undefined ? [] : [group])];
    return [...parts, ...(needsRetry === true ? ["(one round trip more)"] : [])].join("  ");
  }
  return `${outcome.state === "fails" ? "cannot connect" : "not told"}: ${outcome.because}`;
}
