import type { ComposeProject } from "../../parsers/compose.ts";
import type { TraefikSetting } from "../../parsers/traefik.ts";
import type { ProxyGlobal } from "../proxy-site.ts";
import { isTraefikService, settingsNamed } from "../proxy-traefik.ts";
import { bareName, listOf, type Named, unchained } from "./traefik-middlewares.ts";

/** The entry point of the dashboard and of metrics where none is named (documentation, "API", "Prometheus"). */
const OWN_PORT = "8080";

/**
 * Traefik's settings as a whole. `statics` of its files and of the compose service that runs it, `routers`
 * and `middlewares` of every source.
 */
export function traefikGlobals(
  statics: readonly TraefikSetting[],
  routers: Named,
  middlewares: Named,
  project: ComposeProject,
): readonly ProxyGlobal[] {
  return [
    ...apiSettings(statics, project),
    ...entryPointSettings(statics),
    ...dockerSettings(statics, project),
    ...statics
      .filter(({ key }) => /^certificatesresolvers\.[^.]+\.acme\.caserver$/.test(key))
      .map((setting) => global("acme.caServer", setting)),
    ...accessLog(statics),
    ...middlewareSettings(statics, routers, middlewares),
  ];
}

function global(name: string, { key, value, file, line }: TraefikSetting): ProxyGlobal {
  return { proxy: "traefik", name, value, text: `${key}=${value}`.slice(0, 200), file, line };
}

/** `api.insecure` and `metrics.prometheus`, with whether the port they are served on is published. */
function apiSettings(
  statics: readonly TraefikSetting[],
  project: ComposeProject,
): readonly ProxyGlobal[] {
  const services = project.services.filter(isTraefikService);
  const isPublished =
    services.length === 0 ||
    services.some(
      ({ ports, networkMode }) =>
        networkMode === "host" ||
        ports.some(
          ({ containerPort, hostAddress }) =>
            containerPort.split("/", 1)[0] === OWN_PORT && !/^127\.|^\[?::1/.test(hostAddress),
        ),
    );
  const where = isPublished ? "reachable" : "not published";
  const insecure = statics.findLast(({ key }) => key === "api.insecure");
  const metrics = statics.find(({ key }) => /^metrics\.prometheus(?:$|\.)/.test(key));
  const entryPoint = statics.findLast(({ key }) => key === "metrics.prometheus.entrypoint");
  return [
    ...(insecure === undefined
      ? []
      : [{ ...global("api.insecure", insecure), value: `${insecure.value} ${where}` }]),
    ...(metrics === undefined || metrics.value.toLowerCase() === "false"
      ? []
      : [
          {
            ...global("metrics.prometheus", metrics),
            value: `${entryPoint?.value ?? "traefik"} ${metricsReach(statics, entryPoint?.value, where)}`,
          },
        ]),
  ];
}

/** An entry point of its own is as reachable as its address. */
function metricsReach(
  statics: readonly TraefikSetting[],
  entryPoint: string | undefined,
  where: string,
): string {
  if (
    statics.some(({ key, value }) => key === "metrics.prometheus.manualrouting" && value === "true")
  )
    return "routed";
  const name = (entryPoint ?? "traefik").toLowerCase();
  const address = statics.findLast(({ key }) => key === `entrypoints.${name}.address`)?.value;
  if (address !== undefined && /^(?:127\.|localhost:|\[::1\])/.test(address)) return "on loopback";
  if (address === undefined || address.endsWith(`:${OWN_PORT}`)) return where;
  return "elsewhere";
}

function entryPointSettings(statics: readonly TraefikSetting[]): readonly ProxyGlobal[] {
  return settingsNamed(statics, "entrypoints.").flatMap((name) =>
    (["forwardedHeaders", "proxyProtocol"] as const).flatMap((what) => {
      const prefix = `entrypoints.${name}.${what.toLowerCase()}`;
      const insecure = statics.findLast(({ key }) => key === `${prefix}.insecure`);
      const trusted = statics.find(({ key }) => key.startsWith(`${prefix}.trustedips`));
      const list = listOf(statics, `${prefix}.trustedips`).join(" ");
      return [
        ...(insecure === undefined ? [] : [global(`${what}.insecure`, insecure)]),
        ...(trusted === undefined
          ? []
          : [{ ...global(`${what}.trustedIPs`, trusted), value: list }]),
      ];
    }),
  );
}

/** The Docker provider: whether containers are served without being asked, and the socket it reads. */
function dockerSettings(
  statics: readonly TraefikSetting[],
  project: ComposeProject,
): readonly ProxyGlobal[] {
  const provider = statics.find(
    ({ key, value }) => /^providers\.docker(?:$|\.)/.test(key) && value !== "false",
  );
  const exposed = statics.findLast(({ key }) => key === "providers.docker.exposedbydefault");
  const sockets = project.services.filter(isTraefikService).flatMap(({ volumes, file }) =>
    volumes
      .filter(({ source }) => /\/docker\.sock$/.test(source))
      .map(
        ({ source, target, line }): ProxyGlobal => ({
          proxy: "traefik",
          name: "docker.sock",
          value: source,
          text: `${source}:${target}`,
          file,
          line,
        }),
      ),
  );
  if (provider === undefined) return sockets;
  const said = exposed ?? provider;
  return [
    { ...global("docker.exposedByDefault", said), value: exposed?.value ?? "true" },
    ...sockets,
  ];
}

function accessLog(statics: readonly TraefikSetting[]): readonly ProxyGlobal[] {
  const said = statics.find(({ key }) => /^accesslog(?:$|\.)/.test(key));
  const place = said ?? statics.find(({ key }) => key.startsWith("entrypoints."));
  if (place === undefined) return [];
  const isOn = said !== undefined && !["", "false"].includes(said.value.toLowerCase());
  return [{ ...global("log", place), value: isOn ? "on" : undefined }];
}

/** Every middleware that is defined, with whether a router, an entry point or a chain names it. */
function middlewareSettings(
  statics: readonly TraefikSetting[],
  routers: Named,
  middlewares: Named,
): readonly ProxyGlobal[] {
  const named = [
    ...[...routers.values()].flatMap((own) => listOf(own, "middlewares")),
    ...settingsNamed(statics, "entrypoints.").flatMap((name) =>
      listOf(statics, `entrypoints.${name}.http.middlewares`),
    ),
  ];
  const used = new Set(unchained(named, middlewares).map(bareName));
  return [...middlewares].flatMap(([name, [first]]): readonly ProxyGlobal[] => {
    if (first === undefined) return [];
    const { key, file, line } = first;
    const kind = key.split(".", 1)[0] ?? "";
    const value = `${name} ${kind} ${used.has(name) ? "used" : "unused"}`;
    return [
      {
        proxy: "traefik",
        name: "middleware",
        value,
        text: `middlewares.${name}.${kind}`,
        file,
        line,
      },
    ];
  });
}
