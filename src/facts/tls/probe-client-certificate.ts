import type { TlsScan } from "../../core/tls-scan.ts";
import { ALERTS } from "../../wire/tls/alerts.ts";
import type { Received } from "../../wire/tls-session/connection.ts";

/**
 * Alerts that refuse a client for its missing certificate (RFC 8446 section 6.2, RFC 5246 section 7.2.2).
 * GnuTLS (3.7, TLS 1.2) that insists on one calls the empty list a decode_error.
 */
const REFUSALS: readonly number[] = [
  ALERTS.handshakeFailure,
  ALERTS.noCertificate,
  ALERTS.badCertificate,
  43, // unsupported_certificate
  46, // certificate_unknown
  48, // unknown_ca
  49, // access_denied
  ALERTS.decodeError,
  ALERTS.certificateRequired,
];

/** Whether nothing can follow: a fatal alert, a close in order or not, silence, nonsense. */
export function isLastWord(received: Received): boolean {
  if (received.kind === "alert") return received.isFatal || received.code === ALERTS.closeNotify;
  return received.kind === "closed" || received.kind === "malformed";
}

/** Whether the server hung up of itself: some stacks say nothing before they do. */
export function isHangup(received: Received): boolean {
  if (received.kind === "closed") return received.how !== "silence";
  return received.kind === "alert" && received.code === ALERTS.closeNotify;
}

/**
 * How badly the server wants a client certificate. `answer` is what it made of an empty one:
 * `undefined` when it went on as if nothing were missing (what it then says in HTTP is not TLS's).
 */
export function clientCertificateOf(
  isAsked: boolean,
  answer: Received | undefined,
): TlsScan["clientCertificate"] {
  if (!isAsked) return "none";
  if (answer === undefined) return "requested";
  if (answer.kind === "alert" && REFUSALS.includes(answer.code)) return "required";
  return isHangup(answer) ? "required" : "unknown";
}
