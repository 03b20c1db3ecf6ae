import { type ByteCursor, byteCursor } from "./byte-cursor.ts";
import { type Decoded, malformed } from "./decoded.ts";
import { EXTENSION_TYPES, type Extension, extensionData, readExtensions } from "./extensions.ts";

/** Most certificates of one chain that are looked at; what comes after them is left unread. */
export const CERTIFICATES_MAX = 256;

/** One certificate of a chain, leaf first; DER as sent, not looked into. */
export interface CertificateEntry {
  readonly der: Uint8Array;
  /** TLS 1.3 only, else empty. */
  readonly extensions: readonly Extension[];
  /** DER of the stapled OCSP response, TLS 1.3 (RFC 8446 section 4.4.2.1). */
  readonly ocspResponse?: Uint8Array;
  /** SignedCertificateTimestampList, TLS 1.3. */
  readonly scts?: Uint8Array;
}

export interface CertificateMessage {
  /** Empty but for certificates asked for after the handshake (RFC 8446 section 4.4.2). */
  readonly requestContext: Uint8Array;
  readonly entries: readonly CertificateEntry[];
  /** There are more than `CERTIFICATES_MAX`. */
  readonly isCut: boolean;
}

/** Body of a Certificate message up to TLS 1.2 (RFC 5246 section 7.4.2). */
export function decodeCertificate(body: Uint8Array): Decoded<CertificateMessage> {
  const cursor = byteCursor(body);
  return readEntries(new Uint8Array(0), cursor, (list) => ({
    der: list.vector(3),
    extensions: [],
  }));
}

/** Body of a Certificate message of TLS 1.3 (RFC 8446 section 4.4.2). */
export function decodeCertificate13(body: Uint8Array): Decoded<CertificateMessage> {
  const cursor = byteCursor(body);
  return readEntries(cursor.vector(1), cursor, (list) => {
    const der = list.vector(3);
    const extensions = readExtensions(list);
    return extensions === undefined ? undefined : entryOf(der, extensions);
  });
}

function readEntries(
  requestContext: Uint8Array,
  cursor: ByteCursor,
  readEntry: (list: ByteCursor) => CertificateEntry | undefined,
): Decoded<CertificateMessage> {
  const list = byteCursor(cursor.vector(3));
  if (cursor.isBroken || cursor.left > 0) {
    return malformed("a Certificate message whose lengths do not add up");
  }
  const entries: CertificateEntry[] = [];
  while (list.left > 0 && entries.length < CERTIFICATES_MAX) {
    const entry = readEntry(list);
    if (entry === undefined) return malformed("a certificate with broken extensions");
    entries.push(entry);
  }
  return list.isBroken
    ? malformed("a Certificate message whose lengths do not add up")
    : { ok: true, value: { requestContext, entries, isCut: list.left > 0 } };
}

/**
 * Body of a CertificateStatus (RFC 6066 section 8; ocsp_multi RFC 6961 section 2.2): the DER of the
 * leaf's OCSP response, empty when the server has none.
 */
export function decodeCertificateStatus(body: Uint8Array): Decoded<Uint8Array> {
  const cursor = byteCursor(body);
  const type = cursor.u8();
  const content = cursor.vector(3);
  if (cursor.isBroken || cursor.left > 0) {
    return malformed("a CertificateStatus whose lengths do not add up");
  }
  if (type === 1) return { ok: true, value: content };
  if (type !== 2) return malformed("a CertificateStatus of an unknown type");
  const first = byteCursor(content);
  const response = first.vector(3);
  return first.isBroken
    ? malformed("a CertificateStatus whose lengths do not add up")
    : { ok: true, value: response };
}

function entryOf(der: Uint8Array, extensions: readonly Extension[]): CertificateEntry {
  const status = extensionData(extensions, EXTENSION_TYPES.statusRequest);
  const decoded = status === undefined ? undefined : decodeCertificateStatus(status);
  const scts = extensionData(extensions, EXTENSION_TYPES.signedCertificateTimestamp);
  return {
    der,
    extensions,
    ...(decoded?.ok === true ? { ocspResponse: decoded.value } : {}),
    ...(scts === undefined ? {} : { scts }),
  };
}
