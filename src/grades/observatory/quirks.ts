/**
 * Where algorithm 6 departs from browsers or from a specification, in words for the report. The grade follows the
 * method; the words stand beside it.
 */
export const QUIRKS = {
  "csp-repeated-directive":
    "The method calls a policy with a repeated directive invalid; browsers use the first one (CSP3 section 2.2.1)",
  "csp-empty-policy":
    "The method calls an empty policy (an empty field, a comma at the end) invalid; browsers skip it",
  "csp-second-policy-directive":
    "The method turns a directive that only a later policy has into 'none'; browsers apply each policy by itself",
  "csp-same-prefix":
    "The method drops a source that begins like the one before it; browsers match every source",
  "csp-elem-attr":
    "The method does not look at script-src-elem, script-src-attr, style-src-elem and style-src-attr; browsers do",
  "csp-unquoted-keyword":
    "The method takes a keyword without quotes for a host; browsers do too, so the keyword does not apply",
  "csp-unknown-directive": "The method does not notice a directive no browser knows",
  "csp-blob": "The method lets blob: in script-src pass; browsers run scripts from it",
  "csp-plain-framing":
    "The method counts frame-ancestors without looking at its value; with a wildcard anyone may frame the page",
  "csp-meta-framing":
    "The method counts frame-ancestors in a meta element; browsers ignore it there (CSP3 section 3.3)",
  "hsts-not-a-number":
    "The method counts a max-age that is no number as long enough; browsers ignore the whole field (RFC 6797 section 6.1)",
  "hsts-number-prefix":
    "The method reads the digits a max-age begins with; browsers ignore the whole field (RFC 6797 section 6.1)",
  "hsts-quoted-max-age":
    "The method cannot read a quoted max-age and counts it as long enough; browsers read it (RFC 6797 section 6.1)",
  "hsts-spaced-max-age":
    "The method does not see max-age with a space before the equals sign; browsers do (RFC 6797 section 6.1)",
  "hsts-repeated-max-age":
    "The method uses the last of several max-age; browsers ignore the whole field (RFC 6797 section 6.1)",
  "hsts-repeated-field":
    "The method calls a repeated field invalid; browsers use the first one (RFC 6797 section 8.1)",
  "redirect-without-location":
    "The method follows a redirect without Location to /undefined; browsers show the answer itself",
  "redirect-preloaded":
    "The method passes a missing redirect on a preloaded host; clients that do not know the list stay on http",
  "redirect-error-answer":
    "The method takes any http answer for a page without redirect, an error too; an error page sends no content in clear",
  "cookie-dropped":
    "The method's jar drops a cookie browsers would refuse as well (foreign domain, broken prefix, no name), and says nothing of it",
  "cookie-expired": "The method judges a cookie that deletes itself; browsers do not keep it",
  "cookie-session-name":
    "The method takes a cookie for a session only by 'login' or 'sess' in its name; this one's name reads otherwise",
  "cookie-repeated-samesite":
    "The method minds any invalid SameSite of a cookie; browsers use the last one",
  "xfo-repeated":
    "The method calls a repeated X-Frame-Options invalid; browsers accept equal values (HTML section 7.4.1)",
  "xfo-allow-from":
    "The method lets ALLOW-FROM pass; browsers ignore it, so anyone may frame the page",
  "xcto-repeated":
    "The method calls a repeated nosniff invalid; browsers use the first value (Fetch section 3.6)",
  "type-spelling":
    "The method knows text/html in lower case only; browsers compare without case (RFC 9110 section 8.3.1)",
  "sri-same-site-http":
    "The method does not mind a script of the same site over http; browsers block it as mixed content",
  "sri-protocol-relative":
    "The method takes a script address without scheme for insecure; browsers load it over the page's own scheme",
  "sri-odd-address":
    "The method takes this script address for a relative one; browsers read another host in it",
  "sri-no-url":
    "The method cannot read a script's address and stops without a grade; browsers skip the script",
  "sri-bogus-integrity":
    "The method takes any integrity value; browsers ignore one without a known hash (SRI section 3.3)",
  "sri-scripts-only":
    "The method looks at script elements only; style sheets of other sites have no integrity here",
  "json-page": "The method cannot parse a page that is a JSON value; browsers show it as text",
  "cors-universal":
    "The method's live scan never notices that the Origin is reflected with credentials; any site may read answers as the visitor",
  "cors-error-status":
    "The method does not see the CORS fields of a preflight answered with an error status",
  "cors-get-only": "The method asks by OPTIONS only; answers to GET allow other origins",
  "corp-spelling":
    "The method compares Cross-Origin-Resource-Policy without case; browsers do not (Fetch section 3.7)",
} as const satisfies Readonly<Record<string, string>>;

export type Quirk = keyof typeof QUIRKS;
