import { type Attestation, type AttestationStatement, signedText } from "../core/attestation.ts";
import { sha256HexOf } from "../wire/digest.ts";
import { type SigningKey, verifies } from "../wire/ed25519.ts";

export { isPublicKey, type SigningKey, signingKey } from "../wire/ed25519.ts";

/** How a public key is named where nobody trusts it: the first 16 hex digits of its SHA-256. */
export function keyId(publicKey: string): string {
  return sha256HexOf(Buffer.from(publicKey, "base64")).slice(0, 16);
}

/** Whether the signature is that of the key the statement names. Says nothing of whether the key is trusted. */
export function isSignedByItsKey({ statement, signature }: Attestation): boolean {
  return verifies(statement.key, signedText(statement), signature);
}

export function signed(statement: Omit<AttestationStatement, "key">, key: SigningKey): Attestation {
  const whole = { ...statement, key: key.publicKey };
  return { statement: whole, signature: key.sign(signedText(whole)) };
}
