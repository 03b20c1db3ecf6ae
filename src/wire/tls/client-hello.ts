import { byteCursor, u16List } from "./byte-cursor.ts";
import { concat, u16, u16s, vector } from "./byte-writing.ts";
import { type Decoded, malformed } from "./decoded.ts";
import { EXTENSION_TYPES, type Extension, encodeExtensions, readExtensions } from "./extensions.ts";
import { encodeHandshake, HANDSHAKE_TYPES } from "./handshake.ts";
import { CONTENT_TYPES, encodeRecord } from "./records.ts";

/**
 * Most suites for one hello: some servers drop longer lists (spec/tls.md section 1, testssl.sh and
 * SSL Labs both split at this number). Without extensions nothing can be padded, so fewer fit below
 * the lengths F5 devices hang on.
 */
export const SUITES_PER_HELLO_MAX = 128;
export const SUITES_PER_PLAIN_HELLO_MAX = 84;

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 section 3.3). */
export const RENEGOTIATION_SCSV = 0x00ff;
/** TLS_FALLBACK_SCSV (RFC 7507). */
export const FALLBACK_SCSV = 0x5600;

/**
 * Lengths of a hello, with its handshake header and with or without its record header, at which F5
 * BIG-IP hangs: 256 to 511 (RFC 7685 section 1).
 */
const HANGING_BYTES_MIN = 256 - 5;
const HANGING_BYTES_MAX = 511;

/** ClientHello, field by field (RFC 8446 section 4.1.2). */
export interface ClientHello {
  /** `client_version`; 0x0303 for TLS 1.3. */
  readonly legacyVersion: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** At most 32 bytes. */
  readonly sessionId: Uint8Array;
  readonly suites: readonly number[];
  readonly compressionMethods: readonly number[];
  /** `undefined` leaves the block out, as before TLS 1.0 extensions; an empty list sends its length. */
  readonly extensions: readonly Extension[] | undefined;
}

/** The handshake message, not padded. Throws `RangeError` where a field does not fit. */
export function encodeClientHello(hello: ClientHello): Uint8Array {
  return encodeHandshake(
    HANDSHAKE_TYPES.clientHello,
    concat(
      u16(hello.legacyVersion),
      hello.random,
      vector(1, hello.sessionId),
      vector(2, u16s(hello.suites)),
      vector(1, Uint8Array.from(hello.compressionMethods)),
      hello.extensions === undefined ? new Uint8Array(0) : encodeExtensions(hello.extensions),
    ),
  );
}

/**
 * The hello with a padding extension (RFC 7685) where its length is one that devices hang on.
 *
 * `pre_shared_key` stays last, where RFC 8446 section 4.2.11 wants it; its binders cover the padding.
 */
export function padClientHello(hello: ClientHello): ClientHello {
  if (hello.extensions === undefined) return hello;
  const length = encodeClientHello(hello).length;
  if (length < HANGING_BYTES_MIN || length > HANGING_BYTES_MAX) return hello;
  const padding: Extension = {
    type: EXTENSION_TYPES.padding,
    data: new Uint8Array(Math.max(1, HANGING_BYTES_MAX + 1 - length - 4)),
  };
  const last = hello.extensions.filter(({ type }) => type === EXTENSION_TYPES.preSharedKey);
  const others = hello.extensions.filter(({ type }) => type !== EXTENSION_TYPES.preSharedKey);
  return { ...hello, extensions: [...others, padding, ...last] };
}

/**
 * The record to send: the hello, padded, in one record of plaintext.
 *
 * `recordVersion` defaults to what clients send first: 0x0301, or 0x0300 for SSL 3.0
 * (RFC 8446 section 5.1).
 */
export function clientHelloRecord(
  hello: ClientHello,
  recordVersion: number = Math.min(hello.legacyVersion, 0x0301),
): Uint8Array {
  const message = encodeClientHello(padClientHello(hello));
  return encodeRecord(CONTENT_TYPES.handshake, recordVersion, message);
}

/** Cuts a list of suites into lists short enough for one hello each, in order. */
export function splitSuites(
  suites: readonly number[],
  perHelloMax: number = SUITES_PER_HELLO_MAX,
): readonly (readonly number[])[] {
  const lists: (readonly number[])[] = [];
  for (let at = 0; at < suites.length; at += perHelloMax) {
    lists.push(suites.slice(at, at + perHelloMax));
  }
  return lists;
}

/** A ClientHello's body; for servers that are acted and for tests. */
export function decodeClientHello(body: Uint8Array): Decoded<ClientHello> {
  const cursor = byteCursor(body);
  const legacyVersion = cursor.u16();
  const random = cursor.bytes(32);
  const sessionId = cursor.vector(1);
  const suites = u16List(cursor.vector(2));
  const compressionMethods = [...cursor.vector(1)];
  const extensions = cursor.left > 0 ? readExtensions(cursor) : [];
  if (cursor.isBroken || suites === undefined || extensions === undefined || cursor.left > 0) {
    return malformed("a ClientHello whose lengths do not add up");
  }
  const hasBlock =
    body.length > 38 + sessionId.length + 2 * suites.length + compressionMethods.length;
  return {
    ok: true,
    value: {
      legacyVersion,
      random,
      sessionId,
      suites,
      compressionMethods,
      extensions: hasBlock ? extensions : undefined,
    },
  };
}
