import { isSecretName } from "../core/secret.ts";
import type { ComposeService } from "../parsers/compose.ts";
import type { ComposeFiles } from "./compose-files.fact.ts";
import type { ProxyFiles } from "./proxy-files.ts";
import type { Candidate } from "./proxy-load.ts";
import type { ProxyKind } from "./proxy-routes.fact.ts";
import { baseName, directoryOf, isWithin, resolveFrom } from "./target-path.ts";

/** What a container's file system gets from the deployment's directory. */
export interface ContainerMounts {
  readonly mounts: readonly {
    /** Absolute, on this machine. */
    readonly source: string;
    /** Absolute, in the container. */
    readonly target: string;
  }[];
  /** By path in the container: the template its start script renders there. */
  readonly rendered: ReadonlyMap<string, string>;
  /** Values envsubst fills in; names of secrets are left out. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Where the official images look for their main file. */
const MAIN_FILES: readonly (readonly [ProxyKind, string])[] = [
  ["nginx", "/etc/nginx/nginx.conf"],
  ["caddy", "/etc/caddy/Caddyfile"],
  ["apache", "/usr/local/apache2/conf/httpd.conf"],
  ["haproxy", "/usr/local/etc/haproxy/haproxy.cfg"],
  ["traefik", "/etc/traefik/traefik.yml"],
  ["traefik", "/etc/traefik/traefik.yaml"],
  ["traefik", "/etc/traefik/traefik.toml"],
];
/** The image's own main file includes `*.conf` of it; its start script renders templates into it. */
const NGINX_DROP_INS = "/etc/nginx/conf.d";
const NGINX_TEMPLATES = "/etc/nginx/templates";
const TEMPLATE_ENDING = ".template";

/** Configurations that a compose service mounts where its proxy reads them, whatever their names. */
export async function mountedCandidates(
  compose: ComposeFiles | undefined,
  directory: string,
  files: ProxyFiles,
): Promise<readonly Candidate[]> {
  const [first] = compose?.files ?? [];
  if (compose === undefined || first === undefined) return [];
  const file = resolveFrom(directory, first);
  const candidates: Candidate[] = [];
  for (const service of compose.project.services) {
    const container = await mountsOf(service, directory, directoryOf(file), files);
    const found = await mainFiles(service, container, files);
    candidates.push(...found);
    if (found.some(({ proxy }) => proxy === "nginx")) continue;
    const names = await mountedNames(NGINX_DROP_INS, container, files);
    const dropIns = names
      .filter((name) => name.endsWith(".conf"))
      .toSorted()
      .map((name) => `${NGINX_DROP_INS}/${name}`);
    if (dropIns.length > 0)
      candidates.push({
        ...mounted("nginx", `${file}#${service.name}`, NGINX_DROP_INS, service),
        dropIns,
        container,
      });
  }
  return candidates;
}

async function mainFiles(
  service: ComposeService,
  container: ContainerMounts,
  files: ProxyFiles,
): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const [proxy, target] of MAIN_FILES) {
    const path = mountedPath(container, target);
    if (path === undefined || (await files.read(path)).state === "missing") continue;
    found.push({ ...mounted(proxy, path, target, service), container });
  }
  return found;
}

function mounted(
  proxy: ProxyKind,
  path: string,
  target: string,
  { name }: ComposeService,
): Candidate {
  const foundBy = `mounted at ${target} of the service ${name}`;
  return { proxy, path, foundBy, isInstalled: false, defines: [] };
}

async function mountsOf(
  { volumes, environment }: ComposeService,
  directory: string,
  base: string,
  files: ProxyFiles,
): Promise<ContainerMounts> {
  const mounts = volumes
    // What has no slash in it is a volume by name, not a place of this machine.
    .filter(({ source, target }) => source.includes("/") && target.startsWith("/"))
    .map(({ source, target }) => ({
      source: resolveFrom(base, source),
      target: resolveFrom("/", target),
    }))
    .filter(({ source }) => isWithin(directory, source));
  const plain = { mounts, rendered: new Map(), variables: new Map() };
  const templates = await mountedNames(NGINX_TEMPLATES, plain, files);
  const rendered = templates
    .filter((name) => name.endsWith(TEMPLATE_ENDING))
    .flatMap((name) => {
      const source = mountedPath(plain, `${NGINX_TEMPLATES}/${name}`);
      const target = `${NGINX_DROP_INS}/${name.slice(0, -TEMPLATE_ENDING.length)}`;
      return source === undefined ? [] : [[target, source] as const];
    });
  const variables = environment.flatMap(({ key, value }) =>
    value === undefined || isSecretName(key) ? [] : [[key, value] as const],
  );
  return { mounts, rendered: new Map(rendered), variables: new Map(variables) };
}

/** Where a path of the container comes from: by the deepest mount it lies in. */
export function mountedPath(
  { mounts, rendered }: ContainerMounts,
  path: string,
): string | undefined {
  const template = rendered.get(path);
  if (template !== undefined) return template;
  const deepest = mounts
    .filter(({ target }) => isWithin(target, path))
    .reduce<(typeof mounts)[number] | undefined>(
      (best, one) => (best === undefined || one.target.length > best.target.length ? one : best),
      undefined,
    );
  if (deepest === undefined) return undefined;
  const { source, target } = deepest;
  return path === target ? source : resolveFrom(source, path.slice(target.length + 1));
}

/** Names in a directory of the container that come from mounts and templates. */
export async function mountedNames(
  directory: string,
  container: ContainerMounts,
  files: ProxyFiles,
): Promise<readonly string[]> {
  const path = mountedPath(container, directory);
  const listed = path === undefined ? undefined : await files.list(path);
  const inside = [...container.mounts.map(({ target }) => target), ...container.rendered.keys()]
    .filter((target) => directoryOf(target) === directory)
    .map(baseName);
  return [...new Set([...(listed?.state === "known" ? listed.value : []), ...inside])];
}

/** As envsubst(1) with the names that are known: `${NAME}` and `$NAME`; others stay, as nginx's own variables do. */
export function renderTemplate(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (written, braced: string | undefined, bare: string | undefined) =>
      variables.get(braced ?? bare ?? "") ?? written,
  );
}
