import { defineFact } from "../core/fact.ts";
import { withoutQuery } from "../core/http-report.ts";
import { answeredPages, fieldValues, type HttpExchange } from "../core/http-site.ts";
import { known, type Reading } from "../core/reading.ts";
import { sha256Hex } from "../wire/digest.ts";
import { httpSite } from "./http-site.fact.ts";

/** The policy of one fetched page, by a hash that stays the same from answer to answer. */
export interface PagePolicy {
  /** Without query. */
  readonly url: string;
  /** SHA-256, hex, of what is enforced, nonces left out. */
  readonly sha256: string;
  readonly hasNonce: boolean;
}

/** Pages whose policies are told; the judged one first. */
export const POLICIES_MAX = 100;

/** Of every HTML page that comes with a policy; empty where none does. */
export const cspPolicies = defineFact({
  id: "csp-policies",
  title: "Hashes of the policies in force",
  access: "connect",
  timeoutMs: 1_000,
  needs: { sites: httpSite },
  async collect(_context, { sites }): Promise<Reading<readonly PagePolicy[]>> {
    const pages = sites.flatMap(answeredPages).flatMap(policyOf);
    return known(pages.slice(0, POLICIES_MAX));
  },
});

const NONCE = /'nonce-[^']*'/gi;

function policyOf(exchange: HttpExchange): readonly PagePolicy[] {
  const { page } = exchange.body;
  if (page === undefined) return [];
  const metas = page.metas
    .filter(({ httpEquiv, isInHead }) => isInHead && isCspName(httpEquiv))
    .map(({ content = "" }) => content);
  const written = [...fieldValues(exchange, "content-security-policy"), ...metas];
  if (written.length === 0) return [];
  const text = written.map(withoutNonces).join("\n");
  return [
    {
      url: withoutQuery(exchange.url),
      sha256: sha256Hex(text),
      hasNonce: written.some((value) => value.search(NONCE) >= 0),
    },
  ];
}

/** Blanks are of no meaning in a policy (CSP3 section 2.2); a nonce is another in each answer. */
function withoutNonces(value: string): string {
  return value.replace(NONCE, "'nonce-'").replace(/\s+/g, " ").trim();
}

function isCspName(httpEquiv: string | undefined): boolean {
  return httpEquiv?.trim().toLowerCase() === "content-security-policy";
}
