import { type IncludeAnswer, readNginx } from "../parsers/nginx/include.ts";
import type { NginxProblem } from "../parsers/nginx/tokenize.ts";
import type { ProxyFiles } from "./proxy-files.ts";
import type { Candidate, LoadContext, Loaded } from "./proxy-load.ts";
import { mainText, NOTHING } from "./proxy-main-text.ts";
import {
  type ContainerMounts,
  mountedNames,
  mountedPath,
  renderTemplate,
} from "./proxy-mounted.ts";
import { nginxRoutes } from "./proxy-nginx.ts";
import { nginxTls } from "./proxy-tls-nginx.ts";
import { nginxPrefix } from "./proxy-tree.ts";
import { directoryOf, resolveFrom } from "./target-path.ts";

/** Reads an nginx configuration with its includes. */
export async function loadNginx(
  candidate: Candidate,
  { files, isAlone = false }: LoadContext,
): Promise<Loaded> {
  const { path, isInstalled } = candidate;
  const { dropIns, container } = candidate;
  const main = dropIns === undefined ? await mainText(candidate, files) : { text: "" };
  if ("problem" in main) return { ...NOTHING, candidate, problems: [main.problem] };
  const prefix = isInstalled ? directoryOf(path) : nginxPrefix(dropIns?.[0] ?? path);
  const beside = isInstalled
    ? { ...files, placeOf: (place: string) => place }
    : treeView(files, prefix);
  const view = container === undefined ? beside : containerView(files, container, beside);
  const tree = await readNginx(path, {
    prefixDirectory: container === undefined ? prefix : NGINX_DIRECTORY.slice(0, -1),
    read: (place) => {
      if (place !== path) return view.read(place);
      if (dropIns === undefined) return beside.read(path);
      return { state: "known", value: dropIns.map(includeLine).join("\n") };
    },
    list: view.list,
    nameOf: (place) => {
      if (place !== path) return files.nameOf(view.placeOf(place));
      // What stands for a main file is called as the first of its files.
      const [first] = dropIns ?? [];
      return files.nameOf(first === undefined ? path : view.placeOf(first));
    },
  });
  const places = {
    configurationDirectory: prefix,
    // Debian's and Fedora's builds (`nginx -V`: --prefix=/usr/share/nginx).
    prefixDirectory: isInstalled && prefix === "/etc/nginx" ? "/usr/share/nginx" : prefix,
  };
  return {
    candidate,
    ...(isAlone ? ALONE : { ...nginxRoutes(tree, places), tls: nginxTls(tree, places) }),
    nginx: tree,
    sites: [],
    globals: [],
    isRead: true,
    files: [...(dropIns === undefined ? [path] : []), ...tree.included.map(view.placeOf)],
    problems: tree.problems.filter(mayHide).map(({ file, line, message, kind }) => ({
      proxy: "nginx",
      file,
      line,
      detail: message,
      isUnreadable: kind === "unreadable-include",
      ...(kind === "syntax" && { isRefused: true }),
    })),
  };
}

const ALONE = { routes: [], roots: [], tls: [] } as const;

function includeLine(path: string): string {
  return `include "${path.replaceAll(/["\\]/g, "\\$&")}";`;
}

/** Files of nginx's own package and certbot's: what they hold is known, and is no route. */
const WITHOUT_ROUTES =
  /(?:^|\/)(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)_params|fastcgi\.conf|options-ssl-nginx\.conf) does not exist$/;

/** Whether what a problem keeps from being read may hold a route. */
export function mayHide({ kind, message }: NginxProblem): boolean {
  return kind !== "missing-include" || !WITHOUT_ROUTES.test(message);
}

/** Files as one configuration sees them. */
type View = Pick<ProxyFiles, "read" | "list"> & {
  /** Where on this machine a path leads. */
  placeOf(path: string): string;
};

/** Paths as they are in a container: what it mounts first, then what lies beside the main file. */
function containerView(files: ProxyFiles, container: ContainerMounts, beside: View): View {
  return {
    placeOf: (path) => mountedPath(container, path) ?? beside.placeOf(path),
    async read(path) {
      const place = mountedPath(container, path);
      const answer = place === undefined ? undefined : await files.read(place);
      if (answer === undefined || answer.state === "missing") return beside.read(path);
      if (answer.state !== "known" || !container.rendered.has(path)) return answer;
      return { ...answer, value: renderTemplate(answer.value, container.variables) };
    },
    async list(path) {
      const value = await mountedNames(path, container, files);
      return value.length > 0 ? { state: "known", value } : beside.list(path);
    },
  };
}

/**
 * A configuration that only lies in the tree says `/etc/nginx/conf.d/*.conf` for what lies beside
 * it: those are looked for there. This machine's own directories are not listed for it.
 */
function treeView(files: ProxyFiles, prefix: string): View {
  const found = new Map<string, string>();
  const besides = (path: string): string | undefined =>
    path.startsWith(NGINX_DIRECTORY)
      ? resolveFrom(prefix, path.slice(NGINX_DIRECTORY.length))
      : undefined;
  return {
    placeOf: (path) => found.get(path) ?? path,
    async read(path) {
      const beside = besides(path);
      const answer = beside === undefined ? undefined : await files.read(beside);
      if (beside === undefined || answer?.state !== "known") return files.read(path);
      found.set(path, beside);
      return answer;
    },
    async list(path): Promise<IncludeAnswer<readonly string[]>> {
      const beside = besides(`${path}/`);
      if (beside !== undefined) return files.list(beside);
      return files.nameOf(path) === path ? { state: "missing" } : files.list(path);
    },
  };
}

const NGINX_DIRECTORY = "/etc/nginx/";
