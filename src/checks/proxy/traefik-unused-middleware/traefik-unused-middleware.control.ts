import type { Control } from "../../../core/check.ts";

export const proxyTraefikUnusedMiddleware: Control = {
  id: "proxy.traefik-unused-middleware",
  title: "Every protecting middleware of Traefik is in use",
  severity: "medium",
  seed: [],
  risk: "The file says that requests are limited or checked, and nothing does it.",
  rule: "warn: a middleware that limits, checks or sets headers is named by no router, entry point or chain. pass: all are. Labels of services with traefik.enable=false are left out.",
  fix: "Traefik: name the middleware in the router's middlewares.",
  references: ["https://doc.traefik.io/traefik/middlewares/overview/"],
};
