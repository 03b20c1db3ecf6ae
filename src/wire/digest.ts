import { createHash, createHmac } from "node:crypto";

/** SHA-256 of text as UTF-8, lower-case hex. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** SHA-256 of bytes, lower-case hex. */
export function sha256HexOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Digest of bytes, base64: as `integrity` attributes have it. */
export function integrityBase64Of(algorithm: "sha384" | "sha512", bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("base64");
}

/** SHA-256 of text as UTF-8, base64: as CSP's hash sources have it. */
export function sha256Base64(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64");
}

/** HMAC-SHA-256 of text under a text key, lower-case hex. */
export function hmacSha256Hex(key: string, text: string): string {
  return createHmac("sha256", key).update(text, "utf8").digest("hex");
}
