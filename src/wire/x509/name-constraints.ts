import { childrenOf, latin1, readTlv, readWhole, type Tlv } from "./der.ts";
import { readName } from "./distinguished-name.ts";

/** Context tags of GeneralName (RFC 5280 section 4.2.1.6): dNSName [2], directoryName [4], iPAddress [7]. */
export const DNS_NAME = 0x82;
const DIRECTORY_NAME = 0xa4;
export const IP_ADDRESS = 0x87;

/** An address and its mask, 4 or 16 octets each. */
export interface AddressRange {
  readonly network: Uint8Array;
  readonly mask: Uint8Array;
}

/** Subtrees of the name space, by the form of the names. */
export interface Subtrees {
  /** Lower case; with a dot before it where only names below it are meant; empty for every name. */
  readonly dns: readonly string[];
  readonly addresses: readonly AddressRange[];
  /** `DistinguishedName.key` each. */
  readonly directories: readonly string[];
  /** Context tags of the forms that are not read here, and of bases with a depth (minimum, maximum). */
  readonly otherForms: readonly number[];
}

/** What a CA may certify names for (RFC 5280 section 4.2.1.10). */
export interface NameConstraints {
  readonly permitted: Subtrees;
  readonly excluded: Subtrees;
}

const NONE: Subtrees = { dns: [], addresses: [], directories: [], otherForms: [] };

/** Reads the extension's value; `undefined` when it is broken or empty. */
export function readNameConstraints(value: Uint8Array): NameConstraints | undefined {
  const fields = readWhole(value);
  if (fields === undefined || fields.length === 0) return undefined;
  if (fields.some(({ tag }) => tag !== 0xa0 && tag !== 0xa1)) return undefined;
  const permitted = readSubtrees(fields.find(({ tag }) => tag === 0xa0));
  const excluded = readSubtrees(fields.find(({ tag }) => tag === 0xa1));
  return permitted === undefined || excluded === undefined ? undefined : { permitted, excluded };
}

function readSubtrees(tagged: Tlv | undefined): Subtrees | undefined {
  if (tagged === undefined) return NONE;
  const bases = childrenOf(tagged, tagged.tag);
  if (bases === undefined || bases.length === 0) return undefined;
  const read = bases.map(readSubtree);
  if (read.some((one) => one === undefined)) return undefined;
  const all = read.filter((one) => one !== undefined);
  return {
    dns: all.flatMap((one) => one.dns ?? []),
    addresses: all.flatMap((one) => one.addresses ?? []),
    directories: all.flatMap((one) => one.directories ?? []),
    otherForms: [...new Set(all.flatMap((one) => one.otherForms ?? []))],
  };
}

/** One GeneralSubtree; minimum is 0 and maximum absent in every certificate of the internet. */
function readSubtree(tlv: Tlv): Partial<Subtrees> | undefined {
  const [base, ...depths] = childrenOf(tlv) ?? [];
  if (base === undefined) return undefined;
  const { tag, body } = base;
  if (depths.length > 0) return { otherForms: [tag] };
  switch (tag) {
    case DNS_NAME:
      return { dns: [latin1(body).toLowerCase()] };
    case IP_ADDRESS:
      return body.length === 8 || body.length === 32 ? { addresses: [rangeOf(body)] } : undefined;
    case DIRECTORY_NAME: {
      const name = readName(readTlv(body));
      return name === undefined ? undefined : { directories: [name.key] };
    }
    default:
      return { otherForms: [tag] };
  }
}

function rangeOf(body: Uint8Array): AddressRange {
  const half = body.length / 2;
  return { network: body.subarray(0, half), mask: body.subarray(half) };
}
