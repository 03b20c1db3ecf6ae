import type { Control } from "../../../core/check.ts";

export const tlsCertificateNames: Control = {
  id: "tls.certificate-names",
  title: "Certificate covers every required name",
  severity: "critical",
  seed: ["S2.5"],
  risk: "A name that the certificate does not cover gives a warning, and visitors who click it away cannot tell the server from an attacker.",
  rule: "Passes when every certificate names each audited host and each name of the proxy's server block that answers for it: by subject alternative name, a wildcard for one label, the common name never. Fails when a required name, or one of ALLOWED_HOSTS under the same parent, is not covered; warns where that is a www. or api. name of ALLOWED_HOSTS alone. Unknown when no certificate was seen. The certificate files that the deployment's TLS listeners in a proxy name are judged alike against the names of the servers that use them.",
  fix: "Reissue the certificate with one -d for each name: certbot certonly -d NAME -d www.NAME.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc9525",
    "https://cwe.mitre.org/data/definitions/297.html",
  ],
};
