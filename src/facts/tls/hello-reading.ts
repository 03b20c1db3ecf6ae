import type { ByteStream } from "../../core/host.ts";
import { ALERTS, type Alert, decodeAlert } from "../../wire/tls/alerts.ts";
import { decodeCertificate, decodeCertificateStatus } from "../../wire/tls/certificate.ts";
import {
  HANDSHAKE_TYPES,
  type HandshakeMessage,
  handshakeReader,
} from "../../wire/tls/handshake.ts";
import { CONTENT_TYPES, recordReader, type TlsRecord } from "../../wire/tls/records.ts";
import { decodeServerHello } from "../../wire/tls/server-hello.ts";
import { decodeServerKeyExchange } from "../../wire/tls/server-key-exchange.ts";
import { suiteByCode } from "../../wire/tls/suites.ts";
import { VERSION_CODES } from "../../wire/tls/versions.ts";
import type { HelloAnswer, HelloReply } from "./hello-answer.ts";
import { readWithin, type Taker } from "./timed-reading.ts";

const WARNING_KINDS: ReadonlySet<number> = new Set([112]);

/** Everything the server says to a hello, up to where TLS 1.3 encrypts or an older server waits. */
export function readServerFlight(stream: ByteStream, limitMs: number): Promise<HelloAnswer> {
  return readWithin(stream, limitMs, createFlight());
}

function createFlight(): Taker<HelloAnswer> {
  const records = recordReader();
  const handshakes = handshakeReader();
  let reply: HelloReply | undefined;
  let warning: number | undefined;
  let firstBytes: Uint8Array | undefined;

  const takeMessage = (message: HandshakeMessage): HelloAnswer | undefined => {
    if (reply === undefined) {
      const first = firstReply(message);
      if (first.kind !== "reply") return first;
      reply = first;
      return reply.hello.version >= VERSION_CODES["TLSv1.3"] ? reply : undefined;
    }
    reply = withMessage(reply, message);
    return reply.isWhole ? reply : undefined;
  };
  const takeFragment = (fragment: Uint8Array): HelloAnswer | undefined => {
    for (const event of handshakes.feed(fragment)) {
      const answer =
        event.kind === "message" ? takeMessage(event.message) : (reply ?? nonsense(event.message));
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  const takeAlert = (fragment: Uint8Array): HelloAnswer | undefined => {
    const alert = decodeAlert(fragment);
    if (reply !== undefined) return alert.ok ? withAlert(reply, alert.value) : reply;
    if (!alert.ok) return nonsense(alert.message);
    // RFC 6066 section 3: a server may warn of a name it does not know and go on.
    if (alert.value.level === "warning" && WARNING_KINDS.has(alert.value.code)) {
      warning = alert.value.code;
      return undefined;
    }
    return { kind: "alert", code: alert.value.code };
  };
  const takeRecord = ({ contentType, fragment }: TlsRecord): HelloAnswer | undefined => {
    if (contentType === CONTENT_TYPES.handshake) return takeFragment(fragment);
    if (contentType === CONTENT_TYPES.alert) return takeAlert(fragment);
    return reply ?? nonsense("a record that no server begins with");
  };
  return {
    take(chunk) {
      firstBytes ??= chunk.slice(0, BANNER_BYTES);
      for (const event of records.feed(chunk)) {
        if (event.kind !== "record") return reply ?? notTls(event.message, firstBytes);
        const answer = takeRecord(event.record);
        if (answer !== undefined) return answer;
      }
      return undefined;
    },
    cut(how) {
      if (reply !== undefined) return how === "silence" ? { ...reply, isStalled: true } : reply;
      if (warning !== undefined) return { kind: "alert", code: warning };
      if (how === "silence") return { kind: "silent" };
      if (records.pendingBytes > 0 || handshakes.pendingBytes > 0) {
        return nonsense("the connection ends within a message");
      }
      return { kind: "closed", how };
    },
  };
}

/** What an alert within the flight leaves of it; `undefined` where the server goes on after a warning. */
function withAlert(reply: HelloReply, { level, code }: Alert): HelloReply | undefined {
  if (code === ALERTS.closeNotify) return reply;
  return level === "warning" ? undefined : { ...reply, isBrokenOff: true };
}

function firstReply(message: HandshakeMessage): HelloAnswer {
  if (message.type !== HANDSHAKE_TYPES.serverHello) {
    return nonsense("a handshake message that is no ServerHello");
  }
  const hello = decodeServerHello(message.body);
  if (!hello.ok) return nonsense(hello.message);
  return {
    kind: "reply",
    hello: hello.value,
    chain: [],
    wantsClientCertificate: false,
    isWhole: false,
  };
}

/** The reply with what another message of the flight adds; a broken message adds nothing. */
function withMessage(reply: HelloReply, { type, body }: HandshakeMessage): HelloReply {
  switch (type) {
    case HANDSHAKE_TYPES.certificate: {
      const decoded = decodeCertificate(body);
      return decoded.ok ? { ...reply, chain: decoded.value.entries.map(({ der }) => der) } : reply;
    }
    case HANDSHAKE_TYPES.certificateStatus: {
      const decoded = decodeCertificateStatus(body);
      return decoded.ok && decoded.value.length > 0 ? { ...reply, staple: decoded.value } : reply;
    }
    case HANDSHAKE_TYPES.serverKeyExchange:
      return withKeyExchange(reply, body);
    case HANDSHAKE_TYPES.certificateRequest:
      return { ...reply, wantsClientCertificate: true };
    case HANDSHAKE_TYPES.serverHelloDone:
      return { ...reply, isWhole: true };
    default:
      return reply;
  }
}

function withKeyExchange(reply: HelloReply, body: Uint8Array): HelloReply {
  const suite = suiteByCode(reply.hello.suite);
  if (suite === undefined) return reply;
  const decoded = decodeServerKeyExchange(body, suite, reply.hello.version);
  return decoded.ok ? { ...reply, parameters: decoded.value.parameters } : reply;
}

const BANNER_BYTES = 64;

/** What speaks there instead, by its first words. */
function notTls(message: string, first: Uint8Array): HelloAnswer {
  const text = String.fromCharCode(...first);
  const isPrintable = /^[\x20-\x7e]{3}/.test(text);
  return { kind: "garbage", why: isPrintable ? plainWord(text) : message, isTls: false };
}

function plainWord(text: string): string {
  if (text.startsWith("HTTP/")) return "speaks plain HTTP";
  if (text.startsWith("SSH-")) return "speaks SSH";
  if (/^220[ -]/.test(text)) return "greets in clear as SMTP or FTP does";
  if (text.startsWith("+OK")) return "greets in clear as POP3 does";
  if (text.startsWith("* OK")) return "greets in clear as IMAP does";
  return "answers with plain text";
}

function nonsense(why: string): HelloAnswer {
  return { kind: "garbage", why, isTls: true };
}
