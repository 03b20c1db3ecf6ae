import type { Control } from "../../../core/check.ts";

export const envSecretKey: Control = {
  id: "env.secret-key",
  title: "Application secret key is set, long and random",
  severity: "critical",
  seed: ["S1.17"],
  risk: "Who guesses the key signs sessions, password-reset links and messages of their own and becomes any user.",
  rule:
    "The effective DJANGO_SECRET_KEY, else SECRET_KEY of the settings in use, has at least 50 characters, 128 effective bits and " +
    "5 distinct characters and is no placeholder, no unexecuted shell expression and no django-insecure- key; entries of " +
    "SECRET_KEY_FALLBACKS likewise. A key that looks typed, or a strong one that stands in source, warns. It cannot be told while " +
    "an env file in use is unreadable and no higher layer gives the key.",
  fix:
    'Make a key with python3 -c "import secrets; print(secrets.token_urlsafe(64))", store it as DJANGO_SECRET_KEY in the env file ' +
    "that the service reads, restart the service, and keep the old key in SECRET_KEY_FALLBACKS for the lifetime of a session.",
  references: [
    "https://cwe.mitre.org/data/definitions/321.html",
    "https://cwe.mitre.org/data/definitions/330.html",
    "https://cwe.mitre.org/data/definitions/1391.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
    "https://docs.djangoproject.com/en/5.2/ref/checks/#security",
  ],
  compat: { group: "common", order: 1, check: "secret_key", level: "fail" },
};
