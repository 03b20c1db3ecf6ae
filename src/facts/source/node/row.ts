import {
  asSetting,
  type ScriptValue,
  scriptOrigin,
  type ToldCondition,
} from "../../../parsers/javascript/script-value.ts";
import type { ScriptPlace } from "../../../parsers/javascript/syntax.ts";
import type { Framework } from "../../application.fact.ts";
import type { SourceProperty, SourceSetting } from "../../source-settings.fact.ts";
import { sourceRow } from "../python-row.ts";
import type { SourceContext } from "../reader.ts";

/** A setting found in JavaScript, its value not yet told without secrets. */
export interface ScriptRow {
  readonly slug: string;
  readonly property?: SourceProperty;
  readonly framework: Framework;
  readonly subject?: string;
  /** As people write it: `session.cookie.secure`. Secrets are told by it. */
  readonly name: string;
  readonly place: ScriptPlace;
  readonly value: ScriptValue;
  /** Nothing gives it: `value` is the library's default. */
  readonly isAbsent?: true;
  readonly conditions?: readonly ToldCondition[];
}

/** The row as checks see it. */
export function scriptRow(context: SourceContext, row: ScriptRow): SourceSetting {
  const { slug, property, framework, subject, name, place, value, isAbsent } = row;
  const told = sourceRow(context.setting, {
    slug,
    ...(property === undefined ? {} : { property }),
    framework,
    ...(subject === undefined ? {} : { subject }),
    name,
    ...place,
    value: asSetting(value),
    ...(isAbsent === undefined ? {} : { isAbsent }),
  });
  const conditions = [...(row.conditions ?? []), ...(value.conditions ?? [])];
  const off = conditions.find(({ holds }) => holds === false);
  const open = off ?? conditions.find(({ holds }) => holds === undefined);
  const variables = conditions.flatMap(({ origin }) =>
    origin.reads.map(({ variable }) => variable),
  );
  return {
    ...told,
    ...(isAbsent === true ? {} : { kind: kindOf(value, told.kind, conditions) }),
    variables: [...new Set([...told.variables, ...variables])],
    chain: inScript(told.chain),
    ...(open === undefined ? {} : { condition: open.text }),
    ...(off === undefined ? {} : { isOff: true as const }),
  };
}

/** Under a condition, or put together of text and variables, it is computed. */
function kindOf(
  value: ScriptValue,
  kind: SourceSetting["kind"],
  conditions: readonly ToldCondition[],
): SourceSetting["kind"] {
  if (conditions.length > 0) return "computed";
  return value.isComposed === true && scriptOrigin(value).reads.length > 0 ? "computed" : kind;
}

const PYTHON_WORDS: Readonly<Record<string, string>> = {
  True: "true",
  False: "false",
  None: "undefined",
};

function inScript(chain: string): string {
  return chain.replace(/ = (True|False|None)(?= <- |$)/, (all, word: string) =>
    all.replace(word, PYTHON_WORDS[word] ?? word),
  );
}
