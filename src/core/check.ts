import type { Known, OpenNeeds, Readings } from "./fact.ts";
import type { Problem } from "./reading.ts";
import type { Statement } from "./trace.ts";

/** Where a control shows, ordered from the inside of the deployment to the outside. */
export const LAYERS = ["source", "config", "host", "proxy", "live", "attested"] as const;
export type Layer = (typeof LAYERS)[number];

/** Ordered from worst to least. */
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Ordered from worst to best, as the exit code ranks them. */
export const STATUSES = ["fail", "warn", "unknown", "pass", "skip"] as const;
export type Status = (typeof STATUSES)[number];

/** Why a control was skipped. Only the engine answers the last two. */
export type SkipReason = "not-applicable" | "not-granted" | "switched-off";

/** What was read, and where. `excerpt` holds no secret: length and fingerprint only. */
export interface Evidence {
  /** Relative to the audited directory when inside it, else absolute. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly url?: string;
  readonly excerpt: string;
}

/**
 * One change of a file that would mend a finding; suggested, never made. What it names by place is the
 * statement (a directive with its block, a line) that begins at `line` and `column`.
 */
export interface Edit {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; absent where a line holds one statement. */
  readonly column?: number;
  /** `insert-in`: as first thing of the statement's block. `replace` by an empty text takes it away. */
  readonly action: "replace" | "insert-before" | "insert-after" | "insert-in";
  /** One or more whole statements in the file's own language, without the indentation of its place. */
  readonly text: string;
}

/** A rule that fired. */
export interface Finding {
  /** The named way the control fails, kebab-case: `world-readable`. */
  readonly rule: string;
  /** `note`: worth knowing, no reason to hold a deployment back; it changes neither status nor exit code. */
  readonly status: "note" | "warn" | "fail";
  /** What it is about where one rule can fire more than once in a file: a key, a package. No value, no line. */
  readonly subject?: string;
  /** What is, not what should be. */
  readonly message: string;
  /** Imperative and ready to paste; names the file, unit or key found here. */
  readonly fix: string;
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** The smallest change that would mend it, where one can be told; all of them together. */
  readonly edits?: readonly [Edit, ...Edit[]];
  /** No look from outside could tell it (a key's mode): it counts beside a live outcome, not under it. */
  readonly isUnseen?: true;
  /** Says no more than that nothing was found here: a valid attestation of the control answers it. */
  readonly isAbsence?: true;
}

export type Outcome =
  | {
      readonly status: "pass";
      readonly summary: string;
      readonly evidence: readonly Evidence[];
      readonly notes?: readonly Finding[];
    }
  | {
      readonly status: "warn" | "fail";
      readonly summary: string;
      readonly findings: readonly [Finding, ...Finding[]];
    }
  | {
      readonly status: "skip";
      readonly because: SkipReason;
      readonly summary: string;
      /** A layer further out decides in its place; what this one does to the value belongs to the trace all the same. */
      readonly isOvertaken?: true;
    }
  | { readonly status: "unknown"; readonly problem: Problem };

/** One security property, whichever layers it shows in. */
export interface Control {
  /** `<area>.<name>`, as the catalog has it. */
  readonly id: string;
  /** States the good state, at most 80 characters. */
  readonly title: string;
  readonly severity: Severity;
  /** Requirement ids of the two seed documents: `S1.17`, `S2.25`. */
  readonly seed: readonly string[];
  /** What an attacker gains when it is missing, in one sentence. */
  readonly risk: string;
  /** The rule in words: what passes, warns, fails, and what cannot be told. */
  readonly rule: string;
  /** How to mend it on each stack. */
  readonly fix: string;
  readonly references: readonly [string, ...string[]];
  /** `neutral`: an unknown does not raise the exit code (catalog G2). */
  readonly unknownExit?: "neutral";
  /** The control's row of `check_security.sh`; absent for controls the seed does not have. */
  readonly compat?: CompatRow;
}

/** How the drop-in names and ranks a control (compat.md sections 4 and 5). */
export interface CompatRow {
  readonly group: "common" | "agent" | "hub";
  /** Order within the whole report, the seed's own number. */
  readonly order: number;
  readonly check: string;
  /** The worst status the seed lets this check take. */
  readonly level: "warn" | "fail";
}

/** One control judged at one layer; its id is `<control>/<layer>`. */
export interface Check<N extends OpenNeeds = OpenNeeds, W extends OpenNeeds = OpenNeeds> {
  readonly control: Control;
  readonly layer: Layer;
  /** How this layer is read, one sentence for `explain` and the documentation. */
  readonly reads: string;
  /** It judges nothing, another control does: its statements count although it never applies. */
  readonly isTraceOnly?: true;
  /** Every one must be known, else the check is unknown (or not applicable where one is absent). */
  readonly needs: N;
  /** Handed over as readings, whatever their state. */
  readonly wants: W;
  /** Pure: same facts, same outcome. */
  evaluate(facts: Known<N>, readings: Readings<W>): Outcome;
  /** What the layers do to the control's value; from it the engine tells where it is lost. */
  states?(facts: Known<N>, readings: Readings<W>): readonly Statement[];
}

// biome-ignore lint/suspicious/noExplicitAny: a check is invariant in its needs.
export type AnyCheck = Check<any, any>;

/** Returns `check` with its types inferred; `needs` and `wants` may be left out. */
export function defineCheck<
  const N extends OpenNeeds = Record<never, never>,
  const W extends OpenNeeds = Record<never, never>,
>(
  check: Omit<Check<N, W>, "needs" | "wants"> & { readonly needs?: N; readonly wants?: W },
): Check<N, W> {
  return { needs: {} as N, wants: {} as W, ...check };
}

export function pass(summary: string, evidence: readonly Evidence[] = []): Outcome {
  return { status: "pass", summary, evidence };
}

export function notApplicable(summary: string): Outcome {
  return { status: "skip", because: "not-applicable", summary };
}

/** Not applicable, as a layer further out replaces what this one does. */
export function overtaken(summary: string): Outcome {
  return { status: "skip", because: "not-applicable", summary, isOvertaken: true };
}

export function cannotTell(code: Problem["code"], detail: string): Outcome {
  return { status: "unknown", problem: { code, detail } };
}

/** Of findings, the worst first. */
export const FINDING_STATUSES = ["fail", "warn", "note"] as const;

/**
 * The outcome of a list of findings: the worst decides; where none is more than a note, `otherwise`
 * with the notes beside it.
 */
export function judge(findings: readonly Finding[], otherwise: Outcome): Outcome {
  const sorted = FINDING_STATUSES.flatMap((status) =>
    findings.filter((one) => one.status === status),
  );
  const [worst, ...others] = sorted;
  if (worst === undefined) return otherwise;
  if (worst.status === "note") {
    return otherwise.status === "pass" ? { ...otherwise, notes: sorted } : otherwise;
  }
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return { status: worst.status, summary: `${worst.message}${more}`, findings: [worst, ...others] };
}
