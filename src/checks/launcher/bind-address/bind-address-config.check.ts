import {
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { type Bind, services } from "../../../facts/services.fact.ts";
import { reachOf, showEndpoint } from "../../route/address.ts";
import { launcherBindAddress } from "./bind-address.control.ts";

export const launcherBindAddressConfig = defineCheck({
  control: launcherBindAddress,
  layer: "config",
  reads: "Bind options of units, Procfile and server configuration outside containers.",
  needs: { services },
  wants: { mode: deploymentMode },

  evaluate({ services: told }, { mode }) {
    if (knownValue(mode)?.roles.includes("hub") === true)
      return notApplicable("The node is a hub: hub.bind-address judges where it listens");
    const own = new Set(
      told.services.filter(({ isApplication }) => isApplication).map(({ name }) => name),
    );
    const binds = told.binds.filter(
      ({ service, isInContainer, file }) =>
        !isInContainer && file !== undefined && (own.size === 0 || own.has(service)),
    );
    if (binds.length === 0)
      return notApplicable("No server outside a container is told an address");
    const summary = `The server binds ${[...new Set(binds.map(shown))].join(", ")}`;
    return judge(binds.flatMap(findingOf), pass(summary, binds.map(evidenceOf)));
  },
});

function shown({ address, port, isUnixSocket }: Bind): string {
  return isUnixSocket ? address : showEndpoint(address, port);
}

function evidenceOf({ file, line, text }: Bind): Evidence {
  return {
    ...(file === undefined ? {} : { file }),
    ...(file === undefined || line === undefined ? {} : { line }),
    excerpt: text,
  };
}

function findingOf(bind: Bind): readonly Finding[] {
  const reach = bind.isUnixSocket ? "loopback" : reachOf(bind.address);
  if (reach !== "wildcard" && reach !== "public") return [];
  const port = bind.port === 0 ? "8000" : String(bind.port);
  return [
    {
      rule: reach === "wildcard" ? "bound-on-every-address" : "bound-on-public-address",
      status: "warn",
      subject: bind.service,
      message: `${bind.service} binds ${shown(bind)} (${bind.text})`,
      fix: `Bind 127.0.0.1:${port} in ${bind.file ?? "its command"} and restart ${bind.service}`,
      evidence: [evidenceOf(bind)],
    },
  ];
}
