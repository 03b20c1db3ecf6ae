import type { TlsProtocol } from "../../core/tls-scan.ts";
import { ALERTS } from "../../wire/tls/alerts.ts";
import { SUITES_PER_PLAIN_HELLO_MAX } from "../../wire/tls/client-hello.ts";
import type { ClientOffer } from "../../wire/tls/client-offer.ts";
import { CONTENT_TYPES } from "../../wire/tls/records.ts";
import {
  encodeSsl2ClientHello,
  SSL2_CIPHER_KINDS,
  type Ssl2ServerHello,
  ssl2CipherName,
  ssl2Reader,
} from "../../wire/tls/ssl2.ts";
import { suiteName } from "../../wire/tls/suites.ts";
import type { Question } from "./caller.ts";
import type { Dialer } from "./dialer.ts";
import { type HelloAnswer, type HelloReply, whyOpen } from "./hello-answer.ts";
import { helloQuestion, type RecordProtocol, randomBytes, suiteLists } from "./hello-plan.ts";
import { isOf, type Peeled, peel } from "./peel.ts";
import { readWithin, type Taker } from "./timed-reading.ts";

/** What one protocol version came to. */
export interface ProtocolSurvey {
  readonly protocol: TlsProtocol;
  readonly state: "on" | "off" | "unknown";
  /** Why it is unknown. */
  readonly why?: string;
  /** Codes in the order the server took them; empty for SSL 2.0, whose kinds are no suites. */
  readonly suites: readonly number[];
  readonly suiteNames: readonly string[];
  readonly incomplete?: string;
  /** Answered only without extensions: nothing can be asked that needs one. */
  readonly isPlain?: boolean;
  readonly replies: readonly HelloReply[];
  /** Certificates of SSL 2.0. */
  readonly chain: readonly Uint8Array[];
  /** The answer to the first hello: what a verdict on the whole server may rest on. */
  readonly first: HelloAnswer | undefined;
}

/** The first question of `surveySuites`: whose answer can be handed to it as `knock`. */
export function knockQuestion(protocol: RecordProtocol, serverName: string | undefined): Question {
  const [suites = []] = suiteLists(protocol).ordinary;
  return helloQuestion({ protocol, suites, serverName });
}

/** Finds whether a protocol is offered and every suite it takes: one connection for each, and one. */
export async function surveySuites(
  dialer: Dialer,
  protocol: RecordProtocol,
  serverName: string | undefined,
  knock?: HelloAnswer,
): Promise<ProtocolSurvey> {
  const lists = suiteLists(protocol);
  // A knock nobody answered is asked again: by now an older protocol may have shown that TLS is there.
  const answered = knock?.kind === "unasked" ? undefined : knock;
  const peelList = (offer: readonly number[], at: number, more: Partial<ClientOffer> = {}) =>
    peel(dialer, {
      ...(at === 0 && answered !== undefined ? { first: answered } : {}),
      protocol,
      offer,
      question: (suites) => helloQuestion({ protocol, suites, serverName, more }),
      taken: ({ hello }) => hello.suite,
    });
  const [likely = [], ...unlikely] = lists.ordinary;
  const first = await peelList(likely, 0);
  if (protocol !== "TLSv1.3" && first.taken.length === 0 && refusesExtensions(first.last)) {
    const plain = await surveyPlain(dialer, protocol);
    if (plain.state === "on") return plain;
  }
  const isSettled = first.taken.length === 0 && !mayHaveOthers(first.last, protocol);
  const rest = isSettled ? [] : [...unlikely, ...(protocol === "TLSv1.2" ? lists.keyed : [])];
  const others = await Promise.all(rest.map((list) => peelList(list, 1)));
  return summarise(protocol, [first, ...others]);
}

/** As `surveySuites` for what it finds likeliest, by short hellos without extensions, as before RFC 3546. */
export async function surveyPlain(
  dialer: Dialer,
  protocol: RecordProtocol,
  knock?: HelloAnswer,
): Promise<ProtocolSurvey> {
  const plain = await peel(dialer, {
    ...(knock === undefined ? {} : { first: knock }),
    protocol,
    offer: plainSuites(protocol),
    question: (suites) => plainQuestion(protocol, suites),
    taken: ({ hello }) => hello.suite,
  });
  return { ...summarise(protocol, [plain]), isPlain: true };
}

/** The first question of `surveyPlain`: fewer than 256 bytes. */
export function plainKnock(protocol: RecordProtocol): Question {
  return shortly(plainQuestion(protocol, plainSuites(protocol)));
}

function plainSuites(protocol: RecordProtocol): readonly number[] {
  const [likely = []] = suiteLists(protocol).ordinary;
  return likely.slice(0, SUITES_PER_PLAIN_HELLO_MAX);
}

function plainQuestion(protocol: RecordProtocol, suites: readonly number[]): Question {
  const more = { withoutExtensions: true } as const;
  return helloQuestion({ protocol, suites, serverName: undefined, more });
}

/** A last question to a server that has said nothing is not waited for as long as the first. */
const LAST_KNOCK_MS = 2500;

function shortly(question: Question): Question {
  return (stream, limitMs) => question(stream, Math.min(limitMs, LAST_KNOCK_MS));
}

/** Alerts of servers that read no hello with extensions, older than RFC 3546. */
const EXTENSION_ALERTS: ReadonlySet<number> = new Set([
  ALERTS.unexpectedMessage,
  ALERTS.illegalParameter,
  ALERTS.decodeError,
]);

function refusesExtensions(last: HelloAnswer | undefined): boolean {
  return last?.kind === "alert" && EXTENSION_ALERTS.has(last.code);
}

/** Whether a refusal may be for the suites alone, so that others are worth a question. */
function mayHaveOthers(last: HelloAnswer | undefined, protocol: RecordProtocol): boolean {
  if (last === undefined || protocol === "TLSv1.3" || whyOpen(last) !== undefined) return false;
  if (last.kind === "reply") return isOf(last, protocol);
  return last.kind === "alert" && last.code === ALERTS.handshakeFailure && protocol === "TLSv1.2";
}

/** A refusal for the name says nothing of versions and suites. */
function whyIncomplete({ incomplete, last }: Peeled): string | undefined {
  if (incomplete !== undefined || last?.kind !== "alert") return incomplete;
  return last.code === ALERTS.unrecognizedName ? "the server refuses the name" : undefined;
}

function summarise(protocol: RecordProtocol, parts: readonly Peeled[]): ProtocolSurvey {
  const suites = parts.flatMap(({ taken }) => taken);
  const replies = parts.flatMap(({ replies: list }) => list);
  const incomplete = parts.map(whyIncomplete).find((why) => why !== undefined);
  const isOn = suites.length > 0;
  const state = isOn ? "on" : incomplete === undefined ? "off" : "unknown";
  return {
    protocol,
    state,
    suites,
    suiteNames: suites.map(suiteName),
    replies,
    chain: [],
    first: replies[0] ?? parts[0]?.last,
    ...(state === "unknown" && incomplete !== undefined ? { why: incomplete } : {}),
    ...(isOn && incomplete !== undefined ? { incomplete } : {}),
  };
}

/** Asks for SSL 2.0, which answers with all its cipher kinds at once. */
export async function surveySsl2(dialer: Dialer): Promise<ProtocolSurvey> {
  const answer = await dialer.ask(ssl2Question());
  const why = whyOpen(answer);
  const survey = { protocol: "SSLv2", suites: [], replies: [], first: answer } as const;
  if (answer.kind === "ssl2") {
    return { ...survey, state: "on", suiteNames: answer.suites, chain: answer.chain };
  }
  // Bytes that are not SSL 2.0 are a refusal in a language of the server's own.
  const isOpen = why !== undefined && answer.kind !== "garbage";
  return {
    ...survey,
    state: isOpen ? "unknown" : "off",
    suiteNames: [],
    chain: [],
    ...(isOpen ? { why } : {}),
  };
}

/** SSL 2.0's question for a server that said nothing to TLS: some wait for the rest of what they take it for. */
export function ssl2Knock(): Question {
  return shortly(ssl2Question());
}

function ssl2Question(): Question {
  const hello = encodeSsl2ClientHello({
    cipherKinds: SSL2_CIPHER_KINDS.map(({ code }) => code),
    challenge: randomBytes(16),
  });
  return async (stream, limitMs) => {
    await stream.write(hello);
    return readWithin(stream, limitMs, ssl2Taker());
  };
}

function ssl2Taker(): Taker<HelloAnswer> {
  const reader = ssl2Reader();
  let isFirst = true;
  return {
    take(chunk) {
      // An alert record, as TLS servers answer this hello.
      if (isFirst && chunk[0] === CONTENT_TYPES.alert)
        return { kind: "alert", code: chunk[6] ?? 0 };
      isFirst = false;
      const event = reader.feed(chunk);
      if (event === undefined) return undefined;
      if (event.kind === "malformed") return { kind: "garbage", why: event.message, isTls: false };
      if (event.message.kind === "error") return { kind: "alert", code: ALERTS.handshakeFailure };
      return ssl2Reply(event.message);
    },
    cut: (how) => (how === "silence" ? { kind: "silent" } : { kind: "closed", how }),
  };
}

function ssl2Reply({ certificate, cipherKinds }: Ssl2ServerHello): HelloAnswer {
  return {
    kind: "ssl2",
    suites: cipherKinds.map(ssl2CipherName),
    chain: certificate.length > 0 ? [certificate] : [],
  };
}
