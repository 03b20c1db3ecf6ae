import { type ByteCursor, byteCursor } from "./byte-cursor.ts";
import { concat, u16, vector } from "./byte-writing.ts";

/** Numbers of the extensions this program speaks, from IANA's "TLS ExtensionType Values". */
export const EXTENSION_TYPES = {
  serverName: 0,
  maxFragmentLength: 1,
  statusRequest: 5,
  supportedGroups: 10,
  ecPointFormats: 11,
  srp: 12,
  signatureAlgorithms: 13,
  heartbeat: 15,
  applicationLayerProtocolNegotiation: 16,
  signedCertificateTimestamp: 18,
  padding: 21,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  compressCertificate: 27,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  pskKeyExchangeModes: 45,
  certificateAuthorities: 47,
  signatureAlgorithmsCert: 50,
  keyShare: 51,
  nextProtocolNegotiation: 13_172,
  encryptedClientHello: 0xfe0d,
  renegotiationInfo: 0xff01,
} as const;

/** Most extensions one message may have; the registry has fewer than 70. */
export const EXTENSIONS_MAX = 256;

export interface Extension {
  readonly type: number;
  readonly data: Uint8Array;
}

/** Extension list with its length before it (RFC 8446 section 4.2). */
export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  return vector(2, ...extensions.map(({ type, data }) => concat(u16(type), vector(2, data))));
}

/** The extension list at the cursor; `undefined` when it is broken, too long or repeats a type. */
export function readExtensions(cursor: ByteCursor): readonly Extension[] | undefined {
  const list = byteCursor(cursor.vector(2));
  const extensions: Extension[] = [];
  const seen = new Set<number>();
  while (list.left > 0) {
    const type = list.u16();
    const data = list.vector(2);
    if (list.isBroken || seen.has(type) || seen.size === EXTENSIONS_MAX) return undefined;
    seen.add(type);
    extensions.push({ type, data });
  }
  return list.isBroken || cursor.isBroken ? undefined : extensions;
}

/** The data of an extension, where it is there. */
export function extensionData(
  extensions: readonly Extension[],
  type: number,
): Uint8Array | undefined {
  return extensions.find((extension) => extension.type === type)?.data;
}
