import type { TlsScan } from "../../core/tls-scan.ts";
import { encodeClientHello, padClientHello } from "../../wire/tls/client-hello.ts";
import { clientHelloFor } from "../../wire/tls/client-offer.ts";
import { HANDSHAKE_TYPES } from "../../wire/tls/handshake.ts";
import { CONTENT_TYPES } from "../../wire/tls/records.ts";
import {
  describeReceived,
  isMessage,
  type Received,
  writing,
} from "../../wire/tls-session/connection.ts";
import type { Flow } from "../../wire/tls-session/flow.ts";
import {
  type LegacySession,
  type LegacyStop,
  legacyHandshake,
} from "../../wire/tls-session/legacy-handshake.ts";
import { type LegacyProtocol, legacyOffer } from "../../wire/tls-session/offers.ts";
import { clientCertificateOf, isLastWord } from "./probe-client-certificate.ts";
import { answerToOddity, isBareHangup, isSilence, staysOpen } from "./probe-odd-record.ts";
import { cannotJudge, converse, type Judgement, type ProbeTarget } from "./probe-stream.ts";

/** A session that can be taken up again. */
export interface ResumableSession {
  readonly protocol: LegacyProtocol;
  readonly suite: number;
  readonly ticket: Uint8Array;
}

/** What a handshake of TLS 1.0 to 1.2, finished and renegotiated once, tells. */
export interface LegacyProbe {
  /** `refused` rests on an alert. */
  readonly state: "finished" | "refused" | "unknown";
  /** What the state rests on; sentence case, no full stop. */
  readonly because: string;
  readonly clientCertificate: TlsScan["clientCertificate"];
  readonly tickets: TlsScan["tickets"];
  /** Whether RFC 5746 was answered; `null` without a ServerHello. */
  readonly secureRenegotiation: boolean | null;
  readonly clientRenegotiation: TlsScan["clientRenegotiation"];
  readonly clientRenegotiationBecause: string;
  readonly insecureRenegotiation: Judgement;
  /** Where a ticket came. */
  readonly resumable?: ResumableSession;
}

/**
 * Finishes one handshake with an empty client certificate, then asks once to renegotiate.
 *
 * `protocol` is the highest of TLS 1.0 to 1.2 that the server speaks.
 */
export async function probeLegacySession(
  target: ProbeTarget,
  protocol: LegacyProtocol,
): Promise<LegacyProbe> {
  const first = await ask(target, protocol, renegotiate);
  if (!first.isHangup) return first.probe;
  // A close counts where it comes again, and not in a session in which nothing more was asked.
  const again = await ask(target, protocol, renegotiate);
  if (!again.isHangup) return { ...first.probe, ...renegotiationParts(again.probe) };
  const idle = await ask(target, protocol, renegotiateNever);
  const isOpen = idle.probe.state === "finished" && !idle.isHangup;
  return isOpen ? first.probe : { ...first.probe, ...renegotiationParts(idle.probe) };
}

type Renegotiating = (
  session: LegacySession,
  protocol: LegacyProtocol,
  name: { readonly serverName?: string },
) => Flow<Renegotiation>;

interface Asked {
  readonly probe: LegacyProbe;
  readonly isHangup: boolean;
}

async function ask(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  renegotiation: Renegotiating,
): Promise<Asked> {
  const conversed = await converse(target, () => sessionFlow(target, protocol, renegotiation));
  if (conversed.kind === "spoken") return conversed.value;
  return { probe: unfinished("unknown", conversed.why), isHangup: false };
}

function renegotiationParts({
  clientRenegotiation,
  clientRenegotiationBecause,
  insecureRenegotiation,
}: LegacyProbe) {
  return { clientRenegotiation, clientRenegotiationBecause, insecureRenegotiation };
}

function* sessionFlow(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  renegotiation: Renegotiating,
): Flow<Asked> {
  const { serverName } = target;
  const name = serverName === undefined ? {} : { serverName };
  const outcome = yield* legacyHandshake(legacyOffer(protocol, name));
  if (outcome.kind === "stopped") return { probe: stoppedProbe(outcome), isHangup: false };

  const { session } = outcome;
  const isAsked = session.flight.requestsCertificate;
  const refusal = isAsked ? yield* refusalOf(session) : undefined;
  const clientCertificate = clientCertificateOf(isAsked, refusal);
  const renegotiated: Renegotiation =
    refusal === undefined
      ? yield* renegotiation(session, protocol, name)
      : {
          answer: "unknown",
          because: `The server ended the session: ${describeReceived(refusal)}`,
        };
  const probe = finishedProbe({ ...session, protocol }, clientCertificate, renegotiated);
  return { probe, isHangup: renegotiated.isHangup === true };
}

function finishedProbe(
  { hello, ticket, protocol }: LegacySession & { readonly protocol: LegacyProtocol },
  clientCertificate: LegacyProbe["clientCertificate"],
  renegotiation: Renegotiation,
): LegacyProbe {
  const hasRfc5746 = hello.renegotiationInfo !== undefined;
  return {
    state: "finished",
    because: "The handshake was finished",
    clientCertificate,
    tickets:
      ticket === undefined
        ? { isOffered: false }
        : { isOffered: true, lifetimeSeconds: ticket.lifetimeSeconds },
    secureRenegotiation: hasRfc5746,
    clientRenegotiation: renegotiation.answer,
    clientRenegotiationBecause: renegotiation.because,
    insecureRenegotiation: insecureOf(hasRfc5746, renegotiation),
    ...(ticket !== undefined && {
      resumable: { protocol, suite: hello.suite, ticket: ticket.ticket },
    }),
  };
}

/** How the server refuses a session it has just finished for want of a certificate, if it does. */
function* refusalOf({ connection }: LegacySession): Flow<Received | undefined> {
  for (;;) {
    const received = yield* connection.receive("grace");
    if (received.kind === "closed" && received.how === "silence") return undefined;
    if (isLastWord(received)) return received;
    if (received.kind === "data") return undefined;
  }
}

interface Renegotiation {
  readonly answer: TlsScan["clientRenegotiation"];
  readonly because: string;
  /** The server hung up without a word, which alone says nothing. */
  readonly isHangup?: boolean;
}

/** Sends a second ClientHello under encryption, once: the peers' six to ten times are an attack. */
function* renegotiate(
  session: LegacySession,
  protocol: LegacyProtocol,
  name: { readonly serverName?: string },
): Flow<Renegotiation> {
  const { connection, hello, clientVerifyData } = session;
  const hasRfc5746 = hello.renegotiationInfo !== undefined;
  // Neither ticket nor SCSV belongs into the hello of a renegotiation (RFC 5746 section 3.5).
  const { sessionTicket: _, ...offer } = legacyOffer(protocol, name);
  const second = clientHelloFor({
    ...offer,
    renegotiation: hasRfc5746 ? clientVerifyData : "none",
  });
  yield writing(
    connection.seal(CONTENT_TYPES.handshake, encodeClientHello(padClientHello(second))),
  );
  const answer = yield* answerToOddity(
    connection,
    (next) => next.kind === "alert" || isMessage(next, HANDSHAKE_TYPES.serverHello),
  );
  const { received } = answer;
  if (isMessage(received, HANDSHAKE_TYPES.serverHello)) {
    return { answer: "accepted", because: "A second ClientHello got a ServerHello" };
  }
  if (received.kind === "malformed") {
    return { answer: "unknown", because: `After a second ClientHello: ${received.why}` };
  }
  // Silence refuses as well (spec/tls.md section 1): the server was there a moment ago.
  const how = isSilence(received) ? "it was ignored" : describeReceived(received);
  const because = `A second ClientHello got no ServerHello: ${how}`;
  return { answer: "refused", because, isHangup: isBareHangup(answer) };
}

/** The session without a second ClientHello: whether the server hangs up all the same. */
function* renegotiateNever({ connection }: LegacySession): Flow<Renegotiation> {
  const isOpen = yield* staysOpen(connection);
  const because = "The server hangs up without a second ClientHello as well";
  return { answer: "unknown", because, isHangup: !isOpen };
}

function insecureOf(hasRfc5746: boolean, { answer, because }: Renegotiation): Judgement {
  if (hasRfc5746) {
    return { verdict: "not-vulnerable", because: "The server binds renegotiations (RFC 5746)" };
  }
  switch (answer) {
    case "accepted":
      return { verdict: "vulnerable", because: "The server renegotiates without RFC 5746" };
    case "refused":
      return { verdict: "not-vulnerable", because };
    case "unknown":
      return cannotJudge(because);
  }
}

/** What a handshake that did not finish still tells. */
function stoppedProbe({ at, by, flight }: LegacyStop): LegacyProbe {
  const because = `The handshake stopped: ${describeReceived(by)}`;
  const probe = unfinished(at === "flight" && by.kind === "alert" ? "refused" : "unknown", because);
  if (flight.hello === undefined) return probe;
  const isWhole = flight.end === "done";
  const answer = at === "finish" ? by : ({ kind: "malformed", why: because } as const);
  const hasRfc5746 = flight.hello.renegotiationInfo !== undefined;
  return {
    ...probe,
    clientCertificate: isWhole
      ? clientCertificateOf(flight.requestsCertificate, answer)
      : "unknown",
    tickets: { isOffered: isWhole && !flight.hello.offersTicket ? false : null },
    secureRenegotiation: hasRfc5746,
    insecureRenegotiation: insecureOf(hasRfc5746, { answer: "unknown", because }),
  };
}

function unfinished(state: "refused" | "unknown", because: string): LegacyProbe {
  return {
    state,
    because,
    clientCertificate: "unknown",
    tickets: { isOffered: null },
    secureRenegotiation: null,
    clientRenegotiation: "unknown",
    clientRenegotiationBecause: because,
    insecureRenegotiation: cannotJudge(because),
  };
}
