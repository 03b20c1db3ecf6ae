import type { ObservatoryCode, ObservatoryCodes, ObservatoryTest } from "./results.ts";

/** A better result of a test, what it takes to get there, and how to do it. */
export interface Mend<T extends ObservatoryTest = ObservatoryTest> {
  readonly to: ObservatoryCodes[T];
  /**
   * Comparable between tests: 1 is a field in the proxy's configuration, 2 needs a look at who uses the site, 4 a change
   * of what is embedded, 6 a change of the application's pages.
   */
  readonly effort: number;
  readonly how: string;
}

type Mends = { readonly [T in ObservatoryTest]: readonly Mend<T>[] };

/** What can be reached for each test, the easiest first. */
export const MENDS: Mends = {
  "content-security-policy": [
    {
      to: "csp-implemented-with-unsafe-inline-in-style-src-only",
      effort: 5,
      how: "serve a policy without unsafe sources for scripts and objects",
    },
    {
      to: "csp-implemented-with-no-unsafe",
      effort: 6,
      how: "serve a policy without unsafe sources for scripts, objects and styles",
    },
    {
      to: "csp-implemented-with-no-unsafe-default-src-none",
      effort: 7,
      how: "start the policy from default-src 'none' and allow what the pages need, nothing unsafe",
    },
  ],
  cookies: [
    {
      to: "cookies-secure-with-httponly-sessions",
      effort: 2,
      how: "set Secure on every cookie and HttpOnly on session cookies, SameSite on anti-CSRF cookies",
    },
    {
      to: "cookies-secure-with-httponly-sessions-and-samesite",
      effort: 3,
      how: "set Secure and SameSite on every cookie, HttpOnly on session cookies",
    },
  ],
  "cross-origin-embedder-policy": [
    {
      to: "coep-implemented-with-credentialless",
      effort: 4,
      how: "send Cross-Origin-Embedder-Policy: credentialless, once what is embedded works with it",
    },
  ],
  "cross-origin-opener-policy": [
    {
      to: "coop-implemented-with-same-origin",
      effort: 2,
      how: "send Cross-Origin-Opener-Policy: same-origin",
    },
  ],
  "cross-origin-resource-sharing": [
    {
      to: "cross-origin-resource-sharing-implemented-with-restricted-access",
      effort: 3,
      how: "name the origins that may read answers instead of reflecting any",
    },
  ],
  redirection: [
    {
      to: "redirection-to-https",
      effort: 1,
      how: "answer every http request with 301 to https on the same host, with a certificate that verifies",
    },
  ],
  "referrer-policy": [
    {
      to: "referrer-policy-private",
      effort: 1,
      how: "send Referrer-Policy: strict-origin-when-cross-origin",
    },
  ],
  "strict-transport-security": [
    {
      to: "hsts-implemented-max-age-at-least-six-months",
      effort: 1,
      how: "send Strict-Transport-Security: max-age=31536000; includeSubDomains over https, with a certificate that verifies",
    },
  ],
  "subresource-integrity": [
    {
      to: "sri-implemented-and-external-scripts-loaded-securely",
      effort: 3,
      how: "load scripts of other sites by https addresses, with integrity and crossorigin",
    },
  ],
  "x-content-type-options": [
    {
      to: "x-content-type-options-nosniff",
      effort: 1,
      how: "send X-Content-Type-Options: nosniff, once",
    },
  ],
  "x-frame-options": [
    {
      to: "x-frame-options-sameorigin-or-deny",
      effort: 1,
      how: "send X-Frame-Options: DENY or SAMEORIGIN, once",
    },
  ],
  "cross-origin-resource-policy": [
    {
      to: "corp-implemented-with-same-origin",
      effort: 2,
      how: "send Cross-Origin-Resource-Policy: same-origin, or same-site where subdomains embed",
    },
  ],
};

/** Results nobody can improve by mending: there is nothing the test could look at. */
export const NOTHING_TO_MEND: ReadonlySet<ObservatoryCode> = new Set<ObservatoryCode>([
  "cookies-not-found",
  "sri-not-implemented-but-no-scripts-loaded",
  "sri-not-implemented-response-not-html",
  "sri-not-implemented-but-all-scripts-loaded-from-secure-origin",
  "html-not-parseable",
]);

/** Result of the cookie test once HSTS passes. */
export const WITH_HSTS: Readonly<Partial<Record<ObservatoryCode, ObservatoryCodes["cookies"]>>> = {
  "cookies-without-secure-flag": "cookies-without-secure-flag-but-protected-by-hsts",
};
