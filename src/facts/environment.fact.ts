import { defineFact } from "../core/fact.ts";
import { known, type Problem, type Reading } from "../core/reading.ts";
import { describeSecret, type SecretMeasure } from "../core/secret.ts";
import { isPublicKey, publicText } from "./environment-public.ts";
import { isDevStage, STAGE_KEYS } from "./environment-stage.ts";
import {
  type Assignment,
  type EnvironmentLayer,
  type EnvironmentValues,
  environmentValues,
  type OpenVariable,
} from "./environment-values.fact.ts";
import { measureOptions } from "./measure-options.ts";
import { type MeasureOptions, measureSecret } from "./secret-measure.ts";

/** The environment as a check may see it: every layer of every key, no secret in clear. */
export interface Environment {
  /** In order of precedence within each key: the first one is effective. */
  readonly variables: Readonly<Record<string, readonly [Variable, ...Variable[]]>>;
  readonly unreadable: readonly { readonly file: string; readonly problem: Problem }[];
  /** Variables whose value hangs on what a start script finds or runs; absent for none. */
  readonly open?: readonly OpenVariable[];
  readonly isProcessSeen: boolean;
  /** Where a variable that nobody sets yet would be read, when it is not an env file in use: `in docker/.env`. */
  readonly placeForNew?: string;
}

export interface Variable {
  readonly key: string;
  readonly layer: EnvironmentLayer;
  readonly file: string;
  readonly line?: number;
  readonly reader: string;
  /** The value itself, only for keys known to hold no secret (`PUBLIC_KEYS`); a URL without userinfo and query. */
  readonly text?: string;
  /** Set to the empty string. */
  readonly isEmpty: boolean;
  /** `"0"`, or `set, 64 chars, fp:1a2b3c4d`: what may be printed. */
  readonly shown: string;
  /** For every key that is not public: its measures. */
  readonly secret?: SecretMeasure;
  /** Equal values have equal fingerprints; for comparing layers. */
  readonly fingerprint: string;
}

/** The effective variable of a key; `undefined` when no layer sets it. */
export function effectiveVariable({ variables }: Environment, key: string): Variable | undefined {
  return Object.hasOwn(variables, key) ? variables[key]?.[0] : undefined;
}

export { isDevStage, STAGE_KEYS };

export interface Stage {
  /** Lower-cased; `undefined` when no stage is declared, which counts as production. */
  readonly name: string | undefined;
  readonly isDev: boolean;
  readonly variable: Variable | undefined;
}

/** The declared stage (catalog G3): nothing set at all is not development. */
export function stageOf(environment: Environment): Stage {
  for (const key of STAGE_KEYS) {
    const variable = effectiveVariable(environment, key);
    const name = variable?.text?.trim().toLowerCase();
    if (name) return { name, isDev: isDevStage(name), variable };
  }
  return { name: undefined, isDev: false, variable: undefined };
}

export const environment = defineFact({
  id: "environment",
  title: "Environment of the application",
  access: "read",
  timeoutMs: 8_000,
  needs: { environmentValues },
  async collect({ fingerprintKey }, facts): Promise<Reading<Environment>> {
    return known(maskedEnvironment(facts.environmentValues, fingerprintKey));
  },
});

/** The same environment without anything secret in it. */
export function maskedEnvironment(values: EnvironmentValues, fingerprintKey: string): Environment {
  const options = measureOptions(values, fingerprintKey);
  const variables = new Map<string, [Variable, ...Variable[]]>();
  for (const assignment of values.assignments) {
    const variable = masked(assignment, options);
    const before = variables.get(assignment.key);
    if (before === undefined) variables.set(assignment.key, [variable]);
    else before.push(variable);
  }
  return {
    variables: Object.fromEntries(variables),
    unreadable: values.unreadable,
    ...(values.open === undefined ? {} : { open: values.open }),
    isProcessSeen: values.isProcessSeen,
    ...(values.placeForNew === undefined ? {} : { placeForNew: values.placeForNew }),
  };
}

const SHOWN_LENGTH_MAX = 200;

function masked(
  { key, value, layer, file, line, reader }: Assignment,
  options: MeasureOptions,
): Variable {
  const secret = measureSecret(value, options);
  const text = isPublicKey(key) ? publicText(key, value) : undefined;
  const place = { key, layer, file, ...(line === undefined ? {} : { line }), reader };
  const common = { ...place, isEmpty: value === "", fingerprint: secret.fingerprint };
  if (text === undefined) return { ...common, shown: describeSecret(secret), secret };
  const isCut = text.length > SHOWN_LENGTH_MAX;
  const shown = JSON.stringify(isCut ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text);
  return { ...common, text, shown: value === "" ? "set to empty" : shown };
}
