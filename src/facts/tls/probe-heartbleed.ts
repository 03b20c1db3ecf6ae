import { concat, u8, u16 } from "../../wire/tls/byte-writing.ts";
import { CONTENT_TYPES } from "../../wire/tls/records.ts";
import {
  type Connection,
  describeReceived,
  HEARTBEAT_HEADER_BYTES,
  type Received,
  writing,
} from "../../wire/tls-session/connection.ts";
import type { Flow } from "../../wire/tls-session/flow.ts";
import { legacyHandshake } from "../../wire/tls-session/legacy-handshake.ts";
import { type LegacyProtocol, legacyOffer } from "../../wire/tls-session/offers.ts";
import type { ServerFlight } from "../../wire/tls-session/server-flight.ts";
import { answerToOddity, isBareHangup, isSilence, staysOpen } from "./probe-odd-record.ts";
import { cannotJudge, converse, type Judgement, type ProbeTarget } from "./probe-stream.ts";

/** Bytes asked for beyond what is sent: enough to tell a leak, little to be told. */
const CLAIMED_BYTES = 32;
/** heartbeat_request with a payload length and neither payload nor padding (RFC 6520 section 4). */
const REQUEST = concat(u8(1), u16(CLAIMED_BYTES));
const HEARTBEAT_RESPONSE = 2;

/** What a server made of one heartbeat that claims more than it carries. */
export interface HeartbeatAnswer {
  readonly judgement: Judgement;
  /** The server says that it takes heartbeats. */
  readonly isTaken: boolean;
  /** It hung up without a word, which alone says nothing. */
  readonly isHangup: boolean;
}

/**
 * Heartbleed (CVE-2014-0160), after the server's flight to a hello that offered heartbeats: one that
 * claims more than it carries, sent only to a server that says it takes them. What comes back is
 * counted, never kept.
 */
export function* heartbleedOver(
  connection: Connection,
  flight: ServerFlight,
): Flow<HeartbeatAnswer> {
  if (flight.hello === undefined || flight.end !== "done") {
    const how = typeof flight.end === "string" ? flight.end : describeReceived(flight.end);
    return unasked(`The server's flight did not come: ${how}`);
  }
  if (flight.hello.heartbeatMode === undefined) {
    const because = "The server takes no heartbeats (RFC 6520)";
    return { judgement: { verdict: "not-vulnerable", because }, isTaken: false, isHangup: false };
  }
  return yield* claimTooMuch(connection);
}

/** A heartbeat that was not sent. */
export function unasked(why: string): HeartbeatAnswer {
  return { judgement: cannotJudge(why), isTaken: false, isHangup: false };
}

/**
 * The verdict where heartbeats are taken and `early`, sent before the handshake was over, is answered without a
 * leak. A server may ignore heartbeats until then (RFC 6520 section 3), so that it is asked once more after it.
 */
export async function settledHeartbleed(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  early: HeartbeatAnswer,
  askEarly: () => Promise<HeartbeatAnswer>,
): Promise<Judgement> {
  if (!early.isTaken) return early.judgement;
  const first = await settled(target, protocol, early, askEarly);
  if (first.verdict !== "not-vulnerable") return first;
  const askLate = () => askFinished(target, protocol, claimTooMuch, unasked);
  return settled(target, protocol, await askLate(), askLate);
}

/** A close counts where it comes again, and only on a heartbeat. */
async function settled(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  first: HeartbeatAnswer,
  ask: () => Promise<HeartbeatAnswer>,
): Promise<Judgement> {
  if (!first.isHangup) return first.judgement;
  const again = await ask();
  if (!again.isHangup) return again.judgement;
  const isOpen = await askFinished(target, protocol, staysOpen, () => false);
  return isOpen ? again.judgement : cannotJudge("The server hangs up without a heartbeat as well");
}

/** Asks on a connection whose handshake is finished, or says why there is none. */
async function askFinished<T>(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  ask: (connection: Connection) => Flow<T>,
  otherwise: (why: string) => T,
): Promise<T> {
  const { serverName } = target;
  const conversed = await converse(target, function* (): Flow<T> {
    const offer = legacyOffer(protocol, {
      heartbeatMode: 1,
      ...(serverName !== undefined && { serverName }),
    });
    const outcome = yield* legacyHandshake(offer);
    if (outcome.kind === "finished") return yield* ask(outcome.session.connection);
    return otherwise(`No handshake could be finished: ${describeReceived(outcome.by)}`);
  });
  return conversed.kind === "spoken" ? conversed.value : otherwise(conversed.why);
}

/** Sends the heartbeat; the answer may come in several records. */
function* claimTooMuch(connection: Connection): Flow<HeartbeatAnswer> {
  yield writing(connection.seal(CONTENT_TYPES.heartbeat, REQUEST));
  const response = createResponse();
  const answer = yield* answerToOddity(connection, response.takes);
  const isTaken = true;
  if (response.isLeak()) {
    const because = `A heartbeat of ${REQUEST.length} bytes was answered with ${response.bytes()} bytes of memory`;
    return { judgement: { verdict: "vulnerable", because }, isTaken, isHangup: false };
  }
  const how = describeReceived(answer.received);
  if (isSilence(answer.received) || answer.received.kind === "malformed") {
    return { judgement: cannotJudge(`After the heartbeat: ${how}`), isTaken, isHangup: false };
  }
  const because =
    response.bytes() > 0
      ? "A heartbeat was answered with nothing of its own"
      : `A heartbeat that claims too much got no answer: ${how}`;
  const judgement = { verdict: "not-vulnerable", because } as const;
  return { judgement, isTaken, isHangup: response.bytes() === 0 && isBareHangup(answer) };
}

/**
 * Joins the records of a heartbeat_response. Padding comes with every answer, so that it is the length of the
 * payload that tells: ours was empty.
 */
function createResponse() {
  let head: readonly number[] = [];
  let bytes = 0;
  const isLeak = (): boolean => {
    const [type, high = 0, low = 0] = head;
    return type === HEARTBEAT_RESPONSE && high + low > 0 && bytes > REQUEST.length;
  };
  return {
    bytes: () => bytes,
    isLeak,
    /** Takes what comes; true once it is a leak. A request of the server's own is none. */
    takes(received: Received): boolean {
      if (received.kind !== "heartbeat") return false;
      if (bytes === 0 && received.head[0] !== HEARTBEAT_RESPONSE) return false;
      head = [...head, ...received.head].slice(0, HEARTBEAT_HEADER_BYTES);
      bytes += received.bytes;
      return isLeak();
    },
  };
}
