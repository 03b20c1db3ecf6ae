import { concat, u8, vector } from "./byte-writing.ts";

/** Handshake message types (RFC 8446 appendix B.3, RFC 5246 appendix A.4, RFC 6066 section 8). */
export const HANDSHAKE_TYPES = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  endOfEarlyData: 5,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
  compressedCertificate: 25,
  keyUpdate: 24,
  messageHash: 254,
} as const;

/** Most bytes of one message: room for a chain of 100 certificates and more. */
export const HANDSHAKE_MESSAGE_BYTES_MAX = 524_288;
/** Most bytes of all messages one reader takes: an endless flight ends here. */
export const HANDSHAKE_TOTAL_BYTES_MAX = 1_048_576;
const HEADER_BYTES = 4;

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
  /** Header and body as sent: what the transcript hash takes. */
  readonly raw: Uint8Array;
}

/** One thing found in the stream. After `too-large` nothing more is found. */
export type HandshakeEvent =
  | { readonly kind: "message"; readonly message: HandshakeMessage }
  | { readonly kind: "too-large"; readonly message: string };

export interface HandshakeReader {
  /** Takes the next handshake fragment (decrypted), of any size, and says what it completed. */
  feed(fragment: Uint8Array): readonly HandshakeEvent[];
  /** Bytes of a message that is not whole yet. */
  readonly pendingBytes: number;
}

/** Joins fragments of handshake records into messages. Memory is bounded by the constants above. */
export function handshakeReader(): HandshakeReader {
  let held = new Uint8Array(1024);
  let heldBytes = 0;
  let totalBytes = 0;
  let isOver = false;

  /** Doubles the room, so that one byte per fragment costs linear time. */
  const hold = (bytes: Uint8Array): void => {
    if (heldBytes + bytes.length > held.length) {
      const roomier = new Uint8Array(Math.max(held.length * 2, heldBytes + bytes.length));
      roomier.set(held.subarray(0, heldBytes));
      held = roomier;
    }
    held.set(bytes, heldBytes);
    heldBytes += bytes.length;
  };
  const stop = (message: string): HandshakeEvent => {
    isOver = true;
    held = new Uint8Array(0);
    heldBytes = 0;
    return { kind: "too-large", message };
  };
  return {
    get pendingBytes() {
      return heldBytes;
    },
    feed(fragment) {
      if (isOver) return [];
      totalBytes += fragment.length;
      if (totalBytes > HANDSHAKE_TOTAL_BYTES_MAX) {
        return [stop(`more than ${HANDSHAKE_TOTAL_BYTES_MAX} bytes of handshake messages`)];
      }
      hold(fragment);
      const { events, usedBytes, tooLong } = cut(held.subarray(0, heldBytes));
      if (tooLong !== undefined) return [...events, stop(tooLong)];
      held.copyWithin(0, usedBytes, heldBytes);
      heldBytes -= usedBytes;
      return events;
    },
  };
}

interface Cut {
  readonly events: readonly HandshakeEvent[];
  readonly usedBytes: number;
  /** Why the message after the last event is refused. */
  readonly tooLong?: string;
}

/** The whole messages at the front. */
function cut(bytes: Uint8Array): Cut {
  const events: HandshakeEvent[] = [];
  let at = 0;
  while (bytes.length - at >= HEADER_BYTES) {
    const length = lengthAt(bytes, at);
    if (length > HANDSHAKE_MESSAGE_BYTES_MAX) {
      return { events, usedBytes: at, tooLong: `a handshake message of ${length} bytes` };
    }
    const end = at + HEADER_BYTES + length;
    if (end > bytes.length) break;
    const raw = bytes.slice(at, end);
    const message = { type: raw[0] ?? 0, body: raw.subarray(HEADER_BYTES), raw };
    events.push({ kind: "message", message });
    at = end;
  }
  return { events, usedBytes: at };
}

/** A handshake message with its header. */
export function encodeHandshake(type: number, body: Uint8Array): Uint8Array {
  return concat(u8(type), vector(3, body));
}

/** The message's length by the header at `at`. */
function lengthAt(held: Uint8Array, at: number): number {
  return ((held[at + 1] ?? 0) << 16) | ((held[at + 2] ?? 0) << 8) | (held[at + 3] ?? 0);
}
