import type { AttestationStatement } from "../../core/attestation.ts";
import type { Check, Outcome } from "../../core/check.ts";
import { known, type Reading, unknown } from "../../core/reading.ts";
import type { Attestations, ReadAttestation } from "../../facts/attestations.fact.ts";
import { CATALOG_VERSION } from "../seed/catalog-version.ts";
import { requireItem } from "./items.ts";

/** The clock of the cases. */
export const NOW = "2026-11-28T12:00:00Z";
const DONE = "2026-11-20";
const COMMIT = "5f3c1e0a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e";

/** A statement of an item with all that the item asks for, done eight days before `NOW`. */
export function exampleStatement(
  item: string,
  changes: Partial<AttestationStatement> = {},
): AttestationStatement {
  const { details, scope = [], bound } = requireItem(item);
  return {
    item,
    deployment: "shop",
    ...(bound?.startsWith("release") === true && { release: COMMIT.slice(0, 8) }),
    catalog: CATALOG_VERSION,
    scope,
    who: "Alice Example",
    performed: DONE,
    madeAt: `${DONE}T09:00:00Z`,
    expires: "2026-12-18",
    details: Object.fromEntries(
      details.map(({ name, mustBe = "9 of them" }) => [name, particularOf(mustBe)]),
    ),
    evidence: [{ name: "report.pdf", sha256: "a".repeat(64), sizeBytes: 9 }],
    key: Buffer.alloc(32, 1).toString("base64"),
    ...changes,
  };
}

function particularOf(mustBe: string): string {
  if (mustBe.startsWith("two people")) return "Alice, Bob";
  if (mustBe === "a number above 0") return "9 rows";
  return mustBe === "A or A+" ? "A+" : mustBe;
}

export function exampleRead(
  statement: AttestationStatement,
  changes: Partial<ReadAttestation> = {},
): ReadAttestation {
  return {
    file: `.plimsoll/attestations/${statement.item}.20261120.json`,
    statement,
    signature: "trusted",
    signer: "alice",
    keyId: "0123456789abcdef",
    isOfDeployment: true,
    changed: [],
    ...changes,
  };
}

export function exampleAttestations(
  read: readonly ReadAttestation[],
  changes: Partial<Attestations> = {},
): Attestations {
  return {
    deployments: ["shop"],
    release: { id: COMMIT, from: "/srv/shop/.git" },
    trustedKeys: 1,
    attestations: read,
    unread: [],
    isTruncated: false,
    ...changes,
  };
}

/** One attestation, or none; then the status, and the first finding's rule where there is one. */
export type AttestedCase = readonly [
  name: string,
  statement: AttestationStatement | undefined,
  expected: string,
];

// biome-ignore lint/suspicious/noExplicitAny: a check is invariant in what it wants.
type AttestedLayer = Check<any, any>;

/** Judges with what else the check wants unknown, but for `readings`. */
export function judgedBy(
  check: AttestedLayer,
  attestations: Reading<Attestations>,
  readings: Readonly<Record<string, Reading<unknown>>> = {},
): Outcome {
  const unread = Object.keys(check.wants).map((name) => [name, unknown("not-recorded", "x")]);
  const given = { ...Object.fromEntries(unread), ...readings, attestations };
  return check.evaluate({ clock: { nowMs: Date.parse(NOW) } }, given);
}

/** Status and first rule of a case: `fail expired`. */
export function answerOf(check: AttestedLayer, [, statement]: AttestedCase): string {
  const read = statement === undefined ? [] : [exampleRead(statement)];
  const outcome = judgedBy(check, known(exampleAttestations(read)));
  return "findings" in outcome ? `${outcome.status} ${outcome.findings[0].rule}` : outcome.status;
}
