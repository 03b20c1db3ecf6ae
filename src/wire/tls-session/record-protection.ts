import { createCipheriv, createDecipheriv } from "node:crypto";
import { concat } from "../tls/byte-writing.ts";
import type { Decoded } from "../tls/decoded.ts";
import type { TlsRecord } from "../tls/records.ts";
import type { BulkCipher } from "./suite-parameters.ts";

/** What is inside a protected record. */
export interface OpenedRecord {
  readonly contentType: number;
  readonly plaintext: Uint8Array;
}

/** Protects one direction of a connection. Counts records, so each one passes exactly once. */
export interface RecordProtection {
  /** TLS 1.3: records that are no application data are in the clear. */
  readonly isModern: boolean;
  /** The whole record, header and all, for at most 2^14 bytes of plaintext. */
  seal(contentType: number, version: number, plaintext: Uint8Array): Uint8Array;
  /** The plaintext, or what is wrong with the record. */
  open(record: TlsRecord): Decoded<OpenedRecord>;
}

/** One AEAD call's inputs. */
export interface AeadCall {
  readonly cipher: BulkCipher;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
}

/** The 64-bit number of a record, for MACs and nonces. */
export function sequenceBytes(sequence: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(sequence));
  return bytes;
}

/** Ciphertext with its tag behind it. */
export function aeadSeal(call: AeadCall, plaintext: Uint8Array): Uint8Array {
  // Node's overloads want the literal cipher name; the table holds only names it knows.
  const name = call.cipher.name as "aes-128-ccm";
  const cipher = createCipheriv(name, call.key, call.nonce, {
    authTagLength: call.cipher.tagBytes,
  });
  cipher.setAAD(call.additionalData, { plaintextLength: plaintext.length });
  const body = cipher.update(plaintext);
  return concat(body, cipher.final(), cipher.getAuthTag());
}

/** The plaintext; `undefined` when the tag does not fit. */
export function aeadOpen(call: AeadCall, sealed: Uint8Array): Uint8Array | undefined {
  const tagAt = sealed.length - call.cipher.tagBytes;
  if (tagAt < 0) return undefined;
  const name = call.cipher.name as "aes-128-ccm";
  const decipher = createDecipheriv(name, call.key, call.nonce, {
    authTagLength: call.cipher.tagBytes,
  });
  decipher.setAuthTag(sealed.subarray(tagAt));
  decipher.setAAD(call.additionalData, { plaintextLength: tagAt });
  // Node throws for control here: a wrong tag is an exception of `update` (CCM) or `final`.
  try {
    return concat(decipher.update(sealed.subarray(0, tagAt)), decipher.final());
  } catch {
    return undefined;
  }
}
