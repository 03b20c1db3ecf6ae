import type { Evidence } from "../../core/check.ts";
import type { Problem } from "../../core/reading.ts";
import {
  type Environment,
  effectiveVariable,
  type Variable,
} from "../../facts/environment.fact.ts";
import {
  ENVIRONMENT_LAYERS,
  type EnvironmentLayer,
  openVariable,
} from "../../facts/environment-values.fact.ts";

/**
 * Why the effective value of `keys` cannot be told: a start script may set one of them, or an env
 * file in use is unreadable and no layer above that file sets one. `undefined` where it can.
 */
export function hiddenBehind(
  environment: Environment,
  keys: readonly string[],
): Problem | undefined {
  for (const key of keys) {
    const open = openVariable(environment, key, effectiveVariable(environment, key));
    if (open === undefined) continue;
    const detail = `the start script may set ${key} (${placeOf(open)}), and what it finds is not known`;
    return { code: "unsupported", detail };
  }
  const ranks = keys.flatMap((key) => {
    const variable = effectiveVariable(environment, key);
    return variable === undefined ? [] : [rank(variable.layer)];
  });
  const highest = Math.min(...ranks, ENVIRONMENT_LAYERS.length);
  const hidden = environment.unreadable.find(({ file }) => rank(layerOf(file)) <= highest);
  if (hidden === undefined) return undefined;
  const { code, detail } = hidden.problem;
  return {
    code,
    detail: `${keys.join(" or ")} may be set in ${hidden.file}, which cannot be read: ${detail}`,
  };
}

function rank(layer: EnvironmentLayer): number {
  return ENVIRONMENT_LAYERS.indexOf(layer);
}

/** The highest layer that an unreadable file would have filled, by its name (catalog G4). */
function layerOf(file: string): EnvironmentLayer {
  const name = file.slice(file.lastIndexOf("/") + 1);
  if (/\.(?:service|conf|ya?ml)$/.test(name)) return "service";
  if (/^\.env\.(?:dev|development|local)$/.test(name)) return "dotenv-dev";
  return /^\.env(?:\.|$)/.test(name) ? "dotenv" : "service-file";
}

/** The first of `keys` that is set, also to empty. */
export function firstVariable(
  environment: Environment,
  keys: readonly string[],
): Variable | undefined {
  for (const key of keys) {
    const variable = effectiveVariable(environment, key);
    if (variable !== undefined) return variable;
  }
  return undefined;
}

/** `.env:3`, or the file alone where the layer has no lines. */
export function placeOf({ file, line }: Pick<Variable, "file" | "line">): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** `DJANGO_DEBUG=0 (dotenv, read by python-dotenv)` at its place; a secret as its measures. */
export function variableEvidence(variable: Variable, shown = variable.shown): Evidence {
  const { key, layer, reader, file, line } = variable;
  return {
    file,
    ...(line === undefined ? {} : { line }),
    excerpt: `${key}=${shown} (layer ${layer}, read by ${reader})`,
  };
}

const FILES_SHOWN_MAX = 5;

/** The files and layers that were looked through. */
export function describeLayers({ variables }: Environment): string {
  const files = new Set(
    Object.values(variables)
      .flat()
      .map(({ file }) => file),
  );
  const shown = [...files].toSorted().slice(0, FILES_SHOWN_MAX);
  return shown.length === 0 ? "any layer of the environment" : shown.join(", ");
}
