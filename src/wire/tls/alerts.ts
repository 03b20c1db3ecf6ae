import { byteCursor } from "./byte-cursor.ts";
import { concat, u8 } from "./byte-writing.ts";
import { type Decoded, malformed } from "./decoded.ts";

/** IANA "TLS Alerts" registry, descriptions by code (state of 2025-11). */
const NAMES: Readonly<Record<number, string>> = {
  0: "close_notify",
  10: "unexpected_message",
  20: "bad_record_mac",
  21: "decryption_failed_RESERVED",
  22: "record_overflow",
  30: "decompression_failure_RESERVED",
  40: "handshake_failure",
  41: "no_certificate_RESERVED",
  42: "bad_certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  49: "access_denied",
  50: "decode_error",
  51: "decrypt_error",
  52: "too_many_cids_requested",
  60: "export_restriction_RESERVED",
  70: "protocol_version",
  71: "insufficient_security",
  80: "internal_error",
  86: "inappropriate_fallback",
  90: "user_canceled",
  100: "no_renegotiation_RESERVED",
  109: "missing_extension",
  110: "unsupported_extension",
  111: "certificate_unobtainable_RESERVED",
  112: "unrecognized_name",
  113: "bad_certificate_status_response",
  114: "bad_certificate_hash_value_RESERVED",
  115: "unknown_psk_identity",
  116: "certificate_required",
  117: "general_error",
  120: "no_application_protocol",
  121: "ech_required",
};

/** Codes of the alerts a prober decides by. */
export const ALERTS = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  decryptionFailed: 21,
  handshakeFailure: 40,
  noCertificate: 41,
  badCertificate: 42,
  illegalParameter: 47,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
  insufficientSecurity: 71,
  internalError: 80,
  inappropriateFallback: 86,
  noRenegotiation: 100,
  missingExtension: 109,
  unrecognizedName: 112,
  unknownPskIdentity: 115,
  certificateRequired: 116,
  noApplicationProtocol: 120,
} as const;

export interface Alert {
  /** A level that is neither 1 nor 2 is `unknown`. */
  readonly level: "warning" | "fatal" | "unknown";
  readonly code: number;
  /** IANA's name, `alert 77` where it has none. */
  readonly name: string;
}

/** IANA's name of an alert, `alert 77` where it has none. */
export function alertName(code: number): string {
  return NAMES[code] ?? `alert ${code}`;
}

/** The alert in a plain alert record (RFC 8446 section 6). An encrypted one does not fit: `ok: false`. */
export function decodeAlert(fragment: Uint8Array): Decoded<Alert> {
  if (fragment.length !== 2) return malformed(`an alert of ${fragment.length} bytes`);
  const cursor = byteCursor(fragment);
  const level = cursor.u8();
  const code = cursor.u8();
  return {
    ok: true,
    value: {
      level: level === 1 ? "warning" : level === 2 ? "fatal" : "unknown",
      code,
      name: alertName(code),
    },
  };
}

/** The two bytes of an alert. */
export function encodeAlert(level: "warning" | "fatal", code: number): Uint8Array {
  return concat(u8(level === "warning" ? 1 : 2), u8(code));
}
