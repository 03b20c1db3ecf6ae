import type { Target } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import { isSecretName } from "../core/secret.ts";
import type { NginxTree } from "../parsers/nginx/parse.ts";
import type { ComposeFiles } from "./compose-files.fact.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import type { EnvironmentValues } from "./environment-values.fact.ts";
import type { ProcessEntry } from "./processes.fact.ts";
import { type CertificateView, withCertificates } from "./proxy-certificates.ts";
import { installedCandidates, treeCandidates } from "./proxy-discover.ts";
import { createProxyFiles, type ProxyFiles } from "./proxy-files.ts";
import { type Candidate, type Loaded, loadConfiguration } from "./proxy-load.ts";
import { mountedCandidates } from "./proxy-mounted.ts";
import type { ProxyRoutes } from "./proxy-routes.fact.ts";
import { asRunning, type RunningProxy, runningProxies } from "./proxy-running.ts";
import type { ProxyGlobal, ProxySite } from "./proxy-site.ts";
import { loadTraefik } from "./proxy-traefik-load.ts";

/** What else is known of the deployment; `undefined`: not known. */
export interface ProxySurroundings {
  readonly processes: readonly ProcessEntry[] | undefined;
  readonly compose: ComposeFiles | undefined;
  readonly tree: DeploymentTree | undefined;
  readonly environment: EnvironmentValues | undefined;
}

type Marks = Pick<ProxyRoutes["configurations"][number], "foundBy" | "isInstalled">;

/** Everything that was read of proxies. `nginx` holds secrets where the configuration does. */
export interface ProxyReadings extends ProxyRoutes {
  readonly nginx: readonly NginxReading[];
  readonly sites: readonly ProxySite[];
  readonly globals: readonly ProxyGlobal[];
}

/** One nginx configuration, includes expanded, with how it was found. */
export interface NginxReading {
  /** The main file, as evidence names it. */
  readonly file: string;
  readonly foundBy: string;
  readonly isInstalled?: boolean;
  readonly isRefused?: boolean;
  readonly tree: NginxTree;
}

/** Finds and reads every proxy configuration there is to see. */
export async function collectProxyReadings(
  host: Host,
  target: Pick<Target, "directory" | "hostFacts">,
  { processes, compose, tree, environment }: ProxySurroundings,
): Promise<ProxyReadings> {
  const files = createProxyFiles(host, target);
  const running = processes === undefined ? undefined : runningProxies(processes);
  const installed = target.hostFacts ? await installedCandidates(running ?? [], files) : [];
  const lying = tree === undefined ? [] : await treeCandidates(tree, target, files);
  const mounted = await mountedCandidates(compose, target.directory, files);
  const candidates = [...installed, ...mounted, ...lying];
  const loaded = await loadAll(candidates, files, environmentOf(compose, environment));
  const traefik = await loadTraefik(
    candidates.filter(({ proxy }) => proxy === "traefik"),
    compose,
    files,
  );
  const marked = loaded.map((each) => ({ ...each, marks: marksOf(each, loaded, running ?? []) }));
  const signed = marked.map(({ marks, problems: found, ...each }) => {
    const isRefused = found.some((problem) => problem.isRefused === true);
    return { ...each, signs: { ...marks, ...(isRefused && { isRefused }) } };
  });
  const routes = signed.flatMap((one) => one.routes.map((each) => ({ ...each, ...one.signs })));
  const tls = signed.flatMap((one) => one.tls.map((each) => ({ ...each, ...one.signs })));
  const read = marked
    .filter(({ isRead }) => isRead)
    .map(({ candidate: { proxy, path }, marks }) => ({
      proxy,
      file: files.nameOf(path),
      ...marks,
    }));
  const configurations = [...read, ...traefik.configurations];
  const problems = [...loaded.flatMap((each) => each.problems), ...traefik.problems];
  const view: CertificateView = {
    hostFacts: target.hostFacts,
    hasContainers: (compose?.project.services.length ?? 0) > 0,
  };
  return {
    configurations,
    running: asRunning(running),
    routes: await withCertificates([...routes, ...traefik.routes], files, view),
    tls: [...tls, ...traefik.tls],
    roots: loaded.flatMap(({ roots }) => roots),
    nginx: signed.flatMap(({ nginx, candidate, signs }) =>
      nginx === undefined ? [] : [{ file: files.nameOf(candidate.path), ...signs, tree: nginx }],
    ),
    sites: [
      ...signed.flatMap((one) => one.sites.map((each) => ({ ...each, ...one.signs }))),
      ...traefik.sites,
    ],
    globals: [
      ...signed.flatMap((one) => one.globals.map((each) => ({ ...each, ...one.signs }))),
      ...traefik.globals,
    ],
    problems: [...problems, ...unseen(running ?? [], configurations, problems)],
  };
}

/** Reads installed configurations first; what they reach, or another file of the tree, is not read again. */
async function loadAll(
  candidates: readonly Candidate[],
  files: ProxyFiles,
  environment: (name: string) => string | undefined,
): Promise<readonly Loaded[]> {
  const loaded: { readonly result: Loaded; readonly own: string; readonly reached: Set<string> }[] =
    [];
  for (const candidate of candidates) {
    if (candidate.proxy === "traefik") continue;
    const own = await files.realPath(candidate.path);
    const isKnown = loaded.some(
      ({ result, own: main, reached }) =>
        main === own || (result.candidate.isInstalled && reached.has(own)),
    );
    if (isKnown) continue;
    const result = await loadConfiguration(candidate, { files, environment });
    const paths = await Promise.all(result.files.map((path) => files.realPath(path)));
    const reached = new Set(paths.filter((path) => path !== own));
    loaded.push({ result, own, reached });
  }
  return loaded
    .filter(({ result, own, reached }, index) => {
      if (result.candidate.isInstalled) return true;
      // Of two files that include each other the first stays.
      return !loaded.some(
        (other, at) => other.reached.has(own) && (at < index || !reached.has(other.own)),
      );
    })
    .map(({ result }) => result);
}

/** A tree file beside an installed configuration is not what the installed proxy reads. */
function marksOf(
  { candidate: { proxy, foundBy, isInstalled } }: Loaded,
  all: readonly Loaded[],
  running: readonly RunningProxy[],
): Marks {
  if (isInstalled) return { foundBy, isInstalled: true };
  const hasInstalled = all.some(
    ({ candidate, isRead }) => candidate.isInstalled && isRead && candidate.proxy === proxy,
  );
  const runsInContainer = running.some((each) => each.proxy === proxy && each.isInContainer);
  return hasInstalled && !runsInContainer
    ? { foundBy: "in the tree, not read by the installed proxy", isInstalled: false }
    : { foundBy };
}

/**
 * The environment of a proxy's own compose service, else the `.env` that compose fills in from.
 * Names of secrets are not answered: what they hold must not enter an open fact.
 */
function environmentOf(
  compose: ComposeFiles | undefined,
  environment: EnvironmentValues | undefined,
): (name: string) => string | undefined {
  const services = (compose?.project.services ?? []).filter(({ image }) =>
    /(?:^|[/-])(?:caddy|haproxy)(?:[:@-]|$)/.test(image ?? ""),
  );
  return (name) => {
    if (isSecretName(name)) return undefined;
    const own = services
      .flatMap((service) => service.environment)
      .find(({ key, value }) => key === name && value !== undefined);
    if (own?.value !== undefined) return own.value;
    return environment?.assignments.find(({ key, layer }) => key === name && layer === "dotenv")
      ?.value;
  };
}

/** Proxies that run and whose configuration nothing showed. */
function unseen(
  running: readonly RunningProxy[],
  configurations: ProxyRoutes["configurations"],
  problems: ProxyRoutes["problems"],
): ProxyRoutes["problems"] {
  const isSeen = (proxy: string): boolean =>
    configurations.some((each) => each.proxy === proxy) ||
    problems.some((each) => each.proxy === proxy && each.isUnreadable);
  const kinds = new Map(running.map((each) => [each.proxy, each] as const));
  return [...kinds.values()]
    .filter(({ proxy }) => !isSeen(proxy))
    .map(({ proxy, pid, isInContainer }) => ({
      proxy,
      file: `/proc/${pid}/cmdline`,
      detail: isInContainer
        ? `${proxy} runs in a container and its configuration is not in the tree`
        : `${proxy} runs and its configuration was not found`,
      isUnreadable: true,
    }));
}
