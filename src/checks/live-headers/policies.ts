import { fieldValues, type HttpExchange } from "../../core/http-site.ts";
import { type CspHeader, type CspPolicy, parseCsp } from "../../parsers/csp/policy.ts";
import { fieldFixes } from "../live-site/server-fixes.ts";

export const CSP_FIELD = "Content-Security-Policy";

/** A policy to begin with. */
export const BASE_POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

export const CSP_FIX = fieldFixes(CSP_FIELD, BASE_POLICY);

/** The enforced policies of the header. */
export function headerPolicies(answer: HttpExchange): readonly CspPolicy[] {
  return readHeader(answer).policies;
}

/** Header and meta elements together; browsers ignore a meta policy outside of head (CSP3 section 3.3). */
export function enforcedPolicies(answer: HttpExchange): readonly CspPolicy[] {
  const contents = (answer.body.page?.metas ?? [])
    .filter(
      ({ httpEquiv, isInHead }) => isInHead && httpEquiv?.toLowerCase() === CSP_FIELD.toLowerCase(),
    )
    .map(({ content = "" }) => content);
  const inPage = parseCsp(contents, { disposition: "enforce", delivery: "meta" }).policies;
  return [...headerPolicies(answer), ...inPage];
}

/** The analysis ended at a limit: a policy behind it may say more. */
export function isPolicyCut(answer: HttpExchange): boolean {
  return readHeader(answer).problems.some(({ rule }) => rule.startsWith("too-"));
}

function readHeader(answer: HttpExchange): CspHeader {
  const values = fieldValues(answer, "content-security-policy");
  return parseCsp(values, { disposition: "enforce", delivery: "header" });
}
