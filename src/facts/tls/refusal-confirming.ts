import type { Caller, Question } from "./caller.ts";
import { type ConnectionGate, sleep } from "./connection-gate.ts";
import { type HelloAnswer, isSpoken } from "./hello-answer.ts";
import type { ScanBudget } from "./scan-budget.ts";
import type { Health } from "./server-health.ts";

/** Before each question that is asked alone: a server that allows twenty connections a second has room by then. */
const PAUSE_MS = 50;
/** As `PAUSE_MS`, where the server may not have noticed yet that the connection before is over. */
const LONG_PAUSE_MS = 250;

/** `again`: the question is to be asked once more. */
export type Judged = HelloAnswer | "again";

interface Waiting {
  readonly question: Question;
  readonly resolve: (judged: Judged) => void;
  readonly reject: (error: unknown) => void;
}

interface Look {
  readonly answers: readonly HelloAnswer[];
  /** The answer to the known question; `undefined` where one of the others was answered, which says as much. */
  readonly control: HelloAnswer | undefined;
}

/**
 * Tells a refusal by close from a server that throttles. The questions that were closed on are asked once more with
 * no other connection open and without haste; then one the server is known to answer. Only where that one is
 * answered and every question closed on again are these closes refusals. A question that is answered now was
 * throttled before, so fewer connections are made from there on.
 *
 * Several questions share one look, which costs a connection each and one.
 */
export function createConfirming(
  caller: Caller,
  gate: ConnectionGate,
  budget: ScanBudget,
  recover: (reference: Question, answer: HelloAnswer) => Promise<Health>,
): (question: Question, reference: Question) => Promise<Judged> {
  let waiting: Waiting[] = [];
  let isUnderWay = false;

  const askAlone = async (question: Question): Promise<HelloAnswer> => {
    budget.credit();
    return (await caller.once(question)).answer;
  };
  const askAll = async (batch: readonly Waiting[], pauseMs: number): Promise<HelloAnswer[]> => {
    const answers: HelloAnswer[] = [];
    for (const { question } of batch) {
      await sleep(pauseMs);
      answers.push(await askAlone(question));
    }
    return answers;
  };
  /**
   * The known question comes at once after the others, so that it meets the same throttle. Where it does, they are
   * asked again between two of it with equal pauses, for the server may count a connection that is just over.
   */
  const ask = async (batch: readonly Waiting[], reference: Question): Promise<Look> => {
    const answers = await askAll(batch, PAUSE_MS);
    if (answers.some(isSpoken)) return { answers, control: undefined };
    const control = await askAlone(reference);
    if (control.kind !== "closed") return { answers, control };
    await sleep(LONG_PAUSE_MS);
    const before = await askAlone(reference);
    if (!isSpoken(before)) return { answers, control: before };
    const later = await askAll(batch, LONG_PAUSE_MS);
    if (later.some(isSpoken)) return { answers: later, control: undefined };
    await sleep(LONG_PAUSE_MS);
    return { answers: later, control: await askAlone(reference) };
  };
  const judge = async (
    { answers, control }: Look,
    reference: Question,
  ): Promise<readonly Judged[]> => {
    if (control === undefined) {
      gate.narrow();
      budget.note("rate limited, slowed down");
      return answers.map((answer) => (isSpoken(answer) ? answer : "again"));
    }
    if (isSpoken(control)) {
      return answers.map((answer) => (answer.kind === "closed" ? answer : "again"));
    }
    const isDead = (await recover(reference, control)) === "dead";
    return answers.map((answer) => (isDead ? unsettled(answer) : "again"));
  };
  const look = async (batch: readonly Waiting[], reference: Question): Promise<void> => {
    const judged = await judge(await ask(batch, reference), reference);
    for (const [at, { resolve }] of batch.entries()) resolve(judged[at] ?? "again");
  };
  const work = async (reference: Question): Promise<void> => {
    isUnderWay = true;
    while (waiting.length > 0) {
      let batch: readonly Waiting[] = [];
      try {
        await gate.alone(() => {
          batch = waiting;
          waiting = [];
          return look(batch, reference);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isUnderWay = false;
  };
  return (question, reference) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!isUnderWay) void work(reference);
    });
}

/** A close that nothing speaks for is no refusal. */
export function unsettled(answer: HelloAnswer): HelloAnswer {
  if (answer.kind !== "closed") return answer;
  const why = answer.how === "reset" ? "connection reset" : "connection closed without an answer";
  return { kind: "unasked", why };
}
