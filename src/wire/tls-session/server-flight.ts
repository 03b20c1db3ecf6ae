import { decodeCertificate, decodeCertificateStatus } from "../tls/certificate.ts";
import {
  type ClientHello,
  clientHelloRecord,
  encodeClientHello,
  padClientHello,
} from "../tls/client-hello.ts";
import { type ClientOffer, clientHelloFor } from "../tls/client-offer.ts";
import type { Decoded } from "../tls/decoded.ts";
import { HANDSHAKE_TYPES, type HandshakeMessage } from "../tls/handshake.ts";
import { decodeServerHello, type ServerHello } from "../tls/server-hello.ts";
import { type Connection, isPassing, type Received, writing } from "./connection.ts";
import type { Flow } from "./flow.ts";

const TYPE = HANDSHAKE_TYPES;

/** What a server of TLS 1.0 to 1.2 answers a ClientHello with, as far as it came. */
export interface ServerFlight {
  readonly hello?: ServerHello;
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** DER of the stapled OCSP response. */
  readonly staple?: Uint8Array;
  /** Body of the ServerKeyExchange; what is in it depends on the suite. */
  readonly keyExchange?: Uint8Array;
  readonly requestsCertificate: boolean;
  /**
   * What ended the flight: `done` (ServerHelloDone), `resumed` (ChangeCipherSpec or NewSessionTicket
   * right after the ServerHello), or what came instead.
   */
  readonly end: "done" | "resumed" | Exclude<Received, { readonly kind: "handshake" }>;
}

/** A flight and the handshake messages so far, the hello among them: what hashes are made of. */
export interface FlightTaken {
  readonly flight: ServerFlight;
  readonly transcript: readonly Uint8Array[];
  readonly clientHello: ClientHello;
}

/** Says hello in the clear and reads the server's flight to its end. */
export function* takeServerFlight(connection: Connection, offer: ClientOffer): Flow<FlightTaken> {
  const clientHello = padClientHello(clientHelloFor(offer));
  yield writing(clientHelloRecord(clientHello));
  const transcript: Uint8Array[] = [encodeClientHello(clientHello)];
  let flight: Draft = { chain: [], requestsCertificate: false };
  const take = (end: ServerFlight["end"]): FlightTaken => ({
    flight: { ...flight, end },
    transcript,
    clientHello,
  });
  for (;;) {
    const received = yield* connection.receive();
    if (isPassing(received)) continue;
    if (received.kind !== "handshake") return take(endOf(received, flight));
    const { message } = received;
    if (message.type === TYPE.helloRequest) continue;
    transcript.push(message.raw);
    const taken = takeMessage(flight, message);
    if ("end" in taken) return take(taken.end);
    flight = taken;
    connection.version = flight.hello?.legacyVersion ?? connection.version;
  }
}

type Draft = Omit<ServerFlight, "end">;
type Ending = Pick<ServerFlight, "end">;

const NO_SENSE: Ending = {
  end: { kind: "malformed", why: "a server's flight that makes no sense" },
};

function endOf(
  received: Exclude<Received, { readonly kind: "handshake" }>,
  flight: Draft,
): ServerFlight["end"] {
  const isResumed = received.kind === "change-cipher-spec" && flight.hello !== undefined;
  return isResumed ? "resumed" : received;
}

/** The flight with the message in it, or how the message ends it. */
function takeMessage(flight: Draft, { type, body }: HandshakeMessage): Draft | Ending {
  if (type === TYPE.serverHello) {
    const hello = decodedValue(decodeServerHello(body));
    return hello === undefined || flight.hello !== undefined ? NO_SENSE : { ...flight, hello };
  }
  if (flight.hello === undefined) return NO_SENSE;
  switch (type) {
    case TYPE.certificate: {
      const message = decodedValue(decodeCertificate(body));
      if (message === undefined) return NO_SENSE;
      return { ...flight, chain: message.entries.map(({ der }) => der) };
    }
    case TYPE.certificateStatus: {
      const staple = decodedValue(decodeCertificateStatus(body));
      return staple === undefined ? flight : { ...flight, staple };
    }
    case TYPE.serverKeyExchange:
      return { ...flight, keyExchange: body };
    case TYPE.certificateRequest:
      return { ...flight, requestsCertificate: true };
    case TYPE.serverHelloDone:
      return { end: "done" };
    case TYPE.newSessionTicket:
      return { end: "resumed" };
    default:
      return NO_SENSE;
  }
}

function decodedValue<T>(decoded: Decoded<T>): T | undefined {
  return decoded.ok ? decoded.value : undefined;
}
