import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { traefikExposedRule, traefikSocketRule } from "../../proxy-sites/traefik.ts";
import { proxyTraefikDocker } from "./traefik-docker.control.ts";

export const proxyTraefikDockerProxy = proxyCheck({
  control: proxyTraefikDocker,
  reads: "providers.docker of Traefik, and the volumes of its compose service.",
  kinds: ["traefik"],
  globals: [traefikExposedRule, traefikSocketRule],
  passes: "Containers are served by request only",
});
