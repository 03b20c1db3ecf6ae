import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** How each live target answers a name that is not its own. Absent without a target. */
export type ForeignHost = readonly ForeignHostAnswer[];

export interface ForeignHostAnswer {
  readonly url: string;
  /** Header the foreign name was sent in. */
  readonly header: "Host" | "X-Forwarded-Host";
  readonly sent: string;
  /** The connection was closed or TLS refused without an answer. */
  readonly isRefused: boolean;
  readonly status?: number;
  /** Where the foreign name came back: `Location`, `Set-Cookie`, `body`. */
  readonly echoedIn: readonly string[];
  /** The body equals what the own name gets (compared by hash). */
  readonly isApplicationPage: boolean;
  /** Unknown when the target did not answer at all, even to its own name. */
  readonly problem?: string;
}

export const foreignHost = defineFact({
  id: "foreign-host",
  title: "Answer to a foreign Host header",
  access: "connect",
  timeoutMs: 15_000,
  async collect(): Promise<Reading<ForeignHost>> {
    return unknown("unsupported", "not written yet");
  },
});
