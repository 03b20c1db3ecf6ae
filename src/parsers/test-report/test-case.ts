/** How one test ended. */
export interface TestCase {
  /** `tests.security.test_headers.TestHeaders::test_hsts`, as the runner names it. */
  readonly id: string;
  readonly outcome: "passed" | "failed" | "error" | "skipped" | "expected-failure";
  /** First line of what the runner says of it; at most `MESSAGE_MAX` characters. */
  readonly message?: string;
}

export interface TestReport {
  readonly cases: readonly TestCase[];
  /** There were more than are kept. */
  readonly isCut: boolean;
}

/** Tests kept of one report. */
export const TEST_CASES_MAX = 20_000;
export const MESSAGE_MAX = 200;

/** First line of a message, bounded. */
export function shortMessage(text: string): { readonly message?: string } {
  const line = text.trim().split("\n")[0]?.trim() ?? "";
  return line === "" ? {} : { message: line.slice(0, MESSAGE_MAX) };
}
