/** Something of a deployment that a person can state; `ITEMS` lists them all. */
export interface AttestItem {
  /** `pentest`, `respond.contacts`: what `plimsoll attest` takes. */
  readonly id: string;
  /** The control it answers. */
  readonly control: string;
  /** What is stated, as a sentence about the deployment. */
  readonly states: string;
  /** Days after it was done past which it never holds (catalog; seed 2 update schedule). */
  readonly daysMax: number;
  /** Days after it was done from which on it holds with a warning. */
  readonly agedDays?: number;
  /** What it is tied to beside the deployment: another release or policy is another matter. */
  readonly bound?: "release" | "policy" | "release-and-catalog";
  /** Whether a document (its hash) or its address belongs to it. */
  readonly isEvidenceNeeded: boolean;
  /** Particulars it cannot do without. */
  readonly details: readonly AttestDetail[];
  /** What must be covered, each by its name; absent where the scope is free. */
  readonly scope?: readonly string[];
  /** The worst that one which does not hold can make of the control (the catalog's level). */
  readonly worst: "warn" | "fail";
  /** What the catalog says of none at all, once the operator trusts somebody's key; `unknown` where another layer may answer. */
  readonly none: "warn" | "fail" | "unknown";
}

export interface AttestDetail {
  readonly name: string;
  /** `the number of open critical findings`. */
  readonly says: string;
  /** What its value must be, as a pattern of the whole and in words; any text without it. */
  readonly pattern?: RegExp;
  readonly mustBe?: string;
  /** One that is given and other is no lapse but a bad answer. */
  readonly isVerdict?: true;
  /** Names of people: a report tells how many. */
  readonly isOfPeople?: true;
}

/** What is wrong with the particulars, the scope or the documents of a statement; one sentence each. */
export interface ItemFault {
  readonly rule: "incomplete" | "bad-result" | "scope-short";
  readonly says: string;
}

export interface StatedParts {
  readonly details: Readonly<Record<string, string>>;
  readonly scope: readonly string[];
  readonly evidence: readonly unknown[];
}

/** The same for who signs and for who judges. */
export function faultsOfStated(item: AttestItem, stated: StatedParts): readonly ItemFault[] {
  const short = (item.scope ?? []).filter((each) => !stated.scope.includes(each));
  return [
    ...item.details.flatMap((detail) => faultOfDetail(detail, stated.details)),
    ...(item.isEvidenceNeeded && stated.evidence.length === 0
      ? [{ rule: "incomplete" as const, says: "no document or address is given as evidence" }]
      : []),
    ...(short.length > 0
      ? [{ rule: "scope-short" as const, says: `the scope lacks ${short.join(", ")}` }]
      : []),
  ];
}

function faultOfDetail(
  { name, says, pattern, mustBe, isVerdict }: AttestDetail,
  details: Readonly<Record<string, string>>,
): readonly ItemFault[] {
  const value = Object.hasOwn(details, name) ? details[name] : undefined;
  if (value === undefined) return [{ rule: "incomplete", says: `${name} (${says}) is not given` }];
  if (pattern === undefined || pattern.test(value)) return [];
  const rule = isVerdict === true ? "bad-result" : "incomplete";
  return [{ rule, says: `${name} is "${value}" and must be ${mustBe ?? says}` }];
}
