import { cannotTell, type Finding, judge, type Outcome, pass } from "../../core/check.ts";
import { expiryOf } from "../../core/expiry.ts";
import type { Reading } from "../../core/reading.ts";
import {
  ATTESTATIONS_DIRECTORY,
  type Attestations,
  type ReadAttestation,
} from "../../facts/attestations.fact.ts";
import type { AttestItem } from "./item.ts";
import {
  attestCommand,
  evidenceOf,
  type Standing,
  type StandingInput,
  standingOf,
} from "./standing.ts";

/** What `judgeAttested` says of a control that nobody attests: the same for all, so that a report can tell it once. */
export const NOBODY_ATTESTS = "Nobody attests it";

export interface AttestedInput extends StandingInput {
  readonly attestations: Reading<Attestations>;
}

/** The best attestation of an item decides; of none, the catalog's word where somebody is trusted, else unknown. */
export function judgeAttested(input: AttestedInput): Outcome {
  const { attestations } = input;
  if (attestations.state === "absent") return cannotTell("not-attested", NOBODY_ATTESTS);
  if (attestations.state === "unknown")
    return cannotTell(attestations.problem.code, attestations.problem.detail);
  const facts = attestations.value;
  const standings = facts.attestations.flatMap((read) => standingOf(input, facts, read));
  const held = standings.filter(({ rank }) => rank === "holds").map(({ read }) => read);
  const [holding] = held;
  const lapsed = standings.filter(({ rank }) => rank === "lapsed");
  if (holding !== undefined && uncovered(input, held) === undefined) {
    // One that was tampered with is worth knowing of beside a good one; one that has run out is not.
    const forged = lapsed.flatMap(({ finding }) =>
      finding?.rule === "forged" ? [{ ...finding, status: "note" as const }] : [],
    );
    const { summary, evidence } = described(input, holding);
    return judge(forged, pass(summary, evidence));
  }
  const weak = standings.filter(({ rank }) => rank === "weak");
  const findings = (weak.length > 0 ? weak : lapsed).flatMap(({ finding }) => finding ?? []);
  if (findings.length > 0) return judge(findings, pass(""));
  return noneOf(input.item, facts, standings, uncovered(input, held));
}

/** A policy in force that no attestation is about. */
function uncovered(
  { item, policies = [] }: AttestedInput,
  held: readonly ReadAttestation[],
): string | undefined {
  if (item.bound !== "policy") return undefined;
  return policies.find((policy) => !held.some(({ statement }) => statement.policy === policy));
}

function described({ nowMs, item }: AttestedInput, read: ReadAttestation) {
  const { statement, signer } = read;
  const { lastDay } = expiryOf({ ...statement, daysMax: item.daysMax }, nowMs);
  const summary = `${signer} attests it (${statement.item}), done on ${statement.performed}, until the end of ${lastDay} UTC`;
  return { summary, evidence: [evidenceOf(read, item)] };
}

/** No attestation that says anything about this deployment as it is. */
function noneOf(
  item: AttestItem,
  facts: Attestations,
  standings: readonly Standing[],
  policy: string | undefined,
): Outcome {
  const voided = standings.flatMap((each) => each.why ?? []);
  const inForce = policy === undefined ? [] : [`the policy in force is ${policy}`];
  const [why] = [...inForce, ...voided, ...unreadWhy(item, facts)];
  const summary = why === undefined ? NOBODY_ATTESTS : `${NOBODY_ATTESTS}: ${why}`;
  // Without anybody to trust nothing can be verified, so that none is no answer yet.
  if (item.none === "unknown" || facts.trustedKeys === 0 || facts.isTruncated)
    return cannotTell("not-attested", summary);
  const finding: Finding = {
    rule: "not-attested",
    status: item.none,
    message: summary,
    fix: attestCommand(item, policy),
    evidence: [{ file: ATTESTATIONS_DIRECTORY, excerpt: why ?? `no attestation of ${item.id}` }],
  };
  return judge([finding], pass(""));
}

/** Files are named after their item: one that cannot be read may be the one. */
function unreadWhy({ id }: AttestItem, { unread }: Attestations): readonly string[] {
  const own = unread.filter(({ file }) => file.startsWith(`${ATTESTATIONS_DIRECTORY}/${id}.`));
  return own.map(({ file, why }) => `${file}: ${why}`);
}
