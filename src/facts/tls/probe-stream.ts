import type { ByteStream } from "../../core/host.ts";
import { HostError } from "../../core/reading.ts";
import type { TlsVerdict } from "../../core/tls-scan.ts";
import type { Flow, Incoming, Patience } from "../../wire/tls-session/flow.ts";

/** Shortest and longest wait where the server may well stay silent. */
const GRACE_MS_MIN = 120;
const GRACE_MS_MAX = 2000;
/** The grace in terms of the slowest answer this server gave on the connection. */
const GRACE_FACTOR = 4;
/** One conversation takes at most this many times the limit of one answer. */
const CONVERSATION_FACTOR = 4;
/** A connection that died before the server said a word is tried again this often, one that stayed silent once. */
const RETRIES = 2;
const SILENT_RETRIES = 1;
const RETRY_PAUSE_MS = 250;

/** A server as the probes see it. */
export interface ProbeTarget {
  /** A connection on which TLS may start (STARTTLS is spoken). Throws `HostError`. */
  readonly open: () => Promise<ByteStream>;
  /** Called before a connection that was cut before its first byte is opened again. */
  readonly recheck?: () => Promise<void>;
  /** Sent as SNI; `undefined` for an address. */
  readonly serverName: string | undefined;
  /** Limit for one answer. */
  readonly timeoutMs: number;
}

/** A verdict with the sentence that says what it rests on. */
export interface Judgement {
  readonly verdict: TlsVerdict;
  /** Sentence case, no full stop. */
  readonly because: string;
}

/** What came of a conversation: its result, or why there was none. */
export type Conversed<T> =
  | { readonly kind: "spoken"; readonly value: T }
  | { readonly kind: "unreachable"; readonly why: string };

/**
 * Opens a connection and holds the conversation on it, then closes it.
 *
 * `makeFlow` is called once per connection: one that ended before the server's first byte is opened
 * again, for that is how rate limits look; so is one that was met with silence, as by a server that
 * serves one client after the other.
 */
export async function converse<T>(
  target: ProbeTarget,
  makeFlow: () => Flow<T>,
): Promise<Conversed<T>> {
  for (let attempt = 0; ; attempt += 1) {
    const { conversed, stillborn } = await converseOnce(target, makeFlow);
    if (stillborn === undefined) return conversed;
    if (attempt === (stillborn === "cut" ? RETRIES : SILENT_RETRIES)) return conversed;
    await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS * (attempt + 1)));
    await target.recheck?.();
  }
}

interface Once<T> {
  readonly conversed: Conversed<T>;
  /** How the connection ended before the server's first byte, if it did. */
  readonly stillborn: "cut" | "silent" | undefined;
}

async function converseOnce<T>(target: ProbeTarget, makeFlow: () => Flow<T>): Promise<Once<T>> {
  const opened = await openStream(target);
  if (opened instanceof HostError) {
    const isCut = opened.reason === "ECONNRESET" || opened.reason === "EPIPE";
    const stillborn = isCut ? "cut" : undefined;
    return { conversed: { kind: "unreachable", why: opened.message }, stillborn };
  }
  const { value, bytes, isCut } = await runFlow(opened, makeFlow(), target.timeoutMs);
  const stillborn = bytes > 0 ? undefined : isCut ? "cut" : "silent";
  return { conversed: { kind: "spoken", value }, stillborn };
}

/** A judgement that could not be made. */
export function cannotJudge(because: string): Judgement {
  return { verdict: "unknown", because };
}

/** The stream, or why there is none. */
async function openStream({ open }: ProbeTarget): Promise<ByteStream | HostError> {
  try {
    return await open();
  } catch (error) {
    // Expected where the server throttles or the scan's connections are used up.
    if (error instanceof HostError) return error;
    throw error;
  }
}

interface Run<T> {
  readonly value: T;
  /** Bytes that came. */
  readonly bytes: number;
  /** The peer closed or reset the connection. */
  readonly isCut: boolean;
}

async function runFlow<T>(stream: ByteStream, flow: Flow<T>, timeoutMs: number): Promise<Run<T>> {
  const untilMs = performance.now() + CONVERSATION_FACTOR * timeoutMs;
  let slowestMs = 0;
  let bytes = 0;
  let isCut = false;
  const read = async (patience: Patience): Promise<Incoming> => {
    const graceMs = Math.min(GRACE_MS_MAX, Math.max(GRACE_MS_MIN, GRACE_FACTOR * slowestMs));
    const fromMs = performance.now();
    const limitMs = Math.min(patience === "grace" ? graceMs : timeoutMs, untilMs - fromMs);
    if (limitMs <= 0) return "silence";
    const incoming = await stream.read(limitMs);
    if (typeof incoming !== "string") {
      bytes += incoming.length;
      slowestMs = Math.max(slowestMs, performance.now() - fromMs);
    }
    isCut ||= incoming === "end" || incoming === "reset";
    return incoming;
  };
  try {
    let incoming: Incoming = "silence";
    for (;;) {
      const step = flow.next(incoming);
      if (step.done) return { value: step.value, bytes, isCut };
      if (step.value.do === "read") incoming = await read(step.value.patience);
      else await writeTo(stream, step.value.bytes);
    }
  } finally {
    stream.close();
  }
}

/** A peer that has gone may have left an answer, so the next read tells. */
async function writeTo(stream: ByteStream, bytes: Uint8Array): Promise<void> {
  try {
    await stream.write(bytes);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
}
