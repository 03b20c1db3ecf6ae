import type { Control } from "../../../core/check.ts";

export const composeDockerSocket: Control = {
  id: "compose.docker-socket",
  title: "No service holds the socket of the container engine",
  severity: "high",
  seed: [],
  risk: "Whoever speaks to the engine's socket starts a container with the machine's root directory in it; :ro limits the file, not the API.",
  rule: "Passes when no service mounts docker.sock or its like. Fails for the application; warns for tools that are made for it (Traefik, watchtower, Portainer). A socket proxy is told as a note. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Put a socket proxy between (tecnativa/docker-socket-proxy with CONTAINERS=1) and mount the socket there alone, or use the tool's file provider.",
  references: [
    "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
    "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
  ],
};
