import type { FieldSpan } from "../http/field.ts";
import type { CspPolicy } from "./policy.ts";

/** A nonce as it stands in a policy. */
export interface CspNonce extends FieldSpan {
  readonly policyIndex: number;
  readonly directive: string;
  readonly nonce: string;
  /** The most bits this many characters of base64 can carry. */
  readonly bitsMax: number;
}

/** A nonce should hold at least 128 bits before encoding (CSP3 section 7.1), which takes 22 characters of base64. */
export const NONCE_LENGTH_MIN = 22;

/** Nonces that documentation and examples show, so that anybody can guess them. */
const EXAMPLE_NONCES: ReadonlySet<string> = new Set([
  "ch4hvvbHDpv7xCSvXCs3BrNggHdTzxUA",
  "DhcnhD3khTMePgXwdayK9BsMqXjhguVV",
  "EDNnf03nceIOfn39fn3e9h3sdfa",
  "2726c7f26c",
  "416d1177-4d12-4e3b-b7c9-f6c409789fb8",
  "8IBTHwOdqNKAWeKl7plt8g==",
]);
/** Distinct characters of a random value of that length; fewer than this many is no chance. */
const DISTINCT_MIN = 8;

/** All nonces of a set of policies. */
export function noncesOf(policies: readonly CspPolicy[]): readonly CspNonce[] {
  return policies.flatMap((policy, policyIndex) =>
    policy.directives
      .filter(({ ignored }) => ignored === undefined)
      .flatMap(({ name, sources }) =>
        sources.flatMap(({ expression, field, offset, length }) =>
          expression.kind === "nonce"
            ? [
                {
                  policyIndex,
                  directive: name,
                  nonce: expression.nonce,
                  bitsMax: Math.floor(expression.nonce.replace(/=+$/, "").length * 6),
                  field,
                  offset,
                  length,
                },
              ]
            : [],
        ),
      ),
  );
}

/** Whether a nonce is a word, an example or a run of few characters rather than chance. */
export function isGuessableNonce(nonce: string): boolean {
  if (EXAMPLE_NONCES.has(nonce)) return true;
  if (/(?:nonce|random|r4nd0m|rand0m|test|example|changeme)/i.test(nonce)) return true;
  return nonce.length >= NONCE_LENGTH_MIN && new Set(nonce).size < DISTINCT_MIN;
}

/** Nonces of the first answer that the second one repeats; each must be made anew (CSP3 section 7.1). */
export function repeatedNonces(
  first: readonly CspPolicy[],
  second: readonly CspPolicy[],
): readonly CspNonce[] {
  const later = new Set(noncesOf(second).map(({ nonce }) => nonce));
  return noncesOf(first).filter(({ nonce }) => later.has(nonce));
}
