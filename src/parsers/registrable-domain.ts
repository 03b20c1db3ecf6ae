import { parse } from "tldts";

import type { RegistrableDomain } from "../core/http-site.ts";

/**
 * Registrable domain of a host, or of the host in a URL as written, by the public suffix list (publicsuffix.org):
 * by its ICANN section alone, and with hosting domains (its private section) counted as suffixes too. `null` for an
 * address, a suffix itself, and what holds no host.
 *
 * The list is large: import this module only when a name has to be looked up.
 */
export function registrableDomain(text: string): RegistrableDomain {
  return {
    icann: parse(text).domain,
    withPrivate: parse(text, { allowPrivateDomains: true }).domain,
  };
}
