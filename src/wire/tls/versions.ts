import type { TlsProtocol } from "../../core/tls-scan.ts";

/**
 * Wire numbers of the protocol versions: SSL 2.0 (draft-hickman-netscape-ssl-00), SSL 3.0 (RFC 6101),
 * TLS 1.0 (RFC 2246), 1.1 (RFC 4346), 1.2 (RFC 5246), 1.3 (RFC 8446).
 */
export const VERSION_CODES: Readonly<Record<TlsProtocol, number>> = {
  SSLv2: 0x0002,
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  "TLSv1.1": 0x0302,
  "TLSv1.2": 0x0303,
  "TLSv1.3": 0x0304,
};

const NAMES: ReadonlyMap<number, TlsProtocol> = new Map<number, TlsProtocol>([
  [0x0002, "SSLv2"],
  [0x0300, "SSLv3"],
  [0x0301, "TLSv1"],
  [0x0302, "TLSv1.1"],
  [0x0303, "TLSv1.2"],
  [0x0304, "TLSv1.3"],
]);

/** The protocol a wire number means; `undefined` for drafts, GREASE and what no document defines. */
export function protocolOfVersion(code: number): TlsProtocol | undefined {
  return NAMES.get(code);
}
