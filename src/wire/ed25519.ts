import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/** RFC 8032 section 5.1. */
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Whether `text` is 32 bytes in canonical base64: one key has one spelling. */
export function isPublicKey(text: string): boolean {
  return isBase64Of(text, PUBLIC_KEY_BYTES);
}

/** Whether `text` is 64 bytes in canonical base64. */
export function isSignature(text: string): boolean {
  return isBase64Of(text, SIGNATURE_BYTES);
}

/** Whether `signature` (base64) of `text` as UTF-8 was made with the private half of `publicKey` (base64). */
export function verifies(publicKey: string, text: string, signature: string): boolean {
  if (!isPublicKey(publicKey) || !isSignature(signature)) return false;
  const x = Buffer.from(publicKey, "base64").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, Buffer.from(text, "utf8"), key, Buffer.from(signature, "base64"));
}

/** A private key that can sign, with its public half as base64. */
export interface SigningKey {
  readonly publicKey: string;
  /** Signature of text as UTF-8, base64. */
  sign(text: string): string;
}

/** Reads a private key (PKCS#8, PEM). `undefined` for anything but an Ed25519 key in clear. */
export function signingKey(pem: string): SigningKey | undefined {
  const key = privateKey(pem);
  if (key?.asymmetricKeyType !== "ed25519") return undefined;
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    publicKey: Buffer.from(x, "base64url").toString("base64"),
    sign: (text) => sign(null, Buffer.from(text, "utf8"), key).toString("base64"),
  };
}

function privateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined; // OpenSSL's message may quote the input.
  }
}

function isBase64Of(text: string, bytes: number): boolean {
  if (text.length > bytes * 2) return false;
  const decoded = Buffer.from(text, "base64");
  return decoded.length === bytes && decoded.toString("base64") === text;
}
