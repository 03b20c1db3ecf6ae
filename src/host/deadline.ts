import { HostError } from "../core/reading.ts";

/** Why an aborted signal was aborted; `interrupted` unless its owner says otherwise. */
export function abortReason(signal: AbortSignal): HostError {
  if (signal.reason instanceof HostError) return signal.reason;
  return new HostError("interrupted", "interrupted", { cause: signal.reason });
}

export interface Deadline {
  /** Aborts at the time limit, and when the outer signal does; the reason is a `HostError`. */
  readonly signal: AbortSignal;
  /** Must be called, or the timer keeps the process alive. */
  clear(): void;
}

/**
 * `AbortSignal.timeout` has an unref'ed timer: a process that waits only for it would end early. `late` makes the
 * reason, only when it is needed.
 */
export function startDeadline(
  timeoutMs: number,
  outer: AbortSignal,
  late: () => HostError,
): Deadline {
  const controller = new AbortController();
  const interrupt = () => controller.abort(abortReason(outer));
  const timer = setTimeout(() => controller.abort(late()), timeoutMs);
  outer.addEventListener("abort", interrupt, { once: true });
  if (outer.aborted) interrupt();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      outer.removeEventListener("abort", interrupt);
    },
  };
}

/** Calls back once, at once when the signal has aborted already. Returns how to stop listening. */
export function onAbort(signal: AbortSignal, callback: (reason: HostError) => void): () => void {
  const listener = () => callback(abortReason(signal));
  if (signal.aborted) {
    listener();
    return () => undefined;
  }
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}
