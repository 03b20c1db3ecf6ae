import { constants, privateDecrypt, randomBytes, X509Certificate } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { ALERTS, encodeAlert } from "../../src/wire/tls/alerts.ts";
import { concat, u8, u16, vector } from "../../src/wire/tls/byte-writing.ts";
import { decodeClientHello } from "../../src/wire/tls/client-hello.ts";
import {
  EXTENSION_TYPES,
  type Extension,
  encodeExtensions,
  extensionData,
} from "../../src/wire/tls/extensions.ts";
import { encodeHandshake, HANDSHAKE_TYPES } from "../../src/wire/tls/handshake.ts";
import {
  CONTENT_TYPES,
  encodeRecords,
  recordReader,
  type TlsRecord,
} from "../../src/wire/tls/records.ts";
import {
  type LegacyProtections,
  legacyProtections,
} from "../../src/wire/tls-session/legacy-protection.ts";
import { prf, transcriptHash } from "../../src/wire/tls-session/prf.ts";
import { LEGACY_SUITES, type LegacySuite } from "../../src/wire/tls-session/suite-parameters.ts";

/** How an acted server of TLS 1.2 with static RSA misbehaves. What is left out is done right. */
export interface Acting {
  /** Default TLS_RSA_WITH_AES_128_CBC_SHA. */
  readonly suite?: number;
  /** What is said to the nth heartbeat of a connection; heartbeats are taken where there is something to say. */
  readonly heartbeats?: (request: HeartbeatRequest) => HeartbeatReply;
  /** What is said to the nth ChangeCipherSpec that comes before a key exchange: an alert, nothing, a hang-up. */
  readonly earlyCcs?: (nth: number) => number | "nothing" | "close";
  /** The alert to a decrypted key exchange block at once, or nothing until Finished. */
  readonly onBlock?: (block: Uint8Array) => number | "nothing" | "silence" | "close";
  readonly onFinished?: () => number | "close";
  /** Hands session ids back with 16 bytes behind them. */
  readonly bleedsIds?: () => boolean;
  readonly offersTicket?: boolean;
  /** Sent before the ChangeCipherSpec of a handshake that is finished: NewSessionTicket or what is put there. */
  readonly beforeFinished?: readonly Uint8Array[];
  /** How the messages of the first flight go out; default all in one record, one write. */
  readonly send?: (messages: readonly Uint8Array[]) => readonly Uint8Array[];
  /** Fields of the ServerHello that are put in the place of the right ones. */
  readonly hello?: Partial<HelloFields>;
  /** The Certificate message's body; default the one certificate. */
  readonly certificateBody?: Uint8Array;
  /** Default true: RFC 5746 is spoken. */
  readonly bindsRenegotiation?: boolean;
  /** To a second ClientHello under encryption. */
  readonly onSecondHello?: "server-hello" | "ignore" | "close" | number;
  /** `required`: an empty list is refused at once. */
  readonly clientCertificate?: "requested" | "required";
}

export interface HelloFields {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suite: number;
  readonly extensions: readonly Extension[];
}

export interface HeartbeatRequest {
  readonly claimed: number;
  readonly isFinished: boolean;
}

/** Records of heartbeats, an alert, nothing, nothing ever again, a hang-up. */
export type HeartbeatReply = readonly Uint8Array[] | number | "nothing" | "silence" | "close";

const VERSION = 0x0303;
const TYPE = HANDSHAKE_TYPES;

/** An acted server; handshakes are finished in earnest when the client's key exchange is right. */
export function actedServer(certificate: { cert: string; key: string }, acting: Acting): Server {
  const der = new X509Certificate(certificate.cert).raw;
  return createServer((socket) => {
    const connection = actConnection(socket, certificate.key, der, acting);
    const records = recordReader();
    socket.on("data", (chunk) => {
      for (const event of records.feed(chunk)) {
        if (event.kind !== "record") socket.end();
        else if (!socket.destroyed) connection(event.record);
      }
    });
    socket.on("end", () => socket.end());
  });
}

/** What the connection has come to. */
interface State {
  readonly socket: Socket;
  readonly acting: Acting;
  readonly suiteCode: number;
  readonly suite: LegacySuite;
  readonly transcript: Uint8Array[];
  readonly randoms: { client: Uint8Array; readonly server: Uint8Array };
  protections: LegacyProtections | undefined;
  masterSecret: Uint8Array;
  stage: "open" | "keyed" | "changed" | "encrypted" | "mute";
  earlyCount: number;
}

function actConnection(socket: Socket, key: string, der: Uint8Array, acting: Acting) {
  const suiteCode = acting.suite ?? 0x002f;
  const suite = LEGACY_SUITES.get(suiteCode);
  if (suite === undefined) throw new Error("a suite that cannot be acted");
  const state: State = {
    socket,
    acting,
    suiteCode,
    suite,
    transcript: [],
    randoms: { client: new Uint8Array(32), server: acting.hello?.random ?? randomBytes(32) },
    protections: undefined,
    masterSecret: new Uint8Array(48),
    stage: "open",
    earlyCount: 0,
  };
  return (record: TlsRecord): void => {
    if (state.stage === "mute") return;
    if (state.stage === "encrypted") onProtected(state, record);
    else if (state.stage === "changed") onFinished(state, record);
    else if (record.contentType === CONTENT_TYPES.handshake) {
      onHandshake(state, record.fragment, key, der);
    } else onOther(state, record);
  };
}

function say(state: State, contentType: number, content: Uint8Array): void {
  const { protections, stage, socket } = state;
  socket.write(
    stage === "encrypted" && protections !== undefined
      ? protections.read.seal(contentType, VERSION, content)
      : encodeRecords(contentType, VERSION, content),
  );
}

function alert(state: State, code: number): void {
  const isWarning = code === ALERTS.closeNotify || code === ALERTS.noRenegotiation;
  say(state, CONTENT_TYPES.alert, encodeAlert(isWarning ? "warning" : "fatal", code));
  if (code !== ALERTS.noRenegotiation) state.socket.end();
}

function refuse(state: State, how: number | "close"): void {
  if (how === "close") state.socket.end();
  else alert(state, how);
}

function onHandshake(state: State, raw: Uint8Array, key: string, der: Uint8Array): void {
  const [type] = raw;
  if (type === TYPE.clientHello) onHello(state, raw, der);
  else if (type === TYPE.certificate) onCertificate(state, raw);
  else if (type === TYPE.clientKeyExchange) onKeyExchange(state, raw, key);
}

function onCertificate(state: State, raw: Uint8Array): void {
  if (state.acting.clientCertificate === "required") alert(state, ALERTS.handshakeFailure);
  state.transcript.push(raw);
}

/** Records that are no handshake, before any is protected. */
function onOther(state: State, { contentType, fragment }: TlsRecord): void {
  if (contentType === CONTENT_TYPES.alert) alert(state, ALERTS.closeNotify);
  else if (contentType === CONTENT_TYPES.heartbeat) onHeartbeat(state, fragment);
  else if (state.stage === "keyed") state.stage = "changed";
  else onEarlyCcs(state);
}

function onHeartbeat(state: State, request: Uint8Array): void {
  const claimed = ((request[1] ?? 0) << 8) | (request[2] ?? 0);
  const isFinished = state.stage === "encrypted";
  const reply = state.acting.heartbeats?.({ claimed, isFinished }) ?? "nothing";
  if (typeof reply === "number" || reply === "close") refuse(state, reply);
  else if (reply === "silence") state.stage = "mute";
  else if (reply !== "nothing") {
    for (const part of reply) say(state, CONTENT_TYPES.heartbeat, part);
  }
}

function onEarlyCcs(state: State): void {
  state.earlyCount += 1;
  const answer = state.acting.earlyCcs?.(state.earlyCount) ?? ALERTS.unexpectedMessage;
  if (answer !== "nothing") refuse(state, answer);
}

function onHello(state: State, raw: Uint8Array, der: Uint8Array): void {
  const hello = serverHello(state, raw.subarray(4));
  if (hello === undefined) {
    alert(state, ALERTS.handshakeFailure);
    return;
  }
  const { certificateBody = vector(3, vector(3, der)), send } = state.acting;
  const request = concat(vector(1, u8(1)), vector(2, u16(0x0401)), u16(0));
  const isAsked = state.acting.clientCertificate !== undefined;
  const flight = [
    hello,
    encodeHandshake(TYPE.certificate, certificateBody),
    ...(isAsked ? [encodeHandshake(TYPE.certificateRequest, request)] : []),
    encodeHandshake(TYPE.serverHelloDone, new Uint8Array(0)),
  ];
  state.transcript.push(raw, ...flight);
  state.socket.setNoDelay();
  if (send === undefined) say(state, CONTENT_TYPES.handshake, concat(...flight));
  else for (const chunk of send(flight)) state.socket.write(chunk);
}

/** `undefined` where the client does not offer the acted suite. */
function serverHello(state: State, body: Uint8Array): Uint8Array | undefined {
  const { acting, randoms, suiteCode } = state;
  const decoded = decodeClientHello(body);
  if (!decoded.ok) throw new Error(decoded.message);
  const { sessionId, suites, extensions = [], random, legacyVersion } = decoded.value;
  if (!suites.includes(suiteCode) || legacyVersion < VERSION) return undefined;
  randoms.client = Uint8Array.from(random);
  const answers: Extension[] = [];
  const add = (type: number, isSaid: boolean, data = new Uint8Array(0)): void => {
    if (isSaid) answers.push({ type, data });
  };
  const takesHeartbeats = extensionData(extensions, EXTENSION_TYPES.heartbeat) !== undefined;
  add(EXTENSION_TYPES.renegotiationInfo, acting.bindsRenegotiation !== false, Uint8Array.of(0));
  add(
    EXTENSION_TYPES.heartbeat,
    acting.heartbeats !== undefined && takesHeartbeats,
    Uint8Array.of(1),
  );
  add(EXTENSION_TYPES.sessionTicket, acting.offersTicket === true);
  const bleeds = sessionId.length > 0 && acting.bleedsIds?.() === true;
  const id = bleeds ? concat(sessionId, randomBytes(32 - sessionId.length)) : randomBytes(32);
  const fields: HelloFields = {
    version: VERSION,
    random: randoms.server,
    sessionId: id,
    suite: suiteCode,
    extensions: answers,
    ...acting.hello,
  };
  return encodeHandshake(TYPE.serverHello, encodeHello(fields));
}

/** The body of a ServerHello. */
export function encodeHello(fields: HelloFields): Uint8Array {
  const { version, random, sessionId, suite, extensions } = fields;
  const start = concat(u16(version), random, vector(1, sessionId), u16(suite), u8(0));
  return concat(start, encodeExtensions(extensions));
}

function onKeyExchange(state: State, raw: Uint8Array, key: string): void {
  const { acting, suite, randoms } = state;
  state.transcript.push(raw);
  const block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, raw.subarray(6));
  const answer = acting.onBlock?.(block) ?? "nothing";
  if (typeof answer === "number" || answer === "close") {
    refuse(state, answer);
    return;
  }
  const seed = concat(randoms.client, randoms.server);
  state.masterSecret = prf(suite.prf, block.subarray(-48), "master secret", seed, 48);
  state.protections = legacyProtections(suite, VERSION, suite.prf, state.masterSecret, randoms);
  state.stage = answer === "silence" ? "mute" : "keyed";
}

function onFinished(state: State, record: TlsRecord): void {
  const { acting, suite, masterSecret, transcript } = state;
  const opened = state.protections?.write.open(record);
  if (opened?.ok !== true) {
    refuse(state, acting.onFinished?.() ?? ALERTS.badRecordMac);
    return;
  }
  const before = acting.beforeFinished ?? [];
  transcript.push(opened.value.plaintext, ...before);
  const digest = transcriptHash(suite.prf, transcript);
  const verify = prf(suite.prf, masterSecret, "server finished", digest, 12);
  if (before.length > 0) say(state, CONTENT_TYPES.handshake, concat(...before));
  say(state, CONTENT_TYPES.changeCipherSpec, u8(1));
  state.stage = "encrypted";
  say(state, CONTENT_TYPES.handshake, encodeHandshake(TYPE.finished, verify));
}

function onProtected(state: State, record: TlsRecord): void {
  const opened = state.protections?.write.open(record);
  if (opened?.ok !== true) {
    alert(state, ALERTS.badRecordMac);
    return;
  }
  const { contentType, plaintext } = opened.value;
  const answer = state.acting.onSecondHello ?? ALERTS.noRenegotiation;
  if (contentType === CONTENT_TYPES.alert) alert(state, ALERTS.closeNotify);
  else if (contentType === CONTENT_TYPES.heartbeat) onHeartbeat(state, plaintext);
  else if (answer === "server-hello") {
    const hello = serverHello(state, plaintext.subarray(4));
    if (hello !== undefined) say(state, CONTENT_TYPES.handshake, hello);
  } else if (answer !== "ignore") refuse(state, answer);
}
