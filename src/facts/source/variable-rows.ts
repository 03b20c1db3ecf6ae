import { knownValue } from "../../core/reading.ts";
import { isSecretName } from "../../core/secret.ts";
import { publicText } from "../environment-public.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import type { SourceContext } from "./reader.ts";

/** A line of a sample or a compose file. */
interface Assigned {
  readonly key: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/;
const LINES_MAX = 2_000;
const COMPOSE = /(?:^|[/.-])compose[\w.-]*\.ya?ml$/;

/**
 * Lines of compose files and of samples of env files that give a variable its value on which one setting hangs.
 * They decide nothing here: what is in force is told by the setting's own row.
 */
export async function variableRows(
  context: SourceContext,
  rows: readonly SourceSetting[],
): Promise<readonly SourceSetting[]> {
  const settings = new Map(
    rows.flatMap((row) => {
      const [variable] = row.variables;
      const isOne = row.variables.length === 1 && variable !== undefined;
      return isOne && !/^(?:sentry\.init|env\.mode)$/.test(row.slug) && !isSecretName(variable)
        ? [[variable, row] as const]
        : [];
    }),
  );
  const found = await assigned(context);
  const told = found.flatMap((one) => {
    const row = settings.get(one.key);
    return row === undefined ? [] : [rowOf(row, one)];
  });
  return [...new Map(told.map((row) => [`${row.slug} ${row.file}:${row.line}`, row])).values()];
}

async function assigned({ environment, sources }: SourceContext): Promise<readonly Assigned[]> {
  const values = knownValue(environment);
  const found: Assigned[] = (values?.assignments ?? []).flatMap(({ key, value, file, line }) =>
    line === undefined || !COMPOSE.test(file) ? [] : [{ key, value, file, line }],
  );
  for (const file of values?.samples ?? []) {
    const lines = ((await sources.text(file)) ?? "").split("\n").slice(0, LINES_MAX);
    for (const [at, text] of lines.entries()) {
      const [, key, value = ""] = ASSIGNMENT.exec(text) ?? [];
      if (key !== undefined) found.push({ key, value: unquoted(value), file, line: at + 1 });
    }
  }
  return found;
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value.replace(/\s+#.*$/, "");
}

function rowOf(
  { slug, framework }: SourceSetting,
  { key, value, file, line }: Assigned,
): SourceSetting {
  const shown = publicText(key, value) ?? "set";
  return {
    slug,
    ...(framework === undefined ? {} : { framework }),
    ...{ subject: key, file, line, kind: "literal", value: shown, variables: [key] },
    resolved: { state: "known", value: shown, from: "env" },
    chain: `${key}=${shown} <- ${file}:${line}`,
  };
}
