import { defineFact } from "../core/fact.ts";
import { type Problem, type Reading, unknown } from "../core/reading.ts";
import type { SecretMeasure } from "../core/secret.ts";
import type { EnvironmentLayer } from "./environment-values.fact.ts";

/** The environment as a check may see it: every layer of every key, no secret in clear. */
export interface Environment {
  /** In order of precedence within each key: the first one is effective. */
  readonly variables: Readonly<Record<string, readonly [Variable, ...Variable[]]>>;
  readonly unreadable: readonly { readonly file: string; readonly problem: Problem }[];
  readonly isProcessSeen: boolean;
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

/** Where a stage name is read, first set wins (catalog G3). */
export const STAGE_KEYS = [
  "DJANGO_ENV",
  "AGENTOS_ENV",
  "OCTOPUSOS_ENV",
  "APP_ENV",
  "NODE_ENV",
  "FLASK_ENV",
  "SENTRY_ENVIRONMENT",
] as const;
const DEV_STAGES: ReadonlySet<string> = new Set(["dev", "development", "local", "test", "testing"]);

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
    if (name) return { name, isDev: DEV_STAGES.has(name), variable };
  }
  return { name: undefined, isDev: false, variable: undefined };
}

export const environment = defineFact({
  id: "environment",
  title: "Environment of the application",
  access: "read",
  timeoutMs: 8_000,
  async collect(): Promise<Reading<Environment>> {
    return unknown("unsupported", "not written yet");
  },
});
