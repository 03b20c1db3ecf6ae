import type { SourceSetting } from "../source-settings.fact.ts";

/** One thing a deployment file says, before it becomes a row of the report. No secret in it. */
export interface DeployRow {
  readonly slug: string;
  readonly file: string;
  /** `null` for what is absent. */
  readonly line: number | null;
  readonly kind: SourceSetting["kind"];
  readonly value: string;
  /** The service, stage, unit or key it is about. */
  readonly subject?: string;
  readonly variables?: readonly string[];
}

const VALUE_LENGTH_MAX = 200;

/** The row as the facts print it: the same shape as those of source. */
export function settingOfRow(row: DeployRow): SourceSetting {
  const { slug, subject, file, line, kind, variables = [] } = row;
  const value = shortened(row.value);
  const place = line === null ? file : `${file}:${line}`;
  return {
    slug,
    ...(subject === undefined ? {} : { subject: shortened(subject) }),
    file,
    line,
    kind,
    value,
    variables,
    resolved:
      kind === "env"
        ? { state: "unknown", reason: `made of ${variables.join(", ") || "the environment"}` }
        : { state: "known", value, from: kind === "absent" ? "default" : "literal" },
    chain: `${slug} = ${value} <- ${place}`,
  };
}

function shortened(text: string): string {
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
}

/** The first of `lines` from `start` (1-based, both ends included) that holds `needle`; else `start`. */
export function lineHolding(
  lines: readonly string[],
  start: number,
  end: number,
  needle: string | RegExp,
): number {
  for (let at = start; at <= Math.min(end, lines.length); at += 1) {
    const line = lines[at - 1] ?? "";
    if (typeof needle === "string" ? line.includes(needle) : needle.test(line)) return at;
  }
  return start;
}

/** Each row once: an anchor used by ten services says one thing. */
export function uniqueRows(rows: readonly DeployRow[]): readonly DeployRow[] {
  const found = new Map<string, DeployRow>();
  for (const row of rows) {
    const { slug, file, line, subject, value } = row;
    const key = JSON.stringify([slug, file, line, line === null ? subject : value]);
    if (!found.has(key)) found.set(key, row);
  }
  return [...found.values()];
}

/** Names of `$NAME` and `${NAME...}` in a text as written; `$$` is a dollar sign. */
export function variablesIn(text: string): readonly string[] {
  const names = [...text.replaceAll("$$", "").matchAll(/\$\{?([A-Za-z_]\w*)/g)];
  return [...new Set(names.map(([, name = ""]) => name))];
}
