import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { traefikUnusedRule } from "../../proxy-sites/traefik.ts";
import { proxyTraefikUnusedMiddleware } from "./traefik-unused-middleware.control.ts";

export const proxyTraefikUnusedMiddlewareProxy = proxyCheck({
  control: proxyTraefikUnusedMiddleware,
  reads: "Middlewares of all files and labels, and who names them.",
  kinds: ["traefik"],
  globals: [traefikUnusedRule],
  passes: "Every middleware is in use",
});
