import type { Layer } from "./check.ts";

/** What one layer does to a control's value on its way out to the client. */
export interface Statement {
  readonly layer: Layer;
  readonly says: "sets" | "drops" | "passes-on" | "unknown";
  /** In canonical form, so that values compare as written. Never a secret. */
  readonly value?: string;
  /** `path:line`, a URL, or what was looked at; for `unknown`, why. */
  readonly where: string;
}

export const VERDICTS = [
  "agrees",
  "never-set",
  "lost",
  "overridden",
  "contradicted",
  "unknown",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Trace {
  readonly verdict: Verdict;
  readonly steps: readonly Statement[];
}

/**
 * Follows a value from the innermost layer outwards and compares it with what is live.
 *
 * Statements are given from source outwards. A live statement is what the client really got
 * (`sets` with its value, or `drops`): where it differs from what the inner layers arrive at, the
 * files we read are not what answers (not reloaded, another host, a CDN): `contradicted`. Nothing where nothing inside
 * was looked at: what the client got alone is no way through layers, and there is nothing it could contradict.
 */
export function trace(steps: readonly Statement[]): Trace | undefined {
  const hasInner = steps.some(({ layer }) => layer !== "live");
  return hasInner ? { verdict: verdictOf(steps), steps } : undefined;
}

function verdictOf(steps: readonly Statement[]): Verdict {
  if (steps.some(({ says }) => says === "unknown")) return "unknown";
  const inner = steps.filter(({ layer, says }) => layer !== "live" && says !== "passes-on");
  const live = steps.find(({ layer }) => layer === "live");
  const first = inner.find(({ says }) => says === "sets");
  const last = inner.at(-1);
  const arrives = last?.says === "sets" ? last.value : undefined;
  const seen = live?.says === "sets" ? live.value : undefined;
  if (live !== undefined && live.says !== "passes-on" && seen !== arrives) return "contradicted";
  if (first === undefined || last === undefined) return "never-set";
  if (last.says === "drops") return "lost";
  return inner.every(({ value }) => value === first.value) ? "agrees" : "overridden";
}
