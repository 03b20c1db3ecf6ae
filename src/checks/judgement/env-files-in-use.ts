import { cannotTell, type Outcome } from "../../core/check.ts";
import type { EnvFiles } from "../../facts/env-files.fact.ts";

/**
 * The answer over all env files in use, or that not all of them are known: a unit or compose file
 * that could not be read may name further ones.
 */
export function overAllEnvFiles({ undeclared = [] }: EnvFiles, otherwise: Outcome): Outcome {
  const [hidden] = undeclared;
  if (hidden === undefined) return otherwise;
  const { code, detail } = hidden.problem;
  return cannotTell(
    code,
    `${hidden.file} may name further env files, yet cannot be read: ${detail}`,
  );
}
