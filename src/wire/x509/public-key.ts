import {
  bitLength,
  childrenOf,
  readBits,
  readOid,
  readUnsigned,
  readWhole,
  TAG,
  type Tlv,
} from "./der.ts";
import { CURVES, DSA_KEY, EC_KEY, EDWARDS, RSA_KEY, RSASSA_PSS } from "./object-ids.ts";

export interface PublicKeyInfo {
  readonly type: "RSA" | "EC" | "Ed25519" | "Ed448" | "DSA" | "other";
  /** Modulus of RSA, order of a curve, prime of DSA; 0 where it cannot be told. */
  readonly bits: number;
  readonly curve?: string;
  /** The curve is spelt out instead of named, which RFC 5480 section 2.1.1 forbids. */
  readonly hasExplicitCurve?: true;
  /** RSA only; `Infinity` past 2^48. */
  readonly exponent?: number;
  /** RSA only, big-endian without leading zeros. */
  readonly modulus?: Uint8Array;
  /** The whole SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** What the BIT STRING holds: the octets that OCSP's issuerKeyHash is made of. */
  readonly key: Uint8Array;
}

/** Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7); `undefined` when it is none. */
export function readPublicKey(tlv: Tlv | undefined): PublicKeyInfo | undefined {
  const [algorithm, subject] = childrenOf(tlv) ?? [];
  const [type, parameters] = childrenOf(algorithm) ?? [];
  const oid = readOid(type);
  const key = readBits(subject);
  if (tlv === undefined || oid === undefined || key === undefined) return undefined;
  const shape = shapeOf(oid, parameters, key);
  return shape === undefined ? undefined : { ...shape, spki: tlv.whole, key };
}

type Shape = Omit<PublicKeyInfo, "spki" | "key">;

function shapeOf(oid: string, parameters: Tlv | undefined, key: Uint8Array): Shape | undefined {
  if (oid === RSA_KEY || oid === RSASSA_PSS) return rsaShape(key);
  if (oid === EC_KEY) return curveShape(parameters, key);
  if (oid === DSA_KEY) {
    const [prime] = childrenOf(parameters) ?? [];
    const unsigned = readUnsigned(prime);
    return { type: "DSA", bits: unsigned === undefined ? 0 : bitLength(unsigned) };
  }
  const edwards = EDWARDS.get(oid);
  return edwards ?? { type: "other", bits: 0 };
}

function rsaShape(key: Uint8Array): Shape | undefined {
  const [first, second] = readWhole(key) ?? [];
  const modulus = readUnsigned(first);
  const exponent = readUnsigned(second);
  if (modulus === undefined || exponent === undefined) return undefined;
  const value =
    exponent.length > 6
      ? Number.POSITIVE_INFINITY
      : exponent.reduce((sum, octet) => sum * 256 + octet, 0);
  return { type: "RSA", bits: bitLength(modulus), exponent: value, modulus };
}

function curveShape(parameters: Tlv | undefined, key: Uint8Array): Shape {
  const curve = CURVES.get(readOid(parameters) ?? "");
  if (curve !== undefined) return { type: "EC", bits: curve.bits, curve: curve.name };
  // Explicit parameters or a curve nobody named: the size of an uncompressed point tells the bits.
  const isUncompressed = key[0] === 0x04;
  const octets = Math.max(0, isUncompressed ? Math.floor((key.length - 1) / 2) : key.length - 1);
  const isExplicit = parameters?.tag === TAG.sequence;
  return { type: "EC", bits: octets * 8, ...(isExplicit && { hasExplicitCurve: true }) };
}
