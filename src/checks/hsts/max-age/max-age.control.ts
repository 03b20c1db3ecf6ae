import type { Control } from "../../../core/check.ts";

export const hstsMaxAge: Control = {
  id: "hsts.max-age",
  title: "HSTS holds for a year or longer (max-age ≥ 31536000)",
  severity: "critical",
  seed: ["S2.14", "S2.16", "S2.18"],
  risk: "When the time is up before the next visit, that visit begins over http again and can be read and changed on the way.",
  rule: "Passes when max-age is a whole number of 31536000 or more (quoted allowed) wherever the header is sent over https: browsers store what they got last. Warns from 15768000 to 31535999. Fails below that, with 0 (which makes browsers forget the host), and where browsers ignore the header: no max-age, no number, a directive twice, no syntax. At the proxy every value that the proxy may send over TLS is judged so. Where the header is missing is judged by hsts.live; without any header this does not apply.",
  fix: "Set max-age to 31536000 or more; 63072000 (two years) is advised.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc6797#section-6.1.1",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
