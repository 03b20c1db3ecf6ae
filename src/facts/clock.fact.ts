import { defineFact } from "../core/fact.ts";
import { known } from "../core/reading.ts";

/** The audit's clock as a value, so that checks that need a date stay pure. */
export interface Clock {
  /** Milliseconds since the epoch; `--now` sets it. */
  readonly nowMs: number;
}

export const clock = defineFact({
  id: "clock",
  title: "The audit's clock",
  access: "read",
  timeoutMs: 1_000,
  async collect({ nowMs }) {
    return known<Clock>({ nowMs });
  },
});
