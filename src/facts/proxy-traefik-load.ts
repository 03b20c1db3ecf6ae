import {
  parseTraefikYaml,
  type TraefikFile,
  type TraefikSetting,
  traefikLabels,
} from "../parsers/traefik.ts";
import type { ComposeFiles } from "./compose-files.fact.ts";
import type { ProxyFiles } from "./proxy-files.ts";
import type { Candidate } from "./proxy-load.ts";
import type { ProxyRoute, ProxyRoutes } from "./proxy-routes.fact.ts";
import type { ProxyGlobal, ProxySite } from "./proxy-site.ts";
import { type TraefikWorld, traefikSites, traefikWorld } from "./proxy-sites/traefik.ts";
import { entryPointSites } from "./proxy-sites/traefik-entry-points.ts";
import { traefikGlobals } from "./proxy-sites/traefik-globals.ts";
import { namedSettings } from "./proxy-sites/traefik-middlewares.ts";
import type { TlsListener } from "./proxy-tls.ts";
import { traefikTls } from "./proxy-tls-traefik.ts";
import {
  composeStatic,
  isTraefikService,
  settingOf,
  traefikFileRoutes,
  traefikLabelRoutes,
} from "./proxy-traefik.ts";
import { providedCandidates } from "./proxy-traefik-provider.ts";

/** Everything Traefik was told, over all its files and the compose project. */
export interface TraefikLoaded {
  readonly routes: readonly ProxyRoute[];
  readonly tls: readonly TlsListener[];
  readonly configurations: ProxyRoutes["configurations"];
  readonly problems: ProxyRoutes["problems"];
  readonly sites: readonly ProxySite[];
  readonly globals: readonly ProxyGlobal[];
}

/**
 * Reads Traefik's files and labels together: entry points stand in one of them, routers in others.
 * `composeFiles` is `undefined` where there is no compose project.
 */
export async function loadTraefik(
  candidates: readonly Candidate[],
  composeFiles: ComposeFiles | undefined,
  files: Pick<ProxyFiles, "read" | "nameOf"> & Partial<Pick<ProxyFiles, "list">>,
): Promise<TraefikLoaded> {
  const problems: ProxyRoutes["problems"][number][] = [];
  const read: Read[] = [];
  for (const candidate of candidates) {
    const result = await readSettings(candidate, files);
    if ("settings" in result) read.push(result);
    else problems.push(result);
  }
  const known = new Set(candidates.map(({ path }) => path));
  for (const candidate of await providedCandidates(read, known, files)) {
    const result = await readSettings(candidate, files);
    if ("settings" in result) read.push(result);
    else if (result.detail !== MISSING) problems.push(result);
  }
  const project = composeFiles?.project ?? { services: [] };
  const dynamics = read.flatMap(({ settings }) => settings);
  const statics = [...dynamics, ...composeStatic(project)];
  const labels = project.services.flatMap((service) => traefikLabels(service.labels));
  const all = [...dynamics, ...labels];
  const enabled = enabledLabels(project, statics);
  const world = traefikWorld([...dynamics, ...enabled], statics);
  const labelRoutes = traefikLabelRoutes(project, statics);
  const labelFiles = new Set([
    ...labelRoutes.map(({ file }) => file),
    ...project.services.filter(isTraefikService).map(({ file }) => file),
  ]);
  return {
    routes: [
      ...read.flatMap(({ candidate: { foundBy, isInstalled }, settings }) =>
        traefikFileRoutes(settings, statics).map((route) => ({
          ...route,
          foundBy,
          ...(isInstalled ? { isInstalled } : {}),
        })),
      ),
      ...labelRoutes.map((route) => ({ ...route, foundBy: COMPOSE })),
    ],
    tls: [
      ...read.flatMap(({ candidate: { foundBy, isInstalled }, settings }) =>
        traefikTls(settings, statics, all).map((listener) => ({
          ...listener,
          foundBy,
          ...(isInstalled ? { isInstalled } : {}),
        })),
      ),
      ...traefikTls(labels, statics, all).map((listener) => ({ ...listener, foundBy: COMPOSE })),
    ],
    configurations: [
      ...read.map(({ candidate: { path, foundBy, isInstalled } }) => ({
        proxy: "traefik" as const,
        file: files.nameOf(path),
        foundBy,
        ...(isInstalled ? { isInstalled } : {}),
      })),
      ...[...labelFiles].map((file) => ({ proxy: "traefik" as const, file, foundBy: COMPOSE })),
    ],
    problems,
    sites: [
      ...read.flatMap(({ candidate: { foundBy, isInstalled }, settings }) =>
        sitesOf(settings, traefikFileRoutes(settings, statics), world).map((site) => ({
          ...site,
          foundBy,
          ...(isInstalled ? { isInstalled } : {}),
        })),
      ),
      ...sitesOf(enabled, labelRoutes, world).map((site) => ({ ...site, foundBy: COMPOSE })),
      ...entryPointSites(statics).map((site) => ({ ...site, foundBy: COMPOSE })),
    ],
    globals: traefikGlobals(
      statics,
      namedSettings([...dynamics, ...enabled], "routers"),
      world.middlewares,
      project,
    ),
  };
}

/** Labels of services that Traefik looks at: `traefik.enable`, else what the provider does by itself. */
function enabledLabels(
  { services }: ComposeFiles["project"],
  statics: readonly TraefikSetting[],
): readonly TraefikSetting[] {
  const byDefault = settingOf(statics, "providers.docker.exposedbydefault") !== "false";
  return services
    .map((service) => traefikLabels(service.labels))
    .filter((own) => (settingOf(own, "enable")?.toLowerCase() ?? String(byDefault)) === "true")
    .flat();
}

function sitesOf(
  settings: readonly TraefikSetting[],
  routes: readonly ProxyRoute[],
  world: TraefikWorld,
): readonly ProxySite[] {
  const upstreams = new Map(
    routes.map((route) => [`${route.file}:${route.line}`, route.upstreams]),
  );
  return traefikSites(
    settings,
    world,
    (_service, { file, line }) => upstreams.get(`${file}:${line}`) ?? [],
  );
}

const COMPOSE = "compose project";
const MISSING = "does not exist";

interface Read {
  readonly candidate: Candidate;
  readonly settings: readonly TraefikSetting[];
}

async function readSettings(
  candidate: Candidate,
  files: Pick<ProxyFiles, "read" | "nameOf">,
): Promise<Read | ProxyRoutes["problems"][number]> {
  const problem = { proxy: "traefik", file: files.nameOf(candidate.path) } as const;
  const answer = await files.read(candidate.path);
  if (answer.state === "missing") return { ...problem, detail: MISSING, isUnreadable: false };
  if (answer.state === "unreadable")
    return { ...problem, detail: `cannot be read: ${answer.detail}`, isUnreadable: true };
  const parsed = await parserOf(candidate.path, problem.file, answer.value);
  if (parsed.ok) return { candidate, settings: parsed.settings };
  const line = parsed.line === undefined ? {} : { line: parsed.line };
  return { ...problem, ...line, detail: parsed.message, isUnreadable: false };
}

/** By the name; TOML's reader is loaded where there is some. */
async function parserOf(path: string, file: string, text: string): Promise<TraefikFile> {
  if (!path.endsWith(".toml")) return parseTraefikYaml(file, text);
  const { parseTraefikToml } = await import("../parsers/traefik-toml.ts");
  return parseTraefikToml(file, text);
}
