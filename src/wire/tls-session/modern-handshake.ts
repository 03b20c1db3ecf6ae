import { concat, u8, vector } from "../tls/byte-writing.ts";
import { type CertificateEntry, decodeCertificate13 } from "../tls/certificate.ts";
import { clientHelloRecord, encodeClientHello, padClientHello } from "../tls/client-hello.ts";
import { type ClientOffer, clientHelloFor } from "../tls/client-offer.ts";
import { encodeHandshake, HANDSHAKE_TYPES, type HandshakeMessage } from "../tls/handshake.ts";
import { CONTENT_TYPES } from "../tls/records.ts";
import { decodeServerHello, type ServerHello } from "../tls/server-hello.ts";
import {
  type CertificateRequest,
  decodeCertificateRequest,
  decodeCertificateVerify,
  decodeEncryptedExtensions,
  type EncryptedExtensions,
} from "../tls/server-messages.ts";
import {
  type Connection,
  createConnection,
  isMessage,
  isPassing,
  isSame,
  type Received,
  writing,
} from "./connection.ts";
import type { Flow } from "./flow.ts";
import { deriveSecret, finishedData, type HandshakeSecrets, handshakeSecrets } from "./hkdf.ts";
import { type KeyAgreement, keyAgreement } from "./key-shares.ts";
import { modernProtection } from "./modern-protection.ts";
import type { ModernOffer } from "./offers.ts";
import { transcriptHash } from "./prf.ts";
import { MODERN_SUITES, type ModernSuite } from "./suite-parameters.ts";

const TYPE = HANDSHAKE_TYPES;
const TLS_1_3 = 0x0304;

/** What a server of TLS 1.3 shows in its flight, as far as it came. */
export interface ModernFlight {
  readonly hello?: ServerHello;
  readonly encryptedExtensions?: EncryptedExtensions;
  readonly certificateRequest?: CertificateRequest;
  /** Leaf first, each with its extensions. */
  readonly chain?: readonly CertificateEntry[];
  /** SignatureScheme of the CertificateVerify. */
  readonly scheme?: number;
}

/** A finished handshake of TLS 1.3: the connection is under application keys both ways. */
export interface ModernSession {
  readonly connection: Connection;
  readonly flight: ModernFlight;
  readonly hello: ServerHello;
  /** Whether the server made us ask again (HelloRetryRequest). */
  readonly wasRetried: boolean;
}

export type ModernOutcome =
  | { readonly kind: "finished"; readonly session: ModernSession }
  | { readonly kind: "stopped"; readonly by: Received; readonly flight: ModernFlight };

/**
 * A full handshake of TLS 1.3. Where the server asks for a certificate it gets an empty list.
 *
 * Chain and CertificateVerify are not verified: the scan judges certificates, and nobody's data is
 * sent. The server's Finished is verified.
 */
export function* modernHandshake(modern: ModernOffer): Flow<ModernOutcome> {
  const connection = createConnection();
  const opening = yield* openModern(connection, modern);
  if (opening.kind === "stopped") return opening;
  const { suite, secrets, hello } = opening;
  connection.version = 0x0303;
  connection.read = modernProtection(suite, secrets.serverHandshake);
  const taken = yield* takeEncryptedFlight(connection, opening);
  if (taken.stop !== undefined) return { kind: "stopped", by: taken.stop, flight: taken.flight };
  const { flight, transcript } = taken;

  const compatibility = connection.seal(CONTENT_TYPES.changeCipherSpec, u8(1));
  connection.write = modernProtection(suite, secrets.clientHandshake);
  const answers: Uint8Array[] = [];
  if (flight.certificateRequest !== undefined) {
    const { requestContext } = flight.certificateRequest;
    answers.push(encodeHandshake(TYPE.certificate, concat(vector(1, requestContext), vector(3))));
  }
  const verifyData = finishedData(suite.hash, secrets.clientHandshake, [...transcript, ...answers]);
  answers.push(encodeHandshake(TYPE.finished, verifyData));
  yield writing(
    concat(
      opening.wasRetried ? new Uint8Array(0) : compatibility,
      connection.seal(CONTENT_TYPES.handshake, concat(...answers)),
    ),
  );
  const traffic = (label: string): Uint8Array =>
    deriveSecret(suite.hash, secrets.master, label, transcript);
  connection.read = modernProtection(suite, traffic("s ap traffic"));
  connection.write = modernProtection(suite, traffic("c ap traffic"));
  return {
    kind: "finished",
    session: { connection, flight, hello, wasRetried: opening.wasRetried },
  };
}

interface Opening {
  readonly kind: "open";
  readonly hello: ServerHello;
  readonly suite: ModernSuite;
  readonly secrets: HandshakeSecrets;
  readonly transcript: readonly Uint8Array[];
  readonly wasRetried: boolean;
}
type Stop = Extract<ModernOutcome, { readonly kind: "stopped" }>;

/** Hellos, up to where keys are known. */
function* openModern(connection: Connection, modern: ModernOffer): Flow<Opening | Stop> {
  const hello = yield* sayHello(connection, modern.offer, 0x0301);
  if (hello.answer === undefined) return { kind: "stopped", by: hello.by, flight: {} };
  if (!hello.answer.isHelloRetryRequest) return openingOf(hello, modern.keys, [], false);

  const retry = hello.answer;
  const suite = MODERN_SUITES.get(retry.suite);
  const key = retry.group === undefined ? undefined : keyAgreement(retry.group);
  if (suite === undefined || (retry.group !== undefined && key === undefined)) {
    return senseless("a HelloRetryRequest for what cannot be computed", retry);
  }
  const keys = key === undefined ? modern.keys : [key];
  const changed: ClientOffer = {
    ...modern.offer,
    keyShares: keys.map(({ group, publicValue }) => ({ group, keyExchange: publicValue })),
    ...(retry.cookie !== undefined && { cookie: retry.cookie }),
  };
  // The first hello stands in the transcript as its hash (RFC 8446 section 4.4.1).
  const digest = transcriptHash(suite.hash, [hello.sent]);
  const before = [encodeHandshake(TYPE.messageHash, digest), hello.raw];
  yield writing(connection.seal(CONTENT_TYPES.changeCipherSpec, u8(1)));
  const second = yield* sayHello(connection, changed, 0x0303);
  if (second.answer === undefined) {
    return { kind: "stopped", by: second.by, flight: { hello: retry } };
  }
  if (second.answer.isHelloRetryRequest) return senseless("two HelloRetryRequests", retry);
  return openingOf(second, keys, before, true);
}

interface Answered {
  readonly sent: Uint8Array;
  readonly answer: ServerHello;
  readonly raw: Uint8Array;
}
interface Unanswered {
  readonly answer: undefined;
  readonly by: Received;
}

function* sayHello(
  connection: Connection,
  offer: ClientOffer,
  recordVersion: number,
): Flow<Answered | Unanswered> {
  const clientHello = padClientHello(clientHelloFor(offer));
  yield writing(clientHelloRecord(clientHello, recordVersion));
  for (;;) {
    const received = yield* connection.receive();
    if (received.kind === "change-cipher-spec" || isPassing(received)) continue;
    if (!isMessage(received, TYPE.serverHello)) {
      return { answer: undefined, by: received };
    }
    const { body, raw } = received.message;
    const decoded = decodeServerHello(body);
    if (decoded.ok) return { sent: encodeClientHello(clientHello), answer: decoded.value, raw };
    return { answer: undefined, by: { kind: "malformed", why: decoded.message } };
  }
}

function openingOf(
  { sent, answer, raw }: Answered,
  keys: readonly KeyAgreement[],
  before: readonly Uint8Array[],
  wasRetried: boolean,
): Opening | Stop {
  if (answer.version !== TLS_1_3) return senseless("a ServerHello of another version", answer);
  const suite = MODERN_SUITES.get(answer.suite);
  const key = keys.find(({ group }) => group === answer.group);
  const shared = answer.keyExchange && key?.agree(answer.keyExchange);
  if (suite === undefined || shared === undefined) {
    return senseless("a ServerHello with a suite or key share that was not offered", answer);
  }
  const transcript = [...before, sent, raw];
  const secrets = handshakeSecrets(suite.hash, shared, transcript);
  return { kind: "open", hello: answer, suite, secrets, transcript, wasRetried };
}

function senseless(why: string, hello: ServerHello): Stop {
  return { kind: "stopped", by: { kind: "malformed", why }, flight: { hello } };
}

interface EncryptedFlight {
  readonly flight: ModernFlight;
  readonly transcript: readonly Uint8Array[];
  readonly stop?: Received;
}

/** EncryptedExtensions to Finished, which is verified. */
function* takeEncryptedFlight(connection: Connection, opening: Opening): Flow<EncryptedFlight> {
  const transcript = [...opening.transcript];
  let flight: ModernFlight = { hello: opening.hello };
  const stop = (by: Received): EncryptedFlight => ({ flight, transcript, stop: by });
  for (;;) {
    const received = yield* connection.receive();
    if (received.kind === "change-cipher-spec") continue;
    if (received.kind !== "handshake") return stop(received);
    const { message } = received;
    if (message.type === TYPE.finished) {
      const { suite, secrets } = opening;
      const wanted = finishedData(suite.hash, secrets.serverHandshake, transcript);
      transcript.push(message.raw);
      if (isSame(message.body, wanted)) return { flight, transcript };
      return stop({ kind: "malformed", why: "a Finished that does not verify" });
    }
    const part = partOf(message);
    if (part === undefined) {
      return stop({ kind: "malformed", why: "an encrypted flight that makes no sense" });
    }
    flight = { ...flight, ...part };
    transcript.push(message.raw);
  }
}

/** What one message adds to the flight; `undefined` when it cannot be read or does not belong. */
function partOf({ type, body }: HandshakeMessage): ModernFlight | undefined {
  switch (type) {
    case TYPE.encryptedExtensions: {
      const decoded = decodeEncryptedExtensions(body);
      return decoded.ok ? { encryptedExtensions: decoded.value } : undefined;
    }
    case TYPE.certificateRequest: {
      const decoded = decodeCertificateRequest(body, TLS_1_3);
      return decoded.ok ? { certificateRequest: decoded.value } : undefined;
    }
    case TYPE.certificate: {
      const decoded = decodeCertificate13(body);
      return decoded.ok ? { chain: decoded.value.entries } : undefined;
    }
    case TYPE.certificateVerify: {
      const decoded = decodeCertificateVerify(body);
      return decoded.ok ? { scheme: decoded.value.scheme } : undefined;
    }
    default:
      return undefined;
  }
}
