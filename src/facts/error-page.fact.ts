import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** What a page that does not exist shows at each live target. Absent without a target. */
export type ErrorPages = readonly ErrorPage[];

export interface ErrorPage {
  readonly url: string;
  readonly status: number;
  /** Name of the debug page recognised: `Django URLconf listing`, `Werkzeug debugger`, `Express stack trace`. */
  readonly debugSign?: string;
}

export const errorPage = defineFact({
  id: "error-page",
  title: "Error page of the live application",
  access: "connect",
  timeoutMs: 15_000,
  async collect(): Promise<Reading<ErrorPages>> {
    return unknown("unsupported", "not written yet");
  },
});
