import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import { environment } from "../../../facts/environment.fact.ts";
import {
  type SourceSetting,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { nothingFound } from "../../judgement/source-rows.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { probeCorsControl } from "./cors.control.ts";
import { sourceStatements } from "./cors-states.ts";

export const probeCorsSource = defineCheck({
  control: probeCorsControl,
  layer: "source",
  reads:
    "The origins, patterns of origins and credentials that the CORS middleware is set up with.",
  needs: { source: sourceSettings },
  wants: { environment },

  evaluate({ source }) {
    const origins = settingsOf(source, "cors.origins");
    const patterns = settingsOf(source, "cors.origin-regex");
    const rows = [...origins, ...patterns];
    if (rows.length === 0) return nothingFound(source, "Source sets up no CORS middleware");
    const credentials = settingsOf(source, "cors.credentials");
    const findings = [
      ...onePerPlace(origins).flatMap((row) =>
        originFindings(row, credentialsOf(row, origins, credentials)),
      ),
      ...patterns.flatMap((row) => patternFindings(row, credentials)),
    ];
    const open = rows.find(({ resolved }) => resolved.state !== "known");
    if (open !== undefined && open.resolved.state !== "known")
      return judge(
        findings,
        cannotTell(
          "unsupported",
          `The origins at ${sourcePlace(open)} cannot be told: ${open.resolved.reason}`,
        ),
      );
    return judge(findings, pass("Source allows a fixed list of origins", rows.map(sourceEvidence)));
  },

  states({ source }, wanted) {
    return sourceStatements(source, wanted.environment);
  },
});

/** One list that several patterns of paths share is told once. */
function onePerPlace(rows: readonly SourceSetting[]): readonly SourceSetting[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = listKey(row);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function listKey(row: SourceSetting): string {
  return `${sourcePlace(row)} ${JSON.stringify(knownOf(row))}`;
}

/**
 * Fields that are sent by paths belong together by their path; middleware has both options, in
 * the order of its calls.
 */
function credentialsOf(
  row: SourceSetting,
  origins: readonly SourceSetting[],
  credentials: readonly SourceSetting[],
): SourceSetting | undefined {
  const inOrder = credentials[origins.indexOf(row)];
  if (inOrder !== undefined && inOrder.subject === row.subject) return inOrder;
  if (row.subject !== undefined && credentials.some(({ subject }) => subject !== undefined)) {
    const paths = new Set(
      origins.filter((other) => listKey(other) === listKey(row)).map((own) => own.subject),
    );
    const own = credentials.filter(({ subject }) => paths.has(subject));
    return own.find((each) => knownOf(each) !== false) ?? own[0];
  }
  return inOrder ?? credentials[0];
}

function knownOf(row: SourceSetting | undefined): unknown {
  return row?.resolved.state === "known" ? row.resolved.value : undefined;
}

/** Starlette answers `*` with credentials by the origin that asks (Starlette, middleware/cors.py). */
function originFindings(
  row: SourceSetting,
  credentials: SourceSetting | undefined,
): readonly Finding[] {
  const value = knownOf(row);
  const origins = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
  const open = origins.find((origin) => origin === "*" || origin === "null");
  if (open === undefined) return [];
  return [finding(row, credentials, `allows the origin ${open}`)];
}

/** A pattern that ends in anything lets any host in. */
const OPEN_END = /\.[*+]\??\)?\$?$/;

function patternFindings(
  row: SourceSetting,
  credentials: readonly SourceSetting[],
): readonly Finding[] {
  const value = knownOf(row);
  if (typeof value !== "string" || !OPEN_END.test(value)) return [];
  const own = credentials.find(({ file }) => file === row.file);
  return [finding(row, own, "allows origins by a pattern with an open end")];
}

function finding(
  row: SourceSetting,
  credentials: SourceSetting | undefined,
  says: string,
): Finding {
  // No framework sends Access-Control-Allow-Credentials unless it is told to.
  // Browsers take an answer that does not speak of credentials for one that forbids them (Fetch, 3.2.3).
  const isSafe =
    credentials === undefined ||
    (credentials.resolved.state === "known" && knownOf(credentials) !== true);
  const place = sourcePlace(row);
  const more = isSafe ? [] : [sourceEvidence(credentials)];
  return {
    rule: isSafe ? "any-origin" : "any-origin-with-credentials",
    status: isSafe ? "warn" : "fail",
    message: `CORS ${says}${isSafe ? "" : " with credentials"} (${place})`,
    fix: `Write a fixed list at ${place}: allow_origins=["https://app.example.org"]`,
    evidence: [sourceEvidence(row), ...more],
  };
}
