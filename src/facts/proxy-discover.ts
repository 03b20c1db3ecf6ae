import type { DeploymentTree } from "./deployment-tree.fact.ts";
import type { ProxyFiles } from "./proxy-files.ts";
import type { Candidate } from "./proxy-load.ts";
import type { ProxyKind } from "./proxy-routes.fact.ts";
import { definesOf, type RunningProxy } from "./proxy-running.ts";
import {
  compareCandidates,
  isDevelopmentProxy,
  proxyByPath,
  proxyByText,
  TREE_CANDIDATES_MAX,
} from "./proxy-tree.ts";
import { isWithin } from "./target-path.ts";

/** Where packages put the main file: Debian and Ubuntu, Fedora and its kin, the vendors' own. */
export const DEFAULT_CONFIGURATIONS: readonly (readonly [ProxyKind, string])[] = [
  ["nginx", "/etc/nginx/nginx.conf"],
  ["caddy", "/etc/caddy/Caddyfile"],
  ["apache", "/etc/apache2/apache2.conf"],
  ["apache", "/etc/httpd/conf/httpd.conf"],
  ["haproxy", "/etc/haproxy/haproxy.cfg"],
  ["traefik", "/etc/traefik/traefik.yml"],
  ["traefik", "/etc/traefik/traefik.yaml"],
  ["traefik", "/etc/traefik/traefik.toml"],
];

/** Configurations the installed proxies read: those command lines name, and the packages' defaults. */
export async function installedCandidates(
  running: readonly RunningProxy[],
  files: ProxyFiles,
): Promise<readonly Candidate[]> {
  const own = running.filter(({ isInContainer }) => !isInContainer);
  const named = own.flatMap((each) =>
    each.configurations.map((path) => ({
      proxy: each.proxy,
      path,
      foundBy: `command line of ${each.proxy} (pid ${each.pid})`,
      isInstalled: true,
      defines: definesOf(each),
    })),
  );
  const defaults: Candidate[] = [];
  for (const [proxy, path] of DEFAULT_CONFIGURATIONS) {
    // A running proxy that was told another file does not read its default.
    if (named.some((candidate) => candidate.proxy === proxy)) continue;
    const exists = await files.exists(path);
    if (exists === false) continue;
    const process = own.find((each) => each.proxy === proxy);
    if (exists === undefined && process === undefined) continue;
    const foundBy =
      process === undefined ? path : `${path} of running ${proxy} (pid ${process.pid})`;
    const defines = process === undefined ? [] : definesOf(process);
    defaults.push({ proxy, path, foundBy, isInstalled: true, defines });
  }
  return [...named, ...defaults];
}

/** Configurations that lie in the audited tree, main files first. */
export async function treeCandidates(
  tree: DeploymentTree,
  { directory, hostFacts }: { readonly directory: string; readonly hostFacts: boolean },
  files: ProxyFiles,
): Promise<readonly Candidate[]> {
  const likely = tree.files
    .map(({ path, kind }) => ({ path, kind, guess: proxyByPath(path) }))
    .filter(({ path, guess }) => guess !== undefined && !isDevelopmentProxy(path))
    .toSorted((a, b) => compareCandidates(a.path, b.path))
    .slice(0, TREE_CANDIDATES_MAX);
  const candidates: Candidate[] = [];
  for (const { path, kind, guess } of likely) {
    const absolute = `${directory}/${path}`;
    // A link out of the tree leads to this machine, which is not the audited one.
    if (kind === "link" && !hostFacts && !isWithin(directory, await files.realPath(absolute)))
      continue;
    const proxy = guess === "sniff" ? await sniffed(absolute, files) : guess;
    if (proxy !== undefined)
      candidates.push({
        proxy,
        path: absolute,
        foundBy: "in the tree",
        isInstalled: false,
        defines: [],
      });
  }
  return candidates;
}

async function sniffed(path: string, files: ProxyFiles): Promise<ProxyKind | undefined> {
  const answer = await files.read(path);
  return answer.state === "known" ? proxyByText(path, answer.value) : undefined;
}
