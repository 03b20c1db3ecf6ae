import type { Control } from "../../../core/check.ts";

export const proxyTraefikCertificates: Control = {
  id: "proxy.traefik-certificates",
  title: "Traefik gets certificates that browsers trust",
  severity: "medium",
  seed: [],
  risk: "People learn to click warnings away, and do not see it when somebody else's certificate is there.",
  rule: "warn: caServer of a certificates resolver is a test authority. pass: none is.",
  fix: "Traefik: take caServer away and start with an empty acme.json.",
  references: ["https://doc.traefik.io/traefik/https/acme/#caserver"],
};
