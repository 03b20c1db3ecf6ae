import type { Control } from "../../../core/check.ts";

export const dbCredentials: Control = {
  id: "db.credentials",
  title: "Database credentials are not defaults and travel safely",
  severity: "critical",
  seed: ["S2.65"],
  risk: "Who reaches the database's port tries the pairs of images and tutorials first, and reads what travels without verified TLS.",
  rule:
    "User and password are no well-known pair, the password is no placeholder and has at least 12 characters; to another machine sslmode is " +
    "verify-full or verify-ca. A short password, and another sslmode to a remote host, warn; a default, placeholder or empty password (but over a unix socket) fails.",
  fix: "Give the database's account a generated password, put it into DATABASE_URL, and add ?sslmode=verify-full for a remote host.",
  references: [
    "https://cwe.mitre.org/data/definitions/1392.html",
    "https://cwe.mitre.org/data/definitions/521.html",
    "https://cwe.mitre.org/data/definitions/319.html",
    "https://www.postgresql.org/docs/current/libpq-ssl.html",
  ],
};
