import type { Access, AnyFact, CollectContext, Known, Needs, Readings } from "../core/fact.ts";
import { HostError, known, type Reading, unknown } from "../core/reading.ts";
import type { FactProblem } from "../core/report.ts";

/** Reads facts for one audit: lazily, each at most once, each within its time limit. */
export interface Gatherer {
  read<T>(fact: AnyFact<T>): Promise<Reading<T>>;
  /** Known only when every need is; otherwise the first `unknown`, else the first `absent`. */
  readAll<N extends Needs>(needs: N): Promise<Reading<Known<N>>>;
  /** Every one as it is. */
  readEach<W extends Needs>(wants: W): Promise<Readings<W>>;
  /** What has been read so far, by fact. */
  taken(): ReadonlyMap<AnyFact, Reading<unknown>>;
  /** Facts that could not be read, in order of id. */
  problems(): readonly FactProblem[];
}

export interface GatherOptions {
  readonly context: CollectContext;
  readonly granted: ReadonlySet<Access>;
  /** Readings that stand in for the machine, by fact id (`--recorded`, `judge`). */
  readonly preset: ReadonlyMap<string, Reading<unknown>>;
  /** Told when a fact begins and ends, for progress. */
  readonly onProgress?: (event: { readonly fact: AnyFact; readonly isDone: boolean }) => void;
}

export function createGatherer({ context, granted, preset, onProgress }: GatherOptions): Gatherer {
  const readings = new Map<AnyFact, Promise<Reading<unknown>>>();
  const settled = new Map<AnyFact, Reading<unknown>>();

  function read<T>(fact: AnyFact<T>): Promise<Reading<T>> {
    const reading = readings.get(fact) ?? take(fact);
    readings.set(fact, reading);
    return reading as Promise<Reading<T>>; // Keyed by the fact itself, so the value is its own.
  }

  async function take(fact: AnyFact): Promise<Reading<unknown>> {
    onProgress?.({ fact, isDone: false });
    const reading = preset.get(fact.id) ?? (await collect(fact));
    settled.set(fact, reading);
    onProgress?.({ fact, isDone: true });
    return reading;
  }

  async function readAll<N extends Needs>(needs: N): Promise<Reading<Known<N>>> {
    const each = Object.entries(await readEach(needs));
    const values: Record<string, unknown> = {};
    const blockers: Exclude<Reading<unknown>, { state: "known" }>[] = [];
    for (const [name, reading] of each as [string, Reading<unknown>][]) {
      if (reading.state === "known") values[name] = reading.value;
      else blockers.push(reading);
    }
    const blocker = blockers.find(({ state }) => state === "unknown") ?? blockers[0];
    return blocker ?? known(values as Known<N>);
  }

  async function readEach<W extends Needs>(wants: W): Promise<Readings<W>> {
    const entries = Object.entries(wants).map(async ([name, fact]) => [name, await read(fact)]);
    return Object.fromEntries(await Promise.all(entries)) as Readings<W>;
  }

  async function collect(fact: AnyFact): Promise<Reading<unknown>> {
    // The host refuses what is not granted at the moment it is tried: a fact that finds nothing to try
    // (no live target, no HUB_URL) is absent, with or without the grant. Only a probe must not even begin.
    if (fact.access === "probe" && !granted.has("probe")) {
      return unknown("not-granted", `${fact.title}: active tests are switched off`);
    }
    const [facts, wanted] = await Promise.all([readAll(fact.needs), readEach(fact.wants)]);
    if (facts.state !== "known") return facts;
    return withinLimit(fact, context, (signal) =>
      fact.collect({ ...context, signal }, facts.value, wanted),
    );
  }

  return { read, readAll, readEach, taken: () => settled, problems: () => problemsOf(settled) };
}

/** Runs one collector under its time limit; whatever it throws becomes an unknown reading. */
async function withinLimit(
  fact: AnyFact,
  context: CollectContext,
  run: (signal: AbortSignal) => Promise<Reading<unknown>>,
): Promise<Reading<unknown>> {
  const limit = new AbortController();
  const late = new HostError("timed-out", `no answer in ${fact.timeoutMs} ms`);
  // Not AbortSignal.timeout: its timer does not keep the process alive.
  const timer = setTimeout(() => limit.abort(late), fact.timeoutMs);
  const signal = AbortSignal.any([context.signal, limit.signal]);
  const abort = untilAborted(signal);
  try {
    return await Promise.race([abort.rejected, run(signal)]);
  } catch (error) {
    const code = error instanceof HostError ? error.code : "crashed";
    return unknown(
      code,
      `${fact.title}: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    clearTimeout(timer);
    abort.forget();
  }
}

/**
 * `rejected` once `signal` has aborted, so that a collector deaf to it cannot hold up the audit. Node keeps a
 * combined signal for as long as somebody listens to it, so `forget` ends that: a run over a list makes thousands.
 */
function untilAborted(signal: AbortSignal) {
  const { promise, reject } = Promise.withResolvers<never>();
  const listener = () => reject(signal.reason);
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  return { rejected: promise, forget: () => signal.removeEventListener("abort", listener) };
}

function problemsOf(settled: ReadonlyMap<AnyFact, Reading<unknown>>): readonly FactProblem[] {
  return [...settled]
    .flatMap(([{ id }, reading]) =>
      reading.state === "unknown" ? [{ fact: id, ...reading.problem }] : [],
    )
    .sort((a, b) => (a.fact < b.fact ? -1 : 1));
}
