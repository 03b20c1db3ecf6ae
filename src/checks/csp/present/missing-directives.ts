import { type CspPolicy, directiveOf } from "../../../parsers/csp/policy.ts";

const BASE_POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";
export const PRESENT_FIX = `nginx: add_header Content-Security-Policy "${BASE_POLICY}" always; (or the application sets it on every answer)`;

/** What the policies together lack: a load must pass each of them, so one that has the directive suffices. */
export function missingDirectives(enforced: readonly CspPolicy[]): readonly string[] {
  const has = (name: string) => enforced.some((policy) => directiveOf(policy, name) !== undefined);
  const loads = has("default-src") ? [] : ["script-src", "object-src"];
  return [...loads, "base-uri", "frame-ancestors"].filter((name) => !has(name));
}
