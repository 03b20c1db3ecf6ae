import { childrenOf, hexOf, readOid, readText, TAG, type Tlv } from "./der.ts";
import { ATTRIBUTES } from "./object-ids.ts";

export interface DistinguishedName {
  /** `O=Plimsoll Lab, CN=Lab Root`: the order of the certificate. Written by strangers. */
  readonly text: string;
  /** Two names are the same when their keys are (RFC 5280 section 7.1, letter case and blanks folded). */
  readonly key: string;
  readonly organization?: string;
}

/** Reads a Name (RFC 5280 section 4.1.2.4); `undefined` when it is not one. */
export function readName(tlv: Tlv | undefined): DistinguishedName | undefined {
  const sets = childrenOf(tlv);
  if (sets === undefined) return undefined;
  const shown: string[] = [];
  const keys: string[] = [];
  let organization: string | undefined;
  for (const set of sets) {
    const attributes = childrenOf(set, TAG.set)?.map(readAttribute);
    if (attributes === undefined) return undefined;
    const known = attributes.filter((attribute) => attribute !== undefined);
    if (known.length !== attributes.length) return undefined;
    shown.push(known.map(({ label, value }) => `${label}=${value}`).join("+"));
    keys.push(known.map(({ oid, folded }) => `${oid}=${JSON.stringify(folded)}`).join("+"));
    organization ??= known.find(({ label }) => label === "O")?.value;
  }
  return {
    text: shown.join(", "),
    key: keys.join(","),
    ...(organization !== undefined && { organization }),
  };
}

interface Attribute {
  readonly oid: string;
  readonly label: string;
  readonly value: string;
  readonly folded: string;
}

function readAttribute(tlv: Tlv): Attribute | undefined {
  const [type, value] = childrenOf(tlv) ?? [];
  const oid = readOid(type);
  if (oid === undefined || value === undefined) return undefined;
  const text = readText(value) ?? `#${hexOf(value.whole.subarray(0, 64))}`;
  // Texts are cut for show: what is compared is the whole value where it is longer.
  const isWhole = value.body.length <= text.length;
  const folded = isWhole ? text.toLowerCase().trim().replace(/\s+/g, " ") : hexOf(value.body);
  return { oid, label: ATTRIBUTES.get(oid) ?? oid, value: text, folded };
}
