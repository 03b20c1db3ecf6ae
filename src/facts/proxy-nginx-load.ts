import { type IncludeAnswer, readNginx } from "../parsers/nginx/include.ts";
import type { NginxProblem } from "../parsers/nginx/tokenize.ts";
import type { ProxyFiles } from "./proxy-files.ts";
import type { Candidate, LoadContext, Loaded } from "./proxy-load.ts";
import { mainText, NOTHING } from "./proxy-main-text.ts";
import { nginxRoutes } from "./proxy-nginx.ts";
import { nginxTls } from "./proxy-tls-nginx.ts";
import { nginxPrefix } from "./proxy-tree.ts";
import { directoryOf, resolveFrom } from "./target-path.ts";

/** Reads an nginx configuration with its includes. */
export async function loadNginx(candidate: Candidate, { files }: LoadContext): Promise<Loaded> {
  const { path, isInstalled } = candidate;
  const { dropIns } = candidate;
  const main = dropIns === undefined ? await mainText(candidate, files) : { text: "" };
  if ("problem" in main) return { ...NOTHING, candidate, problems: [main.problem] };
  const prefix = isInstalled ? directoryOf(path) : nginxPrefix(dropIns?.[0] ?? path);
  const view = isInstalled
    ? { ...files, placeOf: (place: string) => place }
    : treeView(files, prefix);
  const tree = await readNginx(path, {
    prefixDirectory: prefix,
    read: (place) =>
      dropIns !== undefined && place === path
        ? { state: "known", value: dropIns.map(includeLine).join("\n") }
        : view.read(place),
    list: view.list,
    // What stands for a main file is called as the first of its files.
    nameOf: (place) => files.nameOf(view.placeOf(place === path ? (dropIns?.[0] ?? path) : place)),
  });
  const places = {
    configurationDirectory: prefix,
    // Debian's and Fedora's builds (`nginx -V`: --prefix=/usr/share/nginx).
    prefixDirectory: isInstalled && prefix === "/etc/nginx" ? "/usr/share/nginx" : prefix,
  };
  return {
    candidate,
    ...nginxRoutes(tree, places),
    tls: nginxTls(tree, places),
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

/**
 * A configuration that only lies in the tree says `/etc/nginx/conf.d/*.conf` for what lies beside
 * it: those are looked for there. This machine's own directories are not listed for it.
 */
function treeView(
  files: ProxyFiles,
  prefix: string,
): Pick<ProxyFiles, "read" | "list"> & { placeOf(path: string): string } {
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
