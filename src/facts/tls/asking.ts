import type { Caller, Question, Tried } from "./caller.ts";
import { type ConnectionGate, sleep } from "./connection-gate.ts";
import { type HelloAnswer, isSpoken } from "./hello-answer.ts";
import type { ScanBudget } from "./scan-budget.ts";

/** Pauses before a server that stopped answering is asked again: 26 s in all. */
const RECOVERY_MS: readonly number[] = [1000, 3000, 7000, 15_000];
/** As `RECOVERY_MS`, for a port that cannot be connected to any more. */
const RECOVERY_REFUSED_MS: readonly number[] = [500, 2000];
/** Times one question is asked at most. */
const ATTEMPTS_MAX = 6;
/** Connections that yield nothing are repeated this often in all before a server has ever answered. */
const UNANSWERED_MAX = 4;
const UNANSWERED_PAUSE_MS = 250;

/** `again`: the question is to be asked once more. */
type Judged = HelloAnswer | "again";

/**
 * Asks until there is an answer to rely on. A close or reset where an answer is due is the server's refusal only
 * after another question was answered meanwhile and the same one refused again; else it is `unasked`.
 */
export function createAsking(
  caller: Caller,
  gate: ConnectionGate,
  budget: ScanBudget,
  signal: AbortSignal,
): (question: Question, isUrgent?: boolean) => Promise<HelloAnswer> {
  const verify = createVerifying(caller, gate, budget, signal);
  /** Ways in which the server is known to refuse. */
  const refusals = new Set<string>();
  let unanswered = 0;
  /** What to make of nothing where the server has never said anything. */
  const judgeStranger = async (answer: HelloAnswer): Promise<Judged> => {
    unanswered += 1;
    if (answer.kind !== "closed" || unanswered > UNANSWERED_MAX) return unsettled(answer);
    await sleep(UNANSWERED_PAUSE_MS);
    return "again";
  };
  /** A server that lives closed the connection: believed the second time, or where that is its way. */
  const judgeClosed = (
    answer: HelloAnswer & { readonly kind: "closed" },
    before: HelloAnswer | undefined,
  ): Judged => {
    if (before?.kind !== "closed" && !refusals.has(answer.how)) return "again";
    refusals.add(answer.how);
    return answer;
  };
  /** What to make of nothing from a server that has spoken; `before` is the answer of the turn before. */
  const judgeDoubtful = async (
    { answer, openedAtMs }: Tried,
    before: HelloAnswer | undefined,
  ): Promise<Judged> => {
    const { reference } = caller;
    if (reference === undefined) return judgeStranger(answer);
    if (answer.kind === "silent") {
      gate.shrink(0);
      return before === undefined ? "again" : answer;
    }
    const health = await verify(openedAtMs, reference);
    if (health === "dead") return unsettled(answer);
    return health === "alive" && answer.kind === "closed" ? judgeClosed(answer, before) : "again";
  };
  return async (question, isUrgent = false) => {
    let before: HelloAnswer | undefined;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const tried = await takeTurn(gate, caller, question, isUrgent);
      if (!DOUBTFUL.has(tried.answer.kind)) return tried.answer;
      const judged = await judgeDoubtful(tried, before);
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

type Health = "alive" | "recovered" | "dead";

/** Finds out whether the server answers at all, and waits until it does again; once at a time. */
function createVerifying(
  caller: Caller,
  gate: ConnectionGate,
  budget: ScanBudget,
  signal: AbortSignal,
): (sinceMs: number, reference: Question) => Promise<Health> {
  let underWay: Promise<Health> | undefined;
  const look = async (reference: Question): Promise<Health> => {
    const { answer } = await caller.once(reference);
    return isSpoken(answer) ? "alive" : recover(caller, gate, budget, signal, reference, answer);
  };
  return (sinceMs, reference) => {
    if (caller.spokenAtMs > sinceMs) return Promise.resolve("alive");
    underWay ??= gate
      .hold(() => look(reference))
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
}

/** Asks the reference again, with growing pauses while it is not answered, and slows down once it is. */
async function recover(
  caller: Caller,
  gate: ConnectionGate,
  budget: ScanBudget,
  signal: AbortSignal,
  reference: Question,
  first: HelloAnswer,
): Promise<Health> {
  const fromMs = performance.now();
  const passed = budget.sinceRecovery;
  for (const pauseMs of first.kind === "unreachable" ? RECOVERY_REFUSED_MS : RECOVERY_MS) {
    if (!signal.aborted) await sleep(pauseMs);
    const { answer } = await caller.once(reference);
    if (answer.kind === "unasked") return "dead";
    if (!isSpoken(answer)) continue;
    budget.note("rate limited, slowed down");
    gate.shrink((performance.now() - fromMs) / Math.max(1, passed));
    budget.recovered();
    return "recovered";
  }
  budget.giveUp(`rate limited or gone: no answer any more after ${passed} connections`);
  return "dead";
}

/** A close that nothing speaks for is no refusal. */
function unsettled(answer: HelloAnswer): HelloAnswer {
  if (answer.kind !== "closed") return answer;
  const why = answer.how === "reset" ? "connection reset" : "connection closed without an answer";
  return { kind: "unasked", why };
}
