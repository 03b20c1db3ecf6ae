import { surveySite } from "../../src/facts/http/survey.ts";
import { gradeObservatory } from "../../src/grades/observatory.grade.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { type Certificates, startReplay } from "./http-replay.ts";
import { type Expected, LAB_PRELOAD, liveExpectation, type ScenarioRow } from "./http-scenario.ts";

/** Everything resolves to loopback, ports stay. */
const LOOPBACK = [{ fromHost: "", fromPort: "", toHost: "127.0.0.1", toPort: "" }];

/** Serves a row, looks at it and says where the grade differs from the Observatory's; empty when it does not. */
export async function differencesOf(
  row: ScenarioRow,
  certificates: Certificates,
): Promise<readonly string[]> {
  const expected = liveExpectation(row);
  if (expected === undefined) return [];
  const { scenario } = row;
  const replay = await startReplay(scenario, certificates);
  try {
    const host = createLocalHost({ caFile: certificates.caFile, connectTo: LOOPBACK });
    const site = await surveySite(
      host,
      {
        url: `https://${scenario.site}${scenario.path ?? "/"}`,
        ports: { http: replay.httpPort, https: replay.httpsPort },
        preload: LAB_PRELOAD,
      },
      { signal: new AbortController().signal, nowMs: Date.now(), seed: row.id },
    );
    const outcome = gradeObservatory(site);
    return compareGrades(outcome.state === "graded" ? outcome.grade : undefined, expected);
  } finally {
    await replay.close();
  }
}

interface Graded {
  readonly grade: string;
  readonly score: number;
  readonly statusCode: number;
  readonly testsPassed: number;
  readonly testsFailed: number;
  readonly tests: Readonly<Record<string, unknown>>;
}

const FIGURES = ["grade", "score", "statusCode", "testsPassed", "testsFailed"] as const;

/** Differences as `what: ours, not theirs`. */
export function compareGrades(ours: Graded | undefined, theirs: Expected): readonly string[] {
  if (!theirs.ok) return ours === undefined ? [] : [`graded ${ours.grade}, not: ${theirs.error}`];
  if (ours === undefined) return [`no grade, not ${theirs.grade}`];
  const figures = FIGURES.filter((name) => ours[name] !== theirs[name]).map(
    (name) => `${name}: ${ours[name]}, not ${theirs[name]}`,
  );
  const tests = Object.entries(theirs.tests).flatMap(([name, test]) => {
    const [own, other] = [JSON.stringify(ours.tests[name]), JSON.stringify(test)];
    return own === other ? [] : [`${name}: ${own}, not ${other}`];
  });
  return [...figures, ...tests];
}
