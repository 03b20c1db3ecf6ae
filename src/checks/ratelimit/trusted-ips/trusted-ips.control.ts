import type { Control } from "../../../core/check.ts";

export const ratelimitTrustedIps: Control = {
  id: "ratelimit.trusted-ips",
  title: "Addresses exempt from limits are named one by one (if needed)",
  severity: "low",
  seed: ["S2.98"],
  risk: "A list that lets whole networks past the limits lets everybody in them guess and scrape.",
  rule: "Applies where an application was found. Passes with a valid attestation ratelimit.trusted-ips, at most 365 days old. Warns when it has expired or does not hold. Unknown, without effect on the exit code, without one.",
  fix: "List single addresses or narrow networks, or nobody, then: plimsoll attest ratelimit.trusted-ips --evidence FILE --expires 365d",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
  unknownExit: "neutral",
};
