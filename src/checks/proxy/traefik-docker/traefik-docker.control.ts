import type { Control } from "../../../core/check.ts";

export const proxyTraefikDocker: Control = {
  id: "proxy.traefik-docker",
  title: "Traefik serves the containers it is told to",
  severity: "medium",
  seed: [],
  risk: "A database's or an admin tool's container gets a route nobody asked for.",
  rule: "warn: the Docker provider is on and exposedByDefault is not false. note: Docker's socket is mounted into Traefik's container. pass: neither.",
  fix: "Traefik: --providers.docker.exposedByDefault=false and traefik.enable=true on what is to be served.",
  references: ["https://doc.traefik.io/traefik/providers/docker/#exposedbydefault"],
};
