import type { ByteStream } from "../../core/host.ts";
import { HostError } from "../../core/reading.ts";
import { sleep } from "./connection-gate.ts";
import { type HelloAnswer, isSpoken, whyOpen } from "./hello-answer.ts";
import type { ScanBudget } from "./scan-budget.ts";
import type { ScanPlace } from "./scan-target.ts";
import { speakStarttls } from "./starttls.ts";

/** A connection is waited for this long. */
const CONNECT_MS = 5000;
/** An answer is waited for this long as long as the server's pace is not known. */
const ANSWER_AT_FIRST_MS = 6000;
const ANSWER_MS_MIN = 3000;
const ANSWER_MS_MAX = 10_000;

/** Asks one thing over a fresh connection; `limitMs` is for the whole answer. */
export type Question = (stream: ByteStream, limitMs: number) => Promise<HelloAnswer>;

/** An answer and when its connection was opened, by `performance.now()`. */
export interface Tried {
  readonly answer: HelloAnswer;
  readonly openedAtMs: number;
}

/** Makes connections, and remembers how the server answered. */
export interface Caller {
  /** One connection, one answer. */
  once(question: Question): Promise<Tried>;
  /** A connection on which TLS may start. Throws `HostError`. */
  connect(): Promise<ByteStream>;
  /** Limit for an answer, by the slowest so far. */
  readonly answerMs: number;
  /** A question the server answered with a hello of its own. */
  readonly reference: Question | undefined;
  /** When the newest connection was opened that the server spoke TLS on. */
  readonly spokenAtMs: number;
}

export function createCaller(
  place: ScanPlace,
  budget: ScanBudget,
  signal: AbortSignal,
  onSpoken: () => void,
): Caller {
  let slowestMs: number | undefined;
  let reference: Question | undefined;
  let spokenAtMs = Number.NEGATIVE_INFINITY;
  const answerMs = () =>
    slowestMs === undefined
      ? ANSWER_AT_FIRST_MS
      : Math.min(ANSWER_MS_MAX, Math.max(ANSWER_MS_MIN, 3 * slowestMs + 2000));
  const connect = () => {
    budget.take();
    return connectTo(place, signal, answerMs());
  };
  const learn = (answer: HelloAnswer, question: Question, openedAtMs: number) => {
    if (!isSpoken(answer)) return;
    // What was waited for in vain is not the server's pace.
    const isStalled = answer.kind === "reply" && answer.isStalled === true;
    if (!isStalled) slowestMs = Math.max(slowestMs ?? 0, performance.now() - openedAtMs);
    spokenAtMs = Math.max(spokenAtMs, openedAtMs);
    if (answer.kind !== "alert") {
      reference ??= question;
      budget.credit();
    }
    onSpoken();
  };
  return {
    connect,
    async once(question) {
      const openedAtMs = performance.now();
      const why = budget.exhausted();
      if (why !== undefined) return { answer: { kind: "unasked", why }, openedAtMs };
      let stream: ByteStream | undefined;
      try {
        stream = await connect();
        const answer = await question(stream, answerMs());
        learn(answer, question, openedAtMs);
        return { answer, openedAtMs };
      } catch (error) {
        const answer = failure(error);
        if (isShortage(error)) budget.giveUp(`this machine cannot connect: ${whyOpen(answer)}`);
        return { answer, openedAtMs };
      } finally {
        stream?.close();
      }
    },
    get answerMs() {
      return answerMs();
    },
    get reference() {
      return reference;
    },
    get spokenAtMs() {
      return spokenAtMs;
    },
  };
}

async function connectTo(
  { host, target, address }: ScanPlace,
  signal: AbortSignal,
  answerMs: number,
): Promise<ByteStream> {
  const options = { address, timeoutMs: CONNECT_MS, signal };
  const stream = await untilAtHand(() => host.openStream(target.host, target.port, options));
  if (target.starttls === undefined) return stream;
  const name = target.sni ?? target.host;
  let refusal: string | undefined = "interrupted";
  try {
    refusal = await speakStarttls(stream, target.starttls, name, answerMs);
  } finally {
    if (refusal !== undefined) stream.close();
  }
  if (refusal === undefined) return stream;
  throw new HostError("malformed", refusal, { reason: STARTTLS });
}

const STARTTLS = "STARTTLS";
/** Ports, files and memory that ran out here: they say nothing of the server. */
const OWN_SHORTAGES: ReadonlySet<string> = new Set([
  "EADDRNOTAVAIL",
  "EMFILE",
  "ENFILE",
  "ENOBUFS",
  "ENOMEM",
]);
/** Pauses before a connection is tried again for which this machine had no port or file: others give theirs back. */
const SHORTAGE_PAUSES_MS: readonly number[] = [250, 1000, 3000];

async function untilAtHand<T>(open: () => Promise<T>): Promise<T> {
  for (const pauseMs of SHORTAGE_PAUSES_MS) {
    try {
      return await open();
    } catch (error) {
      if (!isShortage(error)) throw error;
      await sleep(pauseMs);
    }
  }
  return open();
}

function isShortage(error: unknown): boolean {
  return error instanceof HostError && OWN_SHORTAGES.has(error.reason ?? "");
}

function failure(error: unknown): HelloAnswer {
  if (!(error instanceof HostError)) throw error;
  if (error.reason === STARTTLS) return { kind: "no-starttls", why: error.message };
  if (isShortage(error)) return { kind: "unasked", why: error.message };
  if (error.code === "interrupted") return { kind: "unasked", why: "interrupted" };
  if (error.code === "not-granted" || error.code === "not-recorded") throw error;
  const isReset = error.reason === "EPIPE" || error.reason === "ECONNRESET";
  if (isReset) return { kind: "closed", how: "reset" };
  return { kind: "unreachable", why: error.message, reason: error.reason };
}
