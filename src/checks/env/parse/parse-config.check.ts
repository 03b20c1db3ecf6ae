import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { type EnvFile, type EnvFileAnomaly, envFiles } from "../../../facts/env-files.fact.ts";
import { overAllEnvFiles } from "../../judgement/env-files-in-use.ts";
import { shellWord } from "../../judgement/remedy.ts";
import { envParse } from "./parse.control.ts";

/** Lines quoted per kind and file; a file saved with CRLF has one on every line. */
const LINES_SHOWN_MAX = 10;

export const envParseConfig = defineCheck({
  control: envParse,
  layer: "config",
  reads: "every env file in use, as each of its readers takes it apart",
  needs: { env: envFiles },

  evaluate({ env }) {
    if (env.files.length === 0) return overAllEnvFiles(env, notApplicable("No env file is in use"));
    const findings = env.files.flatMap(findingsOf);
    const hidden = env.files.find(({ content }) => content.state !== "known");
    if (hidden !== undefined) {
      const { content, path } = hidden;
      const problem = content.state === "unknown" ? content.problem : undefined;
      const detail = `${path} cannot be read: ${problem?.detail ?? "it is gone"}`;
      return judge(findings, cannotTell(problem?.code ?? "unreachable", detail));
    }
    const evidence = env.files.map(({ path, content, loaders }) => ({
      file: path,
      excerpt: `${knownValue(content)?.keys.length ?? 0} keys, read by ${loaders.join(", ") || "no known reader"}`,
    }));
    const paths = env.files.map(({ path }) => path).join(", ");
    return judge(
      findings,
      overAllEnvFiles(env, pass(`Every reader takes ${paths} alike`, evidence)),
    );
  },
});

type Kind = EnvFileAnomaly["kind"];

function findingsOf({ path, content }: EnvFile): readonly Finding[] {
  const anomalies = knownValue(content)?.anomalies ?? [];
  const kinds = [...new Set(anomalies.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const [first, ...others] = anomalies.filter((anomaly) => anomaly.kind === kind);
    return first === undefined ? [] : [findingOf(path, kind, [first, ...others])];
  });
}

function findingOf(
  path: string,
  kind: Kind,
  anomalies: readonly [EnvFileAnomaly, ...EnvFileAnomaly[]],
): Finding {
  const [first, ...others] = anomalies;
  const more = others.length === 0 ? "" : ` (and on ${others.length} more lines)`;
  const evidence = (anomaly: EnvFileAnomaly): Evidence => ({
    file: path,
    line: anomaly.line,
    excerpt: anomaly.key === undefined ? anomaly.detail : `${anomaly.key}: ${anomaly.detail}`,
  });
  const subject = first.key === undefined ? "" : `, ${first.key}`;
  return {
    rule: kind,
    status: "warn",
    ...(first.key !== undefined && { subject: first.key }),
    message: `${path}:${first.line}${subject}: ${first.detail}${more}`,
    fix: fixOf(kind, path, first),
    evidence: [evidence(first), ...others.slice(0, LINES_SHOWN_MAX - 1).map(evidence)],
  };
}

function fixOf(kind: Kind, path: string, { line, key }: EnvFileAnomaly): string {
  const name = key ?? "the key";
  const at = `line ${line} of ${path}`;
  switch (kind) {
    case "crlf":
    case "byte-order-mark":
      return `Run: dos2unix ${shellWord(path)}`;
    case "duplicate-key":
      return `Keep one assignment of ${name} in ${path}; the last one, which is in force, is on line ${line}`;
    case "lower-case-twin":
      return `Keep one spelling of ${name} in ${path} and delete the other (${at})`;
    case "export-under-systemd":
      return `Delete the word export on ${at}`;
    case "inline-comment-kept":
      return `Put the comment on ${at} on a line of its own`;
    case "blanks-around-equals":
      return `Remove the blanks around = on ${at}`;
    case "unbalanced-quote":
      return `Put the value of ${name} on ${at} in single quotes`;
    case "dollar-expanded":
    case "readers-disagree":
      return `Put the value meant for ${name}, written out, on ${at} in single quotes`;
    case "unparsable-line":
      return `Write ${at} as KEY='value', or delete it`;
    case "nul-byte":
    case "invalid-utf8":
      return `Save ${path} as UTF-8 text without NUL bytes (${at})`;
  }
}
