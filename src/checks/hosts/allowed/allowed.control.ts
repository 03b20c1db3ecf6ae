import type { Control } from "../../../core/check.ts";

export const hostsAllowed: Control = {
  id: "hosts.allowed",
  title: "Host allow-list is explicit",
  severity: "high",
  seed: ["S1.20"],
  risk: "A forged Host header ends up in password-reset links, redirects and caches, and leads users to the attacker's site.",
  rule:
    "The effective list is not empty and every entry is a plain host name, an IP address, or a leading-dot domain of at least two " +
    "labels that is not a public suffix. A * anywhere, an empty list, a whole public suffix, and an entry with scheme, port, path " +
    "or embedded * warn. It cannot be told where the list is computed at run time.",
  fix:
    "Name every host that the application serves. Django: DJANGO_ALLOWED_HOSTS=hub.example.test in the layer that wins. Starlette and " +
    'FastAPI: TrustedHostMiddleware with allowed_hosts=["hub.example.test"]. Flask 3.1: TRUSTED_HOSTS = ["hub.example.test"].',
  references: [
    "https://cwe.mitre.org/data/definitions/644.html",
    "https://cwe.mitre.org/data/definitions/20.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
    "https://docs.djangoproject.com/en/5.2/ref/settings/#allowed-hosts",
    "https://docs.djangoproject.com/en/5.2/ref/checks/#security",
  ],
  compat: { group: "common", order: 4, check: "allowed_hosts", level: "warn" },
};
