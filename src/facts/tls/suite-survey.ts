import type { TlsProtocol } from "../../core/tls-scan.ts";
import { ALERTS } from "../../wire/tls/alerts.ts";
import { ascii, vector } from "../../wire/tls/byte-writing.ts";
import { SUITES_PER_PLAIN_HELLO_MAX } from "../../wire/tls/client-hello.ts";
import type { ClientOffer } from "../../wire/tls/client-offer.ts";
import { EXTENSION_TYPES } from "../../wire/tls/extensions.ts";
import { CONTENT_TYPES } from "../../wire/tls/records.ts";
import {
  encodeSsl2ClientHello,
  SSL2_CIPHER_KINDS,
  type Ssl2ServerHello,
  ssl2CipherName,
  ssl2Reader,
} from "../../wire/tls/ssl2.ts";
import { suiteByCode, suiteName } from "../../wire/tls/suites.ts";
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
  const nameless = await peelList(likely, 0);
  // Extensions came after SSL 3.0, yet servers read them: without one that is strict about names says nothing else.
  const isNameWanted = protocol === "SSLv3" && serverName !== undefined && refusesName(nameless);
  const named: Partial<ClientOffer> = isNameWanted ? { withoutExtensions: false } : {};
  const first = isNameWanted ? await peelList(likely, 1, named) : nameless;
  if (protocol !== "TLSv1.3" && first.taken.length === 0 && refusesExtensions(first.last)) {
    const plain = await surveyPlain(dialer, protocol);
    if (plain.state === "on") return plain;
  }
  const isSettled = first.taken.length === 0 && !mayHaveOthers(first.last, protocol);
  const keyed = protocol === "TLSv1.2" ? lists.keyed : [];
  if (isSettled) return summarise(protocol, [first]);
  const others = await Promise.all([
    ...unlikely.map(async (list) => [await peelList(list, 1, named)]),
    ...keyed.map((list) => peelKeyed(dialer, protocol, list, serverName)),
  ]);
  return summarise(protocol, [first, ...others.flat()]);
}

/** A name to agree on a password for: without one SRP is not chosen (RFC 5054 section 2.8.1). */
const SRP_NAME: Partial<ClientOffer> = {
  extraExtensions: [{ type: EXTENSION_TYPES.srp, data: vector(1, ascii("plimsoll")) }],
};

/**
 * Suites with pre-shared keys. A server that chose SRP and does not know the name says so (RFC 5054 section
 * 2.5.1.3): then the others are asked for alone, and which of SRP's it has stays open.
 */
async function peelKeyed(
  dialer: Dialer,
  protocol: RecordProtocol,
  offer: readonly number[],
  serverName: string | undefined,
): Promise<readonly Peeled[]> {
  const ask = (list: readonly number[], more: Partial<ClientOffer>) =>
    peel(dialer, {
      protocol,
      offer: list,
      question: (suites) => helloQuestion({ protocol, suites, serverName, more }),
      taken: ({ hello }) => hello.suite,
    });
  const all = await ask(offer, SRP_NAME);
  if (all.last?.kind !== "alert" || all.last.code !== ALERTS.unknownPskIdentity) return [all];
  const others = offer.filter(
    (code) => !all.taken.includes(code) && suiteByCode(code)?.keyExchange !== "SRP",
  );
  return [
    { ...all, incomplete: "SRP is offered, to names the server knows" },
    await ask(others, {}),
  ];
}

/**
 * The suites with pre-shared keys of an older protocol, for a server that has some or nothing else. The
 * survey as it was where that is settled: an alert about the version, or no answer at all.
 */
export async function withKeyedSuites(
  dialer: Dialer,
  survey: ProtocolSurvey,
  serverName: string | undefined,
): Promise<ProtocolSurvey> {
  const { protocol, state, first } = survey;
  const isOpen = state === "on" || isRefusalOfSuites(first);
  if (protocol === "SSLv2" || protocol === "TLSv1.3" || !isOpen) return survey;
  const [offer = []] = suiteLists(protocol).keyed;
  const keyed = await peelKeyed(dialer, protocol, offer, serverName);
  const more = summarise(protocol, keyed);
  if (more.state === "off") return survey;
  const incomplete = survey.incomplete ?? more.incomplete ?? more.why;
  return {
    ...survey,
    state: more.state === "on" || state === "on" ? "on" : more.state,
    suites: [...survey.suites, ...more.suites],
    suiteNames: [...survey.suiteNames, ...more.suiteNames],
    replies: [...survey.replies, ...more.replies],
    first: survey.replies[0] ?? more.replies[0] ?? first,
    ...(state !== "on" && more.why !== undefined ? { why: more.why } : {}),
    ...(incomplete === undefined ? {} : { incomplete }),
  };
}

function isRefusalOfSuites(answer: HelloAnswer | undefined): boolean {
  return answer?.kind === "alert" && answer.code === ALERTS.handshakeFailure;
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
  return isRefusalOfSuites(last) && protocol === "TLSv1.2";
}

function refusesName({ last }: Peeled): boolean {
  return last?.kind === "alert" && last.code === ALERTS.unrecognizedName;
}

/** A refusal for the name says nothing of versions and suites. */
function whyIncomplete(peeled: Peeled): string | undefined {
  if (peeled.incomplete !== undefined) return peeled.incomplete;
  return refusesName(peeled) ? "the server refuses the name" : undefined;
}

/**
 * A server that showed no certificate in any protocol may fail for another reason than the version: Go does where
 * it has none for the name. One that did means the version (OpenSSL 3 cannot sign for TLS 1.0 at its usual level).
 */
export function withFailures(
  surveys: readonly ProtocolSurvey[],
  hasModernCertificate: boolean,
): readonly ProtocolSurvey[] {
  const isShown = surveys.some(({ replies }) => replies.some(({ isWhole }) => isWhole));
  if (isShown || hasModernCertificate) return surveys;
  return surveys.map((survey) => {
    const { state, first } = survey;
    const hasFailed = first?.kind === "alert" && first.code === ALERTS.internalError;
    if (state !== "off" || !hasFailed) return survey;
    return { ...survey, state: "unknown", why: "the server fails: internal_error" };
  });
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
