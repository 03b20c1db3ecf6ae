import type { Control } from "../../../core/check.ts";

export const composePublishedPorts: Control = {
  id: "compose.published-ports",
  title: "Compose publishes nothing but the proxy to the network",
  severity: "high",
  seed: [],
  risk: "Whoever reaches a database, a debugger or an admin surface needs no hole in the application; Docker's own rules bypass ufw and firewalld.",
  rule: "Passes when ports are published on loopback or a private address, or by a proxy (80, 443), or are TLS of the application itself. Fails for a database, cache, queue, search engine, debugger or admin surface on every address or a public one. Warns for a port of the application, of monitoring or of a mail catcher. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: 'Remove the ports entry: services of one project reach each other by name. What the machine itself needs goes on loopback: "127.0.0.1:5432:5432". The application is published by the proxy alone.',
  references: [
    "https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw",
    "https://docs.docker.com/reference/compose-file/services/#ports",
    "https://cwe.mitre.org/data/definitions/668.html",
  ],
};
