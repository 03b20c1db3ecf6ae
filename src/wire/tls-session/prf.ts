import { createHash, createHmac } from "node:crypto";
import { ascii, concat } from "../tls/byte-writing.ts";
import type { HashName } from "./suite-parameters.ts";

/** The PRF and the Finished hash of a connection: `md5+sha1` for TLS 1.0 and 1.1. */
export type PrfHash = HashName | "md5+sha1";

/** HMAC of the joined parts. */
export function hmac(hash: HashName, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac(hash, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** P_hash (RFC 5246 section 5): `length` bytes. */
function expand(hash: HashName, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  let a = seed;
  for (let made = 0; made < length; ) {
    a = hmac(hash, secret, a);
    const block = hmac(hash, secret, a, seed);
    blocks.push(block);
    made += block.length;
  }
  return concat(...blocks).subarray(0, length);
}

/** The PRF of TLS 1.2 (RFC 5246 section 5), or with `md5+sha1` of TLS 1.0 and 1.1 (RFC 2246). */
export function prf(
  hash: PrfHash,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const labelled = concat(ascii(label), seed);
  if (hash !== "md5+sha1") return expand(hash, secret, labelled, length);
  // Two halves that share the middle byte of a secret of odd length.
  const half = Math.ceil(secret.length / 2);
  const left = expand("md5", secret.subarray(0, half), labelled, length);
  const right = expand("sha1", secret.subarray(secret.length - half), labelled, length);
  return left.map((byte, i) => byte ^ (right[i] ?? 0));
}

/** Hash of handshake messages as Finished and the session hash take it (RFC 5246 7.4.9, RFC 2246). */
export function transcriptHash(hash: PrfHash, messages: readonly Uint8Array[]): Uint8Array {
  if (hash === "md5+sha1") {
    return concat(transcriptHash("md5", messages), transcriptHash("sha1", messages));
  }
  const digest = createHash(hash);
  for (const message of messages) digest.update(message);
  return digest.digest();
}
