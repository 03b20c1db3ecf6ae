import { byteCursor } from "./byte-cursor.ts";
import { concat, u8, u16, u24 } from "./byte-writing.ts";
import { type Decoded, malformed } from "./decoded.ts";

/** A cipher kind of SSL 2.0 (draft-hickman-netscape-ssl-00 appendix C.4). */
export interface Ssl2CipherKind {
  /** Three bytes. */
  readonly code: number;
  readonly name: string;
  readonly bits: number;
  readonly isExport: boolean;
}

/** The seven kinds the draft defines; 3DES counts 112 bits as everywhere. */
export const SSL2_CIPHER_KINDS: readonly Ssl2CipherKind[] = [
  { code: 0x010080, name: "SSL_CK_RC4_128_WITH_MD5", bits: 128, isExport: false },
  { code: 0x020080, name: "SSL_CK_RC4_128_EXPORT40_WITH_MD5", bits: 40, isExport: true },
  { code: 0x030080, name: "SSL_CK_RC2_128_CBC_WITH_MD5", bits: 128, isExport: false },
  { code: 0x040080, name: "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5", bits: 40, isExport: true },
  { code: 0x050080, name: "SSL_CK_IDEA_128_CBC_WITH_MD5", bits: 128, isExport: false },
  { code: 0x060040, name: "SSL_CK_DES_64_CBC_WITH_MD5", bits: 56, isExport: false },
  { code: 0x0700c0, name: "SSL_CK_DES_192_EDE3_CBC_WITH_MD5", bits: 112, isExport: false },
];

/** The draft's name of a kind, or `0x0A0B0C` for one it does not have. */
export function ssl2CipherName(code: number): string {
  const known = SSL2_CIPHER_KINDS.find((kind) => kind.code === code);
  return known?.name ?? `0x${code.toString(16).toUpperCase().padStart(6, "0")}`;
}

export interface Ssl2ClientHello {
  /** 0x0002 for SSL 2.0; a newer version makes the hello of RFC 5246 appendix E.2. */
  readonly version?: number;
  /** Three-byte kinds; a TLS suite is its code with a zero byte before it. */
  readonly cipherKinds: readonly number[];
  /** 16 to 32 bytes. */
  readonly challenge: Uint8Array;
}

/** SERVER-HELLO (draft section 5.6). */
export interface Ssl2ServerHello {
  readonly kind: "server-hello";
  readonly version: number;
  readonly isSessionIdHit: boolean;
  /** 1 for X.509. */
  readonly certificateType: number;
  /** DER of the one certificate. */
  readonly certificate: Uint8Array;
  /** The kinds of the client's that the server has too; empty: the protocol is on, without ciphers. */
  readonly cipherKinds: readonly number[];
  readonly connectionId: Uint8Array;
}

/** ERROR (draft section 5.8): 1 no cipher, 2 no certificate, 4 bad certificate, 6 unsupported. */
export interface Ssl2Error {
  readonly kind: "error";
  readonly code: number;
}

export type Ssl2Event =
  | { readonly kind: "message"; readonly message: Ssl2ServerHello | Ssl2Error }
  | { readonly kind: "malformed"; readonly message: string };

export interface Ssl2Reader {
  /** Takes the next bytes, in pieces of any size; at most one event comes in all. */
  feed(chunk: Uint8Array): Ssl2Event | undefined;
}

const CLIENT_HELLO = 1;
const SERVER_HELLO = 4;
const ERROR = 0;
const ERROR_BYTES = 3;
/** Type, hit, certificate type, version and three lengths. */
const SERVER_HELLO_BYTES_MIN = 11;
/** Two bytes of header say at most this much (draft section 1.1). */
const RECORD_BYTES_MAX = 32_767;

/** The CLIENT-HELLO in its record: a two-byte header without padding. */
export function encodeSsl2ClientHello(hello: Ssl2ClientHello): Uint8Array {
  const kinds = concat(...hello.cipherKinds.map(u24));
  const body = concat(
    u8(CLIENT_HELLO),
    u16(hello.version ?? 0x0002),
    u16(kinds.length),
    u16(0),
    u16(hello.challenge.length),
    kinds,
    hello.challenge,
  );
  return concat(u16(0x8000 | body.length), body);
}

/** Reads the first message of a server that was sent an SSL 2.0 CLIENT-HELLO. */
export function ssl2Reader(): Ssl2Reader {
  const held = new Uint8Array(3 + RECORD_BYTES_MAX);
  let heldBytes = 0;
  let isOver = false;
  return {
    feed(chunk) {
      if (isOver) return undefined;
      const part = chunk.subarray(0, held.length - heldBytes);
      held.set(part, heldBytes);
      heldBytes += part.length;
      const event = readRecord(held.subarray(0, heldBytes));
      isOver = event !== undefined;
      return event;
    },
  };
}

/** Body of a SERVER-HELLO or ERROR, without record header. */
export function decodeSsl2Message(body: Uint8Array): Decoded<Ssl2ServerHello | Ssl2Error> {
  const cursor = byteCursor(body);
  const type = cursor.u8();
  if (type === ERROR && body.length === ERROR_BYTES) {
    return { ok: true, value: { kind: "error", code: cursor.u16() } };
  }
  if (type !== SERVER_HELLO) return malformed("no SERVER-HELLO of SSL 2.0");
  const isSessionIdHit = cursor.u8() !== 0;
  const certificateType = cursor.u8();
  const version = cursor.u16();
  const [certificateBytes, kindBytes, idBytes] = [cursor.u16(), cursor.u16(), cursor.u16()];
  const certificate = cursor.bytes(certificateBytes);
  const kinds = byteCursor(cursor.bytes(kindBytes));
  const connectionId = cursor.bytes(idBytes);
  if (cursor.isBroken || cursor.left > 0 || kindBytes % 3 !== 0 || version !== 0x0002) {
    return malformed("a SERVER-HELLO of SSL 2.0 whose lengths do not add up");
  }
  const cipherKinds: number[] = [];
  while (kinds.left > 0) cipherKinds.push(kinds.u24());
  return {
    ok: true,
    value: {
      kind: "server-hello",
      version,
      isSessionIdHit,
      certificateType,
      certificate,
      cipherKinds,
      connectionId,
    },
  };
}

/** The record at the front: two bytes of header, or three where there is padding (draft section 1.1). */
function readRecord(bytes: Uint8Array): Ssl2Event | undefined {
  const [first = 0, second = 0, third = 0] = bytes;
  if (bytes.length < 3) return undefined;
  const isTwoByte = (first & 0x80) !== 0;
  const header = isTwoByte ? 2 : 3;
  const length = ((first & (isTwoByte ? 0x7f : 0x3f)) << 8) | second;
  const padding = isTwoByte ? 0 : third;
  const type = isTwoByte ? third : bytes[3];
  if (type !== undefined && !isPossible(type, length - padding)) {
    return { kind: "malformed", message: "no SERVER-HELLO of SSL 2.0" };
  }
  if (bytes.length < header + length) return undefined;
  const decoded = decodeSsl2Message(bytes.subarray(header, header + length - padding));
  return decoded.ok
    ? { kind: "message", message: decoded.value }
    : { kind: "malformed", message: decoded.message };
}

/**
 * Whether a message of this type can have this length. A TLS alert, whose bytes read as an ERROR of
 * five kilobytes, is told apart by it at once.
 */
function isPossible(type: number, length: number): boolean {
  if (type === ERROR) return length === ERROR_BYTES;
  return type === SERVER_HELLO && length >= SERVER_HELLO_BYTES_MIN;
}
