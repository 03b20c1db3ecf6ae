import type { Control } from "../../../core/check.ts";

export const tlsProtocols: Control = {
  id: "tls.protocols",
  title: "TLS 1.2 or higher only",
  severity: "critical",
  seed: ["S2.3", "S2.7", "S2.10", "S2.137"],
  risk: "SSLv2, SSLv3, TLS 1.0 and TLS 1.1 have broken ciphers and hashes that let somebody on the way read cookies and passwords.",
  rule: "Passes when every scanned address accepts TLS 1.2 or 1.3 and refuses everything older. Warns when TLS 1.3 is not offered. Fails when SSLv2, SSLv3, TLS 1.0 or TLS 1.1 is accepted. Unknown when the question about a version got no answer: silence is not a refusal. By configuration alone passes when the setting in force (with nginx that of the default server of the socket) lists nothing below TLS 1.2, or when it is not set and the default of the known version is so; warns when it is not set and the version is old or unknown, when the OpenSSL at hand refuses what is listed, and when the server accepts what its file does not list: it was not reloaded, or another one answers; fails when anything older is listed. Unknown when an include was not read.",
  fix: "In nginx write ssl_protocols TLSv1.2 TLSv1.3; in http{} and in the default server of the socket.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc8996",
    "https://www.rfc-editor.org/rfc/rfc9325",
    "https://cwe.mitre.org/data/definitions/327.html",
  ],
};
