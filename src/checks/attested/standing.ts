import type { Evidence, Finding } from "../../core/check.ts";
import { type Expiry, expiryOf } from "../../core/expiry.ts";
import type { Attestations, ReadAttestation } from "../../facts/attestations.fact.ts";
import { CATALOG_VERSION } from "../seed/catalog-version.ts";
import { type AttestItem, faultsOfStated } from "./item.ts";

export interface StandingInput {
  readonly item: AttestItem;
  readonly nowMs: number;
  /** Of `policy` items: the policies that are in force, SHA-256 in hex; absent where they could not be seen. */
  readonly policies?: readonly string[];
  /** An attestation of another item that says the same: `pentest` with the area in its scope. */
  readonly otherwise?: { readonly item: AttestItem; readonly scope: string };
}

/** How one attestation stands. */
export interface Standing {
  readonly read: ReadAttestation;
  /** `weak`: it holds with something wanting; `lapsed`: it does not hold; `void`: it says nothing about this deployment. */
  readonly rank: "holds" | "weak" | "lapsed" | "void";
  readonly finding?: Finding;
  /** Of `void`: why. */
  readonly why?: string;
}

/** Nothing for an attestation of something else. The one answer, for the verdict and for every list. */
export function standingOf(
  input: StandingInput,
  facts: Attestations,
  read: ReadAttestation,
): readonly Standing[] {
  const item = itemOf(input, read);
  if (item === undefined) return [];
  const why = voidBecause(item, read) ?? openElsewhere(input, read);
  if (why !== undefined) return [{ read, rank: "void", why }];
  if (read.signature === "forged") {
    const says = `is not what ${read.signer} signed: it was changed, or never was theirs`;
    return [lapse(input, read, "forged", says)];
  }
  const faults = [
    ...timeFaults(item, read, input.nowMs),
    ...boundFaults(input, item, facts, read),
    ...statedFaults(input, item, read),
  ];
  const voided = faults.find(({ rank }) => rank === "void");
  const worst = voided ?? faults.find(({ rank }) => rank === "lapsed") ?? faults[0];
  return [worst ?? { read, rank: "holds" }];
}

/** The item by which an attestation speaks of this control. */
function itemOf(
  { item, otherwise }: StandingInput,
  { statement }: ReadAttestation,
): AttestItem | undefined {
  if (statement.item === item.id) return item;
  if (otherwise === undefined || statement.item !== otherwise.item.id) return undefined;
  // Whether the test as a whole is complete and what it left open is the other control's matter.
  const { scope: _, ...whole } = otherwise.item;
  return statement.scope.includes(otherwise.scope) ? { ...whole, details: [] } : undefined;
}

function voidBecause(item: AttestItem, read: ReadAttestation): string | undefined {
  const { statement, file } = read;
  if (read.signature === "untrusted")
    return `${file} is signed by a key that is not trusted (${read.keyId}, "${statement.who}")`;
  if (!read.isOfDeployment)
    return `${file} is about ${statement.deployment}, another deployment (say --deployment if it is this one)`;
  return item.bound === "policy" && statement.policy === undefined
    ? `${file} names no policy`
    : undefined;
}

/** A test that left critical findings open does not tell in which area. */
function openElsewhere({ otherwise }: StandingInput, read: ReadAttestation): string | undefined {
  if (otherwise === undefined || read.statement.item !== otherwise.item.id) return undefined;
  const isOpen = faultsOfStated(otherwise.item, read.statement).some(
    ({ rule }) => rule === "bad-result",
  );
  return isOpen ? `${read.file} leaves critical findings open, of whichever area` : undefined;
}

function timeFaults(item: AttestItem, read: ReadAttestation, nowMs: number): readonly Standing[] {
  const expiry = expiryOf({ ...read.statement, daysMax: item.daysMax }, nowMs);
  const input = { item };
  if (expiry.state === "expired") return [lapse(input, read, "expired", expiredSays(expiry))];
  if (expiry.state === "not-yet") {
    const says = `is dated in the future (signed ${read.statement.madeAt}, done ${read.statement.performed})`;
    return [lapse(input, read, "future-dated", says)];
  }
  if (item.agedDays === undefined || expiry.ageDays < item.agedDays) return [];
  const says = `is ${expiry.ageDays} days old and holds until the end of ${expiry.lastDay} UTC`;
  return [weakness(input, read, "aged", says)];
}

function expiredSays({ lastDay, daysLeft }: Expiry): string {
  const days = -daysLeft;
  return `has expired: it held until the end of ${lastDay} UTC, ${days} ${days === 1 ? "day" : "days"} ago`;
}

/** Another release or policy is another matter: no lapse of what was said, and no word on this one. */
function boundFaults(
  { policies }: StandingInput,
  item: AttestItem,
  { release }: Attestations,
  read: ReadAttestation,
): readonly Standing[] {
  const { statement, file } = read;
  const voided = (why: string): readonly Standing[] => [{ read, rank: "void", why }];
  if (item.bound === "policy") {
    if (policies === undefined) return voided("the policy in force was not seen");
    return policies.includes(statement.policy ?? "")
      ? []
      : voided(`${file} is about another policy (${statement.policy?.slice(0, 12)})`);
  }
  if (item.bound === undefined) return [];
  if (release === undefined) return voided(`which release this is cannot be told; say --release`);
  if (!isSameRelease(release.id, statement.release))
    return voided(`${file} is about ${statement.release ?? "no"} release, this is ${release.id}`);
  return item.bound === "release-and-catalog" && statement.catalog !== CATALOG_VERSION
    ? voided(`${file} is about catalog ${statement.catalog}, this is ${CATALOG_VERSION}`)
    : [];
}

/** Digits of a commit that are as good as the whole, as git has it. */
const COMMIT_DIGITS_MIN = 7;

/** The same text, or the same commit, one of them shortened. */
export function isSameRelease(a: string, b: string | undefined): boolean {
  if (b === undefined) return false;
  if (a === b) return true;
  const [short, long] = [a, b].sort((x, y) => x.length - y.length);
  const isCommit = (text = "") => text.length >= COMMIT_DIGITS_MIN && /^[0-9a-f]+$/.test(text);
  return isCommit(short) && isCommit(long) && (long ?? "").startsWith(short ?? "");
}

function statedFaults(
  input: Pick<StandingInput, "item">,
  item: AttestItem,
  read: ReadAttestation,
): readonly Standing[] {
  const faults = faultsOfStated(item, read.statement).map(({ rule, says }) =>
    rule === "bad-result"
      ? lapse(input, read, rule, `says no good: ${says}`)
      : weakness(input, read, rule, `is not whole: ${says}`),
  );
  const changed = read.changed.map(({ path, why }) =>
    weakness(input, read, "evidence-changed", `rests on ${path}, which ${why}`),
  );
  return [...faults, ...changed];
}

function lapse(
  { item }: Pick<StandingInput, "item">,
  read: ReadAttestation,
  rule: string,
  says: string,
): Standing {
  return { read, rank: "lapsed", finding: findingOf(item, read, rule, item.worst, says) };
}

function weakness(
  { item }: Pick<StandingInput, "item">,
  read: ReadAttestation,
  rule: string,
  says: string,
): Standing {
  return { read, rank: "weak", finding: findingOf(item, read, rule, "warn", says) };
}

function findingOf(
  item: AttestItem,
  read: ReadAttestation,
  rule: string,
  status: "warn" | "fail",
  says: string,
): Finding {
  return {
    rule,
    status,
    subject: read.statement.item,
    message: `The attestation of ${read.statement.item} ${says}`,
    fix: `${attestCommand(item)}, and remove ${read.file}`,
    evidence: [evidenceOf(read, item)],
  };
}

/** Ready to paste, but for what only who signs knows. */
export function attestCommand(item: AttestItem, policy = "HASH"): string {
  const words = [
    ...(item.isEvidenceNeeded ? ["--evidence FILE"] : []),
    `--expires ${item.daysMax}d`,
    ...(item.scope === undefined ? [] : [`--scope ${item.scope.join(",")}`]),
    ...item.details.map(({ name, mustBe }) => `--set ${name}=${mustBe === "0" ? "0" : "…"}`),
    ...(item.bound === "policy" ? [`--policy ${policy}`] : []),
  ];
  return `plimsoll attest ${item.id} ${words.join(" ")}`;
}

const DETAILS_SHOWN_MAX = 6;

export function evidenceOf(
  { file, statement, keyId, signer }: ReadAttestation,
  { details }: Pick<AttestItem, "details">,
): Evidence {
  const people = details.filter(({ isOfPeople }) => isOfPeople === true).map(({ name }) => name);
  const particulars = Object.entries(statement.details)
    .slice(0, DETAILS_SHOWN_MAX)
    .map(([name, value]) => `${name} ${people.includes(name) ? value.split(",").length : value}`);
  const documents = statement.evidence.map((each) =>
    "url" in each ? each.url.split("?")[0] : `${each.name} sha256:${each.sha256.slice(0, 12)}`,
  );
  const words = [
    `${statement.who}, key ${keyId}${signer === undefined ? "" : ` (${signer})`}, ${statement.madeAt}`,
    ...particulars,
    ...documents,
  ];
  return { file, excerpt: words.join("; ") };
}
