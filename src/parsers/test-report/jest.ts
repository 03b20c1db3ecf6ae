import { shortMessage, TEST_CASES_MAX, type TestCase, type TestReport } from "./test-case.ts";

const OUTCOMES: Readonly<Record<string, TestCase["outcome"]>> = {
  passed: "passed",
  failed: "failed",
  pending: "skipped",
  skipped: "skipped",
  todo: "skipped",
  disabled: "skipped",
};

/** The JSON of jest (`--json`) and vitest (`--reporter=json`). `undefined` for what is none. */
export function parseJest(text: string): TestReport | undefined {
  const start = text.indexOf("{");
  const report = start === -1 ? undefined : parsed(text.slice(start, text.lastIndexOf("}") + 1));
  const suites = listAt(report, "testResults");
  if (suites === undefined) return undefined;
  const cases = suites.flatMap((suite) => casesOf(suite));
  return { cases: cases.slice(0, TEST_CASES_MAX), isCut: cases.length > TEST_CASES_MAX };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No report: the caller says so.
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function listAt(value: unknown, name: string): readonly unknown[] | undefined {
  const found = field(value, name);
  return Array.isArray(found) ? found : undefined;
}

function textAt(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === "string" ? found : "";
}

/** A file that could not be run has no tests and a message. */
function casesOf(suite: unknown): readonly TestCase[] {
  const file = textAt(suite, "name");
  const cases = (listAt(suite, "assertionResults") ?? []).map((each): TestCase => {
    const name = textAt(each, "fullName") || textAt(each, "title");
    const status = textAt(each, "status");
    const outcome = Object.hasOwn(OUTCOMES, status) ? (OUTCOMES[status] ?? "error") : "error";
    const [message = ""] = listAt(each, "failureMessages") ?? [];
    return { id: `${file}::${name}`.slice(-500), outcome, ...shortMessage(String(message)) };
  });
  if (cases.length > 0 || textAt(suite, "status") !== "failed") return cases;
  return [{ id: file, outcome: "error", ...shortMessage(textAt(suite, "message")) }];
}
