import { concat, vector } from "../tls/byte-writing.ts";
import type { ClientOffer } from "../tls/client-offer.ts";
import type { Decoded } from "../tls/decoded.ts";
import { malformed } from "../tls/decoded.ts";
import { encodeHandshake, HANDSHAKE_TYPES } from "../tls/handshake.ts";
import { CONTENT_TYPES } from "../tls/records.ts";
import type { ServerHello } from "../tls/server-hello.ts";
import { decodeServerKeyExchange } from "../tls/server-key-exchange.ts";
import { decodeNewSessionTicket, type NewSessionTicket } from "../tls/server-messages.ts";
import { suiteByCode } from "../tls/suites.ts";
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
import { type LegacyProtections, legacyProtections } from "./legacy-protection.ts";
import { type ClientKeyExchange, ephemeralKeyExchange, rsaKeyExchange } from "./premaster.ts";
import { type PrfHash, prf, transcriptHash } from "./prf.ts";
import { type FlightTaken, type ServerFlight, takeServerFlight } from "./server-flight.ts";
import { LEGACY_SUITES, type LegacySuite } from "./suite-parameters.ts";

const TYPE = HANDSHAKE_TYPES;
const TLS_1_0 = 0x0301;
const TLS_1_2 = 0x0303;
const MASTER_SECRET_BYTES = 48;
const VERIFY_DATA_BYTES = 12;

/** A finished handshake of TLS 1.0 to 1.2: the connection is protected both ways. */
export interface LegacySession {
  readonly connection: Connection;
  readonly flight: ServerFlight;
  readonly hello: ServerHello;
  readonly masterSecret: Uint8Array;
  /** Content of renegotiation_info when renegotiating (RFC 5746 section 3.5). */
  readonly clientVerifyData: Uint8Array;
  readonly ticket?: NewSessionTicket;
}

/** Where a handshake stopped, by what, and what the server had shown before. */
export interface LegacyStop {
  readonly kind: "stopped";
  /** `flight` before ServerHelloDone, `local` where this program cannot go on, `finish` after our Finished. */
  readonly at: "flight" | "local" | "finish";
  readonly by: Received;
  readonly flight: ServerFlight;
}

export type LegacyOutcome =
  | { readonly kind: "finished"; readonly session: LegacySession }
  | LegacyStop;

/**
 * A full handshake of TLS 1.0 to 1.2. Where the server asks for a certificate it gets an empty list.
 *
 * The chain and the server's signature are not verified: the scan judges certificates, and nobody's
 * data is sent. The server's Finished is verified.
 */
export function* legacyHandshake(offer: ClientOffer): Flow<LegacyOutcome> {
  const connection = createConnection();
  const taken = yield* takeServerFlight(connection, offer);
  const { flight } = taken;
  if (flight.end !== "done" || flight.hello === undefined) {
    return stopped("flight", byOf(flight), flight);
  }
  const plan = planOf(taken, flight.hello);
  if (!plan.ok) return stopped("local", { kind: "malformed", why: plan.message }, flight);
  return yield* finish(connection, flight, flight.hello, plan.value);
}

/** All that is computed before our second flight. */
interface Plan {
  readonly clientFlight: Uint8Array;
  readonly transcript: readonly Uint8Array[];
  readonly hash: PrfHash;
  readonly masterSecret: Uint8Array;
  readonly protections: LegacyProtections;
}

function planOf(taken: FlightTaken, hello: ServerHello): Decoded<Plan> {
  const { flight, clientHello } = taken;
  const suite = LEGACY_SUITES.get(hello.suite);
  if (suite === undefined) return malformed(`suite ${hello.suite}, which was not offered`);
  if (hello.version < TLS_1_0 || hello.version > TLS_1_2) {
    return malformed(`version ${hello.version}, which was not offered`);
  }
  const exchange = exchangeOf(flight, hello, suite, clientHello.legacyVersion);
  if (!exchange.ok) return exchange;
  const hash: PrfHash = hello.version >= TLS_1_2 ? suite.prf : "md5+sha1";
  const messages = [
    ...(flight.requestsCertificate ? [encodeHandshake(TYPE.certificate, vector(3))] : []),
    encodeHandshake(TYPE.clientKeyExchange, exchange.value.body),
  ];
  const transcript = [...taken.transcript, ...messages];
  const { premaster } = exchange.value;
  const randoms = { client: clientHello.random, server: hello.random };
  const masterSecret = hello.extendedMasterSecret
    ? prf(
        hash,
        premaster,
        "extended master secret",
        transcriptHash(hash, transcript),
        MASTER_SECRET_BYTES,
      )
    : prf(
        hash,
        premaster,
        "master secret",
        concat(randoms.client, randoms.server),
        MASTER_SECRET_BYTES,
      );
  const protections = legacyProtections(suite, hello.version, hash, masterSecret, randoms);
  const clientFlight = concat(...messages);
  return { ok: true, value: { clientFlight, transcript, hash, masterSecret, protections } };
}

function exchangeOf(
  flight: ServerFlight,
  hello: ServerHello,
  suite: LegacySuite,
  helloVersion: number,
): Decoded<ClientKeyExchange> {
  if (suite.keyExchange === "RSA") return rsaKeyExchange(flight.chain[0], helloVersion);
  if (flight.keyExchange === undefined) return malformed("a flight without its ServerKeyExchange");
  const registered = suiteByCode(hello.suite);
  if (registered === undefined) return malformed(`suite ${hello.suite}, which has no name`);
  const decoded = decodeServerKeyExchange(flight.keyExchange, registered, hello.version);
  return decoded.ok ? ephemeralKeyExchange(decoded.value.parameters) : decoded;
}

/** Sends our second flight and reads the server's. */
function* finish(
  connection: Connection,
  flight: ServerFlight,
  hello: ServerHello,
  plan: Plan,
): Flow<LegacyOutcome> {
  const clientVerifyData = verifyDataOf(plan, "client finished", plan.transcript);
  const clientFinished = encodeHandshake(TYPE.finished, clientVerifyData);
  const opening = [
    connection.seal(CONTENT_TYPES.handshake, plan.clientFlight),
    connection.seal(CONTENT_TYPES.changeCipherSpec, Uint8Array.of(1)),
  ];
  connection.write = plan.protections.write;
  yield writing(concat(...opening, connection.seal(CONTENT_TYPES.handshake, clientFinished)));

  const transcript = [...plan.transcript, clientFinished];
  let ticket: NewSessionTicket | undefined;
  let received = yield* receiveHandshake(connection, plan);
  if (isMessage(received, TYPE.newSessionTicket) && connection.read === undefined) {
    transcript.push(received.message.raw);
    const decoded = decodeNewSessionTicket(received.message.body);
    if (decoded.ok && decoded.value.ticket.length > 0) ticket = decoded.value;
    received = yield* receiveHandshake(connection, plan);
  }
  if (received.kind !== "handshake") return stopped("finish", received, flight);
  const isGenuine =
    isMessage(received, TYPE.finished) &&
    connection.read !== undefined &&
    isSame(received.message.body, verifyDataOf(plan, "server finished", transcript));
  if (!isGenuine) {
    return stopped("finish", { kind: "malformed", why: "a Finished that does not verify" }, flight);
  }
  const { masterSecret } = plan;
  const session = { connection, flight, hello, masterSecret, clientVerifyData };
  return { kind: "finished", session: ticket === undefined ? session : { ...session, ticket } };
}

/** The next handshake message or what ends the handshake; takes the server's ChangeCipherSpec on the way. */
function* receiveHandshake(connection: Connection, plan: Plan): Flow<Received> {
  for (;;) {
    const received = yield* connection.receive();
    if (received.kind === "change-cipher-spec" && connection.read === undefined) {
      connection.read = plan.protections.read;
    } else if (!isPassing(received)) {
      return received;
    }
  }
}

function verifyDataOf(
  { hash, masterSecret }: Plan,
  label: string,
  messages: readonly Uint8Array[],
): Uint8Array {
  return prf(hash, masterSecret, label, transcriptHash(hash, messages), VERIFY_DATA_BYTES);
}

function stopped(at: LegacyStop["at"], by: Received, flight: ServerFlight): LegacyStop {
  return { kind: "stopped", at, by, flight };
}

/** What a flight that is not done ended with. */
function byOf({ end }: ServerFlight): Received {
  if (typeof end === "object") return end;
  return { kind: "malformed", why: "a resumption that was not asked for" };
}
