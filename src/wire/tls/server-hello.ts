import { type ByteCursor, byteCursor, soleVector } from "./byte-cursor.ts";
import { type Decoded, malformed } from "./decoded.ts";
import { EXTENSION_TYPES, type Extension, extensionData, readExtensions } from "./extensions.ts";
import { VERSION_CODES } from "./versions.ts";

const TYPE = EXTENSION_TYPES;

/** Random of a HelloRetryRequest: SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3). */
const RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
/** Last eight bytes of the random: "DOWNGRD" and 1 (TLS 1.2) or 0 (older) (RFC 8446 section 4.1.3). */
const DOWNGRADE_FROM_13_TO_12 = "444f574e47524401";
const DOWNGRADE_TO_OLDER = "444f574e47524400";

/** ServerHello or HelloRetryRequest (RFC 8446 sections 4.1.3 and 4.1.4, RFC 5246 section 7.4.1.3). */
export interface ServerHello {
  readonly isHelloRetryRequest: boolean;
  /** The version chosen: supported_versions where it is there, else `legacyVersion`. */
  readonly version: number;
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suite: number;
  readonly compressionMethod: number;
  readonly extensions: readonly Extension[];
  /** The server says by its random that it could have done better than `version`. */
  readonly downgradeSentinel: "none" | "below-tls13" | "below-tls12";
  /** Group of the key share, in a HelloRetryRequest the group asked for. */
  readonly group?: number;
  /** The server's public value; not in a HelloRetryRequest. */
  readonly keyExchange?: Uint8Array;
  /** Of a HelloRetryRequest. */
  readonly cookie?: Uint8Array;
  /** Index of the ticket taken, TLS 1.3. */
  readonly pskIndex?: number;
  /** renegotiated_connection of RFC 5746; absent without the extension. */
  readonly renegotiationInfo?: Uint8Array;
  /** TLS 1.2 and older; TLS 1.3 has it in EncryptedExtensions. */
  readonly alpn?: string;
  /** HeartbeatMode (RFC 6520). */
  readonly heartbeatMode?: number;
  /** Will send a NewSessionTicket (RFC 5077). */
  readonly offersTicket: boolean;
  /** Will send a CertificateStatus (RFC 6066 section 8). */
  readonly willStaple: boolean;
  readonly extendedMasterSecret: boolean;
  readonly encryptThenMac: boolean;
  /** SignedCertificateTimestampList as it came (RFC 6962 section 3.3). */
  readonly scts?: Uint8Array;
}

/** Body of a ServerHello. Wrong lengths, repeated extensions and broken extensions are malformed. */
export function decodeServerHello(body: Uint8Array): Decoded<ServerHello> {
  const cursor = byteCursor(body);
  const legacyVersion = cursor.u16();
  const random = cursor.bytes(32);
  const sessionId = cursor.vector(1);
  const suite = cursor.u16();
  const compressionMethod = cursor.u8();
  const extensions = cursor.left > 0 ? readExtensions(cursor) : [];
  if (cursor.isBroken || extensions === undefined || cursor.left > 0) {
    return malformed("a ServerHello whose lengths do not add up");
  }
  if (sessionId.length > 32) return malformed("a session id of more than 32 bytes");
  const isHelloRetryRequest = hex(random) === RETRY_RANDOM;
  const details = detailsOf(extensions, isHelloRetryRequest);
  if (details === undefined) return malformed("a ServerHello with a broken extension");
  const chosen = versionIn(extensions);
  if (chosen === undefined) return malformed("a ServerHello with a broken supported_versions");
  const version = chosen === 0 ? legacyVersion : chosen;
  return {
    ok: true,
    value: {
      isHelloRetryRequest,
      version,
      legacyVersion,
      random,
      sessionId,
      suite,
      compressionMethod,
      extensions,
      downgradeSentinel: version < VERSION_CODES["TLSv1.3"] ? sentinelOf(random) : "none",
      ...details,
    },
  };
}

type Details = Omit<
  ServerHello,
  | "isHelloRetryRequest"
  | "version"
  | "legacyVersion"
  | "random"
  | "sessionId"
  | "suite"
  | "compressionMethod"
  | "extensions"
  | "downgradeSentinel"
>;

/** What the extensions say; `undefined` when one of them is broken. */
function detailsOf(extensions: readonly Extension[], isRetry: boolean): Details | undefined {
  let isBroken = false;
  const read = <T>(type: number, decode: (cursor: ByteCursor) => T): T | undefined => {
    const data = extensionData(extensions, type);
    if (data === undefined) return undefined;
    const cursor = byteCursor(data);
    const value = decode(cursor);
    isBroken ||= cursor.isBroken || cursor.left > 0;
    return value;
  };
  const has = (type: number): boolean => extensionData(extensions, type) !== undefined;
  const keyShare = read(TYPE.keyShare, (cursor) => ({
    group: cursor.u16(),
    ...(isRetry ? {} : { keyExchange: cursor.vector(2) }),
  }));
  const alpnData = extensionData(extensions, TYPE.applicationLayerProtocolNegotiation);
  const alpn = alpnData === undefined ? undefined : alpnName(alpnData);
  isBroken ||= alpnData !== undefined && alpn === undefined;
  const details: Details = withoutUndefined({
    ...keyShare,
    cookie: read(TYPE.cookie, (cursor) => cursor.vector(2)),
    pskIndex: read(TYPE.preSharedKey, (cursor) => cursor.u16()),
    renegotiationInfo: read(TYPE.renegotiationInfo, (cursor) => cursor.vector(1)),
    alpn,
    heartbeatMode: read(TYPE.heartbeat, (cursor) => cursor.u8()),
    scts: extensionData(extensions, TYPE.signedCertificateTimestamp),
    offersTicket: has(TYPE.sessionTicket),
    willStaple: has(TYPE.statusRequest),
    extendedMasterSecret: has(TYPE.extendedMasterSecret),
    encryptThenMac: has(TYPE.encryptThenMac),
  });
  return isBroken ? undefined : details;
}

/**
 * The protocol name of a server's ALPN answer (RFC 7301 section 3.1), as Latin-1 text; `undefined`
 * when the extension is broken or names none. Names after the first are overlooked.
 */
export function alpnName(data: Uint8Array): string | undefined {
  const list = soleVector(data, 2);
  if (list === undefined) return undefined;
  const cursor = byteCursor(list);
  const name = cursor.vector(1);
  return cursor.isBroken || name.length === 0 ? undefined : String.fromCharCode(...name);
}

/** The version in supported_versions; 0 without the extension, `undefined` when it is broken. */
function versionIn(extensions: readonly Extension[]): number | undefined {
  const data = extensionData(extensions, TYPE.supportedVersions);
  if (data === undefined) return 0;
  const cursor = byteCursor(data);
  const version = cursor.u16();
  return cursor.isBroken || cursor.left > 0 ? undefined : version;
}

function sentinelOf(random: Uint8Array): ServerHello["downgradeSentinel"] {
  const tail = hex(random.subarray(24));
  if (tail === DOWNGRADE_FROM_13_TO_12) return "below-tls13";
  return tail === DOWNGRADE_TO_OLDER ? "below-tls12" : "none";
}

/** The members that are there; `T` without `undefined` in any of them. */
type Present<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Present<T> {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  // Object.fromEntries forgets the keys' types; they are T's own.
  return Object.fromEntries(entries) as Present<T>;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
