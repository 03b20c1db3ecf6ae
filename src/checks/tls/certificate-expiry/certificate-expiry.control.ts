import type { Control } from "../../../core/check.ts";

export const tlsCertificateExpiry: Control = {
  id: "tls.certificate-expiry",
  title: "Certificate is not expired",
  severity: "critical",
  seed: ["S2.6", "S2.175"],
  risk: "After its last day every client refuses the certificate, and the site is down or its visitors learn to ignore warnings.",
  rule: "Passes when every certificate the server shows, and its chain, is valid now and has more than 21 days left, or more than a third of its lifetime where that is under 63 days. Warns with less left, and when it begins within the five minutes that clocks may differ by. Fails when one has expired or is not valid yet. Unknown when no certificate was seen. The files that the deployment's TLS listeners in a proxy name are judged alike, and a file that is newer than the certificate its server shows is a warning: the reload was forgotten.",
  fix: "Run certbot renew && systemctl reload nginx, and see that the timer of certbot runs.",
  references: [
    "https://cwe.mitre.org/data/definitions/298.html",
    "https://www.rfc-editor.org/rfc/rfc5280",
  ],
};
