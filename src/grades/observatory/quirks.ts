/**
 * Where algorithm 6 departs from browsers or from a specification, in words for the report. The grade follows the
 * method; the words stand beside it.
 */
export const QUIRKS = {
  "csp-repeated-directive":
    "The method calls a policy with a repeated directive invalid; browsers use the first one (CSP3 section 2.2.1)",
  "csp-short-policy":
    "The method calls a policy of fewer than six characters invalid (an empty field, a comma at the end); browsers skip what says nothing",
  "csp-undecodable-source":
    "The method calls policies invalid whose sources it cannot percent-decode; browsers skip such a source",
  "csp-second-policy-directive":
    "The method turns a directive that only a later policy has into 'none'; browsers apply each policy by itself",
  "csp-merged-sources":
    "The method keeps of several policies the sources they share by spelling; browsers apply each policy by itself",
  "csp-same-prefix":
    "The method drops a source that begins like the one before it; browsers match every source",
  "csp-elem-attr":
    "The method does not look at script-src-elem, script-src-attr, style-src-elem and style-src-attr; browsers do",
  "csp-unquoted-keyword":
    "The method takes a keyword without quotes for a host; browsers do too, so the keyword does not apply",
  "csp-invalid-source":
    "The method does not notice a source that is none (half its quotes, an unknown keyword, a broken nonce); browsers skip it",
  "csp-unknown-directive":
    "The method does not notice a directive no browser knows; browsers skip it",
  "csp-blob":
    "The method lets blob: and filesystem: pass where scripts come from; browsers run scripts from them",
  "csp-bypass-host":
    "The method does not know hosts that run anybody's script (JSONP, script libraries); browsers run what the policy lets in from there",
  "csp-base-uri":
    "The method gives no points for base-uri; without it browsers follow an injected base element to another host's scripts",
  "csp-form-action":
    "The method gives no points for form-action; without it browsers send an injected form anywhere (default-src does not cover it)",
  "csp-weak-nonce":
    "The method takes any nonce; browsers run the script of whoever guesses a short or known one",
  "csp-meta-in-body":
    "The method takes a policy from a meta element anywhere; browsers ignore it outside the head (HTML section 4.2.5.3)",
  "csp-open-framing":
    "The method counts frame-ancestors without looking at its value; with this one browsers let anyone frame the page",
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
  "hsts-ignored-field":
    "The method reads this field; browsers ignore it whole for a directive that is repeated or malformed (RFC 6797 section 6.1)",
  "hsts-read-otherwise":
    "The method reads another max-age from this field than browsers do (RFC 6797 section 6.1)",
  "hsts-repeated-field":
    "The method calls a repeated field invalid; browsers use the first one (RFC 6797 section 8.1)",
  "hsts-max-age-zero":
    "The method takes a max-age of 0 for a short one; browsers forget the host at once (RFC 6797 section 6.1.1)",
  "hsts-ip-address":
    "The method counts the field on an IP address; browsers ignore it there (RFC 6797 section 8.1.1)",
  "redirect-without-location":
    "The method follows a redirect without Location to /undefined; browsers show the answer itself",
  "redirect-data-url":
    "The method reads a redirect to a data: URL as a page; browsers refuse to follow it (Fetch section 4.4)",
  "redirect-preloaded":
    "The method passes any redirect, and none, on a preloaded host; clients that do not know the list are left on http or led astray",
  "redirect-error-answer":
    "The method takes any http answer for a page without redirect, an error too; an error page sends no content in clear",
  "referrer-meta-words":
    "The method reads the content of a meta element as a list of today's words; browsers take one word there, older ones too (HTML section 4.2.5.1)",
  "cookie-dropped":
    "The method's jar drops a cookie browsers would refuse as well (foreign domain, broken prefix), and says nothing of it",
  "cookie-nameless":
    "The method's jar drops a cookie without a name; browsers keep it (RFC 6265bis section 5.6)",
  "cookie-expired": "The method judges a cookie that deletes itself; browsers do not keep it",
  "cookie-session-name":
    "The method takes a cookie for a session only by 'login' or 'sess' in its name; this one's name reads otherwise",
  "cookie-repeated-samesite":
    "The method minds any invalid SameSite of a cookie; browsers use the last one",
  "xfo-repeated":
    "The method calls a repeated X-Frame-Options invalid; browsers accept equal values (HTML section 7.4.5)",
  "xfo-conflict":
    "The method calls differing X-Frame-Options invalid; browsers then let nobody frame the page (HTML section 7.4.5)",
  "xfo-allow-from":
    "The method lets ALLOW-FROM pass; browsers ignore it, so anyone may frame the page",
  "xcto-repeated":
    "The method calls a repeated nosniff invalid; browsers use the first value (Fetch section 3.6)",
  "type-spelling":
    "The method knows text/html only spelled exactly so; browsers compare without case and blanks (RFC 9110 section 8.3.1)",
  "sri-same-site-http":
    "The method does not mind a script of the same site over http; browsers block it as mixed content",
  "sri-same-site-host":
    "The method takes a script of another host of the same site for the own; to browsers it is of another origin, and has no integrity",
  "sri-protocol-relative":
    "The method takes a script address without scheme for insecure; browsers load it over the page's own scheme",
  "sri-odd-address":
    "The method takes this script address for a relative one; browsers read another host in it",
  "sri-no-url":
    "The method cannot read a script's address and stops without a grade; browsers skip the script",
  "sri-bogus-integrity":
    "The method takes any integrity value; browsers ignore one without a known hash, and load nothing for a broken one (SRI section 3.3)",
  "sri-svg-script":
    "The method looks at src only; browsers load the script an svg script element names by href",
  "sri-scripts-only":
    "The method looks at script elements only; style sheets of other sites have no integrity here, and browsers apply whatever comes",
  "json-page": "The method cannot parse a page that is a JSON value; browsers show it as text",
  "cors-universal":
    "The method's live scan never notices that the Origin is reflected with credentials; browsers let any site read answers as the visitor",
  "cors-error-status":
    "The method does not see the CORS fields of a preflight answered with an error status; browsers obey those of the answer to GET all the same",
  "cors-get-only":
    "The method asks by OPTIONS only; answers to GET allow other origins, and browsers send no preflight for them",
  "corp-spelling":
    "The method compares Cross-Origin-Resource-Policy without case; browsers do not (Fetch section 3.7)",
} as const satisfies Readonly<Record<string, string>>;

export type Quirk = keyof typeof QUIRKS;
