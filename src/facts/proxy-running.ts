import type { ProcessEntry } from "./processes.fact.ts";
import type { ProxyKind, ProxyRoutes } from "./proxy-routes.fact.ts";
import { baseName, resolveFrom } from "./target-path.ts";

/** Programs by their own name. `nginx-prometheus-exporter` and `apache2ctl` are none of them. */
const PROGRAMS: Readonly<Record<string, ProxyKind>> = {
  nginx: "nginx",
  "nginx-debug": "nginx",
  openresty: "nginx",
  caddy: "caddy",
  apache2: "apache",
  httpd: "apache",
  haproxy: "haproxy",
  traefik: "traefik",
  envoy: "envoy",
};

/** Words with which these programs do something else than serve. */
const NOT_SERVING: Readonly<Partial<Record<ProxyKind, ReadonlySet<string>>>> = {
  nginx: new Set(["-t", "-T", "-v", "-V", "-h", "-s"]),
  caddy: new Set(
    "adapt fmt validate version help list-modules hash-password trust untrust reload stop environ build-info upgrade".split(
      " ",
    ),
  ),
  apache: new Set(["-t", "-v", "-V", "-l", "-L", "-S", "-M"]),
  haproxy: new Set(["-c", "-v", "-vv"]),
  traefik: new Set(["version", "healthcheck"]),
};

/** A proxy that runs, with what its command line says. */
export interface RunningProxy {
  readonly proxy: ProxyKind;
  readonly pid: number;
  readonly command: string;
  /** Files its command line names, absolute; none when it goes by its default. */
  readonly configurations: readonly string[];
  /** Its file system is a container's own: the paths are not this machine's. */
  readonly isInContainer: boolean;
}

/** The proxy a process is, by the program of its command line, else by its name. */
export function proxyOf({
  command,
  name,
}: Pick<ProcessEntry, "command" | "name">): ProxyKind | undefined {
  const words = command.trim().split(/\s+/);
  const first = words[0] ?? "";
  // nginx writes its title over its arguments: `nginx: master process /usr/sbin/nginx -c ...`.
  const title = /^nginx:/.test(first);
  const program = title ? "nginx" : baseName(first === "" ? name : first).replace(/:$/, "");
  const proxy = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
  if (proxy === undefined || title) return proxy;
  const isOther = words.slice(1, 3).some((word) => NOT_SERVING[proxy]?.has(word) === true);
  return isOther ? undefined : proxy;
}

/** Every proxy that runs: masters where they are told from their workers. */
export function runningProxies(entries: readonly ProcessEntry[]): readonly RunningProxy[] {
  const found = entries.flatMap((entry) => {
    const proxy = proxyOf(entry);
    return proxy === undefined ? [] : [{ entry, proxy }];
  });
  const pids = new Map(found.map(({ entry, proxy }) => [entry.pid, proxy]));
  const hasMaster = found.some(({ entry }) => /^nginx: master/.test(entry.command));
  return found
    .filter(({ entry, proxy }) => entry.parent === undefined || pids.get(entry.parent) !== proxy)
    .filter(({ entry }) => !hasMaster || !/^nginx: (?:worker|cache)/.test(entry.command))
    .map(({ entry, proxy }) => ({
      proxy,
      pid: entry.pid,
      command: entry.command,
      configurations: configurationsOf(proxy, entry),
      isInContainer: /docker|containerd|kubepods|libpod|lxc|crio/.test(entry.cgroup ?? ""),
    }));
}

/** `running` as the fact has it. */
export function asRunning(running: readonly RunningProxy[] | undefined): ProxyRoutes["running"] {
  return running?.map(({ proxy, pid, command }) => ({ proxy, pid, command }));
}

const FLAGS: Readonly<Record<ProxyKind, readonly string[]>> = {
  nginx: ["-c"],
  caddy: ["--config", "-config", "-c"],
  apache: ["-f"],
  haproxy: ["-f", "--"],
  traefik: ["--configfile"],
  envoy: ["-c", "--config-path"],
};

function configurationsOf(
  proxy: ProxyKind,
  { command, directory }: ProcessEntry,
): readonly string[] {
  const words = command.trim().split(/\s+/);
  const flags = FLAGS[proxy];
  const files = words.flatMap((word, index) => {
    const [flag = "", value] = word.split("=", 2);
    const isFlag = flags.includes(flag) || flags.includes(flag.toLowerCase());
    const file = isFlag ? (value ?? words[index + 1]) : undefined;
    return file === undefined || file.startsWith("-") ? [] : [file];
  });
  const base = baseOf(proxy, words, directory);
  return files
    .filter((file) => file.startsWith("/") || base !== undefined)
    .map((file) => resolveFrom(base ?? "/", file));
}

/** Where a relative configuration is taken from: nginx's prefix, httpd's ServerRoot, else the cwd. */
function baseOf(
  proxy: ProxyKind,
  words: readonly string[],
  directory: string | undefined,
): string | undefined {
  const flag = proxy === "nginx" ? "-p" : proxy === "apache" ? "-d" : undefined;
  const at = flag === undefined ? -1 : words.indexOf(flag);
  if (at !== -1) return words[at + 1];
  if (proxy === "nginx") return "/etc/nginx";
  return proxy === "apache" ? "/etc/apache2" : directory;
}

/** Words of `-D NAME`: httpd's defines. */
export function definesOf({ command }: RunningProxy): readonly string[] {
  const words = command.trim().split(/\s+/);
  return words.flatMap((word, index) => (word === "-D" ? (words[index + 1] ?? []) : []));
}
