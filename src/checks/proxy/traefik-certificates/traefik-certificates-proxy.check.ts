import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { traefikStagingRule } from "../../proxy-sites/traefik.ts";
import { proxyTraefikCertificates } from "./traefik-certificates.control.ts";

export const proxyTraefikCertificatesProxy = proxyCheck({
  control: proxyTraefikCertificates,
  reads: "caServer of every certificates resolver.",
  kinds: ["traefik"],
  globals: [traefikStagingRule],
  passes: "No test authority is asked",
});
