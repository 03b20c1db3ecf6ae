import type { Caller, Question } from "./caller.ts";
import { type ConnectionGate, sleep } from "./connection-gate.ts";
import { type HelloAnswer, isSpoken } from "./hello-answer.ts";
import type { ScanBudget } from "./scan-budget.ts";

/** Pauses before a server that stopped answering is asked again: 26 s in all. */
const RECOVERY_MS: readonly number[] = [1000, 3000, 7000, 15_000];
/** As `RECOVERY_MS`, for a port that cannot be connected to any more. */
const RECOVERY_REFUSED_MS: readonly number[] = [500, 2000, 5000];
/** As `RECOVERY_MS`, where every question takes the time of an answer that does not come. */
const RECOVERY_SILENT_MS: readonly number[] = [1000, 4000];

/** Slowest pace that a recovery asks for: after few connections the time it took says little of what is allowed. */
const PACE_MS_MAX = 1000;

export type Health = "alive" | "recovered" | "dead";

/** Whether the server answers at all. */
export interface ServerHealth {
  /** Whether it answered a connection opened after `sinceMs`, or answers `reference` now. */
  verify(sinceMs: number, reference: Question): Promise<Health>;
  /** As `verify`, with no other connection open: one is asked in any case. */
  look(reference: Question): Promise<Health>;
  /**
   * Asks `reference` again, with growing pauses while it is not answered, and slows down once it is; `answer` is
   * what came of it last.
   */
  recover(reference: Question, answer: HelloAnswer): Promise<Health>;
}

/** Looks with no other connection open, and once at a time. */
export function createServerHealth(
  caller: Caller,
  gate: ConnectionGate,
  budget: ScanBudget,
  signal: AbortSignal,
): ServerHealth {
  let underWay: Promise<Health> | undefined;
  const recover = async (reference: Question, first: HelloAnswer): Promise<Health> => {
    const fromMs = performance.now();
    const passed = budget.sinceRecovery;
    for (const pauseMs of pausesAfter(first)) {
      if (!signal.aborted) await sleep(pauseMs);
      const { answer } = await caller.once(reference);
      if (answer.kind === "unasked") return "dead";
      if (!isSpoken(answer)) continue;
      budget.note("rate limited, slowed down");
      gate.shrink(Math.min(PACE_MS_MAX, (performance.now() - fromMs) / Math.max(1, passed)));
      budget.recovered();
      return "recovered";
    }
    budget.giveUp(`rate limited or gone: no answer any more after ${passed} connections`);
    return "dead";
  };
  const askNow = async (reference: Question): Promise<Health> => {
    const { answer } = await caller.once(reference);
    if (answer.kind === "unasked") return "dead";
    return isSpoken(answer) ? "alive" : recover(reference, answer);
  };
  const look = (reference: Question): Promise<Health> => {
    underWay ??= gate
      .alone(() => askNow(reference))
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
  return {
    verify: (sinceMs, reference) =>
      caller.spokenAtMs > sinceMs ? Promise.resolve("alive") : look(reference),
    look,
    recover,
  };
}

function pausesAfter({ kind }: HelloAnswer): readonly number[] {
  if (kind === "unreachable") return RECOVERY_REFUSED_MS;
  return kind === "silent" ? RECOVERY_SILENT_MS : RECOVERY_MS;
}
