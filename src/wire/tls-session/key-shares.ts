import {
  createECDH,
  createPublicKey,
  decapsulate,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { concat } from "../tls/byte-writing.ts";
import { GROUPS, type Group, groupByCode } from "../tls/groups.ts";
import { bigOf, freshExponent, modPow, paddedBytesOf, rfc7919Prime } from "./finite-field.ts";

/** The client's half of a key agreement in a named group. */
export interface KeyAgreement {
  readonly group: number;
  /** As `key_exchange` of a key share carries it. */
  readonly publicValue: Uint8Array;
  /** The shared secret; `undefined` when the peer's value is none of the group's. */
  agree(peerValue: Uint8Array): Uint8Array | undefined;
}

/** Groups by their number in IANA's "TLS Supported Groups" registry. */
export const GROUP = {
  secp256r1: 0x0017,
  secp384r1: 0x0018,
  secp521r1: 0x0019,
  x25519: 0x001d,
  x448: 0x001e,
  secp256r1MlKem768: 0x11eb,
  x25519MlKem768: 0x11ec,
  secp384r1MlKem1024: 0x11ed,
} as const;

/** Node's names where they are not the registry's. */
const NODE_CURVES: Readonly<Record<string, string>> = {
  secp256r1: "prime256v1",
  secp192r1: "prime192v1",
};
/** Curves with points (RFC 8422, RFC 7027, RFC 8734); GOST's and China's Node has not under their names. */
const POINT_CURVES: ReadonlyMap<number, string> = new Map(
  GROUPS.filter(({ name }) => /^(?:sec[pt]\d|brainpool)/.test(name)).map(({ code, name }) => [
    code,
    NODE_CURVES[name] ?? name.replace(/tls13$/, ""),
  ]),
);
const X_CURVES: ReadonlyMap<number, "x25519" | "x448"> = new Map([
  [GROUP.x25519, "x25519" as const],
  [GROUP.x448, "x448" as const],
]);

type Kem = "ml-kem-512" | "ml-kem-768" | "ml-kem-1024";

/** Hybrids of draft-ietf-tls-ecdhe-mlkem: x25519 comes second, the NIST curves come first. */
interface Hybrid {
  readonly kem: Kem;
  readonly curve: number;
  readonly isKemFirst: boolean;
  readonly ciphertextBytes: number;
}
const HYBRIDS: ReadonlyMap<number, Hybrid> = new Map<number, Hybrid>([
  [GROUP.x25519MlKem768, hybrid("ml-kem-768", GROUP.x25519, true, 1088)],
  [GROUP.secp256r1MlKem768, hybrid("ml-kem-768", GROUP.secp256r1, false, 1088)],
  [GROUP.secp384r1MlKem1024, hybrid("ml-kem-1024", GROUP.secp384r1, false, 1568)],
]);

/** Groups for TLS 1.2 and 1.3, in the order to offer them. */
const CURVE_GROUPS: readonly number[] = [
  GROUP.x25519,
  GROUP.secp256r1,
  GROUP.secp384r1,
  GROUP.secp521r1,
  GROUP.x448,
];
/** What servers seldom have comes last, so that nobody takes it who has anything else. */
const rare = (isWanted: (group: Group) => boolean): readonly number[] =>
  GROUPS.filter(({ code }) => !CURVE_GROUPS.includes(code) && !HYBRIDS.has(code))
    .filter((group) => isWanted(group) && isComputable(group))
    .map(({ code }) => code);

/** Groups a handshake of TLS 1.2 or older can be finished in. */
export const LEGACY_GROUPS: readonly number[] = [
  ...CURVE_GROUPS,
  ...rare(({ kind, isForTls13 }) => kind === "elliptic" && !isForTls13).toReversed(),
];
/** Groups a handshake of TLS 1.3 can be finished in. */
export const MODERN_GROUPS: readonly number[] = [
  ...CURVE_GROUPS,
  ...HYBRIDS.keys(),
  ...rare(({ isForTls13 }) => isForTls13),
];

function isComputable({ code, kind }: Group): boolean {
  return kind === "finite-field" || kind === "ml-kem" || POINT_CURVES.has(code);
}

/** A fresh key in the group; `undefined` for a group this program cannot compute in. */
export function keyAgreement(group: number): KeyAgreement | undefined {
  const point = POINT_CURVES.get(group);
  if (point !== undefined) return pointAgreement(group, point);
  const x = X_CURVES.get(group);
  if (x !== undefined) return xAgreement(group, x);
  const both = HYBRIDS.get(group);
  if (both !== undefined) return hybridAgreement(group, both);
  const registered = groupByCode(group);
  if (registered?.kind === "finite-field") return finiteFieldAgreement(registered);
  return registered?.kind === "ml-kem" ? kemAgreement(registered) : undefined;
}

function hybrid(
  kem: Hybrid["kem"],
  curve: number,
  isKemFirst: boolean,
  ciphertextBytes: number,
): Hybrid {
  return { kem, curve, isKemFirst, ciphertextBytes };
}

/** Public value and secret are as long as the prime (RFC 8446 sections 4.2.8.1 and 7.4.1). */
function finiteFieldAgreement({ code, bits }: Group): KeyAgreement | undefined {
  const prime = rfc7919Prime(bits);
  if (prime === undefined) return undefined;
  const exponent = freshExponent();
  return {
    group: code,
    publicValue: paddedBytesOf(modPow(2n, exponent, prime), bits / 8),
    agree(peerValue) {
      const peer = bigOf(peerValue);
      if (peer <= 1n || peer >= prime - 1n) return undefined;
      return paddedBytesOf(modPow(peer, exponent, prime), bits / 8);
    },
  };
}

/** ML-KEM alone (draft-ietf-tls-mlkem): the server's share is the ciphertext. */
function kemAgreement({ code, bits }: Group): KeyAgreement {
  const pair = kemPair(`ml-kem-${bits}` as Kem);
  return {
    group: code,
    publicValue: pair.publicKey.export({ format: "raw-public" }),
    agree: (peerValue) => unlessThrown(() => decapsulate(pair.privateKey, peerValue)),
  };
}

function pointAgreement(group: number, curve: string): KeyAgreement {
  const ecdh = createECDH(curve);
  const publicValue = ecdh.generateKeys();
  return {
    group,
    publicValue,
    // Node throws for control here: a point that is not on the curve.
    agree: (peerValue) => unlessThrown(() => ecdh.computeSecret(peerValue)),
  };
}

function xAgreement(group: number, name: "x25519" | "x448"): KeyAgreement {
  // Each overload takes one literal; both make the same kind of pair.
  const pair = name === "x25519" ? generateKeyPairSync("x25519") : generateKeyPairSync("x448");
  const crv = name === "x25519" ? "X25519" : "X448";
  const { x = "" } = pair.publicKey.export({ format: "jwk" });
  return {
    group,
    publicValue: Buffer.from(x, "base64url"),
    agree: (peerValue) =>
      unlessThrown(() => {
        const jwk = { kty: "OKP", crv, x: Buffer.from(peerValue).toString("base64url") };
        const publicKey = createPublicKey({ key: jwk, format: "jwk" });
        return diffieHellman({ privateKey: pair.privateKey, publicKey });
      }),
  };
}

function hybridAgreement(group: number, parts: Hybrid): KeyAgreement | undefined {
  const classic = keyAgreement(parts.curve);
  if (classic === undefined) return undefined;
  const pair = kemPair(parts.kem);
  const encapsulationKey = pair.publicKey.export({ format: "raw-public" });
  const order = (kem: Uint8Array, curve: Uint8Array): readonly Uint8Array[] =>
    parts.isKemFirst ? [kem, curve] : [curve, kem];
  return {
    group,
    publicValue: concat(...order(encapsulationKey, classic.publicValue)),
    agree(peerValue) {
      const curveBytes = peerValue.length - parts.ciphertextBytes;
      if (curveBytes <= 0) return undefined;
      const cut = parts.isKemFirst ? parts.ciphertextBytes : curveBytes;
      const [first, second] = [peerValue.subarray(0, cut), peerValue.subarray(cut)];
      const [ciphertext, point] = parts.isKemFirst ? [first, second] : [second, first];
      const secret = classic.agree(point);
      const shared = unlessThrown(() => decapsulate(pair.privateKey, ciphertext));
      if (secret === undefined || shared === undefined) return undefined;
      return concat(...order(shared, secret));
    },
  };
}

function kemPair(kem: Kem): { publicKey: KeyObject; privateKey: KeyObject } {
  // Each overload takes one literal; all make the same kind of pair.
  switch (kem) {
    case "ml-kem-512":
      return generateKeyPairSync("ml-kem-512");
    case "ml-kem-768":
      return generateKeyPairSync("ml-kem-768");
    case "ml-kem-1024":
      return generateKeyPairSync("ml-kem-1024");
  }
}

function unlessThrown(compute: () => Uint8Array): Uint8Array | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}
