import { ascii, concat, u8, u16, vector } from "../tls/byte-writing.ts";
import { hmac, transcriptHash } from "./prf.ts";
import type { HashName } from "./suite-parameters.ts";

const EMPTY = new Uint8Array(0);

/** HKDF-Extract (RFC 5869 section 2.2). */
export function hkdfExtract(hash: HashName, salt: Uint8Array, secret: Uint8Array): Uint8Array {
  return hmac(hash, salt, secret);
}

/** HKDF-Expand-Label (RFC 8446 section 7.1). */
export function hkdfExpandLabel(
  hash: HashName,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const info = concat(u16(length), vector(1, ascii(`tls13 ${label}`)), vector(1, context));
  const blocks: Uint8Array[] = [];
  let block: Uint8Array = EMPTY;
  for (let made = 0; made < length; made += block.length) {
    block = hmac(hash, secret, block, info, u8(blocks.length + 1));
    blocks.push(block);
  }
  return concat(...blocks).subarray(0, length);
}

/** Derive-Secret (RFC 8446 section 7.1) over the handshake messages so far. */
export function deriveSecret(
  hash: HashName,
  secret: Uint8Array,
  label: string,
  messages: readonly Uint8Array[],
): Uint8Array {
  const context = transcriptHash(hash, messages);
  return hkdfExpandLabel(hash, secret, label, context, context.length);
}

/** The secrets of one TLS 1.3 handshake without early data, in the order they come to be. */
export interface HandshakeSecrets {
  readonly clientHandshake: Uint8Array;
  readonly serverHandshake: Uint8Array;
  readonly master: Uint8Array;
}

/**
 * Secrets from the shared secret of (EC)DHE and the messages up to ServerHello, without a
 * pre-shared key (RFC 8446 section 7.1).
 */
export function handshakeSecrets(
  hash: HashName,
  sharedSecret: Uint8Array,
  messages: readonly Uint8Array[],
): HandshakeSecrets {
  const zeros = new Uint8Array(transcriptHash(hash, []).length);
  const early = hkdfExtract(hash, zeros, zeros);
  const handshake = hkdfExtract(hash, deriveSecret(hash, early, "derived", []), sharedSecret);
  return {
    clientHandshake: deriveSecret(hash, handshake, "c hs traffic", messages),
    serverHandshake: deriveSecret(hash, handshake, "s hs traffic", messages),
    master: hkdfExtract(hash, deriveSecret(hash, handshake, "derived", []), zeros),
  };
}

/** `verify_data` of a Finished (RFC 8446 section 4.4.4). */
export function finishedData(
  hash: HashName,
  baseSecret: Uint8Array,
  messages: readonly Uint8Array[],
): Uint8Array {
  const context = transcriptHash(hash, messages);
  const key = hkdfExpandLabel(hash, baseSecret, "finished", EMPTY, context.length);
  return hmac(hash, key, context);
}
