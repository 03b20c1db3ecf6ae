import { constants, createHash, createPublicKey, verify, X509Certificate } from "node:crypto";

import type { Certificate } from "./certificate.ts";
import type { SignatureAlgorithm } from "./object-ids.ts";

/**
 * Whether `issuer`'s key made the signature of `certificate`. Only the signature: names, dates and
 * constraints are the caller's. An algorithm that OpenSSL no longer has (MD2) is a no.
 */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.from(issuer.publicKey.spki),
      format: "der",
      type: "spki",
    });
    return new X509Certificate(certificate.der).verify(key);
  } catch {
    // node:crypto throws for keys and encodings it cannot read: such a signature does not verify.
    return false;
  }
}

/** Whether `signature` over `data` was made with the key of `signer` by `algorithm`. */
export function isSignatureOf(
  data: Uint8Array,
  signature: Uint8Array,
  algorithm: SignatureAlgorithm,
  signer: Certificate,
): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.from(signer.publicKey.spki),
      format: "der",
      type: "spki",
    });
    const isPss = algorithm.name.startsWith("rsassaPss");
    const padding = isPss ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {};
    return verify(algorithm.hash, data, { key, ...padding }, signature);
  } catch {
    return false;
  }
}

/** Digest by the name that node:crypto has for it; `undefined` for one it lacks. */
export function digestOf(hash: string, bytes: Uint8Array): Uint8Array | undefined {
  const name = hash.toLowerCase();
  if (!["sha1", "sha224", "sha256", "sha384", "sha512"].includes(name)) return undefined;
  return createHash(name).update(bytes).digest();
}
