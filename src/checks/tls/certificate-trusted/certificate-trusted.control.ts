import type { Control } from "../../../core/check.ts";

export const tlsCertificateTrusted: Control = {
  id: "tls.certificate-trusted",
  title: "A valid, publicly trusted certificate is served",
  severity: "critical",
  seed: ["S2.4", "S2.11", "S2.130", "S2.175"],
  risk: "Visitors who are used to certificate warnings click through them, and then anybody on the way can read and alter everything.",
  rule: "Passes when every chain the server shows verifies to the system's store with keys of RSA 2048, P-256 or Ed25519 at least, signatures of SHA-256 at least and the purpose of a server. Warns on a missing intermediate, on certificates in the wrong order, on a chain that only the operator's own CA vouches for, on a missing staple that the certificate demands, on a lifetime over what public CAs may issue, on a root sent along that is signed with SHA-1 and on RSA keys over 4096 bits. Fails when untrusted, self-signed, issued by what may not issue it, outside the name constraints of its issuer, with an unknown critical extension, for another purpose, revoked, broken, with a weak key (ROCA, small factors and close primes too) or signature, or when the port speaks no TLS. Unknown without a connection or a store. Intermediates are not fetched. The files that the deployment's TLS listeners in a proxy name are judged alike; in addition a private key that every account can read or change fails, whatever is served, and a file that is missing or a key of another certificate warns. Unknown when such a file may not be read.",
  fix: "Run certbot certonly -d NAME and serve fullchain.pem, not cert.pem.",
  references: [
    "https://cwe.mitre.org/data/definitions/295.html",
    "https://www.rfc-editor.org/rfc/rfc5280",
    "https://www.rfc-editor.org/rfc/rfc8446",
  ],
};
