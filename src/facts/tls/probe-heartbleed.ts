import { concat, u8, u16 } from "../../wire/tls/byte-writing.ts";
import { CONTENT_TYPES } from "../../wire/tls/records.ts";
import { type Connection, describeReceived, writing } from "../../wire/tls-session/connection.ts";
import type { Flow } from "../../wire/tls-session/flow.ts";
import type { ServerFlight } from "../../wire/tls-session/server-flight.ts";
import { answerToOddity, isSilence } from "./probe-odd-record.ts";
import { cannotJudge, type Judgement } from "./probe-stream.ts";

/** Bytes asked for beyond what is sent: enough to tell a leak, little to be told. */
const CLAIMED_BYTES = 32;
/** heartbeat_request with a payload length and neither payload nor padding (RFC 6520 section 4). */
const REQUEST = concat(u8(1), u16(CLAIMED_BYTES));

/**
 * Heartbleed (CVE-2014-0160), after the server's flight to a hello that offered heartbeats: one that
 * claims more than it carries, sent only to a server that says it takes them. What comes back is
 * counted, never kept.
 */
export function* heartbleedOver(connection: Connection, flight: ServerFlight): Flow<Judgement> {
  if (flight.hello === undefined || flight.end !== "done") {
    const how = typeof flight.end === "string" ? flight.end : describeReceived(flight.end);
    return cannotJudge(`The server's flight did not come: ${how}`);
  }
  if (flight.hello.heartbeatMode === undefined) {
    return { verdict: "not-vulnerable", because: "The server takes no heartbeats (RFC 6520)" };
  }
  yield writing(connection.seal(CONTENT_TYPES.heartbeat, REQUEST));
  const received = yield* answerToOddity(connection, ({ kind }) => kind === "heartbeat");
  if (received.kind === "heartbeat") return leakOf(received.bytes);
  if (isSilence(received) || received.kind === "malformed") {
    return cannotJudge(`After the heartbeat: ${describeReceived(received)}`);
  }
  const because = `A heartbeat that claims too much got no answer: ${describeReceived(received)}`;
  return { verdict: "not-vulnerable", because };
}

function leakOf(bytes: number): Judgement {
  const sent = REQUEST.length;
  if (bytes > sent) {
    const because = `A heartbeat of ${sent} bytes was answered with ${bytes} bytes of memory`;
    return { verdict: "vulnerable", because };
  }
  return { verdict: "not-vulnerable", because: "A heartbeat was answered with nothing of its own" };
}
