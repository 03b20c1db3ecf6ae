import { createConnection, describeReceived, isSame } from "../../wire/tls-session/connection.ts";
import type { Flow } from "../../wire/tls-session/flow.ts";
import { freshBytes } from "../../wire/tls-session/fresh-bytes.ts";
import { type LegacyProtocol, legacyOffer } from "../../wire/tls-session/offers.ts";
import { type ServerFlight, takeServerFlight } from "../../wire/tls-session/server-flight.ts";
import type { LegacyProbe, ResumableSession } from "./probe-legacy-session.ts";
import { cannotJudge, converse, type Judgement, type ProbeTarget } from "./probe-stream.ts";

/** Our session id: shorter than the 32 bytes a flawed server hands back (CVE-2016-9244). */
const SESSION_ID_BYTES = 16;
const SESSION_ID_BYTES_MAX = 32;
/** Length of a made-up ticket, as OpenSSL's are. */
const MADE_UP_TICKET_BYTES = 192;

/** What taking up a session by its ticket tells. */
export interface ResumptionProbe {
  readonly resumption: "accepted" | "refused" | "unknown";
  readonly ticketbleed: Judgement;
}

/**
 * Says hello with a ticket and a short session id. A server that hands back 32 bytes that begin with
 * ours shows 16 bytes of its memory; those are counted, never kept.
 *
 * Where no handshake could be finished the ticket is made up: a leak is a leak then too, but its
 * absence says nothing.
 */
export async function probeResumption(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  legacy: LegacyProbe,
): Promise<ResumptionProbe> {
  if (legacy.state === "finished" && legacy.resumable === undefined) {
    const because = "The server issues no session tickets";
    return { resumption: "unknown", ticketbleed: { verdict: "not-vulnerable", because } };
  }
  const first = await ask(target, protocol, legacy.resumable);
  if (first.ticketbleed.verdict !== "vulnerable") return first;
  // Believed only when it happens twice.
  const second = await ask(target, protocol, legacy.resumable);
  if (second.ticketbleed.verdict === "vulnerable") return first;
  return { ...first, ticketbleed: cannotJudge("A longer session id came back once, not twice") };
}

async function ask(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  session: ResumableSession | undefined,
): Promise<ResumptionProbe> {
  const sessionId = freshBytes(SESSION_ID_BYTES);
  const { serverName } = target;
  const conversed = await converse(target, function* (): Flow<ServerFlight> {
    const offer = legacyOffer(protocol, {
      sessionId,
      sessionTicket: session?.ticket ?? freshBytes(MADE_UP_TICKET_BYTES),
      ...(serverName !== undefined && { serverName }),
    });
    return (yield* takeServerFlight(createConnection(), offer)).flight;
  });
  if (conversed.kind === "unreachable") {
    return { resumption: "unknown", ticketbleed: cannotJudge(conversed.why) };
  }
  return judge(conversed.value, sessionId, session !== undefined);
}

function judge(flight: ServerFlight, sessionId: Uint8Array, isGenuine: boolean): ResumptionProbe {
  const { hello, end } = flight;
  if (hello === undefined) {
    const how = typeof end === "string" ? end : describeReceived(end);
    return { resumption: "unknown", ticketbleed: cannotJudge(`No ServerHello came: ${how}`) };
  }
  const isEchoed = isSame(hello.sessionId.subarray(0, SESSION_ID_BYTES), sessionId);
  if (isEchoed && hello.sessionId.length === SESSION_ID_BYTES_MAX) {
    const because = "A session id of 16 bytes came back with 16 bytes of memory behind it";
    return { resumption: "accepted", ticketbleed: { verdict: "vulnerable", because } };
  }
  const resumption = isEchoed ? "accepted" : "refused";
  if (isGenuine) {
    const because = `The session was ${isEchoed ? "taken up" : "not taken up"} and no longer session id came back`;
    return { resumption, ticketbleed: { verdict: "not-vulnerable", because } };
  }
  if (!hello.offersTicket) {
    const because = "The server does not answer the session ticket extension";
    return { resumption: "unknown", ticketbleed: { verdict: "not-vulnerable", because } };
  }
  const because = "No ticket could be had to resume with";
  return { resumption: "unknown", ticketbleed: cannotJudge(because) };
}
