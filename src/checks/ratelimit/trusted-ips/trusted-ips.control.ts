import type { Control } from "../../../core/check.ts";

export const ratelimitTrustedIps: Control = {
  id: "ratelimit.trusted-ips",
  title: "Addresses exempt from limits are named one by one (if needed)",
  severity: "low",
  seed: ["S2.98"],
  risk: "A list that lets whole networks past the limits lets everybody in them guess and scrape.",
  rule: "Applies where something lets addresses past a limit: a list in source, or a key of nginx that a table empties. Passes where each entry is an address or a network no wider than /24 (IPv6: /48), or with a valid attestation ratelimit.trusted-ips, at most 365 days old. Warns about wider networks, about everybody (0.0.0.0/0), and about a field of the request that lets past a limit, such as a token of tests that is set. Unknown, without effect on the exit code, where a list cannot be told.",
  fix: "List single addresses or narrow networks, or nobody, then: plimsoll attest ratelimit.trusted-ips --evidence FILE --expires 365d",
  references: [
    "https://cwe.mitre.org/data/definitions/290.html",
    "https://nginx.org/en/docs/http/ngx_http_limit_req_module.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
  unknownExit: "neutral",
};
