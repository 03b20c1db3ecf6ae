import { Parser } from "htmlparser2";
import { shortMessage, TEST_CASES_MAX, type TestCase, type TestReport } from "./test-case.ts";

/** Elements open at once; a report nests four. */
export const JUNIT_DEPTH_MAX = 64;

/**
 * A report in JUnit's XML, as pytest and others write it. `undefined` for what is none. No entity but XML's own
 * five is expanded, and a document type is not read.
 */
export function parseJunit(text: string): TestReport | undefined {
  const state: State = { cases: [], open: undefined, isReport: false, isCut: false };
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        open(state, name, attributes);
      },
      ontext: (data) => text_(state, data),
      onclosetag(name) {
        depth -= 1;
        if (name === "testcase") close(state);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  for (let at = 0; at < text.length && depth <= JUNIT_DEPTH_MAX; at += PIECE) {
    parser.write(text.slice(at, at + PIECE));
  }
  if (depth > JUNIT_DEPTH_MAX) return undefined;
  parser.end();
  return state.isReport ? { cases: state.cases, isCut: state.isCut } : undefined;
}

/** Characters written at a time, so that the depth is looked at in between. */
const PIECE = 4_096;

type Attributes = Readonly<Record<string, string>>;

interface OpenCase {
  readonly id: string;
  outcome: TestCase["outcome"];
  message: string;
}

interface State {
  readonly cases: TestCase[];
  open: OpenCase | undefined;
  isReport: boolean;
  isCut: boolean;
}

const OUTCOMES: Readonly<Record<string, TestCase["outcome"]>> = {
  failure: "failed",
  error: "error",
  skipped: "skipped",
};
const ID_MAX = 500;
const TEXT_MAX = 2_000;

function open(state: State, name: string, attributes: Attributes): void {
  if (name === "testsuite" || name === "testsuites") state.isReport = true;
  if (name === "testcase") {
    const { classname = "", name: own = "" } = attributes;
    const id = (classname === "" ? own : `${classname}::${own}`).slice(0, ID_MAX);
    state.open = { id, outcome: "passed", message: "" };
    return;
  }
  const outcome = Object.hasOwn(OUTCOMES, name) ? OUTCOMES[name] : undefined;
  if (state.open === undefined || outcome === undefined) return;
  const { message = "", type = "" } = attributes;
  // A test that errs when it is taken down has failed whatever it did before.
  if (state.open.outcome === "error") return;
  state.open.outcome = outcome === "skipped" && /xfail/.test(type) ? "expected-failure" : outcome;
  state.open.message = message;
}

function text_(state: State, data: string): void {
  const { open: current } = state;
  if (current !== undefined && current.outcome !== "passed" && current.message.length < TEXT_MAX)
    current.message += data;
}

function close(state: State): void {
  const { open: current } = state;
  state.open = undefined;
  if (current === undefined) return;
  if (state.cases.length >= TEST_CASES_MAX) {
    state.isCut = true;
    return;
  }
  const { id, outcome, message } = current;
  state.cases.push({ id, outcome, ...(outcome === "passed" ? {} : shortMessage(message)) });
}
