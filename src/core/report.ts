import type { Edit, Evidence, Layer, Severity, SkipReason, Status } from "./check.ts";
import type { HttpSiteReport } from "./http-report.ts";
import type { ProxyReport } from "./proxy-report.ts";
import type { ProblemCode } from "./reading.ts";
import type { TlsScan } from "./tls-scan.ts";
import type { Trace } from "./trace.ts";

export const REPORT_SCHEMA = "plimsoll.report/1";

/** Plain data: it is signed, pushed, stored and rendered, and holds no function. */
export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  readonly target: {
    readonly directory?: string;
    readonly urls: readonly string[];
    readonly host?: string;
  };
  readonly mode: {
    readonly label: string;
    readonly roles: readonly string[];
    readonly decidedBy: string;
  };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly summary: Summary;
  readonly exitCode: number;
  readonly controls: readonly ControlResult[];
  readonly grades: readonly Grade[];
  /** What was seen of each TLS server, an element a scanned address. */
  readonly tls?: readonly TlsScan[];
  /** What was seen of each site, an element an audited URL. */
  readonly http?: readonly HttpSiteReport[];
  readonly problems: readonly FactProblem[];
  /** What was read of configurations that were named (`plimsoll proxy`). */
  readonly proxy?: ProxyReport;
}

export interface Summary {
  readonly pass: number;
  readonly warn: number;
  readonly fail: number;
  readonly skip: number;
  readonly unknown: number;
  readonly waived: number;
}

export interface ControlResult {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly status: Status;
  /** For a skip: why. For an unknown: the problem's code. */
  readonly because?: SkipReason | ProblemCode;
  readonly summary: string;
  readonly seed: readonly string[];
  readonly references: readonly string[];
  /** An unknown here does not raise the exit code. */
  readonly unknownExit?: "neutral";
  readonly layers: readonly LayerResult[];
  readonly findings: readonly ReportedFinding[];
  readonly trace?: Trace;
}

export interface LayerResult {
  readonly layer: Layer;
  readonly status: Status;
  readonly summary: string;
  readonly because?: SkipReason | ProblemCode;
  readonly problem?: { readonly code: ProblemCode; readonly detail: string };
  /** What a pass rests on. */
  readonly evidence?: readonly Evidence[];
}

export interface ReportedFinding {
  readonly rule: string;
  readonly status: "note" | "warn" | "fail";
  readonly severity: Severity;
  readonly layer: Layer;
  readonly message: string;
  readonly fix: string;
  readonly evidence: readonly Evidence[];
  /** The smallest change of files that would mend it: suggested, never made. */
  readonly edits?: readonly Edit[];
  /** Stable across edits: holds no line number and no value. */
  readonly fingerprint: string;
}

export interface Grade {
  readonly method: string;
  readonly version: string;
  /** The scanned address it is of: an element of `tls` has the same three. */
  readonly host?: string;
  readonly port?: number;
  readonly address?: string;
  readonly grade: string;
  readonly score?: number;
  readonly caps: readonly { readonly to: string; readonly because: string }[];
  readonly parts: Readonly<Record<string, unknown>>;
}

/** A fact that could not be read. */
export interface FactProblem {
  readonly fact: string;
  readonly code: ProblemCode;
  readonly detail: string;
}

/** The process's answer to a deploy pipeline; 64 and 70 are sysexits' EX_USAGE and EX_SOFTWARE. */
export const EXIT = {
  ok: 0,
  warnings: 1,
  failures: 2,
  incomplete: 3,
  usage: 64,
  internal: 70,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * The exit code of a finished run (catalog G2).
 *
 * An unanswered question never passes a gate: `unknown` counts as a warning, unless the control
 * is neutral. `strict` makes the unknown of a critical control a failure and of any other a warning.
 */
export function exitCode(
  controls: readonly Pick<ControlResult, "status" | "severity" | "unknownExit">[],
  strict: boolean,
): ExitCode {
  const ranks = controls.map((control) => rankOf(control, strict));
  return (
    ranks.find((rank) => rank === EXIT.failures) ??
    ranks.find((rank) => rank !== EXIT.ok) ??
    EXIT.ok
  );
}

function rankOf(
  { status, severity, unknownExit }: Pick<ControlResult, "status" | "severity" | "unknownExit">,
  strict: boolean,
): ExitCode {
  switch (status) {
    case "fail":
      return EXIT.failures;
    case "warn":
      return EXIT.warnings;
    case "unknown":
      if (strict && severity === "critical") return EXIT.failures;
      return unknownExit === "neutral" && !strict ? EXIT.ok : EXIT.warnings;
    case "pass":
    case "skip":
      return EXIT.ok;
  }
}
