import type { Control } from "../../../core/check.ts";

export const proxyTlsCiphers: Control = {
  id: "proxy.tls-ciphers",
  title: "The proxy's configuration allows strong cipher suites only",
  severity: "critical",
  seed: ["S2.132", "S2.138"],
  risk: "With a weak suite recorded or intercepted connections can be decrypted, and without forward secrecy one stolen key opens all of the past.",
  rule: "The list in force for every server of nginx and every TLS listener of Caddy, Apache, HAProxy and Traefik is made out suite by suite, once as its text asks (any OpenSSL there ever was) and once as the OpenSSL at hand has it (where that is not known, a default build of 1.1.0 or later). pass: forward secrecy and AEAD only. warn: CBC or RSA key exchange (by default, too), nothing set in nginx, @SECLEVEL=0, or suites with NULL, anonymous, export, RC4, DES, 3DES or MD5 that this OpenSSL does not offer. fail: such suites are offered. note: the client chooses from a mixed list (nginx).",
  fix: "nginx: ssl_ciphers with Mozilla's intermediate list (ECDHE with AES-GCM or CHACHA20 only); Apache: SSLCipherSuite, HAProxy: ssl-default-bind-ciphers with the same; Caddy: no ciphers in tls; Traefik: cipherSuites with TLS_ECDHE_* GCM and CHACHA20 only.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc9325",
    "https://wiki.mozilla.org/Security/Server_Side_TLS",
    "https://cwe.mitre.org/data/definitions/326.html",
  ],
};
