/** The twelve tests, in the order the method runs and sums them. */
export const OBSERVATORY_TESTS = [
  "content-security-policy",
  "cookies",
  "cross-origin-embedder-policy",
  "cross-origin-opener-policy",
  "cross-origin-resource-sharing",
  "redirection",
  "referrer-policy",
  "strict-transport-security",
  "subresource-integrity",
  "x-content-type-options",
  "x-frame-options",
  "cross-origin-resource-policy",
] as const;
export type ObservatoryTest = (typeof OBSERVATORY_TESTS)[number];

/** The method's result codes, by test. */
export interface ObservatoryCodes {
  readonly "content-security-policy":
    | "csp-implemented-with-no-unsafe-default-src-none"
    | "csp-implemented-with-no-unsafe"
    | "csp-implemented-but-duplicate-directives"
    | "csp-implemented-with-unsafe-inline-in-style-src-only"
    | "csp-implemented-with-insecure-scheme-in-passive-content-only"
    | "csp-implemented-with-unsafe-eval"
    | "csp-implemented-with-insecure-scheme"
    | "csp-implemented-with-unsafe-inline"
    | "csp-header-invalid"
    | "csp-not-implemented"
    | "csp-not-implemented-but-reporting-enabled";
  readonly cookies:
    | "cookies-secure-with-httponly-sessions-and-samesite"
    | "cookies-not-found"
    | "cookies-secure-with-httponly-sessions"
    | "cookies-without-secure-flag-but-protected-by-hsts"
    | "cookies-session-without-secure-flag-but-protected-by-hsts"
    | "cookies-anticsrf-without-samesite-flag"
    | "cookies-samesite-flag-invalid"
    | "cookies-without-secure-flag"
    | "cookies-session-without-httponly-flag"
    | "cookies-session-without-secure-flag";
  readonly "cross-origin-embedder-policy":
    | "coep-implemented-with-credentialless"
    | "coep-implemented-with-require-corp"
    | "coep-implemented-with-unsafe-none"
    | "coep-not-implemented"
    | "coep-header-invalid";
  readonly "cross-origin-opener-policy":
    | "coop-implemented-with-noopener-allow-popups"
    | "coop-implemented-with-same-origin"
    | "coop-implemented-with-same-origin-allow-popups"
    | "coop-implemented-with-unsafe-none"
    | "coop-not-implemented"
    | "coop-header-invalid";
  readonly "cross-origin-resource-sharing":
    | "cross-origin-resource-sharing-implemented-with-public-access"
    | "cross-origin-resource-sharing-implemented-with-restricted-access"
    | "cross-origin-resource-sharing-not-implemented"
    | "cross-origin-resource-sharing-implemented-with-universal-access";
  readonly redirection:
    | "redirection-all-redirects-preloaded"
    | "redirection-not-needed-no-http"
    | "redirection-to-https"
    | "redirection-off-host-from-http"
    | "redirection-not-to-https-on-initial-redirection"
    | "redirection-invalid-cert"
    | "redirection-missing"
    | "redirection-not-to-https";
  readonly "referrer-policy":
    | "referrer-policy-private"
    | "referrer-policy-not-implemented"
    | "referrer-policy-header-invalid"
    | "referrer-policy-unsafe";
  readonly "strict-transport-security":
    | "hsts-preloaded"
    | "hsts-implemented-max-age-at-least-six-months"
    | "hsts-implemented-max-age-less-than-six-months"
    | "hsts-header-invalid"
    | "hsts-invalid-cert"
    | "hsts-not-implemented"
    | "hsts-not-implemented-no-https";
  readonly "subresource-integrity":
    | "sri-implemented-and-all-scripts-loaded-securely"
    | "sri-implemented-and-external-scripts-loaded-securely"
    | "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"
    | "sri-not-implemented-but-no-scripts-loaded"
    | "sri-not-implemented-response-not-html"
    | "sri-not-implemented-but-external-scripts-loaded-securely"
    | "html-not-parseable"
    | "sri-implemented-but-external-scripts-not-loaded-securely"
    | "sri-not-implemented-and-external-scripts-not-loaded-securely";
  readonly "x-content-type-options":
    | "x-content-type-options-nosniff"
    | "x-content-type-options-header-invalid"
    | "x-content-type-options-not-implemented";
  readonly "x-frame-options":
    | "x-frame-options-implemented-via-csp"
    | "x-frame-options-sameorigin-or-deny"
    | "x-frame-options-allow-from-origin"
    | "x-frame-options-header-invalid"
    | "x-frame-options-not-implemented";
  readonly "cross-origin-resource-policy":
    | "corp-implemented-with-same-origin"
    | "corp-implemented-with-same-site"
    | "corp-implemented-with-cross-origin"
    | "corp-not-implemented"
    | "corp-header-invalid";
}

export type ObservatoryCode = ObservatoryCodes[ObservatoryTest];

export interface ObservatoryResult {
  readonly points: number;
  readonly isPass: boolean;
  /** What is so, in one sentence. */
  readonly text: string;
}

const pass = (points: number, text: string): ObservatoryResult => ({ points, isPass: true, text });
const miss = (points: number, text: string): ObservatoryResult => ({ points, isPass: false, text });

/** Points, pass flag and words of every result, by algorithm 6. A code without a row does not compile. */
export const OBSERVATORY_RESULTS: Readonly<Record<ObservatoryCode, ObservatoryResult>> = {
  "csp-implemented-with-no-unsafe-default-src-none": pass(
    10,
    "The policy allows nothing unsafe and its default-src is 'none'",
  ),
  "csp-implemented-with-no-unsafe": pass(5, "The policy allows nothing unsafe"),
  "csp-implemented-but-duplicate-directives": pass(
    0,
    "The policy allows nothing unsafe, yet names a reporting directive twice",
  ),
  "csp-implemented-with-unsafe-inline-in-style-src-only": pass(
    0,
    "The policy is unsafe for styles only",
  ),
  "csp-implemented-with-insecure-scheme-in-passive-content-only": pass(
    -10,
    "The policy lets images or media come over plain http",
  ),
  "csp-implemented-with-unsafe-eval": miss(-10, "The policy allows 'unsafe-eval'"),
  "csp-implemented-with-insecure-scheme": miss(
    -20,
    "The policy names a source that comes over plain http",
  ),
  "csp-implemented-with-unsafe-inline": miss(
    -20,
    "The policy allows inline scripts, data: scripts, or scripts or objects from nearly anywhere",
  ),
  "csp-header-invalid": miss(-25, "The policy cannot be used as it is written"),
  "csp-not-implemented": miss(-25, "There is no Content-Security-Policy"),
  "csp-not-implemented-but-reporting-enabled": miss(
    -25,
    "There is only a Content-Security-Policy-Report-Only",
  ),
  "cookies-secure-with-httponly-sessions-and-samesite": pass(
    5,
    "Every cookie is Secure and has SameSite, session cookies are HttpOnly",
  ),
  "cookies-not-found": pass(0, "No cookie is set"),
  "cookies-secure-with-httponly-sessions": pass(
    0,
    "Every cookie is Secure, session cookies are HttpOnly, some cookie has no SameSite",
  ),
  "cookies-without-secure-flag-but-protected-by-hsts": miss(
    -5,
    "A cookie is not Secure, HSTS protects it",
  ),
  "cookies-session-without-secure-flag-but-protected-by-hsts": miss(
    -10,
    "A session cookie is not Secure, HSTS protects it",
  ),
  "cookies-anticsrf-without-samesite-flag": miss(-20, "An anti-CSRF cookie has no SameSite"),
  "cookies-samesite-flag-invalid": miss(
    -20,
    "A cookie's SameSite is none of Lax, Strict and None, or is None without Secure",
  ),
  "cookies-without-secure-flag": miss(-20, "A cookie is not Secure"),
  "cookies-session-without-httponly-flag": miss(-30, "A session cookie is not HttpOnly"),
  "cookies-session-without-secure-flag": miss(-40, "A session cookie is not Secure"),
  "coep-implemented-with-credentialless": pass(10, "The embedder policy is credentialless"),
  "coep-implemented-with-require-corp": pass(10, "The embedder policy is require-corp"),
  "coep-implemented-with-unsafe-none": pass(0, "The embedder policy is unsafe-none"),
  "coep-not-implemented": pass(0, "There is no Cross-Origin-Embedder-Policy"),
  "coep-header-invalid": miss(-5, "Cross-Origin-Embedder-Policy cannot be recognised"),
  "coop-implemented-with-noopener-allow-popups": pass(
    10,
    "The opener policy is noopener-allow-popups",
  ),
  "coop-implemented-with-same-origin": pass(10, "The opener policy is same-origin"),
  "coop-implemented-with-same-origin-allow-popups": pass(
    10,
    "The opener policy is same-origin-allow-popups",
  ),
  "coop-implemented-with-unsafe-none": pass(0, "The opener policy is unsafe-none"),
  "coop-not-implemented": pass(0, "There is no Cross-Origin-Opener-Policy"),
  "coop-header-invalid": miss(-5, "Cross-Origin-Opener-Policy cannot be recognised"),
  "cross-origin-resource-sharing-implemented-with-public-access": pass(
    0,
    "Any site may read answers without credentials",
  ),
  "cross-origin-resource-sharing-implemented-with-restricted-access": pass(
    0,
    "Some origin may read answers",
  ),
  "cross-origin-resource-sharing-not-implemented": pass(
    0,
    "No other origin is allowed to read answers",
  ),
  "cross-origin-resource-sharing-implemented-with-universal-access": miss(
    -50,
    "Any site may read answers with the visitor's credentials",
  ),
  "redirection-all-redirects-preloaded": pass(
    0,
    "Browsers know every host of the way to be https only",
  ),
  "redirection-not-needed-no-http": pass(0, "Nothing answers over http"),
  "redirection-to-https": pass(0, "http leads to https on the same host"),
  "redirection-off-host-from-http": miss(-5, "http leads to https on another host at once"),
  "redirection-not-to-https-on-initial-redirection": miss(
    -10,
    "http leads to http first, then to https",
  ),
  "redirection-invalid-cert": miss(-20, "http leads to a place whose certificate does not verify"),
  "redirection-missing": miss(-20, "http does not lead to https"),
  "redirection-not-to-https": miss(-20, "The way from http does not end at https"),
  "referrer-policy-private": pass(5, "The referrer policy keeps paths from other origins"),
  "referrer-policy-not-implemented": pass(0, "There is no Referrer-Policy"),
  "referrer-policy-header-invalid": miss(-5, "Referrer-Policy holds no known policy"),
  "referrer-policy-unsafe": miss(-5, "The referrer policy tells other origins too much"),
  "hsts-preloaded": pass(5, "The host is on the preload list given"),
  "hsts-implemented-max-age-at-least-six-months": pass(0, "HSTS is on for six months or more"),
  "hsts-implemented-max-age-less-than-six-months": miss(-10, "HSTS is on for less than six months"),
  "hsts-header-invalid": miss(-20, "Strict-Transport-Security cannot be used as it is written"),
  "hsts-invalid-cert": miss(-20, "The certificate does not verify, so HSTS does not count"),
  "hsts-not-implemented": miss(-20, "There is no Strict-Transport-Security"),
  "hsts-not-implemented-no-https": miss(-20, "Nothing answers over https"),
  "sri-implemented-and-all-scripts-loaded-securely": pass(
    5,
    "Scripts of the own site have integrity and come over https",
  ),
  "sri-implemented-and-external-scripts-loaded-securely": pass(
    5,
    "Scripts of other sites have integrity and come over https",
  ),
  "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": pass(
    0,
    "All scripts are of the own site",
  ),
  "sri-not-implemented-but-no-scripts-loaded": pass(0, "The page has no script"),
  "sri-not-implemented-response-not-html": pass(0, "The answer is not HTML"),
  "sri-not-implemented-but-external-scripts-loaded-securely": miss(
    -5,
    "A script of another site has no integrity",
  ),
  "html-not-parseable": miss(-20, "The page is a JSON value, not HTML"),
  "sri-implemented-but-external-scripts-not-loaded-securely": miss(
    -20,
    "A script of another site has integrity, yet its address is not https",
  ),
  "sri-not-implemented-and-external-scripts-not-loaded-securely": miss(
    -50,
    "A script of another site has no integrity, and its address is not https",
  ),
  "x-content-type-options-nosniff": pass(0, "X-Content-Type-Options is nosniff"),
  "x-content-type-options-header-invalid": miss(-5, "X-Content-Type-Options is not nosniff"),
  "x-content-type-options-not-implemented": miss(-5, "There is no X-Content-Type-Options"),
  "x-frame-options-implemented-via-csp": pass(5, "The policy has frame-ancestors"),
  "x-frame-options-sameorigin-or-deny": pass(5, "X-Frame-Options is DENY or SAMEORIGIN"),
  "x-frame-options-allow-from-origin": pass(0, "X-Frame-Options is ALLOW-FROM"),
  "x-frame-options-header-invalid": miss(-20, "X-Frame-Options cannot be recognised"),
  "x-frame-options-not-implemented": miss(
    -20,
    "There is neither X-Frame-Options nor frame-ancestors",
  ),
  "corp-implemented-with-same-origin": pass(10, "The resource policy is same-origin"),
  "corp-implemented-with-same-site": pass(10, "The resource policy is same-site"),
  "corp-implemented-with-cross-origin": pass(0, "The resource policy is cross-origin"),
  "corp-not-implemented": pass(0, "There is no Cross-Origin-Resource-Policy"),
  "corp-header-invalid": miss(-5, "Cross-Origin-Resource-Policy cannot be recognised"),
};
