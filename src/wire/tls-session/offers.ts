import { randomBytes } from "node:crypto";
import type { TlsProtocol } from "../../core/tls-scan.ts";
import { u16s, vector } from "../tls/byte-writing.ts";
import type { ClientOffer } from "../tls/client-offer.ts";
import { EXTENSION_TYPES, type Extension } from "../tls/extensions.ts";
import {
  GROUP,
  type KeyAgreement,
  keyAgreement,
  LEGACY_GROUPS,
  MODERN_GROUPS,
} from "./key-shares.ts";
import { LEGACY_SUITES, MODERN_SUITES } from "./suite-parameters.ts";

export type LegacyProtocol = Extract<TlsProtocol, "TLSv1" | "TLSv1.1" | "TLSv1.2">;

/** SignatureScheme numbers of one kind of certificate key (RFC 8446 section 4.2.3). */
export type SignatureFamily = "RSA" | "ECDSA" | "EdDSA";

const EMPTY = new Uint8Array(0);

/** Schemes by the key that makes them; TLS 1.3 takes RSA as PSS alone. */
const MODERN_SCHEMES: Readonly<Record<SignatureFamily, readonly number[]>> = {
  RSA: [0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b],
  ECDSA: [0x0403, 0x0503, 0x0603, 0x081a, 0x081b, 0x081c],
  EdDSA: [0x0807, 0x0808],
};
/** RSA PKCS #1, DSA and SHA-1 beside them, for TLS 1.2 and for the certificates of a chain. */
const OLD_SCHEMES: readonly number[] = [
  0x0401, 0x0501, 0x0601, 0x0301, 0x0303, 0x0402, 0x0502, 0x0602, 0x0302, 0x0201, 0x0203, 0x0202,
];

/** Every scheme this program knows, the usual ones first. */
export const ALL_SCHEMES: readonly number[] = [
  ...MODERN_SCHEMES.ECDSA,
  ...MODERN_SCHEMES.EdDSA,
  ...MODERN_SCHEMES.RSA,
  ...OLD_SCHEMES,
];

/** An offer of TLS 1.0 to 1.2 with everything a handshake can be finished with; fields may be replaced. */
export function legacyOffer(
  version: LegacyProtocol,
  changes: Partial<ClientOffer> = {},
): ClientOffer {
  return {
    version,
    random: randomBytes(32),
    suites: [...LEGACY_SUITES.keys()],
    groups: LEGACY_GROUPS,
    asksForStaple: true,
    asksForScts: true,
    sessionTicket: EMPTY,
    extendedMasterSecret: true,
    renegotiation: EMPTY,
    ...(version === "TLSv1.2" && { signatureSchemes: ALL_SCHEMES }),
    ...changes,
  };
}

/** An offer of TLS 1.3 alone, and the keys of its shares. */
export interface ModernOffer {
  readonly offer: ClientOffer;
  readonly keys: readonly KeyAgreement[];
}

/**
 * An offer of TLS 1.3 alone, with shares for X25519 and P-256. `family` asks for a certificate with
 * that kind of key, whatever its issuer signed it with (RFC 8446 section 4.2.3, signature_algorithms_cert).
 */
export function modernOffer(
  family: SignatureFamily | undefined,
  changes: Partial<ClientOffer> = {},
): ModernOffer {
  const keys = [GROUP.x25519, GROUP.secp256r1].flatMap((group) => keyAgreement(group) ?? []);
  const schemes =
    family === undefined ? Object.values(MODERN_SCHEMES).flat() : MODERN_SCHEMES[family];
  const offer: ClientOffer = {
    version: "TLSv1.3",
    random: randomBytes(32),
    // A session id makes the hello look like TLS 1.2 to middleboxes (RFC 8446 appendix D.4).
    sessionId: randomBytes(32),
    suites: [...MODERN_SUITES.keys()],
    groups: MODERN_GROUPS,
    signatureSchemes: schemes,
    keyShares: keys.map(({ group, publicValue }) => ({ group, keyExchange: publicValue })),
    pskModes: [1],
    asksForStaple: true,
    asksForScts: true,
    renegotiation: "none",
    extraExtensions: [schemesForChain()],
    ...changes,
  };
  return { offer, keys };
}

function schemesForChain(): Extension {
  return { type: EXTENSION_TYPES.signatureAlgorithmsCert, data: vector(2, u16s(ALL_SCHEMES)) };
}
