import { constants, publicEncrypt, randomBytes, X509Certificate } from "node:crypto";
import { concat, u16, vector } from "../tls/byte-writing.ts";
import { type Decoded, malformed } from "../tls/decoded.ts";
import type { KeyExchangeParameters } from "../tls/server-key-exchange.ts";
import { bigOf, bytesOf, freshExponent, modPow } from "./finite-field.ts";
import { keyAgreement } from "./key-shares.ts";

/** Largest prime this program computes with; a larger one is a way to keep it busy. */
export const DH_PRIME_BYTES_MAX = 2048;
const PREMASTER_BYTES = 48;

/** The client's part of a key exchange: the secret, and the body of ClientKeyExchange. */
export interface ClientKeyExchange {
  readonly premaster: Uint8Array;
  readonly body: Uint8Array;
}

/** The RSA key of a certificate; `undefined` for another kind of key or broken DER. */
export interface RsaPublicKey {
  readonly certificate: X509Certificate;
  readonly modulusBytes: number;
}

export function rsaKeyOf(der: Uint8Array | undefined): RsaPublicKey | undefined {
  if (der === undefined) return undefined;
  // Node throws for control here: the certificate is whatever the server sent.
  try {
    const certificate = new X509Certificate(der);
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    const bits = asymmetricKeyDetails?.modulusLength;
    if (asymmetricKeyType !== "rsa" || bits === undefined) return undefined;
    return { certificate, modulusBytes: Math.ceil(bits / 8) };
  } catch {
    return undefined;
  }
}

/** A block of the modulus's length, encrypted as it is. `undefined` when the key does not take it. */
export function rsaRaw(key: RsaPublicKey, block: Uint8Array): Uint8Array | undefined {
  try {
    const padding = constants.RSA_NO_PADDING;
    return publicEncrypt({ key: key.certificate.publicKey, padding }, block);
  } catch {
    return undefined;
  }
}

/** Static RSA (RFC 5246 section 7.4.7.1). `helloVersion` is the version the hello offered. */
export function rsaKeyExchange(
  leaf: Uint8Array | undefined,
  helloVersion: number,
): Decoded<ClientKeyExchange> {
  const key = rsaKeyOf(leaf);
  if (key === undefined) return malformed("a static RSA suite without an RSA certificate");
  const premaster = concat(u16(helloVersion), randomBytes(PREMASTER_BYTES - 2));
  const filler = key.modulusBytes - PREMASTER_BYTES - 3;
  if (filler < 8) return malformed("an RSA key too short for a key exchange");
  const block = concat(
    Uint8Array.of(0, 2),
    randomBytes(filler).map((byte) => byte || 1),
    Uint8Array.of(0),
    premaster,
  );
  const encrypted = rsaRaw(key, block);
  if (encrypted === undefined) return malformed("an RSA key that cannot be used");
  return { ok: true, value: { premaster, body: vector(2, encrypted) } };
}

/** DHE and ECDHE (RFC 5246 section 7.4.7.2, RFC 8422 section 5.7). */
export function ephemeralKeyExchange(
  parameters: KeyExchangeParameters,
): Decoded<ClientKeyExchange> {
  if (parameters.kind === "ecdh") {
    const ours = keyAgreement(parameters.group);
    const premaster = ours?.agree(parameters.publicValue);
    if (ours === undefined || premaster === undefined) {
      return malformed(`a key exchange in group ${parameters.group} that cannot be computed`);
    }
    return { ok: true, value: { premaster, body: vector(1, ours.publicValue) } };
  }
  if (parameters.kind !== "dh") return malformed("a key exchange this program does not know");
  if (parameters.prime.length > DH_PRIME_BYTES_MAX) {
    return malformed(`a DH prime of ${parameters.prime.length} bytes`);
  }
  const prime = bigOf(parameters.prime);
  if (prime < 5n) return malformed("a DH prime that is none");
  const exponent = freshExponent();
  const ours = modPow(bigOf(parameters.generator), exponent, prime);
  const secret = modPow(bigOf(parameters.publicValue), exponent, prime);
  // Leading zeros of the secret are stripped (RFC 5246 section 8.1.2).
  const value = { premaster: bytesOf(secret), body: vector(2, bytesOf(ours)) };
  return { ok: true, value };
}
