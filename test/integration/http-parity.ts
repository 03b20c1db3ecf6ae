import { surveySite } from "../../src/facts/http/survey.ts";
import type { Quirk } from "../../src/grades/observatory/quirks.ts";
import { gradeObservatory, type ObservatoryNote } from "../../src/grades/observatory.grade.ts";
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
    const grade = outcome.state === "graded" ? outcome.grade : undefined;
    return [...compareGrades(grade, expected), ...unsaid(row, grade?.notes)];
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

/** What is said of a browser beside each of the departures that rows name. */
const NOTES: Readonly<Record<string, Quirk>> = {
  "repeated-directive-is-invalid": "csp-repeated-directive",
  "script-src-elem-and-attr-not-looked-at": "csp-elem-attr",
  "unknown-directive-not-noticed": "csp-unknown-directive",
  "trailing-comma-makes-policy-invalid": "csp-short-policy",
  "empty-header-is-invalid": "csp-short-policy",
  "same-prefix-source-dropped": "csp-same-prefix",
  "blob-in-script-src-passes": "csp-blob",
  "csp-second-policy-only-directive-becomes-none": "csp-second-policy-directive",
  "media-type-match-is-case-sensitive": "type-spelling",
  "whitespace-around-equals-is-invalid": "hsts-spaced-max-age",
  "last-max-age-wins": "hsts-repeated-max-age",
  "number-prefix-parsed": "hsts-number-prefix",
  "redirect-without-location-follows-/undefined": "redirect-without-location",
  "preload-hides-missing-redirect": "redirect-preloaded",
  "connect.sid-not-seen-as-session": "cookie-session-name",
  "assessment-seen-as-session": "cookie-session-name",
  "expired-cookie-still-judged": "cookie-expired",
  "repeated-samesite-any-bad-one-counts": "cookie-repeated-samesite",
  "frame-ancestors-wildcard-earns-bonus": "csp-open-framing",
  "repeated-nosniff-is-invalid": "xcto-repeated",
  "same-site-http-script-not-penalised": "sri-same-site-http",
  "protocol-relative-same-host-penalised": "sri-protocol-relative",
  "bogus-integrity-accepted": "sri-bogus-integrity",
  "upper-case-scheme-or-leading-space-read-as-relative": "sri-odd-address",
  "svg-script-href-not-looked-at": "sri-svg-script",
  "triple-slash-or-backslash-read-as-relative": "sri-odd-address",
  "html-that-is-json-not-parseable": "json-page",
  "live-scan-never-reports-universal-access": "cors-universal",
  "preflight-error-status-hides-acao": "cors-error-status",
  "acao-on-get-not-looked-at": "cors-get-only",
  "corp-is-case-sensitive-in-browsers": "corp-spelling",
};

/** A departure without a word beside it of what browsers do. Names that are not in the list ask for any note. */
function unsaid({ quirk }: ScenarioRow, notes: readonly ObservatoryNote[] = []): readonly string[] {
  if (quirk === undefined) return [];
  const wanted = NOTES[quirk];
  const isSaid = wanted === undefined ? notes.length > 0 : notes.some((n) => n.quirk === wanted);
  return isSaid ? [] : [`${quirk}: nothing is said of browsers beside it`];
}
