import { type ByteCursor, byteCursor } from "./byte-cursor.ts";
import { type Decoded, malformed } from "./decoded.ts";
import type { CipherSuite } from "./suites.ts";
import { VERSION_CODES } from "./versions.ts";

/** Parameters of finite-field Diffie-Hellman (RFC 5246 section 7.4.3), numbers big-endian. */
export interface DhParameters {
  readonly kind: "dh";
  readonly prime: Uint8Array;
  readonly generator: Uint8Array;
  readonly publicValue: Uint8Array;
}

/** A named curve and the server's point (RFC 8422 section 5.4). */
export interface EcdhParameters {
  readonly kind: "ecdh";
  readonly group: number;
  readonly publicValue: Uint8Array;
}

/** A curve spelled out, which RFC 8422 has forbidden: only that it is one is told. */
export interface ExplicitCurveParameters {
  readonly kind: "explicit-curve";
}

/** The temporary RSA key of an export suite (RFC 2246 section 7.4.3). */
export interface RsaParameters {
  readonly kind: "rsa";
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** SRP (RFC 5054 section 2.8.3). */
export interface SrpParameters {
  readonly kind: "srp";
  readonly prime: Uint8Array;
  readonly generator: Uint8Array;
  readonly publicValue: Uint8Array;
}

/** A pre-shared key suite's hint and nothing else (RFC 4279 section 2). */
export interface PskParameters {
  readonly kind: "psk";
}

export type KeyExchangeParameters =
  | DhParameters
  | EcdhParameters
  | ExplicitCurveParameters
  | RsaParameters
  | SrpParameters
  | PskParameters;

export interface ServerKeyExchange {
  readonly parameters: KeyExchangeParameters;
  /** The parameters as sent: what the signature is over, after both randoms. */
  readonly signedBytes: Uint8Array;
  /** IANA SignatureScheme or hash and signature pair; TLS 1.2 only. */
  readonly scheme?: number;
  /** Absent for anonymous and pre-shared key suites. */
  readonly signature?: Uint8Array;
}

/**
 * Body of a ServerKeyExchange. What is in it depends on the suite and the version chosen.
 *
 * A suite without such a message (static RSA, TLS 1.3) is malformed.
 */
export function decodeServerKeyExchange(
  body: Uint8Array,
  suite: CipherSuite,
  version: number,
): Decoded<ServerKeyExchange> {
  const cursor = byteCursor(body);
  const isPsk = suite.authentication === "PSK" || suite.keyExchange.endsWith("PSK");
  if (isPsk) cursor.vector(2);
  const parameters = readParameters(cursor, suite);
  if (parameters === undefined) return malformed("a ServerKeyExchange its suite does not have");
  if (cursor.isBroken) return malformed("a ServerKeyExchange whose lengths do not add up");
  const signedBytes = body.subarray(0, body.length - cursor.left);
  // Explicit curves are told, not read: nothing after them can be found.
  if (parameters.kind === "explicit-curve") return { ok: true, value: { parameters, signedBytes } };
  const isSigned = !isPsk && suite.authentication !== "anon" && suite.authentication !== "SRP";
  const proof = isSigned ? readProof(cursor, version) : {};
  if (cursor.isBroken || cursor.left > 0) {
    return malformed("a ServerKeyExchange whose lengths do not add up");
  }
  return { ok: true, value: { parameters, signedBytes, ...proof } };
}

/** Signature with, from TLS 1.2 on, its scheme before it (RFC 5246 section 4.7). */
function readProof(
  cursor: ByteCursor,
  version: number,
): Pick<ServerKeyExchange, "scheme" | "signature"> {
  if (version < VERSION_CODES["TLSv1.2"]) return { signature: cursor.vector(2) };
  return { scheme: cursor.u16(), signature: cursor.vector(2) };
}

/** Bits of a big-endian number, leading zeros not counted. */
export function bitLength(number: Uint8Array): number {
  const first = number.findIndex((byte) => byte !== 0);
  if (first === -1) return 0;
  return (number.length - first) * 8 - (Math.clz32(number[first] ?? 0) - 24);
}

function readParameters(cursor: ByteCursor, suite: CipherSuite): KeyExchangeParameters | undefined {
  switch (suite.keyExchange) {
    case "DHE":
    case "DHE_PSK":
      return {
        kind: "dh",
        prime: cursor.vector(2),
        generator: cursor.vector(2),
        publicValue: cursor.vector(2),
      };
    case "ECDHE":
    case "ECDHE_PSK":
      return readCurve(cursor);
    case "RSA":
      return suite.isExport
        ? { kind: "rsa", modulus: cursor.vector(2), exponent: cursor.vector(2) }
        : undefined;
    case "SRP": {
      const prime = cursor.vector(2);
      const generator = cursor.vector(2);
      cursor.vector(1);
      return { kind: "srp", prime, generator, publicValue: cursor.vector(2) };
    }
    case "PSK":
    case "RSA_PSK":
      return { kind: "psk" };
    default:
      return undefined;
  }
}

/** ECParameters: 3 is named_curve, 1 and 2 are explicit curves (RFC 8422 section 5.4). */
function readCurve(cursor: ByteCursor): KeyExchangeParameters | undefined {
  const type = cursor.u8();
  if (type === 1 || type === 2) return { kind: "explicit-curve" };
  if (type !== 3) return undefined;
  return { kind: "ecdh", group: cursor.u16(), publicValue: cursor.vector(1) };
}
