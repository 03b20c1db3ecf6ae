import { HostError } from "../core/reading.ts";

interface Limit {
  readonly signal: AbortSignal;
  close(): void;
}

/** Aborts with a `HostError` after `ms`, or with whatever `interrupted` aborts with. */
export function timeLimit(ms: number, interrupted: AbortSignal): Limit {
  const controller = new AbortController();
  const late = new HostError("timed-out", `the whole audit's limit of ${ms / 1_000} s ran out`);
  const timer = setTimeout(() => controller.abort(late), ms);
  return {
    signal: AbortSignal.any([controller.signal, interrupted]),
    close: () => clearTimeout(timer),
  };
}
