import type { AnyCheck, Outcome } from "../core/check.ts";
import type { Reading } from "../core/reading.ts";
import type { Statement } from "../core/trace.ts";
import type { Gatherer } from "./gather.ts";

/** One check's answer, with what its layers do to the control's value. */
export interface Judged {
  readonly check: AnyCheck;
  readonly outcome: Outcome;
  readonly statements: readonly Statement[];
}

/** Reads what the check asks for and judges it. A check that throws is a bug: `unknown`, code `crashed`. */
export async function evaluate(check: AnyCheck, gatherer: Gatherer): Promise<Judged> {
  const [facts, wanted] = await Promise.all([
    gatherer.readAll(check.needs),
    gatherer.readEach(check.wants),
  ]);
  if (facts.state !== "known") return { check, outcome: blocked(facts), statements: [] };
  try {
    const outcome = check.evaluate(facts.value, wanted);
    return { check, outcome, statements: statementsOf(check, outcome, facts.value, wanted) };
  } catch (error) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const outcome: Outcome = { status: "unknown", problem: { code: "crashed", detail } };
    return { check, outcome, statements: [] };
  }
}

/** A layer that has no say in a control may still hand its value on. */
function statementsOf(
  check: AnyCheck,
  outcome: Outcome,
  facts: unknown,
  wanted: unknown,
): readonly Statement[] {
  if (outcome.status === "skip" && outcome.because !== "not-applicable") return [];
  // The engine read both for this very check, whose types it does not know.
  const statements = check.states?.(facts as never, wanted as never) ?? [];
  const isSilent = outcome.status === "skip" && outcome.isOvertaken !== true;
  return isSilent && check.isTraceOnly !== true
    ? statements.filter(({ isSourceUnseen }) => isSourceUnseen === true)
    : statements;
}

/** What a check that lacks a fact answers: a missing subject is not applicable, a blind spot is unknown. */
function blocked(reading: Exclude<Reading<unknown>, { state: "known" }>): Outcome {
  if (reading.state === "absent") {
    return { status: "skip", because: "not-applicable", summary: reading.reason };
  }
  return { status: "unknown", problem: reading.problem };
}
