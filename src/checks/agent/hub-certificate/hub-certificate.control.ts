import type { Control } from "../../../core/check.ts";

export const agentHubCertificate: Control = {
  id: "agent.hub-certificate",
  title: "Hub certificate is valid",
  severity: "high",
  seed: ["S1.25"],
  risk: "An agent that accepts any certificate hands its reports and credentials to whoever sits in between.",
  rule: "On an agent whose HUB_URL is https passes when a handshake with SNI verifies against the trust store, the host is among the certificate's names and more than 21 days are left. Warns when it is expired, not yet valid, for other names, self-signed, of an unknown issuer, has an RSA key under 2048 bits, an EC key under 256 or a SHA-1 or MD5 signature, has 21 days or less left, or when the agent's code turns verification off. Not applicable without https; unknown when no handshake came about.",
  fix: "Run openssl s_client -connect HOST:PORT -servername HOST -verify_return_error, then renew the certificate or install the private CA on the agent.",
  references: [
    "https://cwe.mitre.org/data/definitions/295.html",
    "https://cwe.mitre.org/data/definitions/298.html",
    "https://www.rfc-editor.org/rfc/rfc5280",
    "https://www.rfc-editor.org/rfc/rfc9525",
  ],
  compat: { group: "agent", order: 9, check: "hub_cert", level: "warn" },
};
