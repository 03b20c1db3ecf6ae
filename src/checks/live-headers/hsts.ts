import { fieldValues, type HttpExchange } from "../../core/http-site.ts";
import { type HstsHeader, parseHsts } from "../../parsers/http/hsts.ts";
import { fieldFixes } from "../live-site/server-fixes.ts";
import type { SeenAnswer } from "./answers.ts";

export const HSTS_FIELD = "Strict-Transport-Security";

/** One year, the least that hstspreload.org and the seed accept. */
export const ONE_YEAR_SECONDS = 31_536_000;

export function hstsOf(answer: HttpExchange): HstsHeader {
  return parseHsts(fieldValues(answer, "strict-transport-security"));
}

export function sendsHsts({ answer }: SeenAnswer): boolean {
  return fieldValues(answer, "strict-transport-security").length > 0;
}

/** Why a browser ignores the header: the first fault of the line that counts. */
export function ignoredBecause({ effective, problems }: HstsHeader): string | undefined {
  if (effective !== undefined) return undefined;
  return problems.find(({ field }) => field === 0)?.message ?? "the header says nothing";
}

/** `max-age=31536000; includeSubDomains`: equal policies compare equal, however they are written. */
export function canonicalHsts(answer: HttpExchange): string | undefined {
  const { effective } = hstsOf(answer);
  if (effective === undefined) return undefined;
  const { maxAgeSeconds, includeSubDomains, preload } = effective;
  return [
    `max-age=${maxAgeSeconds}`,
    ...(includeSubDomains ? ["includeSubDomains"] : []),
    ...(preload ? ["preload"] : []),
  ].join("; ");
}

export const HSTS_FIX = fieldFixes(HSTS_FIELD, "max-age=31536000; includeSubDomains", {
  django:
    "SECURE_HSTS_SECONDS = 31536000 and SECURE_HSTS_INCLUDE_SUBDOMAINS = True in the settings, with SecurityMiddleware first (and SECURE_PROXY_SSL_HEADER behind a proxy)",
  express: "app.use(helmet())",
  generic:
    "Send Strict-Transport-Security: max-age=31536000; includeSubDomains once with every answer over https, errors and redirects included",
});
