import { parseApache } from "../parsers/apache.ts";
import { isCaddyJson, parseCaddyJson } from "../parsers/caddyfile/json.ts";
import { parseCaddyfile } from "../parsers/caddyfile/parse.ts";
import { parseHaproxy } from "../parsers/haproxy.ts";
import type { NginxTree } from "../parsers/nginx/parse.ts";
import { apacheRoutes } from "./proxy-apache.ts";
import { caddyRoutes } from "./proxy-caddy.ts";
import type { ProxyReading } from "./proxy-extract.ts";
import type { ProxyFiles } from "./proxy-files.ts";
import { haproxyRoutes } from "./proxy-haproxy.ts";
import { mainText, NOTHING } from "./proxy-main-text.ts";
import type { ContainerMounts } from "./proxy-mounted.ts";
import { loadNginx } from "./proxy-nginx-load.ts";
import type { ProxyKind, ProxyRoutes } from "./proxy-routes.fact.ts";
import type { ProxyGlobal, ProxySite } from "./proxy-site.ts";
import { apacheSites } from "./proxy-sites/apache.ts";
import { apacheGlobals } from "./proxy-sites/apache-globals.ts";
import { caddyProxySites } from "./proxy-sites/caddy.ts";
import { caddyGlobals } from "./proxy-sites/caddy-globals.ts";
import { haproxySites } from "./proxy-sites/haproxy.ts";
import { haproxyGlobals } from "./proxy-sites/haproxy-globals.ts";
import { apacheTls } from "./proxy-tls-apache.ts";
import { caddyTls } from "./proxy-tls-caddy.ts";
import { haproxyTls } from "./proxy-tls-haproxy.ts";
import { directoryOf, resolveFrom } from "./target-path.ts";

/** A configuration to read. */
export interface Candidate {
  readonly proxy: ProxyKind;
  /** Absolute. */
  readonly path: string;
  readonly foundBy: string;
  /** The installed proxy reads it: paths in it are this machine's. */
  readonly isInstalled: boolean;
  /** Files of the directory `path` (such as `conf.d`) that a main file which is not there includes together. */
  readonly dropIns?: readonly string[];
  /** It is read in a container that has these mounts. */
  readonly container?: ContainerMounts;
  /** `-D` words of httpd's command line. */
  readonly defines: readonly string[];
}

export interface Loaded extends ProxyReading {
  readonly candidate: Candidate;
  /** Whether the main file itself was read. */
  readonly isRead: boolean;
  /** Absolute paths of every file read. */
  readonly files: readonly string[];
  readonly problems: ProxyRoutes["problems"];
  /** nginx's configuration itself, includes expanded, with the text of every word. */
  readonly nginx?: NginxTree;
  readonly sites: readonly ProxySite[];
  readonly globals: readonly ProxyGlobal[];
}

/** What loading needs beside the files. */
export interface LoadContext {
  readonly files: ProxyFiles;
  /** Variables of the environment the proxy is started in, where known. */
  environment(name: string): string | undefined;
  /**
   * The configuration is all there is to judge. What is only compared with processes, sources, certificates and scans
   * is left out of nginx's, whose rules read the tree itself: routes, roots, TLS listeners.
   */
  readonly isAlone?: boolean;
}

/** Reads one configuration with everything it includes. Traefik's are read together, elsewhere. */
export async function loadConfiguration(
  candidate: Candidate,
  context: LoadContext,
): Promise<Loaded> {
  switch (candidate.proxy) {
    case "nginx":
      return loadNginx(candidate, context);
    case "caddy":
      return loadCaddy(candidate, context);
    case "apache":
      return loadApache(candidate, context);
    case "haproxy":
      return loadHaproxy(candidate, context);
    case "traefik":
    case "envoy":
      return { ...NOTHING, candidate };
  }
}

type ProblemEntry = ProxyRoutes["problems"][number];

async function loadCaddy(candidate: Candidate, context: LoadContext): Promise<Loaded> {
  const { files, environment } = context;
  const main = await mainText(candidate, files);
  if ("problem" in main) return { ...NOTHING, candidate, problems: [main.problem] };
  const { path } = candidate;
  const problems: ProblemEntry[] = [];
  const absolute = new Map([[files.nameOf(path), path]]);
  const source = { file: files.nameOf(path), text: main.text };
  const caddyfile = isCaddyJson(main.text)
    ? parseCaddyJson(source.file, source.text)
    : await parseCaddyfile(source, {
        environment,
        async readImport(pattern, from) {
          const base = directoryOf(absolute.get(from) ?? path);
          const sources = await files.glob(resolveFrom(base, pattern), (file, detail) =>
            problems.push(unreadable("caddy", files.nameOf(file), detail)),
          );
          for (const { file } of sources) absolute.set(files.nameOf(file), file);
          return sources.map(({ file, text }) => ({ file: files.nameOf(file), text }));
        },
      });
  const notes = caddyfile.problems.map(({ file, line, message, isRefused }) => ({
    ...note("caddy", file, line, message),
    ...(isRefused === true && { isRefused }),
  }));
  const unresolved = caddyfile.unresolved.map((name) =>
    note("caddy", files.nameOf(path), undefined, `{$${name}} has no value that is known here`),
  );
  return {
    candidate,
    ...caddyRoutes(caddyfile, path),
    tls: caddyTls(caddyfile, path),
    sites: caddyProxySites(caddyfile, path),
    globals: caddyGlobals(caddyfile, files.nameOf(path)),
    isRead: true,
    files: [...absolute.values()],
    problems: [...problems, ...notes, ...unresolved],
  };
}

function unreadable(proxy: ProxyKind, file: string, detail: string): ProblemEntry {
  return { proxy, file, detail: `cannot be read: ${detail}`, isUnreadable: true };
}

function note(
  proxy: ProxyKind,
  file: string,
  line: number | undefined,
  detail: string,
): ProblemEntry {
  return { proxy, file, ...(line === undefined ? {} : { line }), detail, isUnreadable: false };
}

async function loadApache(candidate: Candidate, { files }: LoadContext): Promise<Loaded> {
  const main = await mainText(candidate, files);
  if ("problem" in main) return { ...NOTHING, candidate, problems: [main.problem] };
  const { path, defines } = candidate;
  const root = serverRoot(path, main.text);
  const problems: ProblemEntry[] = [];
  const absolute = new Map([[files.nameOf(path), path]]);
  const configuration = await parseApache(
    { file: files.nameOf(path), text: main.text },
    {
      defines: new Map(defines.map((name) => [name, ""])),
      async readInclude(pattern) {
        const target = resolveFrom(root, pattern);
        // A directory stands for every file in it.
        const isDirectory = await files.isDirectory(target);
        const sources = await files.glob(isDirectory ? `${target}/*` : target, (file, detail) =>
          problems.push(unreadable("apache", files.nameOf(file), detail)),
        );
        for (const { file } of sources) absolute.set(files.nameOf(file), file);
        return sources.map(({ file, text }) => ({ file: files.nameOf(file), text }));
      },
    },
  );
  return {
    candidate,
    ...apacheRoutes(configuration, root),
    tls: apacheTls(configuration, root),
    sites: apacheSites(configuration, root),
    globals: apacheGlobals(configuration, files.nameOf(path)),
    isRead: true,
    files: [...absolute.values()],
    problems: [
      ...problems,
      ...configuration.problems.map(({ file, line, message, isRefused }) => ({
        ...note("apache", file, line, message),
        ...(isRefused === true && { isRefused }),
      })),
    ],
  };
}

/** `ServerRoot`, else the main file's directory; `conf/` lies below the root on Fedora. */
function serverRoot(path: string, text: string): string {
  const written = /^[ \t]{0,100}ServerRoot[ \t]+"?([^"\r\n]{1,4096})/im.exec(text)?.[1]?.trim();
  if (written?.startsWith("/") === true) return written.replace(/"$/, "");
  const directory = directoryOf(path);
  return directory.endsWith("/conf") || directory.endsWith("/sites-enabled")
    ? directoryOf(directory)
    : directory;
}

async function loadHaproxy(candidate: Candidate, context: LoadContext): Promise<Loaded> {
  const { files, environment } = context;
  const { path } = candidate;
  const problems: ProblemEntry[] = [];
  // `-f` with a directory reads its *.cfg in order of name.
  const pattern = (await files.isDirectory(path)) ? `${path}/*.cfg` : path;
  const sources = await files.glob(pattern, (file, detail) =>
    problems.push(unreadable("haproxy", files.nameOf(file), detail)),
  );
  if (sources.length === 0 && problems.length === 0)
    problems.push(note("haproxy", files.nameOf(path), undefined, "does not exist"));
  const configuration = parseHaproxy(
    sources.map(({ file, text }) => ({ file: files.nameOf(file), text })),
    environment,
  );
  return {
    candidate,
    ...haproxyRoutes(configuration),
    tls: haproxyTls(configuration),
    sites: haproxySites(configuration),
    globals: haproxyGlobals(configuration),
    isRead: sources.length > 0,
    files: sources.map(({ file }) => file),
    problems: [
      ...problems,
      ...configuration.problems.map(({ file, line, message }) =>
        note("haproxy", file, line, message),
      ),
    ],
  };
}
