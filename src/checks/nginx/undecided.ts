import type { Problem } from "../../core/reading.ts";
import type { NginxLocation } from "../../parsers/nginx/location.ts";
import { matchPcre, type PcreBudget } from "../../parsers/nginx/pcre.ts";

/** Whether it cannot be told of one of these paths if a location by pattern takes it. */
export function isUndecided(
  { kind, value }: NginxLocation,
  paths: readonly string[],
  budget: PcreBudget,
): boolean {
  if (kind !== "regex" && kind !== "regex-caseless") return false;
  const isCaseless = kind === "regex-caseless";
  return paths.some((path) => matchPcre(value, isCaseless, path, budget) === "undecidable");
}

const PATTERN_CHARACTERS_MAX = 80;

/** Nothing passes that rests on such a pattern. */
export function undecidedPattern({ value, directive }: NginxLocation): Problem {
  const { file, line } = directive;
  const detail = `${file}:${line} has a pattern that cannot be evaluated: ${value.slice(0, PATTERN_CHARACTERS_MAX)}`;
  return { code: "unsupported", detail };
}
