import { fieldValues, type HttpExchange } from "../../core/http-site.ts";
import { type HstsHeader, parseHsts } from "../../parsers/http/hsts.ts";
import type { SeenAnswer } from "./answers.ts";

export const HSTS_FIELD = "Strict-Transport-Security";

/** One year, the least that hstspreload.org and the seed accept. */
export const ONE_YEAR_SECONDS = 31_536_000;

/** What is read here of an answer; one that a configuration foretells has no more. */
type Fields = Pick<HttpExchange, "fields">;

/** Half a year, the catalog's line between warn and fail. */
export const HALF_YEAR_SECONDS = 15_768_000;

export function hstsOf(answer: Fields): HstsHeader {
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
export function canonicalHsts(answer: Fields): string | undefined {
  const { effective } = hstsOf(answer);
  if (effective === undefined) return undefined;
  const { maxAgeSeconds, includeSubDomains, preload } = effective;
  return [
    `max-age=${maxAgeSeconds}`,
    ...(includeSubDomains ? ["includeSubDomains"] : []),
    ...(preload ? ["preload"] : []),
  ].join("; ");
}

export const HSTS_FIX =
  'nginx: add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always; in the https server and in each location with an add_header of its own, without proxy_hide_header for it; Caddy: header Strict-Transport-Security "max-age=31536000; includeSubDomains"; Apache: Header always set Strict-Transport-Security "max-age=31536000; includeSubDomains"; Django: SECURE_HSTS_SECONDS = 31536000 and SECURE_HSTS_INCLUDE_SUBDOMAINS = True with SecurityMiddleware first; Express: app.use(helmet()); once only, proxy or application';
