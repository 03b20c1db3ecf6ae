import {
  type Evidence,
  type Finding,
  LAYERS,
  type Outcome,
  STATUSES,
  type Status,
} from "../core/check.ts";
import type { ControlResult, LayerResult, ReportedFinding } from "../core/report.ts";
import { trace } from "../core/trace.ts";
import { sha256Hex } from "../wire/digest.ts";
import type { Judged } from "./evaluate.ts";

/**
 * One control's answer out of its layers' (decisions.md section 3).
 *
 * A known live outcome decides; where an inner layer contradicts a live pass the control is at
 * least `warn` and says so. A finding that live cannot see counts beside it. Without a live answer the worst of the layers decides, an unanswered
 * live layer included: what was asked for and not seen is not passed. An attestation stands beside all of them: it
 * answers where they do not know, takes no finding away, and is missed by nobody where they know.
 */
export function joinControl(judged: readonly [Judged, ...Judged[]]): ControlResult {
  const { control } = judged[0].check;
  const ordered = settleAbsences([...judged].sort((a, b) => layerOrder(a) - layerOrder(b)));
  const judging = ordered.filter(({ check }) => check.isTraceOnly !== true);
  const layers = (judging.length > 0 ? judging : ordered).map(layerResult);
  const decided = withUnseen(decide(layers), ordered);
  const way = trace(ordered.flatMap(({ statements }) => statements));
  const { because, problem } = decided.layer;
  return {
    id: control.id,
    title: control.title,
    severity: control.severity,
    status: decided.status,
    ...((because ?? problem) && { because: because ?? problem?.code }),
    summary: decided.summary,
    seed: control.seed,
    references: control.references,
    ...(control.unknownExit && { unknownExit: control.unknownExit }),
    layers,
    findings: ordered.flatMap(findingsOf),
    ...(way !== undefined && { trace: way }),
  } as ControlResult; // The spreads above add `because` only with a value.
}

function layerOrder({ check }: Judged): number {
  return LAYERS.indexOf(check.layer);
}

interface Decision {
  readonly status: Status;
  readonly summary: string;
  readonly layer: LayerResult;
}

function decide(layers: readonly LayerResult[]): Decision {
  const attested = layers.find(({ layer }) => layer === "attested");
  const others = layers.filter(({ layer }) => layer !== "attested");
  if (attested === undefined || others.length === 0) return decideSeen(layers);
  return besideAttested(decideSeen(others), attested);
}

function besideAttested(seen: Decision, attested: LayerResult): Decision {
  const stated = { status: attested.status, summary: attested.summary, layer: attested };
  switch (attested.status) {
    case "skip":
      return seen;
    case "unknown":
      return seen.status === "skip" ? stated : seen;
    case "pass":
      return seen.status === "unknown" || seen.status === "skip" ? stated : seen;
    case "warn":
    case "fail":
      if (seen.status === "pass") {
        const summary = `It holds by what was seen, yet: ${attested.summary}`;
        return { ...stated, status: "warn", summary };
      }
      return STATUSES.indexOf(attested.status) < STATUSES.indexOf(seen.status) ? stated : seen;
  }
}

/** A valid attestation answers a layer that says no more than that it found nothing; what it says stays as a note. */
function settleAbsences(judged: readonly Judged[]): readonly Judged[] {
  const isAttested = judged.some(
    ({ check, outcome }) => check.layer === "attested" && outcome.status === "pass",
  );
  if (!isAttested) return judged;
  return judged.map((one) => {
    const { outcome } = one;
    if (!hasFindings(outcome) || !outcome.findings.every(isAbsenceOrNote)) return one;
    const notes = outcome.findings.map((finding) => ({ ...finding, status: "note" as const }));
    const summary = `${outcome.summary}; it is attested`;
    return { ...one, outcome: { status: "pass", summary, evidence: [], notes } };
  });
}

function isAbsenceOrNote({ isAbsence, status }: Finding): boolean {
  return isAbsence === true || status === "note";
}

function decideSeen(layers: readonly LayerResult[]): Decision {
  const inner = worstOf(layers.filter(({ layer }) => layer !== "live"));
  const live = worstOf(layers.filter(({ layer }) => layer === "live"));
  const isSeen = live !== undefined && live.status !== "skip" && live.status !== "unknown";
  if (isSeen && inner !== undefined) return reconcile(live, inner);
  const layer = worstOf(layers);
  if (layer === undefined) throw new TypeError("a control without layers");
  return { status: layer.status, summary: layer.summary, layer };
}

function reconcile(live: LayerResult, inner: LayerResult): Decision {
  const contradicts =
    live.status === "pass" && (inner.status === "fail" || inner.status === "warn");
  if (!contradicts) return { status: live.status, summary: live.summary, layer: live };
  const summary = `Live it holds, yet the ${inner.layer} layer says: ${inner.summary}`;
  return { status: "warn", summary, layer: inner };
}

/** The worst finding that no look from outside could tell decides where it is worse than what did. */
function withUnseen(decided: Decision, judged: readonly Judged[]): Decision {
  const unseen = judged.flatMap(({ check, outcome }) =>
    hasFindings(outcome)
      ? outcome.findings.flatMap(({ isUnseen, status, message }) =>
          isUnseen === true && status !== "note" ? [{ status, message, layer: check.layer }] : [],
        )
      : [],
  );
  const worst = unseen.find(({ status }) => status === "fail") ?? unseen[0];
  if (worst === undefined) return decided;
  const { status, message, layer } = worst;
  if (STATUSES.indexOf(status) >= STATUSES.indexOf(decided.status)) return decided;
  return { status, summary: message, layer: { layer, status, summary: message } };
}

/** The worst by rank; a skip counts only when every layer is skipped. */
function worstOf(layers: readonly LayerResult[]): LayerResult | undefined {
  const rank = ({ status }: LayerResult) => STATUSES.indexOf(status);
  return [...layers].sort((a, b) => rank(a) - rank(b))[0];
}

function layerResult({ check, outcome }: Judged): LayerResult {
  const { layer } = check;
  switch (outcome.status) {
    case "pass":
      return { layer, status: "pass", summary: outcome.summary, evidence: outcome.evidence };
    case "warn":
    case "fail":
      return { layer, status: outcome.status, summary: outcome.summary };
    case "skip":
      return { layer, status: "skip", because: outcome.because, summary: outcome.summary };
    case "unknown": {
      const { code, detail } = outcome.problem;
      return { layer, status: "unknown", summary: detail, because: code, problem: outcome.problem };
    }
  }
}

function findingsOf({ check, outcome }: Judged): readonly ReportedFinding[] {
  const { control, layer } = check;
  return allFindings(outcome).map(({ subject = "", isUnseen: _, isAbsence: __, ...finding }) => ({
    ...finding,
    severity: control.severity,
    layer,
    fingerprint: fingerprint(
      control.id,
      layer,
      finding.rule,
      placeOf(finding.evidence[0]),
      subject,
    ),
  }));
}

function allFindings(outcome: Outcome): readonly Finding[] {
  if (outcome.status === "pass") return outcome.notes ?? [];
  return hasFindings(outcome) ? outcome.findings : [];
}

function hasFindings(outcome: Outcome): outcome is Extract<Outcome, { findings: unknown }> {
  return outcome.status === "warn" || outcome.status === "fail";
}

function placeOf({ file, url }: Evidence): string {
  return file ?? url ?? "";
}

const FINGERPRINT_DIGITS = 16;

/** Stable across edits: no line number and no value goes in. */
function fingerprint(...parts: readonly string[]): string {
  return sha256Hex(parts.join("\n")).slice(0, FINGERPRINT_DIGITS);
}
