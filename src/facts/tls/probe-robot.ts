import { concat, u16, vector } from "../../wire/tls/byte-writing.ts";
import { encodeHandshake, HANDSHAKE_TYPES } from "../../wire/tls/handshake.ts";
import { CONTENT_TYPES, encodeRecord } from "../../wire/tls/records.ts";
import { CIPHER_SUITES } from "../../wire/tls/suites.ts";
import {
  createConnection,
  describeReceived,
  type Received,
  writing,
} from "../../wire/tls-session/connection.ts";
import type { Flow } from "../../wire/tls-session/flow.ts";
import { freshBytes } from "../../wire/tls-session/fresh-bytes.ts";
import { type LegacyProtocol, legacyOffer } from "../../wire/tls-session/offers.ts";
import { rsaKeyOf, rsaRaw } from "../../wire/tls-session/premaster.ts";
import { type ServerFlight, takeServerFlight } from "../../wire/tls-session/server-flight.ts";
import { RSA_KEY_EXCHANGE_SUITES } from "../../wire/tls-session/suite-parameters.ts";
import { isLastWord } from "./probe-client-certificate.ts";
import { isSilence } from "./probe-odd-record.ts";
import { cannotJudge, converse, type Judgement, type ProbeTarget } from "./probe-stream.ts";

/** Paddings of the premaster secret a server must treat alike (Böck, Somorovsky, Young: ROBOT, 2017, table 1). */
const PADDINGS = ["right", "wrong-start", "no-zero", "late-zero", "wrong-version"] as const;
type Padding = (typeof PADDINGS)[number];

/** Suites with static RSA, those nobody should use among them: the block comes before the cipher. */
const STATIC_RSA_SUITES: readonly number[] = [
  ...new Set([
    ...RSA_KEY_EXCHANGE_SUITES,
    ...CIPHER_SUITES.filter(
      ({ keyExchange, authentication, isExport }) =>
        keyExchange === "RSA" && authentication === "RSA" && !isExport,
    ).map(({ code }) => code),
  ]),
];
/** An empty list, for servers that ask for one (RFC 5246 section 7.4.6). */
const NO_CERTIFICATE = encodeHandshake(HANDSHAKE_TYPES.certificate, vector(3));
/** Times all paddings must be told apart in the same way. */
const ROUNDS = 3;
/** Times all paddings must be closed on alike: once a server that just then went away does that too. */
const ROUNDS_CLOSED = 2;
const CLOSED = "closed";
const PREMASTER_BYTES = 48;
const PADDING_BYTES_MIN = 8;
/** A Finished nobody can decrypt: a whole number of blocks, long enough for every MAC and tag. */
const FINISHED_BYTES = 80;

/** What a server said to one padding: `early` before our Finished, `late` after it. */
interface Answered {
  readonly kind: "answered";
  readonly phase: "early" | "late";
  /** An alert's code or "closed": whether a close is orderly depends on what is unread, not on us. */
  readonly word: string;
}
type Answer =
  | Answered
  /** The suites are refused or the flight does not come: the question cannot be put. */
  | { readonly kind: "not-asked"; readonly judgement: Judgement }
  /** No answer in time, which is none. */
  | { readonly kind: "silent"; readonly why: string };

/**
 * ROBOT (CVE-2017-13099 and others): whether a server with static RSA tells a wrong padding from a right
 * one. Vulnerable only when the same difference shows three times; timeouts are no answers.
 */
export async function probeRobot(
  target: ProbeTarget,
  protocol: LegacyProtocol,
): Promise<Judgement> {
  const first = await round(target, protocol);
  if (!Array.isArray(first)) return first;
  const word = first[0]?.word ?? "";
  const isAlike = new Set(first.map(wholeOf)).size === 1;
  if (isAlike && first[0]?.phase === "early") {
    return cannotJudge(`Every key exchange is refused before its Finished: ${word}`);
  }
  if (isAlike && word !== CLOSED) {
    return {
      verdict: "not-vulnerable",
      because: `Five paddings got the same answer: ${word}`,
    };
  }
  const rounds = [first];
  while (rounds.length < (isAlike ? ROUNDS_CLOSED : ROUNDS)) {
    const next = await round(target, protocol);
    if (!Array.isArray(next))
      return cannotJudge(`Answers differed, but not again: ${next.because}`);
    rounds.push(next);
  }
  return judgeRounds(rounds);
}

/** Each padding's answers over all rounds; a difference counts where it is the same every time. */
function judgeRounds(rounds: readonly (readonly Answered[])[]): Judgement {
  for (const say of [wholeOf, wordOf]) {
    const [first = [], ...others] = rounds.map((round) => round.map(say));
    const isSteady = others.every((other) => other.every((word, i) => word === first[i]));
    if (!isSteady) continue;
    if (new Set(first).size === 1) {
      return {
        verdict: "not-vulnerable",
        because: `Five paddings got the same answer: ${first[0]}`,
      };
    }
    const told = PADDINGS.map((padding, i) => `${padding} ${first[i]}`).join(", ");
    return { verdict: "vulnerable", because: `Paddings are told apart, three times: ${told}` };
  }
  return cannotJudge("Answers to five paddings change from one time to the next");
}

function wholeOf({ phase, word }: Answered): string {
  return `${word} (${phase})`;
}

function wordOf({ word }: Answered): string {
  return word;
}

/** Five paddings, five connections; one that was met with silence is asked once more. */
async function round(
  target: ProbeTarget,
  protocol: LegacyProtocol,
): Promise<Answered[] | Judgement> {
  const answers: Answered[] = [];
  const ask = async (padding: Padding, onTaken?: () => void): Promise<Answer> => {
    const answer = await askOne(target, protocol, padding, onTaken);
    return answer.kind === "silent" ? await askOne(target, protocol, padding) : answer;
  };
  // The others follow once the first can be asked: a server without static RSA is asked once.
  const isTaken = Promise.withResolvers<boolean>();
  const [right, ...wrong] = PADDINGS;
  const asking = ask(right, () => isTaken.resolve(true)).finally(() => isTaken.resolve(false));
  const following = isTaken.promise.then((isOn) =>
    isOn ? Promise.all(wrong.map((padding) => ask(padding))) : [],
  );
  const [first, rest] = await Promise.all([asking, following]);
  for (const answer of [first, ...rest]) {
    if (answer.kind === "not-asked") return answer.judgement;
    if (answer.kind === "silent") return cannotJudge(answer.why);
    answers.push(answer);
  }
  return answers;
}

async function askOne(
  target: ProbeTarget,
  protocol: LegacyProtocol,
  padding: Padding,
  onTaken?: () => void,
): Promise<Answer> {
  const conversed = await converse(target, () => paddingFlow(target, protocol, padding, onTaken));
  if (conversed.kind === "spoken") return conversed.value;
  return { kind: "not-asked", judgement: cannotJudge(conversed.why) };
}

function* paddingFlow(
  { serverName }: ProbeTarget,
  protocol: LegacyProtocol,
  padding: Padding,
  onTaken?: () => void,
): Flow<Answer> {
  const connection = createConnection();
  const offer = legacyOffer(protocol, {
    suites: STATIC_RSA_SUITES,
    ...(serverName !== undefined && { serverName }),
  });
  const { flight, clientHello } = yield* takeServerFlight(connection, offer);
  const sent = keyExchangeOf(flight, padding, clientHello.legacyVersion);
  if (!(sent instanceof Uint8Array)) return { kind: "not-asked", judgement: sent };
  onTaken?.();
  // A server that insists on a certificate refuses all of them alike before it comes to the padding.
  const messages = flight.requestsCertificate ? [NO_CERTIFICATE, sent] : [sent];
  const sealed = messages.map((message) => connection.seal(CONTENT_TYPES.handshake, message));
  yield writing(concat(...sealed));
  const early = yield* lastWord(connection.receive("grace"));
  if (early !== undefined && !isSilence(early)) return answered("early", early);
  const { version } = connection;
  yield writing(
    concat(
      encodeRecord(CONTENT_TYPES.changeCipherSpec, version, Uint8Array.of(1)),
      encodeRecord(CONTENT_TYPES.handshake, version, freshBytes(FINISHED_BYTES)),
    ),
  );
  for (;;) {
    const late = yield* lastWord(connection.receive("answer"));
    if (late === undefined) continue;
    if (isSilence(late)) return { kind: "silent", why: "A padding was not answered in time" };
    return answered("late", late);
  }
}

function* lastWord(receiving: Flow<Received>): Flow<Received | undefined> {
  const received = yield* receiving;
  return isLastWord(received) ? received : undefined;
}

function answered(phase: Answered["phase"], received: Received): Answer {
  if (received.kind === "alert") {
    return { kind: "answered", phase, word: describeReceived(received) };
  }
  if (received.kind === "closed") return { kind: "answered", phase, word: CLOSED };
  const judgement = cannotJudge(`After a padding: ${describeReceived(received)}`);
  return { kind: "not-asked", judgement };
}

/** ClientKeyExchange with the padding in it, or why there can be none. */
function keyExchangeOf(
  flight: ServerFlight,
  padding: Padding,
  helloVersion: number,
): Uint8Array | Judgement {
  const { hello, end } = flight;
  if (hello === undefined && typeof end === "object" && end.kind === "alert") {
    const because = `Suites with static RSA are refused: ${describeReceived(end)}`;
    return { verdict: "not-applicable", because };
  }
  if (end !== "done") {
    const how = typeof end === "string" ? end : describeReceived(end);
    return cannotJudge(`The server's flight did not come: ${how}`);
  }
  if (hello === undefined || !STATIC_RSA_SUITES.includes(hello.suite)) {
    return cannotJudge("The server took a suite that was not offered");
  }
  const key = rsaKeyOf(flight.chain[0]);
  const block = key && blockOf(padding, key.modulusBytes, helloVersion);
  const encrypted = key && block && rsaRaw(key, block);
  if (encrypted === undefined) return cannotJudge("The server's RSA key cannot be used");
  return encodeHandshake(HANDSHAKE_TYPES.clientKeyExchange, vector(2, encrypted));
}

/** The encoded block (RFC 8017 section 7.2.1), with the padding's fault. */
function blockOf(padding: Padding, modulusBytes: number, version: number): Uint8Array | undefined {
  const fillerBytes = modulusBytes - PREMASTER_BYTES - 3;
  if (fillerBytes < PADDING_BYTES_MIN) return undefined;
  // No byte is zero but where it is meant, so every block has exactly its own fault.
  const filler = nonZero(fillerBytes);
  const secret = nonZero(PREMASTER_BYTES - 2);
  const start = Uint8Array.of(0, 2);
  const zero = Uint8Array.of(0);
  const other = Uint8Array.of(0x11);
  switch (padding) {
    case "right":
      return concat(start, filler, zero, u16(version), secret);
    case "wrong-start":
      return concat(Uint8Array.of(0x41, 0x17), filler, zero, u16(version), secret);
    case "no-zero":
      return concat(start, filler, other, u16(version), secret);
    case "late-zero":
      return concat(start, filler, other, u16(version), secret.subarray(2), zero, other);
    case "wrong-version":
      return concat(start, filler, zero, u16(0x0202), secret);
  }
}

function nonZero(length: number): Uint8Array {
  return freshBytes(length).map((byte) => byte || 1);
}
