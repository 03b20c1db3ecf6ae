import { ALERTS, alertName, decodeAlert, encodeAlert } from "../tls/alerts.ts";
import { type HandshakeMessage, handshakeReader } from "../tls/handshake.ts";
import {
  CONTENT_TYPES,
  encodeRecords,
  RECORD_PLAINTEXT_BYTES_MAX,
  recordReader,
  type TlsRecord,
} from "../tls/records.ts";
import type { Flow, Patience, Step } from "./flow.ts";
import type { RecordProtection } from "./record-protection.ts";

/** Most records taken from one connection: warnings and empty data without end stop here. */
export const RECORDS_MAX = 4096;
/** HeartbeatMessageType and payload_length (RFC 6520 section 4). */
export const HEARTBEAT_HEADER_BYTES = 3;

/** One thing that came. After `closed` and `malformed` nothing more comes. */
export type Received =
  | { readonly kind: "handshake"; readonly message: HandshakeMessage }
  | { readonly kind: "change-cipher-spec" }
  | { readonly kind: "alert"; readonly isFatal: boolean; readonly code: number }
  /** `head` are the first bytes, type and length: what else is in it is counted, not kept. */
  | { readonly kind: "heartbeat"; readonly bytes: number; readonly head: Uint8Array }
  | { readonly kind: "data" }
  | { readonly kind: "closed"; readonly how: "end" | "reset" | "silence" }
  | { readonly kind: "malformed"; readonly why: string };

/** One TLS connection's record layer as a client holds it; no I/O, no decisions. */
export interface Connection {
  /** `legacy_record_version` of plain and TLS 1.0 to 1.2 records. */
  version: number;
  /** `undefined` while the direction is in the clear. */
  read: RecordProtection | undefined;
  write: RecordProtection | undefined;
  /** Next thing, waiting for it as long as `patience` says. Silence may be followed by more. */
  receive(patience?: Patience): Flow<Received>;
  /** The records of this content, protected as the connection is now. */
  seal(contentType: number, content: Uint8Array): Uint8Array;
}

/** A step that sends bytes. */
export function writing(bytes: Uint8Array): Step {
  return { do: "write", bytes };
}

/** A connection on which nothing has been said. */
export function createConnection(): Connection {
  const records = recordReader();
  const handshakes = handshakeReader();
  const queue: TlsRecord[] = [];
  const messages: HandshakeMessage[] = [];
  let broken: string | undefined;
  let recordCount = 0;

  const feed = (chunk: Uint8Array): void => {
    for (const event of records.feed(chunk)) {
      if (event.kind === "record") queue.push(event.record);
      else broken ??= event.message;
    }
  };
  const takeHandshake = (fragment: Uint8Array): Received | undefined => {
    for (const event of handshakes.feed(fragment)) {
      if (event.kind === "too-large") return { kind: "malformed", why: event.message };
      messages.push(event.message);
    }
    return undefined;
  };
  const takeRecord = (record: TlsRecord): Received | undefined => {
    recordCount += 1;
    if (recordCount > RECORDS_MAX) return { kind: "malformed", why: "records without end" };
    const opened = openRecord(connection.read, record);
    if (!opened.ok) return { kind: "malformed", why: opened.message };
    const { contentType, plaintext } = opened.value;
    if (contentType === CONTENT_TYPES.handshake) return takeHandshake(plaintext);
    return contentOf(contentType, plaintext);
  };
  /** What is there already; `undefined` when more bytes are needed. */
  const ready = (): Received | undefined => {
    while (messages.length > 0 || queue.length > 0) {
      const message = messages.shift();
      if (message !== undefined) return { kind: "handshake", message };
      const record = queue.shift();
      const received = record && takeRecord(record);
      if (received !== undefined) return received;
    }
    return broken === undefined ? undefined : { kind: "malformed", why: broken };
  };
  const connection: Connection = {
    version: 0x0301,
    read: undefined,
    write: undefined,
    *receive(patience = "answer") {
      for (;;) {
        const received = ready();
        if (received !== undefined) return received;
        const incoming = yield { do: "read", patience };
        if (typeof incoming === "string") return { kind: "closed", how: incoming };
        feed(incoming);
      }
    },
    seal(contentType, content) {
      const { write, version } = connection;
      if (write === undefined) return encodeRecords(contentType, version, content);
      const parts: Uint8Array[] = [];
      for (let at = 0; at < content.length; at += RECORD_PLAINTEXT_BYTES_MAX) {
        const fragment = content.subarray(at, at + RECORD_PLAINTEXT_BYTES_MAX);
        parts.push(write.seal(contentType, version, fragment));
      }
      return Buffer.concat(parts);
    },
  };
  return connection;
}

/** The alert that closes a connection in order. */
export function closeNotify(connection: Connection): Uint8Array {
  return connection.seal(CONTENT_TYPES.alert, encodeAlert("warning", ALERTS.closeNotify));
}

/** A warning such as unrecognized_name (RFC 6066 section 3) ends nothing; close_notify does. */
export function isPassing(received: Received): boolean {
  return received.kind === "alert" && !received.isFatal && received.code !== ALERTS.closeNotify;
}

/** Whether it is a handshake message of this type. */
export function isMessage(
  received: Received,
  type: number,
): received is Extract<Received, { readonly kind: "handshake" }> {
  return received.kind === "handshake" && received.message.type === type;
}

/** Byte for byte; no care for timing, for nothing here is secret. */
export function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** What came, for a sentence: "alert 40 (handshake_failure)", "the connection was reset". */
export function describeReceived(received: Received): string {
  switch (received.kind) {
    case "handshake":
      return `handshake message ${received.message.type}`;
    case "change-cipher-spec":
      return "a ChangeCipherSpec";
    case "alert":
      return `alert ${received.code} (${alertName(received.code)})`;
    case "heartbeat":
      return "a heartbeat";
    case "data":
      return "application data";
    case "malformed":
      return received.why;
    case "closed":
      return CLOSINGS[received.how];
  }
}

const CLOSINGS = {
  end: "the connection was closed",
  reset: "the connection was reset",
  silence: "no answer in time",
} as const;

/** TLS 1.3 lets a plain ChangeCipherSpec pass at any time (RFC 8446 section 5), and early alerts are plain. */
function openRecord(read: RecordProtection | undefined, record: TlsRecord) {
  const { contentType, fragment } = record;
  const isPlain =
    read === undefined || (read.isModern && contentType !== CONTENT_TYPES.applicationData);
  if (isPlain) return { ok: true, value: { contentType, plaintext: fragment } } as const;
  return read.open(record);
}

function contentOf(contentType: number, plaintext: Uint8Array): Received | undefined {
  switch (contentType) {
    case CONTENT_TYPES.changeCipherSpec:
      return { kind: "change-cipher-spec" };
    case CONTENT_TYPES.alert: {
      const alert = decodeAlert(plaintext);
      if (!alert.ok) return { kind: "malformed", why: alert.message };
      return { kind: "alert", isFatal: alert.value.level !== "warning", code: alert.value.code };
    }
    case CONTENT_TYPES.heartbeat:
      return {
        kind: "heartbeat",
        bytes: plaintext.length,
        head: plaintext.slice(0, HEARTBEAT_HEADER_BYTES),
      };
    case CONTENT_TYPES.applicationData:
      return plaintext.length === 0 ? undefined : { kind: "data" };
    default:
      return { kind: "malformed", why: `a record of content type ${contentType}` };
  }
}
