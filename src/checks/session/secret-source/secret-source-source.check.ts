import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import {
  type SourceSetting,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { KEPT_IN_FILE } from "../../../parsers/python/kept-secret.ts";
import { nothingFound } from "../../judgement/source-rows.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { sessionSecretSourceControl } from "./secret-source.control.ts";

export const sessionSecretSourceSource = defineCheck({
  control: sessionSecretSourceControl,
  layer: "source",
  reads:
    "Where the key handed to SessionMiddleware, express-session or Flask comes from, and what it is when no variable is set.",
  needs: { source: sourceSettings },

  evaluate({ source }) {
    const rows = settingsOf(source, "session.secret");
    if (rows.length === 0)
      return nothingFound(source, "Source sets up no session that a key signs");
    const fallbacks = settingsOf(source, "session.secret-fallback");
    const findings = rows.flatMap((row) =>
      findingsOf(
        row,
        fallbacks.find((one) => isSame(one, row)),
      ),
    );
    const open = rows.find(
      (row) =>
        row.variables.length === 0 &&
        row.resolved.state === "unknown" &&
        !isOfFile(row) &&
        !isKept(row),
    );
    if (open?.resolved.state === "unknown")
      return judge(
        findings,
        cannotTell(
          "unsupported",
          `Where the key at ${sourcePlace(open)} comes from cannot be told: ${open.resolved.reason}`,
        ),
      );
    const names = [
      ...new Set(rows.flatMap((row) => (isOfFile(row) ? ["a file"] : row.variables))),
    ].join(", ");
    const keptRow = rows.find(isKept);
    const where =
      keptRow === undefined
        ? `The session key comes from ${names} alone`
        : `The session key is made at the first start and kept in a file (${sourcePlace(keptRow)})`;
    return judge(findings, pass(where, rows.map(sourceEvidence)));
  },
});

/** `open("/run/secrets/key").read()`: a secret file, which stands in no source (catalog, `session.secret-source`). */
function isOfFile({ variables, resolved }: SourceSetting): boolean {
  return variables.length === 0 && resolved.state === "unknown" && FROM_FILE.test(resolved.reason);
}

/** In the words of the reader of source. */
const FROM_FILE = /^it is read from a file$/;

function isSame(a: SourceSetting, b: SourceSetting): boolean {
  return a.file === b.file && a.line === b.line && a.subject === b.subject;
}

function findingsOf(row: SourceSetting, fallback: SourceSetting | undefined): readonly Finding[] {
  const [variable = "SESSION_SECRET_KEY"] = row.variables;
  const read =
    row.framework === "express" ? `process.env.${variable}` : `os.environ["${variable}"]`;
  const told = { subject: row.subject ?? row.slug, evidence: [sourceEvidence(row)] } as const;
  const place = sourcePlace(row);
  if (row.kind === "literal" || isWrittenDown(row))
    return [
      {
        ...told,
        rule: "literal",
        status: "fail",
        message: `The session key stands in source (${place})`,
        fix: `Write ${read} at ${place}, and give ${variable} a new value: the old one is public`,
      },
    ];
  if (row.variables.length === 0) return [];
  const own = fallback?.resolved ?? (isDefault(row) ? row.resolved : undefined);
  if (own?.state === "known" && own.secret !== undefined && own.secret.length > 0)
    return [
      {
        ...told,
        rule: "literal-fallback",
        status: "fail",
        message: `Without ${variable} the session key is one that stands in source (${place})`,
        fix: `Write ${read} at ${place}, so that a missing ${variable} stops the start`,
      },
    ];
  if (own?.state === "unknown" && /(?:secrets|uuid|random|os\.urandom|Crypto)/i.test(own.reason))
    return [
      {
        ...told,
        rule: "random-fallback",
        status: "warn",
        message: `Without ${variable} every start makes a key of its own (${place})`,
        fix: `Write ${read} at ${place}, so that a missing ${variable} stops the start`,
      },
    ];
  return [];
}

/** Worked out of nothing but what stands in files of the project. */
function isWrittenDown({ resolved }: SourceSetting): boolean {
  return (
    resolved.state === "known" &&
    resolved.from === "literal" &&
    resolved.secret !== undefined &&
    resolved.secret.length > 0
  );
}

/** A key that the program makes once and writes to a file, as a secret file of its own. */
function isKept({ resolved }: SourceSetting): boolean {
  return resolved.state === "unknown" && resolved.reason === KEPT_IN_FILE;
}

/** Nothing set the variable: what is in force is what the code falls back to. */
function isDefault({ resolved }: SourceSetting): boolean {
  return resolved.state === "known" && resolved.from === "default";
}
