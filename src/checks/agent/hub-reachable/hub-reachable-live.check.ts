import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { type HubConnection, hubConnection } from "../../../facts/hub-connection.fact.ts";
import { type HubUrl, hubUrl } from "../../../facts/hub-url.fact.ts";
import { answerOutsideRole } from "../../role/role-gate.ts";
import { showEndpoint } from "../../route/address.ts";
import { agentHubReachable } from "./hub-reachable.control.ts";

/** What the usual error codes say in words. */
const ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection is refused",
  ECONNRESET: "the connection is reset",
  ETIMEDOUT: "it times out",
  ENOTFOUND: "the name does not resolve",
  EAI_AGAIN: "the name does not resolve for now",
  ENODATA: "the name has no address",
  ENETUNREACH: "the network is unreachable",
  EHOSTUNREACH: "there is no route to the host",
};

/** One TCP connection from here to the hub. */
export const agentHubReachableLive = defineCheck({
  control: agentHubReachable,
  layer: "live",
  reads: "One TCP connection to the host and port of HUB_URL, closed at once.",
  needs: { mode: deploymentMode },
  wants: { hub: hubUrl, connection: hubConnection },

  evaluate({ mode }, { hub, connection }) {
    const outside = answerOutsideRole(mode, "agent");
    if (outside !== undefined) return outside;
    if (hub.state === "unknown") return cannotTell(hub.problem.code, hub.problem.detail);
    if (hub.state === "absent") return notApplicable(hub.reason);
    if (!hub.value.isParsable || hub.value.host === "") {
      return notApplicable("HUB_URL is no URL with a host, which agent.hub-https judges");
    }
    switch (connection.state) {
      case "known":
        return judgeConnection(hub.value, connection.value);
      case "absent":
        return cannotTell("not-recorded", `No connection was tried: ${connection.reason}`);
      case "unknown":
        return cannotTell(connection.problem.code, connection.problem.detail);
    }
  },
});

function judgeConnection({ host, port }: HubUrl, connection: HubConnection): Outcome {
  const where = showEndpoint(host, port);
  const { isOpen, error = "no error code", via } = connection;
  const through = via === undefined ? "" : ` through the proxy ${via}`;
  const evidence = seen(where, connection);
  if (isOpen) return pass(`${where} accepts connections${through}`, [evidence]);
  const why = Object.hasOwn(ERRORS, error) ? ERRORS[error] : "the connection fails";
  const finding: Finding = {
    rule: "unreachable",
    status: "warn",
    message: `${where} cannot be reached${through}: ${why} (${error})`,
    fix: `Run: curl -v telnet://${where}; then ${remedyOf(error, host, port)}`,
    evidence: [evidence],
  };
  return judge([finding], pass(where));
}

/** What usually is at fault, by the error. */
function remedyOf(error: string, host: string, port: number): string {
  switch (error) {
    case "ECONNREFUSED":
    case "ECONNRESET":
      return `start the hub's proxy on port ${port}, or correct the port in HUB_URL`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "ENODATA":
      return `mend the DNS record of ${host}, or correct the name in HUB_URL`;
    default:
      return `open this machine's egress and the hub's firewall to port ${port}`;
  }
}

function seen(where: string, { address, elapsedMs, error, via }: HubConnection): Evidence {
  const parts = [
    `tcp ${where}`,
    ...(address === undefined ? [] : [`address ${address}`]),
    ...(elapsedMs === undefined ? [] : [`${Math.round(elapsedMs)} ms`]),
    ...(error === undefined ? [] : [error]),
    ...(via === undefined ? [] : [`via ${via}`]),
  ];
  return { excerpt: parts.join(", ") };
}
