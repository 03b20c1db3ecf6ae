import type { Control } from "../../../core/check.ts";

export const tlsCiphers: Control = {
  id: "tls.ciphers",
  title: "Weak ciphers disabled",
  severity: "critical",
  seed: ["S2.8", "S2.138"],
  risk: "With a weak suite recorded or intercepted connections can be decrypted, and without forward secrecy one stolen key opens all of the past.",
  rule: "Where TLS 1.2 or older is offered passes when every accepted suite is ECDHE, or DHE of 2048 bits or more, with AEAD (GCM, CHACHA20, CCM). Warns on CBC, on suites without forward secrecy, and when the client may choose from such a mixed list. Fails on NULL, anonymous, export, RC4, DES, 3DES and other 64-bit blocks, MD5, anything under 112 bits, and DH under 2048 bits. Unknown when a list of suites is not complete. By configuration alone the list in force, or the default of the product, is made out suite by suite and judged alike; what the OpenSSL at hand no longer has is a warning.",
  fix: "Write Mozilla's intermediate list into ssl_ciphers (nginx), SSLCipherSuite (Apache) or ssl-default-bind-ciphers (HAProxy).",
  references: [
    "https://www.rfc-editor.org/rfc/rfc9325",
    "https://www.rfc-editor.org/rfc/rfc7465",
    "https://cwe.mitre.org/data/definitions/326.html",
    "https://cwe.mitre.org/data/definitions/327.html",
  ],
};
