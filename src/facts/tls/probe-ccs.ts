import { ALERTS } from "../../wire/tls/alerts.ts";
import { SUITES_PER_HELLO_MAX } from "../../wire/tls/client-hello.ts";
import { CONTENT_TYPES } from "../../wire/tls/records.ts";
import { CIPHER_SUITES } from "../../wire/tls/suites.ts";
import {
  type Connection,
  createConnection,
  describeReceived,
  type Received,
  writing,
} from "../../wire/tls-session/connection.ts";
import type { Flow } from "../../wire/tls-session/flow.ts";
import { type LegacyProtocol, legacyOffer } from "../../wire/tls-session/offers.ts";
import { type ServerFlight, takeServerFlight } from "../../wire/tls-session/server-flight.ts";
import { CBC_SUITES, LEGACY_SUITES } from "../../wire/tls-session/suite-parameters.ts";
import { isHangup, isLastWord } from "./probe-client-certificate.ts";
import {
  type HeartbeatAnswer,
  heartbleedOver,
  settledHeartbleed,
  unasked,
} from "./probe-heartbleed.ts";
import { isSilence, staysOpen } from "./probe-odd-record.ts";
import { cannotJudge, converse, type Judgement, type ProbeTarget } from "./probe-stream.ts";

/** Heartbleed and CCS injection, which one connection answers where heartbeats are not taken. */
export interface EarlyRecordsProbe {
  readonly heartbleed: Judgement;
  readonly ccsInjection: Judgement;
}

/**
 * CBC suites first: with them an OpenSSL that has the flaw gives itself away without doubt. Then the
 * rest, for no key is ever exchanged; those without authentication last.
 */
const CBC_FIRST: readonly number[] = [
  ...new Set([...CBC_SUITES, ...LEGACY_SUITES.keys(), ...codesBy("RSA"), ...codesBy("anon")]),
].slice(0, SUITES_PER_HELLO_MAX);

/** What the server accepts, in the order above: with pre-shared keys it may take none of those. */
function cbcFirst(accepted: readonly number[]): readonly number[] {
  const known = CBC_FIRST.filter((code) => accepted.includes(code));
  return [...known, ...accepted.filter((code) => !known.includes(code))];
}

function codesBy(proof: "RSA" | "anon"): readonly number[] {
  return CIPHER_SUITES.filter(
    ({ authentication, keyExchange }) =>
      authentication === proof && ["RSA", "DHE", "ECDHE"].includes(keyExchange),
  ).map(({ code }) => code);
}

/**
 * Sends records that do not belong between the server's flight and the client's key exchange:
 * a heartbeat where they are taken, else ChangeCipherSpec, twice (CVE-2014-0224). `accepted` are suites the
 * server is known to take.
 */
export async function probeEarlyRecords(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  accepted: readonly number[] = CBC_FIRST,
): Promise<EarlyRecordsProbe> {
  const suites = cbcFirst(accepted);
  const first = await ask(target, protocol, suites, true);
  const askAgain = async () => (await ask(target, protocol, suites, true)).heartbeat ?? NOT_ASKED;
  const { heartbeat = NOT_ASKED } = first;
  const heartbleed = await settledHeartbleed(target, protocol, heartbeat, askAgain);
  const ccs = first.ccs ?? (await ask(target, protocol, suites, false)).ccs;
  if (ccs === undefined) {
    return { heartbleed, ccsInjection: cannotJudge("ChangeCipherSpec was not asked for") };
  }
  return { heartbleed, ccsInjection: await settledCcs(target, protocol, suites, ccs) };
}

const NOT_ASKED = unasked("Heartbeats were not asked for");

/** How a server took a ChangeCipherSpec that came too early. */
interface CcsAnswer {
  readonly judgement: Judgement;
  /** The server hung up on the first without a word, which alone says nothing. */
  readonly isHangup?: boolean;
  /** The first was swallowed and the second refused, with these. */
  readonly swallowed?: { readonly suite: number; readonly code: number };
}
interface Answers {
  readonly heartbeat?: HeartbeatAnswer;
  readonly ccs?: CcsAnswer;
}

/** A close counts where it comes again, and not on a connection where no ChangeCipherSpec was sent. */
async function settledCcs(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  suites: readonly number[],
  first: CcsAnswer,
): Promise<Judgement> {
  if (first.isHangup !== true) return confirmed(target, protocol, suites, first);
  const { ccs } = await ask(target, protocol, suites, false);
  if (ccs === undefined) return cannotJudge("ChangeCipherSpec was not asked for");
  if (ccs.isHangup !== true) return confirmed(target, protocol, suites, ccs);
  if (await waits(target, protocol, suites)) return ccs.judgement;
  return cannotJudge("The server hangs up without a ChangeCipherSpec as well");
}

/** Whether the server waits for a client that says nothing after its flight. */
async function waits(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  suites: readonly number[],
): Promise<boolean> {
  const { serverName } = target;
  const name = serverName === undefined ? {} : { serverName };
  const conversed = await converse(target, function* (): Flow<boolean> {
    const connection = createConnection();
    const offer = legacyOffer(protocol, { suites, ...name });
    const { flight } = yield* takeServerFlight(connection, offer);
    return flight.end === "done" && (yield* staysOpen(connection));
  });
  return conversed.kind === "spoken" && conversed.value;
}

/**
 * A swallowed ChangeCipherSpec is believed when it happens twice and the refusal is that of a record
 * that was decrypted: OpenSSL's word for one of a length no CBC cipher has is decryption_failed.
 */
async function confirmed(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  suites: readonly number[],
  first: CcsAnswer,
): Promise<Judgement> {
  if (first.swallowed === undefined) return first.judgement;
  const isCbc = CBC_SUITES.includes(first.swallowed.suite);
  const again = await ask(target, protocol, isCbc ? suites : CBC_SUITES, false);
  const second = isCbc || again.ccs?.swallowed ? again : await ask(target, protocol, suites, false);
  if (second.ccs?.swallowed === undefined) {
    return cannotJudge("An early ChangeCipherSpec was swallowed once, not twice");
  }
  const { suite, code } = second.ccs.swallowed;
  if (CBC_SUITES.includes(suite) && code !== ALERTS.decryptionFailed) {
    return cannotJudge(
      "An early ChangeCipherSpec was swallowed, but what followed was not refused as undecryptable",
    );
  }
  const because = `An early ChangeCipherSpec was swallowed, the next one refused with alert ${code}`;
  return { verdict: "vulnerable", because };
}

async function ask(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  suites: readonly number[],
  asksHeartbeat: boolean,
): Promise<Answers> {
  const { serverName } = target;
  const conversed = await converse(target, function* (): Flow<Answers> {
    const connection = createConnection();
    const offer = legacyOffer(protocol, {
      suites,
      ...(asksHeartbeat && { heartbeatMode: 1 }),
      ...(serverName !== undefined && { serverName }),
    });
    const { flight } = yield* takeServerFlight(connection, offer);
    const takesHeartbeats = flight.end === "done" && flight.hello?.heartbeatMode !== undefined;
    const heartbeat = asksHeartbeat ? yield* heartbleedOver(connection, flight) : undefined;
    if (takesHeartbeats && heartbeat !== undefined) return { heartbeat };
    const ccs = yield* ccsOver(connection, flight);
    return heartbeat === undefined ? { ccs } : { heartbeat, ccs };
  });
  if (conversed.kind === "spoken") return conversed.value;
  const { why } = conversed;
  return { heartbeat: unasked(why), ccs: { judgement: cannotJudge(why) } };
}

function* ccsOver(connection: Connection, flight: ServerFlight): Flow<CcsAnswer> {
  if (flight.hello === undefined || flight.end !== "done") {
    const how = typeof flight.end === "string" ? flight.end : describeReceived(flight.end);
    return { judgement: cannotJudge(`The server's flight did not come: ${how}`) };
  }
  const ccs = connection.seal(CONTENT_TYPES.changeCipherSpec, Uint8Array.of(1));
  yield writing(ccs);
  const first = yield* lastWord(connection, "grace");
  if (!isSilence(first)) return { judgement: refused(first), isHangup: isHangup(first) };
  yield writing(ccs);
  const second = yield* lastWord(connection, "answer");
  const isUndecryptable =
    second.kind === "alert" &&
    (second.code === ALERTS.badRecordMac || second.code === ALERTS.decryptionFailed);
  if (isUndecryptable) {
    const swallowed = { suite: flight.hello.suite, code: second.code };
    return { judgement: cannotJudge("An early ChangeCipherSpec was swallowed"), swallowed };
  }
  // An alert for the first may be slow on its way; a bare close may be either.
  if (second.kind === "alert") return { judgement: refused(second) };
  const how = describeReceived(second);
  return { judgement: cannotJudge(`An early ChangeCipherSpec was not answered: ${how}`) };
}

function* lastWord(connection: Connection, patience: "grace" | "answer"): Flow<Received> {
  for (;;) {
    const received = yield* connection.receive(patience);
    if (isLastWord(received)) return received;
  }
}

function refused(by: Received): Judgement {
  const how = describeReceived(by);
  if (by.kind === "alert" || isHangup(by)) {
    return { verdict: "not-vulnerable", because: `An early ChangeCipherSpec was refused: ${how}` };
  }
  return cannotJudge(`An early ChangeCipherSpec was not answered: ${how}`);
}
