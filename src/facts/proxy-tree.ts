import { ownDirectives } from "../parsers/nginx/inherit.ts";
import { parseNginx } from "../parsers/nginx/parse.ts";
import type { ProxyKind } from "./proxy-routes.fact.ts";
import { baseName, directoryOf, isOutsideDeployment } from "./target-path.ts";

/** Configuration files of a tree that are looked into. */
export const TREE_CANDIDATES_MAX = 200;

/** Suffixes under which a file lies there without being read by anything. */
const UNUSED =
  /(?:\.(?:example|sample|bak|old|orig|save|disabled|off|dist|tmpl|j2|swp|md|txt|rpmnew|dpkg-dist)|~)$/i;
/** Directories whose files only count once linked elsewhere. */
const UNLINKED = /(?:^|\/)(?:sites|conf|mods)-available\//;

/** Directories of what developers run beside the program: `dev/`, `dev-reverse-proxy/`, `nginx-dev/`. */
const FOR_DEVELOPMENT = /(?:^|\/)(?:[\w-]+[-_])?(?:dev|development)(?:[-_][\w-]+)?\//i;

/** Caddyfiles, and Caddy's native configuration. */
const CADDY =
  /(?:^|\/)(?:\.?Caddyfile(?:[.-][^/]+)?|[^/]*\.caddyfile|caddy[^/]*\.json|caddy\/[^/]+\.json)$/i;

/**
 * Which proxy may read a file of the tree, by its path. `sniff`: only its text can tell.
 * `undefined`: none.
 */
export function proxyByPath(path: string): ProxyKind | "sniff" | undefined {
  const name = baseName(path);
  if (isAside(path)) return undefined;
  if (CADDY.test(path)) return "caddy";
  if (/^haproxy.*\.cfg$/i.test(name) || /(?:^|\/)haproxy\/[^/]+\.cfg$/.test(path)) return "haproxy";
  if (/\.(?:ya?ml|toml)$/.test(name)) return isTraefikPath(path) ? "traefik" : undefined;
  if (/\.nginx$|^nginx\.conf$/.test(name)) return "nginx";
  if (/(?:^|\/)(?:nginx|templates|http\.d|conf\.d)\/[^/]+\.conf\.template$/.test(path))
    return "nginx";
  return /\.conf$/.test(name) || /(?:^|\/)sites-enabled\/[^/]+$/.test(path) ? "sniff" : undefined;
}

const DEVELOPMENT =
  /^(?:test|tests|testing|e2e|ci|dev|development)[-_]|[-_](?:test|tests|testing|e2e|ci|dev|development|local)$|^nginx\.(?:test|e2e|ci|dev|development|local)$/i;

/**
 * Whether a file of a tree says by its name that it is for tests or development (`test-nginx.conf`). A name with
 * dots is a site's: `dev.example.org.conf`.
 */
export function isDevelopmentProxy(path: string): boolean {
  const stem = baseName(path).replace(/\.(?:conf|cfg|json|ya?ml|toml|template)$/gi, "");
  return DEVELOPMENT.test(stem) && (!stem.includes(".") || /^nginx\./i.test(stem));
}

/** A file that nothing in force reads. */
function isAside(path: string): boolean {
  return (
    UNUSED.test(baseName(path)) ||
    UNLINKED.test(path) ||
    FOR_DEVELOPMENT.test(path) ||
    isOutsideDeployment(path)
  );
}

function isTraefikPath(path: string): boolean {
  return (
    /(?:^|\/)traefik[^/]*\.(?:ya?ml|toml)$/i.test(path) ||
    /(?:^|\/)traefik\/(?:.+\/)?[^/]+$/i.test(path)
  );
}

/** Whose configuration a `.conf` is, by its text: virtual hosts of httpd, or servers of nginx. */
export function proxyByText(path: string, text: string): ProxyKind | undefined {
  if (/^[ \t]{0,100}<\/?(?:VirtualHost|IfModule|Location|Directory|Proxy)\b/im.test(text))
    return "apache";
  const tree = parseNginx(text, path);
  const main = { name: "main", args: [], block: tree.directives, file: path, line: 1, column: 1 };
  const servers = [
    ...ownDirectives([main], "server"),
    ...ownDirectives([main], "http", "stream"),
    ...ownDirectives([main], "upstream"),
  ];
  if (servers.some(({ block }) => block !== undefined)) return "nginx";
  return /^[ \t]{0,100}(?:ProxyPass|Listen|DocumentRoot|SSLEngine)[ \t]/im.test(text)
    ? "apache"
    : undefined;
}

/** Files a main one includes come after it: `nginx.conf`, then others, then those of `conf.d`. */
export function compareCandidates(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function rank(path: string): number {
  if (/^(?:nginx|httpd|apache2)\.conf$|^Caddyfile$/.test(baseName(path))) return 0;
  return isDropIn(path) ? 2 : 1;
}

/** Whether a file lies in a directory that a main file includes by a glob. */
export function isDropIn(path: string): boolean {
  return /^(?:conf\.d|http\.d|sites-enabled|vhosts\.d|templates|snippets|stream\.d)$/.test(
    baseName(directoryOf(path)),
  );
}

/** What a tree's nginx file takes relative includes from: the parent of `conf.d` and the like. */
export function nginxPrefix(path: string): string {
  const directory = directoryOf(path);
  return isDropIn(path) ? directoryOf(directory) : directory;
}
