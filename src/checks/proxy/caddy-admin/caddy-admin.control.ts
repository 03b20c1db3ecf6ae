import type { Control } from "../../../core/check.ts";

export const proxyCaddyAdmin: Control = {
  id: "proxy.caddy-admin",
  title: "Caddy's administration is out of others' reach",
  severity: "high",
  seed: [],
  risk: "Whoever reaches the administration API can make Caddy serve anything, with the names' own certificates.",
  rule: "fail: admin listens on an address that is neither loopback nor a unix socket, or a site hands requests on to it without asking who it is. pass: it does not; by itself it is on localhost:2019.",
  fix: "Caddy: admin localhost:2019, or admin off, in the global options.",
  references: ["https://caddyserver.com/docs/caddyfile/options#admin"],
};
