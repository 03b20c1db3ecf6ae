import { concat, u8, u16 } from "../tls/byte-writing.ts";
import { malformed } from "../tls/decoded.ts";
import { CONTENT_TYPES } from "../tls/records.ts";
import { hkdfExpandLabel } from "./hkdf.ts";
import { aeadOpen, aeadSeal, type RecordProtection, sequenceBytes } from "./record-protection.ts";
import type { ModernSuite } from "./suite-parameters.ts";

/** `legacy_record_version` of every protected record (RFC 8446 section 5.2). */
const RECORD_VERSION = 0x0303;
const NONCE_BYTES = 12;
const EMPTY = new Uint8Array(0);

/** Record protection of TLS 1.3 under a traffic secret (RFC 8446 sections 5.2 and 7.3). */
export function modernProtection(
  { cipher, hash }: ModernSuite,
  trafficSecret: Uint8Array,
): RecordProtection {
  const key = hkdfExpandLabel(hash, trafficSecret, "key", EMPTY, cipher.keyBytes);
  const iv = hkdfExpandLabel(hash, trafficSecret, "iv", EMPTY, NONCE_BYTES);
  let sequence = 0;
  const nextNonce = (): Uint8Array => {
    const number = concat(new Uint8Array(4), sequenceBytes(sequence));
    sequence += 1;
    return iv.map((byte, i) => byte ^ (number[i] ?? 0));
  };
  return {
    isModern: true,
    seal(contentType, _version, plaintext) {
      const inner = concat(plaintext, u8(contentType));
      const header = concat(
        u8(CONTENT_TYPES.applicationData),
        u16(RECORD_VERSION),
        u16(inner.length + cipher.tagBytes),
      );
      const call = { cipher, key, nonce: nextNonce(), additionalData: header };
      return concat(header, aeadSeal(call, inner));
    },
    open({ contentType, fragment, header }) {
      if (contentType !== CONTENT_TYPES.applicationData) {
        return malformed("a plain record where a protected one belongs");
      }
      const call = { cipher, key, nonce: nextNonce(), additionalData: header };
      const inner = aeadOpen(call, fragment);
      if (inner === undefined) return malformed("a record that does not decrypt");
      // Zeros after the content type are padding (RFC 8446 section 5.4).
      const end = inner.findLastIndex((byte) => byte !== 0);
      if (end < 0) return malformed("a record of padding alone");
      return {
        ok: true,
        value: { contentType: inner[end] ?? 0, plaintext: inner.subarray(0, end) },
      };
    },
  };
}
