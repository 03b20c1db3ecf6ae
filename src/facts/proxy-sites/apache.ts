import { type ApacheConfiguration, type ApacheNode, isNamed } from "../../parsers/apache.ts";
import {
  apacheWorld,
  hostListeners,
  isMissingInclude,
  serverNames,
  unclaimedListeners,
} from "../proxy-apache.ts";
import { unreadInclude } from "../proxy-extract.ts";
import type { ProxyListener } from "../proxy-routes.fact.ts";
import type { NamedSetting, ProxySite, Setting, SiteListener } from "../proxy-site.ts";
import { type Place, setTo, UNSET } from "../proxy-tls.ts";
import { apacheRoutesOf } from "./apache-routes.ts";
import { type ApacheScope, apacheText, lastOf } from "./apache-scope.ts";

/** Virtual hosts, and the main server where it listens itself. `serverRoot`: relative paths are taken from it. */
export function apacheSites(
  { nodes, problems }: ApacheConfiguration,
  serverRoot: string,
): readonly ProxySite[] {
  const world = apacheWorld(nodes, serverRoot);
  const { main } = world;
  const hosts = nodes.filter((node) => isNamed(node, "VirtualHost"));
  const missing = problems.filter(isMissingInclude);
  const taken = new Set<string>();
  const scopes = hosts.map((host) => ({
    place: host as Place,
    own: host.children ?? [],
    listeners: hostListeners(host, world),
    hidden: unreadInclude(missing, host, hosts),
  }));
  const unclaimed = unclaimedListeners(world, hosts);
  const first = main[0];
  if (unclaimed.length > 0 && first !== undefined)
    scopes.push({ place: unclaimed[0] ?? first, own: [], listeners: unclaimed, hidden: undefined });
  return scopes.map(({ place, own, listeners, hidden }) => {
    const scope: ApacheScope = { main, own, serverRoot };
    const names = serverNames(own.length > 0 ? own : main);
    return {
      proxy: "apache" as const,
      file: place.file,
      line: place.line,
      names,
      listeners: listeners.map((listener) => listenerOf(listener, hidden, taken)),
      routes: apacheRoutesOf(scope, world, names),
      http2: http2Of(scope),
      settings: settingsOf(scope, place),
    };
  });
}

/** The first virtual host of an address answers clients that name none. */
function listenerOf(
  { address, port, isTls, file, line }: ProxyListener,
  hidden: string | undefined,
  taken: Set<string>,
): SiteListener {
  const socket = `${address} ${port}`;
  const isFirst = !taken.has(socket);
  taken.add(socket);
  const mayBeTls = hidden !== undefined && !isTls && port !== 80;
  return {
    address,
    port,
    isTls,
    ...(mayBeTls && { untold: `the file included at ${hidden} was not read` }),
    defaultFor: isFirst ? "implied" : "no",
    file,
    line,
  };
}

/** `Protocols h2 http/1.1`; without it HTTP/1.1 alone is spoken. */
function http2Of({ own, main }: ApacheScope): Setting<boolean> {
  const node = lastOf([own, main], "Protocols");
  if (node === undefined) return UNSET;
  return setTo(
    node.args.some(({ text }) => text.toLowerCase() === "h2"),
    apacheText(node),
    node,
  );
}

const SETTINGS = ["ProxyRequests", "TraceEnable", "ServerSignature"] as const;
const LOGS = ["CustomLog", "TransferLog", "GlobalLog"] as const;

function settingsOf({ own, main }: ApacheScope, place: Place): readonly NamedSetting[] {
  const said = SETTINGS.flatMap((name) => {
    const node = lastOf([own, main], name);
    return node === undefined ? [] : [apacheSetting(name, node)];
  });
  // A virtual host with a log of its own does not use the main server's.
  const log = LOGS.map((name) => lastOf([own, main], name)).find((node) => node !== undefined);
  const { file, line } = place;
  return [
    ...said,
    log === undefined
      ? { name: "log", value: undefined, text: "", file, line }
      : apacheSetting("log", log),
  ];
}

export function apacheSetting(name: string, node: ApacheNode): NamedSetting {
  const { file, line, args } = node;
  const value = args
    .map(({ text }) => text)
    .join(" ")
    .slice(0, 400);
  return { name, value, text: apacheText(node), file, line };
}
