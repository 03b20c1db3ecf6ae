import type { Caller, Question, Tried } from "./caller.ts";
import { type ConnectionGate, sleep } from "./connection-gate.ts";
import { type HelloAnswer, isSpoken } from "./hello-answer.ts";
import { createConfirming, type Judged, unsettled } from "./refusal-confirming.ts";
import type { ScanBudget } from "./scan-budget.ts";
import type { ServerHealth } from "./server-health.ts";

/** Times one question is asked at most. */
const ATTEMPTS_MAX = 6;
/** Connections that yield nothing are repeated this often in all before a server has ever answered. */
const UNANSWERED_MAX = 4;
const UNANSWERED_PAUSE_MS = 250;

/**
 * Asks until there is an answer to rely on. A close or reset where an answer is due is the server's refusal only
 * where it is repeated with no other connection open and another question is answered right after; else it is
 * `unasked`.
 */
export function createAsking(
  caller: Caller,
  gate: ConnectionGate,
  budget: ScanBudget,
  health: ServerHealth,
): (question: Question, isUrgent?: boolean) => Promise<HelloAnswer> {
  const confirm = createConfirming(caller, gate, budget, health.recover);
  let unanswered = 0;
  /** What to make of nothing where the server has never said anything. */
  const judgeStranger = async (answer: HelloAnswer): Promise<Judged> => {
    unanswered += 1;
    if (answer.kind !== "closed" || unanswered > UNANSWERED_MAX) return unsettled(answer);
    await sleep(UNANSWERED_PAUSE_MS);
    return "again";
  };
  /** What to make of nothing from a server that has spoken; `before` is the answer of the turn before. */
  const judgeDoubtful = async (
    question: Question,
    { answer, openedAtMs }: Tried,
    before: HelloAnswer | undefined,
  ): Promise<Judged> => {
    const { reference } = caller;
    if (reference === undefined) return judgeStranger(answer);
    if (answer.kind === "closed") return confirm(question, reference);
    if (answer.kind === "silent" && before?.kind !== "silent") {
      gate.shrink(0);
      return "again";
    }
    const state = await health.verify(openedAtMs, reference);
    if (state === "dead") return unsettled(answer);
    return state === "alive" && answer.kind === "silent" ? answer : "again";
  };
  /** Silent before and answered now that fewer connections are open: it was that. */
  const noteRelief = (answer: HelloAnswer, before: HelloAnswer | undefined): void => {
    if (before?.kind === "silent" && isSpoken(answer)) gate.narrow();
  };
  return async (question, isUrgent = false) => {
    let before: HelloAnswer | undefined;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const tried = await takeTurn(gate, caller, question, isUrgent);
      noteRelief(tried.answer, before);
      if (!DOUBTFUL.has(tried.answer.kind)) return tried.answer;
      const judged = await judgeDoubtful(question, tried, before);
      if (judged !== "again") return judged;
      before = tried.answer;
    }
    return unsettled(before ?? { kind: "silent" });
  };
}

const DOUBTFUL: ReadonlySet<string> = new Set(["closed", "silent", "unreachable", "no-starttls"]);

async function takeTurn(
  gate: ConnectionGate,
  caller: Caller,
  question: Question,
  isUrgent: boolean,
): Promise<Tried> {
  await gate.enter(isUrgent);
  try {
    return await caller.once(question);
  } finally {
    gate.leave();
  }
}
