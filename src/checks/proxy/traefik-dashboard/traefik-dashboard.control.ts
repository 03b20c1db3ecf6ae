import type { Control } from "../../../core/check.ts";

export const proxyTraefikDashboard: Control = {
  id: "proxy.traefik-dashboard",
  title: "Traefik's dashboard asks who is there",
  severity: "high",
  seed: [],
  risk: "The API names every router, service and address behind the proxy, and with them the way in.",
  rule: "fail: api.insecure on a port others reach, or a router for api@internal without a middleware that asks for a password or an address. warn: api.insecure on a port that is not published. pass: neither.",
  fix: "Traefik: take api.insecure away; give the router of api@internal a basicAuth middleware.",
  references: ["https://doc.traefik.io/traefik/operations/api/#insecure"],
};
