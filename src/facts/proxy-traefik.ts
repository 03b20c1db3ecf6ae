import type { ComposeProject, ComposeService } from "../parsers/compose.ts";
import {
  EMPTY_MAP,
  parseTraefikRule,
  type TraefikSetting,
  traefikArguments,
  traefikLabels,
} from "../parsers/traefik.ts";
import { excerptOf } from "./proxy-extract.ts";
import type { ProxyListener, ProxyRoute, Upstream } from "./proxy-routes.fact.ts";
import { targetOf, uniqueUpstreams, unresolvedUpstream, upstreamsOf } from "./proxy-upstream.ts";

/** Ports that entry points of these names have by convention, where their own address was not seen. */
const CONVENTIONAL_PORTS: Readonly<Record<string, number>> = {
  web: 80,
  http: 80,
  websecure: 443,
  https: 443,
};

/** Static settings of the compose services that run Traefik: command line and `TRAEFIK_*` variables. */
export function composeStatic(project: ComposeProject): readonly TraefikSetting[] {
  return project.services.filter(isTraefikService).flatMap((service) => [
    ...traefikArguments(service.command, service.file, service.commandLine ?? service.line),
    ...service.environment
      .filter(({ key, value }) => key.startsWith("TRAEFIK_") && value !== undefined)
      .map(({ key, value, file, line }) => ({
        key: key.slice("TRAEFIK_".length).toLowerCase().replaceAll("_", "."),
        value: value ?? "",
        file,
        line,
      })),
  ]);
}

/** Whether a compose service runs Traefik, by its image: `traefik:v3`, `docker.io/library/traefik`. */
export function isTraefikService({ image }: ComposeService): boolean {
  return image !== undefined && /(?:^|\/)traefik(?:[:@]|$)/.test(image);
}

/** Routes of the Docker provider: routers and services in labels of compose services. */
export function traefikLabelRoutes(
  project: ComposeProject,
  statics: readonly TraefikSetting[],
): readonly ProxyRoute[] {
  const byDefault = settingOf(statics, "providers.docker.exposedbydefault") !== "false";
  const labelled = project.services.map((service) => ({
    service,
    settings: traefikLabels(service.labels),
  }));
  // A service of one container may be named by the router of another.
  const all = labelled.flatMap(({ settings }) => settings);
  return labelled.flatMap(({ service, settings }) => {
    const enabled = settingOf(settings, "enable")?.toLowerCase() ?? String(byDefault);
    if (enabled !== "true" || settings.length === 0) return [];
    const own = ownUpstreams(service, settings);
    return routersOf(
      settings,
      (name) => {
        const elsewhere = labelled.find(
          (other) => name !== undefined && serviceNames(other.settings).includes(name),
        );
        return elsewhere === undefined
          ? own
          : ownUpstreams(elsewhere.service, elsewhere.settings, name);
      },
      [...statics, ...all.filter(({ key }) => key.startsWith("entrypoints."))],
    );
  });
}

/** Routes of the file provider: one dynamic configuration. */
export function traefikFileRoutes(
  settings: readonly TraefikSetting[],
  statics: readonly TraefikSetting[],
): readonly ProxyRoute[] {
  return routersOf(
    settings,
    (name) => {
      const prefix = `http.services.${(name ?? "").toLowerCase()}.loadbalancer.servers.`;
      const urls = settings.filter(({ key }) => key.startsWith(prefix) && key.endsWith(".url"));
      return urls.length === 0
        ? [unresolvedUpstream(name ?? "")]
        : urls.flatMap(({ value }) => upstreamsOf(targetOf(value)));
    },
    statics,
  );
}

export function settingOf(settings: readonly TraefikSetting[], key: string): string | undefined {
  return settings.findLast((setting) => setting.key === key)?.value;
}

/** Second-to-last parts under `prefix`: names of routers or services. */
export function settingsNamed(
  settings: readonly TraefikSetting[],
  prefix: string,
): readonly string[] {
  const names = settings
    .filter(({ key }) => key.startsWith(prefix))
    .map(({ key }) => key.slice(prefix.length).split(".", 1)[0] ?? "");
  return [...new Set(names)].filter((name) => name !== "");
}

function serviceNames(settings: readonly TraefikSetting[]): readonly string[] {
  return settingsNamed(settings, "http.services.");
}

function routersOf(
  settings: readonly TraefikSetting[],
  upstreams: (service: string | undefined) => readonly Upstream[],
  statics: readonly TraefikSetting[],
): readonly ProxyRoute[] {
  return settingsNamed(settings, "http.routers.").flatMap((name) => {
    const prefix = `http.routers.${name}`;
    const rule = settings.findLast(({ key }) => key === `${prefix}.rule`);
    if (rule === undefined) return [];
    const { names, paths } = parseTraefikRule(rule.value);
    // `name@docker`: the provider behind the name is left out.
    const service = settingOf(settings, `${prefix}.service`)?.replace(/@.*$/, "").toLowerCase();
    return [
      {
        proxy: "traefik" as const,
        names,
        file: rule.file,
        line: rule.line,
        listeners: routerListeners(settings, prefix, statics, rule).map(({ listener }) => listener),
        upstreams: uniqueUpstreams(upstreams(service)),
        path: paths.length === 0 ? "/" : paths.join(" "),
        excerpt: excerptOf([`${prefix}.rule=${rule.value}`]),
      },
    ];
  });
}

/** Entry points a router names, else every one that is there (Traefik documentation, "EntryPoints"). */
function entryPointsOf(
  settings: readonly TraefikSetting[],
  prefix: string,
  statics: readonly TraefikSetting[],
): readonly string[] {
  const own = settings
    .filter(
      ({ key }) => key === `${prefix}.entrypoints` || key.startsWith(`${prefix}.entrypoints.`),
    )
    .flatMap(({ value }) => value.split(","))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  if (own.length > 0) return own;
  const all = settingsNamed(statics, "entrypoints.").filter((name) => name !== "traefik");
  const defaults = all.filter(
    (name) => settingOf(statics, `entrypoints.${name}.asdefault`) === "true",
  );
  if (defaults.length > 0) return defaults;
  return all.length > 0 ? all : ["http"];
}

/** Where a router is served, with the entry point each listener belongs to. */
export function routerListeners(
  settings: readonly TraefikSetting[],
  prefix: string,
  statics: readonly TraefikSetting[],
  rule: TraefikSetting,
): readonly { readonly entryPoint: string; readonly listener: ProxyListener }[] {
  const routerTls = tlsSetting(settings, prefix);
  return entryPointsOf(settings, prefix, statics).map((name) => {
    const address = statics.findLast(({ key }) => key === `entrypoints.${name}.address`);
    const { host, port } = addressOf(address?.value, name);
    const entryTls = tlsSetting(statics, `entrypoints.${name}.http`);
    const tls = routerTls ?? entryTls;
    const at = tls ?? address ?? rule;
    const listener = {
      address: host,
      port,
      isTls: tls !== undefined,
      because:
        tls === undefined
          ? `router has no tls, entry point ${name} neither`
          : `${tls === routerTls ? "router" : `entry point ${name}`} has tls`,
      file: at.file,
      line: at.line,
    };
    return { entryPoint: name, listener };
  });
}

/** The setting that switches TLS on below `prefix`: `tls=true`, `tls: {}`, or any part of `tls`. */
function tlsSetting(
  settings: readonly TraefikSetting[],
  prefix: string,
): TraefikSetting | undefined {
  return settings.find(
    ({ key, value }) =>
      key.startsWith(`${prefix}.tls.`) ||
      (key === `${prefix}.tls` && (value === EMPTY_MAP || value.toLowerCase() === "true")),
  );
}

/** `:443`, `0.0.0.0:80/tcp`; without one the port the name stands for, 0 when it stands for none. */
function addressOf(
  address: string | undefined,
  name: string,
): { readonly host: string; readonly port: number } {
  const found = /^(.*):(\d{1,5})(?:\/(?:tcp|udp))?$/.exec(address ?? "");
  if (found === null) return { host: "*", port: CONVENTIONAL_PORTS[name] ?? 0 };
  const host = found[1] ?? "";
  return { host: host === "" || host === "0.0.0.0" ? "*" : host, port: Number(found[2]) };
}

/** The container itself, on the port its labels say, else the lowest it exposes. */
function ownUpstreams(
  service: ComposeService,
  settings: readonly TraefikSetting[],
  name?: string,
): readonly Upstream[] {
  const names = name === undefined ? serviceNames(settings) : [name];
  const load = names.map((each) => `http.services.${each}.loadbalancer.server`);
  const urls = load.flatMap((prefix) => settingOf(settings, `${prefix}.url`) ?? []);
  if (urls.length > 0) return urls.flatMap((url) => upstreamsOf(targetOf(url)));
  const ports = load.flatMap((prefix) => settingOf(settings, `${prefix}.port`) ?? []);
  const scheme =
    load.flatMap((prefix) => settingOf(settings, `${prefix}.scheme`) ?? [])[0] ?? "http";
  const exposed = [...service.expose, ...service.ports.map(({ containerPort }) => containerPort)]
    .map((port) => Number.parseInt(port, 10))
    .filter((port) => Number.isInteger(port))
    .toSorted((a, b) => a - b);
  const chosen = ports.length > 0 ? ports : exposed.slice(0, 1).map(String);
  if (chosen.length === 0) return upstreamsOf({ scheme, authority: service.name });
  return chosen.flatMap((port) => upstreamsOf({ scheme, authority: `${service.name}:${port}` }));
}
