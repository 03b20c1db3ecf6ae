import { type CspPolicy, directiveOf } from "../../../parsers/csp/policy.ts";

/** What the policies together lack: a load must pass each of them, so one that has the directive suffices. */
export function missingDirectives(enforced: readonly CspPolicy[]): readonly string[] {
  const has = (name: string) => enforced.some((policy) => directiveOf(policy, name) !== undefined);
  const loads = has("default-src") ? [] : ["script-src", "object-src"];
  return [...loads, "base-uri", "frame-ancestors"].filter((name) => !has(name));
}
