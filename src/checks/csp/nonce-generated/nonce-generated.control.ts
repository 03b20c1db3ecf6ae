import type { Control } from "../../../core/check.ts";

export const cspNonceGeneratedControl: Control = {
  id: "csp.nonce-generated",
  title: "A fresh nonce is made for each response",
  severity: "medium",
  seed: ["S2.80"],
  risk: "A nonce that can be known beforehand lets an injected script carry it, and the policy lets that script run.",
  rule: "Applies where a policy names a nonce. Passes when all fetches, two of the same page at least, have nonces of their own, each of 128 bits or more (22 characters of base64, 32 hexadecimal digits). Warns when a nonce is shorter, guessable, for the most part the same in each answer, or repeated by a cache. Fails when two answers that no cache gave have the same nonce. In source: passes when a call of a secure source of randomness makes it within the code that answers, warns when it is made once at start or of fewer than 15 bytes, fails when it is written out. Unknown when there is no second fetch with a nonce, or what makes it was not found.",
  fix: "Make it in the middleware that writes the header, anew for each answer: Python secrets.token_urlsafe(16), Node crypto.randomBytes(16).toString('base64'); keep pages with a nonce out of shared caches (Cache-Control: no-store or private).",
  references: [
    "https://www.w3.org/TR/CSP3/#security-nonces",
    "https://cwe.mitre.org/data/definitions/330.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
  unknownExit: "neutral",
};
