import type { ByteStream } from "../../core/host.ts";
import { HostError } from "../../core/reading.ts";
import { createAsking } from "./asking.ts";
import { createCaller, type Question } from "./caller.ts";
import { createConnectionGate } from "./connection-gate.ts";
import type { HelloAnswer } from "./hello-answer.ts";
import { createScanBudget } from "./scan-budget.ts";
import { IN_FLIGHT_MAX, type ScanOptions, type ScanPlace } from "./scan-target.ts";
import { createServerHealth } from "./server-health.ts";

/**
 * The only way to the server: counts connections, keeps few of them open and backs off.
 *
 * A connection that is closed or reset where an answer is due is believed to be the server's refusal only where
 * that happens again with no other connection open and another question is answered right after.
 */
export interface Dialer {
  /** `isUrgent`: before what is not, as others wait for the answer. */
  ask(question: Question, isUrgent?: boolean): Promise<HelloAnswer>;
  /** A connection for a longer conversation, after STARTTLS; holds its place until closed. Throws `HostError`. */
  open(): Promise<ByteStream>;
  /**
   * To be called where a connection for a conversation was cut before a word came: waits until the server answers
   * again, and makes fewer connections where it does at once.
   */
  recheck(): Promise<void>;
  /** Does work that makes one connection of its own, in its turn; `undefined` when none is left. */
  lend<T>(work: () => Promise<T>): Promise<T | undefined>;
  /** Time limit for an answer, by what the server took so far. */
  readonly answerMs: number;
  readonly connections: number;
  readonly notes: readonly string[];
}

/** Throws `HostError` where connecting is not granted; any other fault of the network is an answer. */
export function createDialer(place: ScanPlace, options: ScanOptions): Dialer {
  const gate = createConnectionGate(options.inFlightMax ?? IN_FLIGHT_MAX, options.delayMs ?? 0);
  const budget = createScanBudget(options);
  const caller = createCaller(place, budget, options.signal, gate.grow);
  const health = createServerHealth(caller, gate, budget, options.signal);
  return {
    ask: createAsking(caller, gate, budget, health),
    async recheck() {
      const { reference } = caller;
      if (reference !== undefined && (await health.look(reference)) === "alive") gate.narrow();
    },
    async open() {
      await gate.enter();
      try {
        const why = budget.exhausted();
        if (why !== undefined) throw new HostError("interrupted", why);
        return leaving(await caller.connect(), gate.leave);
      } catch (error) {
        gate.leave();
        throw error;
      }
    },
    async lend(work) {
      await gate.enter();
      try {
        if (budget.exhausted() !== undefined) return undefined;
        budget.take();
        return await work();
      } finally {
        gate.leave();
      }
    },
    get answerMs() {
      return caller.answerMs;
    },
    get connections() {
      return budget.connections;
    },
    notes: budget.notes,
  };
}

function leaving(stream: ByteStream, leave: () => void): ByteStream {
  let isOpen = true;
  return {
    address: stream.address,
    write: (bytes) => stream.write(bytes),
    read: (timeoutMs) => stream.read(timeoutMs),
    close() {
      stream.close();
      if (isOpen) leave();
      isOpen = false;
    },
  };
}
