import type { TlsScan } from "../../core/tls-scan.ts";
import { ALERTS } from "../../wire/tls/alerts.ts";
import { HANDSHAKE_TYPES } from "../../wire/tls/handshake.ts";
import { decodeNewSessionTicket13, type NewSessionTicket } from "../../wire/tls/server-messages.ts";
import {
  type Connection,
  closeNotify,
  describeReceived,
  isMessage,
  type Received,
  writing,
} from "../../wire/tls-session/connection.ts";
import type { Flow, Patience } from "../../wire/tls-session/flow.ts";
import { type ModernFlight, modernHandshake } from "../../wire/tls-session/modern-handshake.ts";
import { modernOffer, type SignatureFamily } from "../../wire/tls-session/offers.ts";
import { parseCertificate } from "../../wire/x509/certificate.ts";
import { clientCertificateOf, isHangup, isLastWord } from "./probe-client-certificate.ts";
import { isSilence } from "./probe-odd-record.ts";
import { converse, type ProbeTarget } from "./probe-stream.ts";

/** What a server of TLS 1.3 shows inside its encrypted flight. */
export interface ModernShown {
  /** DER, leaf first; empty when no certificate came. */
  readonly chain: readonly Uint8Array[];
  /** DER of the leaf's stapled OCSP response. */
  readonly staple?: Uint8Array;
  /** SignedCertificateTimestampList of the leaf, as sent. */
  readonly scts?: Uint8Array;
  /** SignatureScheme the server signed with. */
  readonly scheme?: number;
  readonly alpn?: string;
  readonly requestsCertificate: boolean;
  /** The suite and group taken, by their numbers. */
  readonly suite?: number;
  readonly group?: number;
}

/** What a TLS 1.3 handshake, finished and ended in order, tells. */
export interface ModernProbe {
  /** `refused` rests on an alert. */
  readonly state: "finished" | "refused" | "unknown";
  /** What the state rests on; sentence case, no full stop. */
  readonly because: string;
  readonly shown: ModernShown;
  readonly clientCertificate: TlsScan["clientCertificate"];
  readonly tickets: TlsScan["tickets"];
  readonly earlyData: TlsScan["earlyData"];
}

/** Finishes one TLS 1.3 handshake with an empty client certificate and reads what follows. */
export async function probeModernSession(target: ProbeTarget): Promise<ModernProbe> {
  const conversed = await converse(target, () => sessionFlow(target));
  return conversed.kind === "spoken" ? conversed.value : failed("unknown", conversed.why, {});
}

/** The chain a server of TLS 1.3 shows to a client that takes one kind of key. */
export interface FamilyProbe {
  readonly family: SignatureFamily;
  /** `refused` rests on an alert: the server has no certificate of the kind. */
  readonly state: "shown" | "refused" | "unknown";
  readonly because: string;
  readonly shown: ModernShown;
}

export const SIGNATURE_FAMILIES: readonly SignatureFamily[] = ["RSA", "ECDSA", "EdDSA"];

/** Asks for the certificate of each kind of key, one connection for each. */
export function probeModernCertificates(
  target: ProbeTarget,
  families: readonly SignatureFamily[] = SIGNATURE_FAMILIES,
): Promise<readonly FamilyProbe[]> {
  return Promise.all(families.map((family) => probeFamily(target, family)));
}

/** The kind of a leaf's key; `undefined` for others and broken DER. */
export function familyOf(leaf: Uint8Array | undefined): SignatureFamily | undefined {
  if (leaf === undefined) return undefined;
  const reading = parseCertificate(leaf);
  const type = reading.ok ? reading.certificate.publicKey.type : undefined;
  if (type === "EC") return "ECDSA";
  if (type === "RSA") return "RSA";
  return type === "Ed25519" || type === "Ed448" ? "EdDSA" : undefined;
}

async function probeFamily(target: ProbeTarget, family: SignatureFamily): Promise<FamilyProbe> {
  const changes = nameOf(target);
  const conversed = await converse(target, () => modernHandshake(modernOffer(family, changes)));
  if (conversed.kind === "unreachable") {
    return { family, state: "unknown", because: conversed.why, shown: shownOf({}) };
  }
  const outcome = conversed.value;
  const flight = outcome.kind === "finished" ? outcome.session.flight : outcome.flight;
  const shown = shownOf(flight);
  // The chain is authenticated by nobody here, so one that came before a later failure is as good.
  if (shown.chain.length > 0) return { family, state: "shown", because: "A chain came", shown };
  if (outcome.kind === "finished") {
    return { family, state: "unknown", because: "The server showed no certificate", shown };
  }
  return { family, state: stateOf(outcome.by), because: sentence(outcome.by), shown };
}

function* sessionFlow(target: ProbeTarget): Flow<ModernProbe> {
  const outcome = yield* modernHandshake(modernOffer(undefined, nameOf(target)));
  if (outcome.kind === "stopped") {
    return failed(stateOf(outcome.by), sentence(outcome.by), outcome.flight);
  }
  const { connection, flight } = outcome.session;
  const isAsked = flight.certificateRequest !== undefined;
  const after = yield* farewell(connection, isAsked);
  return {
    state: "finished",
    because: "The handshake was finished",
    shown: shownOf(flight),
    clientCertificate: clientCertificateOf(isAsked, after.refusal),
    ...ticketsOf(after),
  };
}

interface Farewell {
  readonly tickets: readonly NewSessionTicket[];
  /** What the server said to an empty certificate before we said goodbye, where that ended it. */
  readonly refusal: Received | undefined;
  /** The server closed in order after our goodbye: whatever it had to say is here. */
  readonly isOver: boolean;
}

/**
 * Tickets come right after the handshake, but nothing says there are none. So the connection is closed
 * in order and read to its end: an end without tickets is an answer, silence is not.
 */
function* farewell(connection: Connection, mayBeRefused: boolean): Flow<Farewell> {
  const early = mayBeRefused ? yield* readTickets(connection, "grace") : undefined;
  if (early !== undefined && !isSilence(early.last)) {
    return { tickets: early.tickets, refusal: early.last, isOver: false };
  }
  yield writing(closeNotify(connection));
  const { tickets, last } = yield* readTickets(connection, "answer");
  const isRefusal = last.kind === "alert" && last.code !== ALERTS.closeNotify;
  return {
    tickets: [...(early?.tickets ?? []), ...tickets],
    refusal: isRefusal ? last : undefined,
    isOver: isHangup(last) && !(last.kind === "closed" && last.how === "reset"),
  };
}

interface TicketsRead {
  readonly tickets: readonly NewSessionTicket[];
  readonly last: Received;
}

function* readTickets(connection: Connection, patience: Patience): Flow<TicketsRead> {
  const tickets: NewSessionTicket[] = [];
  for (;;) {
    const received = yield* connection.receive(patience);
    if (isLastWord(received)) return { tickets, last: received };
    if (!isMessage(received, HANDSHAKE_TYPES.newSessionTicket)) continue;
    const decoded = decodeNewSessionTicket13(received.message.body);
    if (decoded.ok) tickets.push(decoded.value);
  }
}

/**
 * A ticket no longer than a session id is one: OpenSSL sends those where tickets are switched off, and keeps
 * the session itself.
 */
const SESSION_ID_BYTES_MAX = 32;

/** A server that refuses us would not have sent tickets, so their absence says nothing then. */
function ticketsOf({
  tickets,
  refusal,
  isOver,
}: Farewell): Pick<ModernProbe, "tickets" | "earlyData"> {
  if (tickets.length > 0) {
    const real = tickets.filter(({ ticket }) => ticket.length > SESSION_ID_BYTES_MAX);
    const lifetimeSeconds = Math.max(...real.map((ticket) => ticket.lifetimeSeconds));
    const earlyData = Math.max(...tickets.map((ticket) => ticket.maxEarlyDataBytes));
    return {
      tickets: real.length > 0 ? { isOffered: true, lifetimeSeconds } : { isOffered: false },
      earlyData,
    };
  }
  const isAnswered = isOver && refusal === undefined;
  return {
    tickets: { isOffered: isAnswered ? false : null },
    earlyData: isAnswered ? 0 : null,
  };
}

function shownOf(flight: ModernFlight): ModernShown {
  const [leaf] = flight.chain ?? [];
  const alpn = flight.encryptedExtensions?.alpn;
  return {
    chain: flight.chain?.map(({ der }) => der) ?? [],
    ...(leaf?.ocspResponse !== undefined && { staple: leaf.ocspResponse }),
    ...(leaf?.scts !== undefined && { scts: leaf.scts }),
    ...(flight.scheme !== undefined && { scheme: flight.scheme }),
    ...(alpn !== undefined && { alpn }),
    ...(flight.hello !== undefined && { suite: flight.hello.suite }),
    ...(flight.hello?.group !== undefined && { group: flight.hello.group }),
    requestsCertificate: flight.certificateRequest !== undefined,
  };
}

function failed(state: "refused" | "unknown", because: string, flight: ModernFlight): ModernProbe {
  const isComplete = flight.scheme !== undefined;
  return {
    state,
    because,
    shown: shownOf(flight),
    // CertificateRequest comes before the certificate, so a flight that got past it had none.
    clientCertificate: isComplete && !flight.certificateRequest ? "none" : "unknown",
    tickets: { isOffered: null },
    earlyData: null,
  };
}

/** Only an alert refuses; what else ended the handshake may have other reasons. */
function stateOf(by: Received): "refused" | "unknown" {
  return by.kind === "alert" ? "refused" : "unknown";
}

function sentence(by: Received): string {
  return `The handshake stopped: ${describeReceived(by)}`;
}

function nameOf({ serverName }: ProbeTarget): { readonly serverName?: string } {
  return serverName === undefined ? {} : { serverName };
}
