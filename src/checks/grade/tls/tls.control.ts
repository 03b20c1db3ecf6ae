import type { Control } from "../../../core/check.ts";

export const gradeTlsControl: Control = {
  id: "grade.tls",
  title: "SSL Labs-style grade is A or better",
  severity: "high",
  seed: ["S2.111", "S2.114", "S2.178"],
  risk: "A grade below A means that a known weakness of TLS is open to somebody on the way between visitor and server.",
  rule: "The SSL Server Rating Guide (2009r), computed from the scan without asking anybody. Passes with A or A+ at every scanned address, warns with A- or B, fails with C or lower, with T (not trusted) and with M (other names). Unknown when a version or a list of suites got no answer: the grade is then provisional.",
  fix: "Remove what caps the grade: each cap is listed with the finding.",
  references: [
    "https://github.com/ssllabs/research/wiki/SSL-Server-Rating-Guide",
    "https://www.rfc-editor.org/rfc/rfc9325",
  ],
};
