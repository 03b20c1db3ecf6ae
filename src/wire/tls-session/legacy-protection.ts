import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from "node:crypto";
import { concat, u8, u16 } from "../tls/byte-writing.ts";
import { type Decoded, malformed } from "../tls/decoded.ts";
import { encodeRecord, type TlsRecord } from "../tls/records.ts";
import { hmac, type PrfHash, prf } from "./prf.ts";
import { createRc4 } from "./rc4.ts";
import {
  aeadOpen,
  aeadSeal,
  type OpenedRecord,
  type RecordProtection,
  sequenceBytes,
} from "./record-protection.ts";
import type { HashName, LegacySuite } from "./suite-parameters.ts";

const TLS_1_1 = 0x0302;
const MAC_BYTES: Readonly<Record<HashName, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48 };

/** Secrets of one direction, cut from the key block. */
interface DirectionKeys {
  readonly macKey: Uint8Array;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** Both directions' protection, from the client's side. */
export interface LegacyProtections {
  readonly write: RecordProtection;
  readonly read: RecordProtection;
}

/** Keys of TLS 1.0 to 1.2 cut from the master secret (RFC 5246 section 6.3). */
export function legacyProtections(
  suite: LegacySuite,
  version: number,
  hash: PrfHash,
  masterSecret: Uint8Array,
  randoms: { readonly client: Uint8Array; readonly server: Uint8Array },
): LegacyProtections {
  const macBytes = suite.mac === undefined ? 0 : MAC_BYTES[suite.mac];
  const { keyBytes, ivBytes } = suite.cipher;
  const seed = concat(randoms.server, randoms.client);
  const total = 2 * (macBytes + keyBytes + ivBytes);
  const block = prf(hash, masterSecret, "key expansion", seed, total);
  const cut = (at: number, length: number, side: 0 | 1): Uint8Array =>
    block.subarray(at + side * length, at + (side + 1) * length);
  const keysOf = (side: 0 | 1): DirectionKeys => ({
    macKey: cut(0, macBytes, side),
    key: cut(2 * macBytes, keyBytes, side),
    iv: cut(2 * (macBytes + keyBytes), ivBytes, side),
  });
  const make = MAKERS[suite.cipher.mode];
  return { write: make(suite, version, keysOf(0)), read: make(suite, version, keysOf(1)) };
}

/** What MAC and AEAD cover besides the plaintext (RFC 5246 sections 6.2.3.1 and 6.2.3.3). */
function covered(sequence: number, type: number, version: number, length: number): Uint8Array {
  return concat(sequenceBytes(sequence), u8(type), u16(version), u16(length));
}

/** AES-GCM (RFC 5288), AES-CCM (RFC 6655), ChaCha20-Poly1305 (RFC 7905). */
function aeadProtection(
  { cipher }: LegacySuite,
  _version: number,
  { key, iv }: DirectionKeys,
): RecordProtection {
  const explicitBytes = 12 - iv.length;
  let sequence = 0;
  // ChaCha20 hides the number in the nonce, the others send it along.
  const nonceOf = (explicit: Uint8Array): Uint8Array => {
    if (explicitBytes > 0) return concat(iv, explicit);
    const number = concat(new Uint8Array(4), sequenceBytes(sequence));
    return iv.map((byte, i) => byte ^ (number[i] ?? 0));
  };
  return {
    isModern: false,
    seal(contentType, version, plaintext) {
      const explicit = sequenceBytes(sequence).subarray(8 - explicitBytes);
      const additionalData = covered(sequence, contentType, version, plaintext.length);
      const nonce = nonceOf(explicit);
      const sealed = aeadSeal({ cipher, key, nonce, additionalData }, plaintext);
      sequence += 1;
      return encodeRecord(contentType, version, concat(explicit, sealed));
    },
    open({ contentType, version, fragment }) {
      const length = fragment.length - explicitBytes - cipher.tagBytes;
      if (length < 0) return malformed("a protected record that is too short");
      const additionalData = covered(sequence, contentType, version, length);
      const nonce = nonceOf(fragment.subarray(0, explicitBytes));
      const call = { cipher, key, nonce, additionalData };
      const plaintext = aeadOpen(call, fragment.subarray(explicitBytes));
      sequence += 1;
      if (plaintext === undefined) return malformed("a record that does not decrypt");
      return { ok: true, value: { contentType, plaintext } };
    },
  };
}

/** RC4 or nothing, with HMAC (RFC 5246 section 6.2.3.1). */
function streamProtection(
  { cipher, mac = "sha1" }: LegacySuite,
  _version: number,
  { macKey, key }: DirectionKeys,
): RecordProtection {
  const crypt = cipher.mode === "stream" ? createRc4(key) : (bytes: Uint8Array) => bytes;
  let sequence = 0;
  const macOf = (type: number, version: number, plaintext: Uint8Array): Uint8Array => {
    const bytes = covered(sequence, type, version, plaintext.length);
    sequence += 1;
    return hmac(mac, macKey, bytes, plaintext);
  };
  return {
    isModern: false,
    seal(contentType, version, plaintext) {
      const content = concat(plaintext, macOf(contentType, version, plaintext));
      return encodeRecord(contentType, version, crypt(content));
    },
    open({ contentType, version, fragment }) {
      const length = fragment.length - MAC_BYTES[mac];
      if (length < 0) return malformed("a protected record that is too short");
      const content = crypt(fragment);
      const plaintext = content.subarray(0, length);
      const isGenuine = timingSafeEqual(
        content.subarray(length),
        macOf(contentType, version, plaintext),
      );
      if (!isGenuine) return malformed("a record that does not decrypt");
      return { ok: true, value: { contentType, plaintext } };
    },
  };
}

/** CBC with HMAC, MAC then encrypt (RFC 5246 section 6.2.3.2; RFC 2246 for the chained IV). */
function cbcProtection(
  suite: LegacySuite,
  version: number,
  { macKey, key, iv }: DirectionKeys,
): RecordProtection {
  const { name, ivBytes: blockBytes, keyBytes } = suite.cipher;
  const cipherKey = keyBytes === DES_KEY_BYTES ? concat(key, key, key) : key;
  const hasExplicitIv = version >= TLS_1_1;
  const mac = suite.mac ?? "sha1";
  let chained = iv;
  let sequence = 0;
  const macOf = (type: number, recordVersion: number, plaintext: Uint8Array): Uint8Array =>
    hmac(mac, macKey, covered(sequence, type, recordVersion, plaintext.length), plaintext);
  const open = ({ contentType, version: recordVersion, fragment }: TlsRecord) => {
    const ivNow = hasExplicitIv ? fragment.subarray(0, blockBytes) : chained;
    const body = hasExplicitIv ? fragment.subarray(blockBytes) : fragment;
    if (body.length === 0 || body.length % blockBytes !== 0) return malformed(NOT_WHOLE);
    const decipher = createDecipheriv(name, cipherKey, ivNow).setAutoPadding(false);
    const padded = concat(decipher.update(body), decipher.final());
    chained = body.slice(-blockBytes);
    const plaintext = withoutTail(padded, MAC_BYTES[mac]);
    if (plaintext === undefined) return malformed("a record with broken padding");
    const sent = padded.subarray(plaintext.length, plaintext.length + MAC_BYTES[mac]);
    const isGenuine = timingSafeEqual(sent, macOf(contentType, recordVersion, plaintext));
    sequence += 1;
    if (!isGenuine) return malformed("a record that does not decrypt");
    return { ok: true, value: { contentType, plaintext } } satisfies Decoded<OpenedRecord>;
  };
  return {
    isModern: false,
    seal(contentType, recordVersion, plaintext) {
      const content = concat(plaintext, macOf(contentType, recordVersion, plaintext));
      const padBytes = blockBytes - (content.length % blockBytes);
      const padding = new Uint8Array(padBytes).fill(padBytes - 1);
      const ivNow = hasExplicitIv ? randomBytes(blockBytes) : chained;
      const cipher = createCipheriv(name, cipherKey, ivNow).setAutoPadding(false);
      const body = concat(cipher.update(concat(content, padding)), cipher.final());
      chained = body.slice(-blockBytes);
      sequence += 1;
      return encodeRecord(contentType, recordVersion, hasExplicitIv ? concat(ivNow, body) : body);
    },
    open,
  };
}

const MAKERS = {
  cbc: cbcProtection,
  gcm: aeadProtection,
  ccm: aeadProtection,
  "chacha20-poly1305": aeadProtection,
  stream: streamProtection,
  null: streamProtection,
} as const;

/** Only single DES has keys this short. */
const DES_KEY_BYTES = 8;

const NOT_WHOLE = "a protected record that is no whole number of blocks";

/** What stands before MAC and padding; no care for timing, for nothing here is secret. */
function withoutTail(padded: Uint8Array, macBytes: number): Uint8Array | undefined {
  const padBytes = padded[padded.length - 1] ?? 0;
  const length = padded.length - padBytes - 1 - macBytes;
  if (length < 0) return undefined;
  const isPadding = padded.subarray(padded.length - padBytes - 1).every((b) => b === padBytes);
  return isPadding ? padded.subarray(0, length) : undefined;
}
