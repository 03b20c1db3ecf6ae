import type { Control } from "../../../core/check.ts";

export const hstsLive: Control = {
  id: "hsts.live",
  title: "HSTS arrives at the client",
  severity: "critical",
  seed: ["S2.15", "S2.16", "S2.20", "S2.45"],
  risk: "A browser that is not told to use https only can be led to http by anyone on the way, who then reads and changes everything.",
  rule: "Passes when every answer over https has exactly one valid Strict-Transport-Security header: the main page twice, and over HTTP/2 where that is offered, redirects, the page of a missing address, a static asset, linked and named paths. Warns when it is missing, repeated or invalid on one of them, is sent over http only, or comes over a connection browsers do not trust (RFC 6797 section 8.1). Fails when the main page has none that a browser obeys. Unknown when the main page, or an answer to another of these questions, was not seen. Does not apply where https is closed and was not asked for.",
  fix: "Set the header in one place, for every status: nginx add_header with always in each block that has an add_header of its own, Caddy header, Apache Header always set; no proxy_hide_header and no rule of a CDN that drops it.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc6797#section-7.1",
    "https://www.rfc-editor.org/rfc/rfc6797#section-8.1",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
