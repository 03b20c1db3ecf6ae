import { defineCheck, type Finding } from "../../../core/check.ts";
import { composeDeployment, type DeployedService } from "../../../facts/compose-deployment.fact.ts";
import { imageName } from "../../../facts/service-images.ts";
import { judgeCompose, passed, placedEvidence } from "../../deploy-rules/compose-rules.ts";
import { composeDockerSocket } from "./docker-socket.control.ts";

export const composeDockerSocketConfig = defineCheck({
  control: composeDockerSocket,
  layer: "config",
  reads: "Mounts of every service of the compose project whose source is an engine's socket.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, findingsOf, (services) =>
      passed("No service holds the engine's socket", services),
    );
  },
});

/** Tools that do nothing without the socket, besides proxies and surfaces for the engine. */
const TOOLS: ReadonlySet<string> = new Set(
  `watchtower autoheal docker-autoheal ofelia diun ouroboros shepherd docker-gen docker-rollout
  registrator logspout offen-docker-volume-backup docker-volume-backup gitlab-runner act_runner`.split(
    /\s+/,
  ),
);

function findingsOf(service: DeployedService): readonly Finding[] {
  const { name, sockets } = service;
  return sockets.map((mount) => ({
    rule: "socket-mounted",
    status: statusOf(service),
    subject: name,
    message: `${name} holds the engine's socket (${mount.text})${mount.text.endsWith(":ro") ? "; read-only is the file, not the API" : ""}`,
    fix: `Mount the socket into a docker-socket-proxy alone, point ${name} at tcp://socket-proxy:2375 and remove ${mount.file}:${mount.line}`,
    evidence: [placedEvidence(mount, mount.text)],
  }));
}

function statusOf({ role, image }: DeployedService): Finding["status"] {
  if (role === "socket-proxy") return "note";
  const isTool = role !== undefined || TOOLS.has(imageName(image?.text ?? ""));
  return isTool ? "warn" : "fail";
}
