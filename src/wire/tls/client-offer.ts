import type { TlsProtocol } from "../../core/tls-scan.ts";
import { ascii, concat, u8, u16, u16s, vector } from "./byte-writing.ts";
import { type ClientHello, FALLBACK_SCSV, RENEGOTIATION_SCSV } from "./client-hello.ts";
import { EXTENSION_TYPES, type Extension } from "./extensions.ts";
import { VERSION_CODES } from "./versions.ts";

const TYPE = EXTENSION_TYPES;

/** A key share: the group and the client's public value (RFC 8446 section 4.2.8). */
export interface KeyShare {
  readonly group: number;
  readonly keyExchange: Uint8Array;
}

/** A ticket offered for resumption in TLS 1.3 (RFC 8446 section 4.2.11). */
export interface PskOffer {
  readonly identity: Uint8Array;
  readonly obfuscatedTicketAge: Uint8Array;
  readonly binder: Uint8Array;
}

/**
 * What a client offers, in terms of the protocol; every extension is sent only where its field is.
 *
 * Randomness is the caller's, so that a hello is a pure function of its offer.
 */
export interface ClientOffer {
  /** The highest version offered. */
  readonly version: Exclude<TlsProtocol, "SSLv2">;
  /** 32 bytes. */
  readonly random: Uint8Array;
  readonly sessionId?: Uint8Array;
  readonly suites: readonly number[];
  /** Default: none but `null` (0). */
  readonly compressionMethods?: readonly number[];
  readonly serverName?: string;
  readonly groups?: readonly number[];
  readonly signatureSchemes?: readonly number[];
  readonly alpn?: readonly string[];
  /** Asks for a stapled OCSP answer. */
  readonly asksForStaple?: boolean;
  /** Asks for signed certificate timestamps. */
  readonly asksForScts?: boolean;
  /** Content of supported_versions; default for TLS 1.3 is 0x0304 alone, else not sent. */
  readonly supportedVersions?: readonly number[];
  /** Default for TLS 1.3 is an empty list, which the server answers with a HelloRetryRequest. */
  readonly keyShares?: readonly KeyShare[];
  /** 0 psk_ke, 1 psk_dhe_ke. */
  readonly pskModes?: readonly number[];
  readonly psk?: PskOffer;
  readonly offersEarlyData?: boolean;
  /** From a HelloRetryRequest, sent back as it came. */
  readonly cookie?: Uint8Array;
  /** Session ticket of TLS 1.2 (RFC 5077); empty asks for one. */
  readonly sessionTicket?: Uint8Array;
  readonly extendedMasterSecret?: boolean;
  readonly encryptThenMac?: boolean;
  /** How RFC 5746 is told of: extension with the given bytes, by suite, or not. Default `scsv`. */
  readonly renegotiation?: Uint8Array | "scsv" | "none";
  readonly fallbackScsv?: boolean;
  /** HeartbeatMode (RFC 6520): 1 may send, 2 must not. */
  readonly heartbeatMode?: 1 | 2;
  /** Certificate compression algorithms (RFC 8879). */
  readonly certificateCompression?: readonly number[];
  /** Value 0 to 15 for which of the GREASE numbers is mixed in (RFC 8701). */
  readonly grease?: number;
  /**
   * Sends no extensions at all, as before TLS 1.0 had any: for servers that refuse every extension. Default for
   * SSL 3.0 alone.
   */
  readonly withoutExtensions?: boolean;
  /** Appended as they are. */
  readonly extraExtensions?: readonly Extension[];
}

/** The hello that makes an offer. */
export function clientHelloFor(offer: ClientOffer): ClientHello {
  const grease = offer.grease === undefined ? undefined : greaseValue(offer.grease);
  const hasExtensions = !(offer.withoutExtensions ?? offer.version === "SSLv3");
  const { renegotiation = "scsv" } = offer;
  // RFC 5746 section 3.4: the suite says what an empty extension says.
  const needsScsv =
    renegotiation === "scsv" ||
    (!hasExtensions && renegotiation !== "none" && !renegotiation.length);
  const suites = [
    ...(grease === undefined ? [] : [grease]),
    ...offer.suites,
    ...(needsScsv ? [RENEGOTIATION_SCSV] : []),
    ...(offer.fallbackScsv === true ? [FALLBACK_SCSV] : []),
  ];
  return {
    legacyVersion: Math.min(VERSION_CODES[offer.version], VERSION_CODES["TLSv1.2"]),
    random: offer.random,
    sessionId: offer.sessionId ?? new Uint8Array(0),
    suites,
    compressionMethods: offer.compressionMethods ?? [0],
    extensions: hasExtensions ? extensionsOf(offer, grease) : undefined,
  };
}

/** The 16 values that must be ignored, for two-byte fields: 0x0A0A to 0xFAFA (RFC 8701 section 2). */
export function greaseValue(index: number): number {
  const byte = ((index & 0x0f) << 4) | 0x0a;
  return (byte << 8) | byte;
}

/** Whether a two-byte number is one of the GREASE values. */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

const EMPTY = new Uint8Array(0);

function extensionsOf(offer: ClientOffer, grease: number | undefined): readonly Extension[] {
  const list: Extension[] = [];
  const add = (type: number, data: Uint8Array | undefined): void => {
    if (data !== undefined) list.push({ type, data });
  };
  if (grease !== undefined) add(grease, EMPTY);
  add(TYPE.serverName, map(offer.serverName, serverNameData));
  add(TYPE.extendedMasterSecret, flag(offer.extendedMasterSecret));
  add(
    TYPE.renegotiationInfo,
    offer.renegotiation instanceof Uint8Array ? vector(1, offer.renegotiation) : undefined,
  );
  addNegotiation(offer, grease, add);
  add(TYPE.sessionTicket, offer.sessionTicket);
  add(TYPE.encryptThenMac, flag(offer.encryptThenMac));
  add(TYPE.statusRequest, offer.asksForStaple === true ? STATUS_REQUEST : undefined);
  add(TYPE.signedCertificateTimestamp, flag(offer.asksForScts));
  add(TYPE.heartbeat, map(offer.heartbeatMode, u8));
  add(
    TYPE.compressCertificate,
    map(offer.certificateCompression, (list) => vector(1, u16s(list))),
  );
  addTls13(offer, grease, add);
  for (const extension of offer.extraExtensions ?? []) list.push(extension);
  // Last, as RFC 8446 section 4.2.11 demands.
  add(TYPE.preSharedKey, map(offer.psk, pskData));
  return list;
}

type Add = (type: number, data: Uint8Array | undefined) => void;

function addNegotiation(offer: ClientOffer, grease: number | undefined, add: Add): void {
  add(
    TYPE.supportedGroups,
    map(offer.groups, (groups) => vector(2, u16s(greased(grease, groups)))),
  );
  // uncompressed alone (RFC 8422 section 5.1.2)
  add(TYPE.ecPointFormats, offer.groups === undefined ? undefined : Uint8Array.of(1, 0));
  add(
    TYPE.applicationLayerProtocolNegotiation,
    map(offer.alpn, (names) => vector(2, ...names.map((name) => vector(1, ascii(name))))),
  );
  add(
    TYPE.signatureAlgorithms,
    map(offer.signatureSchemes, (schemes) => vector(2, u16s(schemes))),
  );
}

function addTls13(offer: ClientOffer, grease: number | undefined, add: Add): void {
  const is13 = offer.version === "TLSv1.3";
  const versions = offer.supportedVersions ?? (is13 ? [VERSION_CODES["TLSv1.3"]] : undefined);
  const shares = offer.keyShares ?? (is13 ? [] : undefined);
  add(
    TYPE.keyShare,
    map(shares, (list) =>
      vector(
        2,
        ...list.map(({ group, keyExchange }) => concat(u16(group), vector(2, keyExchange))),
      ),
    ),
  );
  add(
    TYPE.pskKeyExchangeModes,
    map(offer.pskModes, (modes) => vector(1, Uint8Array.from(modes))),
  );
  add(
    TYPE.supportedVersions,
    map(versions, (list) => vector(1, u16s(greased(grease, list)))),
  );
  add(
    TYPE.cookie,
    map(offer.cookie, (cookie) => vector(2, cookie)),
  );
  add(TYPE.earlyData, flag(offer.offersEarlyData));
}

/** status_type ocsp, no responders, no extensions (RFC 6066 section 8). */
const STATUS_REQUEST = Uint8Array.of(1, 0, 0, 0, 0);

/** server_name_list of one host_name (RFC 6066 section 3). */
function serverNameData(name: string): Uint8Array {
  return vector(2, u8(0), vector(2, ascii(name)));
}

function pskData(psk: PskOffer): Uint8Array {
  return concat(
    vector(2, vector(2, psk.identity), psk.obfuscatedTicketAge),
    vector(2, vector(1, psk.binder)),
  );
}

function greased(grease: number | undefined, list: readonly number[]): readonly number[] {
  return grease === undefined ? list : [grease, ...list];
}

function flag(isSet: boolean | undefined): Uint8Array | undefined {
  return isSet === true ? EMPTY : undefined;
}

function map<T>(value: T | undefined, encode: (value: T) => Uint8Array): Uint8Array | undefined {
  return value === undefined ? undefined : encode(value);
}
