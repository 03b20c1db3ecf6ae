import { defineCheck, type Finding } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { composeDeployment, type DeployedService } from "../../../facts/compose-deployment.fact.ts";
import { deploySettings } from "../../../facts/deploy-settings.fact.ts";
import type { ComposePort } from "../../../parsers/compose.ts";
import { judgeCompose, passed, placedEvidence } from "../../deploy-rules/compose-rules.ts";
import { reachOf, showEndpoint } from "../../route/address.ts";
import { type PortKind, portKind } from "./port-kind.ts";
import { composePublishedPorts } from "./published-ports.control.ts";

/** Ports that reach further than this machine, by what stands behind them. */
export const composePublishedPortsConfig = defineCheck({
  control: composePublishedPorts,
  layer: "config",
  reads:
    "The ports of every service of the compose project, override and variables applied, with the images behind them.",
  needs: { deployment: composeDeployment },
  wants: { rows: deploySettings },

  evaluate({ deployment }, { rows }) {
    const dashboards = new Set(
      (knownValue(rows)?.settings ?? [])
        .filter(({ slug }) => slug === "traefik.insecure")
        .map(({ file, subject }) => `${file} ${subject}`),
    );
    const isOpen = ({ name }: DeployedService): boolean =>
      [...deployment.files, deployment.overridden?.file ?? ""].some((file) =>
        dashboards.has(`${file} ${name}`),
      );
    return judgeCompose(
      deployment,
      (service, all) => serviceFindings(service, all, isOpen(service)),
      (services) => passed(summaryOf(services), services),
    );
  },
});

function serviceFindings(
  service: DeployedService,
  all: readonly DeployedService[],
  isDashboardOpen: boolean,
): readonly Finding[] {
  // Docker discards published ports in host network mode: compose.host-namespaces judges that.
  if (service.rights.networkMode?.text === "host") return [];
  const hasProxy = all.some(({ role }) => role === "proxy");
  return service.ports.flatMap((port) => {
    const reach = reachOf(port.hostAddress);
    if (reach !== "wildcard" && reach !== "public") return [];
    const kind = portKind(service, port, isDashboardOpen);
    return portFinding(service, port, kind, hasProxy);
  });
}

interface Verdict {
  readonly rule: string;
  readonly status: Finding["status"];
  readonly what: string;
}

const VERDICTS: Readonly<Record<Exclude<PortKind, "served" | "application">, Verdict>> = {
  data: { rule: "data-published", status: "fail", what: "a database, cache or queue" },
  admin: { rule: "admin-published", status: "fail", what: "an admin surface" },
  debugger: { rule: "debugger-published", status: "fail", what: "a debugger" },
  engine: { rule: "engine-published", status: "fail", what: "the container engine's API" },
  monitoring: { rule: "monitoring-published", status: "warn", what: "monitoring" },
  storage: { rule: "storage-published", status: "warn", what: "object storage" },
  "mail-catcher": { rule: "mail-catcher-published", status: "warn", what: "a mail catcher" },
  protocol: {
    rule: "protocol-published",
    status: "note",
    what: "a protocol whose clients are elsewhere",
  },
};

function portFinding(
  service: DeployedService,
  port: ComposePort,
  kind: PortKind,
  hasProxy: boolean,
): readonly Finding[] {
  if (kind === "served") return [];
  const verdict = kind === "application" ? applicationVerdict(hasProxy) : VERDICTS[kind];
  const { rule, status, what } = verdict;
  const { name } = service;
  const where =
    port.hostPort === ""
      ? "a port of the engine's choice"
      : showEndpoint(port.hostAddress, port.hostPort);
  // An address that a variable should give and nobody sets becomes every address.
  const isUnset = port.text.startsWith(":");
  return [
    {
      rule,
      status: isUnset && status === "fail" ? "warn" : status,
      subject: `${name} ${port.containerPort}`,
      message: `${name} publishes ${what} on ${where}${isUnset ? "; the variable that should give the address is not set" : ""}`,
      fix: fixOf(service, port, kind),
      evidence: [placedEvidence(port, `ports: ${port.text}`)],
    },
  ];
}

function applicationVerdict(hasProxy: boolean): Verdict {
  return hasProxy
    ? { rule: "bypasses-proxy", status: "warn", what: "the application past the proxy" }
    : { rule: "application-published", status: "warn", what: "the application without TLS" };
}

function fixOf({ name }: DeployedService, port: ComposePort, kind: PortKind): string {
  const { file, line, containerPort, hostPort, protocol } = port;
  const host = hostPort === "" ? containerPort : hostPort;
  const end = protocol === "tcp" ? "" : `/${protocol}`;
  const loopback = `"127.0.0.1:${host}:${containerPort}${end}"`;
  const place = `${file}:${line}`;
  if (kind === "protocol")
    return `Nothing, where ${name} is meant to be reached; else write ${loopback} in ${place}`;
  if (kind === "application")
    return `Write ${loopback} in ${place} and let the proxy of the machine, or a proxy service of the project, serve ${name}`;
  return `Remove the entry from ${place}: services of the project reach ${name}:${containerPort} without it; or write ${loopback} there`;
}

function summaryOf(services: readonly DeployedService[]): string {
  const ports = services.flatMap(({ ports: each }) => each);
  if (ports.length === 0) return "No service publishes a port";
  return "Only the proxy, TLS of the application or loopback ports are published";
}
