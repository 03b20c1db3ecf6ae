import type { ByteStream } from "../../core/host.ts";
import type { StarttlsProtocol } from "./scan-target.ts";
import { readWithin } from "./timed-reading.ts";

/** Bytes of one answer of the preamble. */
const ANSWER_BYTES_MAX = 65_536;

type Talk = (conversation: Conversation, serverName: string) => Promise<string | undefined>;

/**
 * Says what must be said before TLS starts. Returns why it cannot start, `undefined` when the next
 * byte may be TLS. Throws `HostError` as `ByteStream.write` does.
 */
export function speakStarttls(
  stream: ByteStream,
  protocol: StarttlsProtocol,
  serverName: string,
  limitMs: number,
): Promise<string | undefined> {
  const conversation = converse(stream, performance.now() + limitMs);
  const name = /^[\w.:-]{1,253}$/.test(serverName) ? serverName : "localhost";
  return TALKS[protocol](conversation, name);
}

interface Conversation {
  say(text: string): Promise<void>;
  send(bytes: Uint8Array): Promise<void>;
  /** All that came, as Latin-1, once `isWhole` says so; `undefined` when it never does. */
  hear(isWhole: (text: string) => boolean): Promise<string | undefined>;
}

function converse(stream: ByteStream, endMs: number): Conversation {
  return {
    say: (text) => stream.write(Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff)),
    send: (bytes) => stream.write(bytes),
    hear(isWhole) {
      let text = "";
      return readWithin<string | undefined | null>(stream, endMs - performance.now(), {
        take(chunk) {
          for (const byte of chunk) text += String.fromCharCode(byte);
          if (text.length > ANSWER_BYTES_MAX) return null;
          return isWhole(text) ? text : undefined;
        },
        cut: () => null,
      }).then((heard) => heard ?? undefined);
    },
  };
}

const isLine = (text: string): boolean => text.endsWith("\n");

/** A reply of SMTP is whole at a line whose code is followed by a blank (RFC 5321 section 4.2.1). */
const isSmtpReply = (text: string): boolean => /(?:^|\n)\d{3}(?: [^\n]*)?\r?\n$/.test(text);

/** RFC 3207. */
const smtp: Talk = async ({ say, hear }, serverName) => {
  const greeting = await hear(isSmtpReply);
  if (!greeting?.startsWith("220")) return "no SMTP greeting";
  await say(`EHLO ${serverName}\r\n`);
  const features = await hear(isSmtpReply);
  if (!features?.startsWith("250")) return "EHLO is refused";
  if (!/^250[ -]STARTTLS\b/im.test(features)) return "STARTTLS is not offered";
  await say("STARTTLS\r\n");
  const ready = await hear(isSmtpReply);
  return ready?.startsWith("220") ? undefined : "STARTTLS is refused";
};

/** RFC 9051 section 6.2.1. */
const imap: Talk = async ({ say, hear }) => {
  const greeting = await hear(isLine);
  if (!/^\* (?:OK|PREAUTH)/i.test(greeting ?? "")) return "no IMAP greeting";
  await say("a1 STARTTLS\r\n");
  const ready = await hear((text) => /(?:^|\n)a1 [^\n]*\n$/.test(text));
  return /(?:^|\n)a1 OK/i.test(ready ?? "") ? undefined : "STARTTLS is refused";
};

/** RFC 2595 section 4. */
const pop3: Talk = async ({ say, hear }) => {
  const greeting = await hear(isLine);
  if (!greeting?.startsWith("+OK")) return "no POP3 greeting";
  await say("STLS\r\n");
  const ready = await hear(isLine);
  return ready?.startsWith("+OK") ? undefined : "STLS is refused";
};

/** SSLRequest: length 8 and code 80877103 (PostgreSQL manual, "Message Formats"). */
const SSL_REQUEST = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);

const postgres: Talk = async ({ send, hear }) => {
  await send(SSL_REQUEST);
  const answer = await hear(() => true);
  if (answer === "S") return undefined;
  return answer === "N" ? "the server does without TLS" : "no answer of PostgreSQL";
};

const START_TLS_OID = "1.3.6.1.4.1.1466.20037";

/** ExtendedRequest [APPLICATION 23] with requestName [0] (RFC 4511 section 4.14). */
const ldap: Talk = async ({ send, hear }) => {
  const name = Array.from(START_TLS_OID, (char) => char.charCodeAt(0));
  const request = [0x77, name.length + 2, 0x80, name.length, ...name];
  await send(Uint8Array.of(0x30, request.length + 3, 0x02, 1, 1, ...request));
  const answer = await hear(isWholeDer);
  if (answer === undefined) return "no answer of LDAP";
  return isLdapSuccess(answer) ? undefined : "StartTLS is refused";
};

/** Whether the one DER element in `text` is all there; short and long form of length. */
function isWholeDer(text: string): boolean {
  const first = text.charCodeAt(1);
  if (text.length < 2) return false;
  if (first < 0x80) return text.length >= 2 + first;
  const count = first & 0x7f;
  if (text.length < 2 + count) return false;
  let length = 0;
  for (let at = 0; at < count; at += 1) length = length * 256 + text.charCodeAt(2 + at);
  return text.length >= 2 + count + length;
}

/** resultCode success (0a 01 00) of an ExtendedResponse [APPLICATION 24] to message 1. */
function isLdapSuccess(answer: string): boolean {
  return /^0(?:[\x00-\x7f]|\x81.|\x82..|\x84....)\x02\x01\x01x(?:[\x00-\x7f]|\x81.|\x82..|\x84....)\n\x01\x00/s.test(
    answer,
  );
}

/** RFC 6120 section 5.4. */
const xmpp: Talk = async ({ say, hear }, serverName) => {
  await say(
    `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${serverName}' version='1.0'>`,
  );
  const features = await hear((text) => /<\/stream:features>|<\/stream:stream>/.test(text));
  if (!features?.includes("<starttls")) return "starttls is not offered";
  await say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  const ready = await hear((text) => text.includes(">"));
  return ready?.includes("<proceed") ? undefined : "starttls is refused";
};

const TALKS: Readonly<Record<StarttlsProtocol, Talk>> = {
  smtp,
  imap,
  pop3,
  postgres,
  ldap,
  xmpp,
};
