import { type ApacheNode, isNamed } from "../../parsers/apache.ts";
import type { ApacheWorld } from "../proxy-apache.ts";
import type { SiteAction, SiteRoute } from "../proxy-site.ts";
import { type ApacheHost, build, listsFor, type Taker } from "./apache-build.ts";
import { deniedFiles, fileRoutes } from "./apache-files.ts";
import { aliasRedirect, regexPattern, rewriteEndings } from "./apache-rewrite.ts";
import { type ApacheScope, sectionPattern, sectionsOf, wordsOfNode } from "./apache-scope.ts";
import { isWithinPath, type PathPattern, pathMatcher } from "./request-matcher.ts";

/** Routes of one virtual host; each `<Location>` within a route is one of its own. */
const ROUTES_MAX = 20_000;

/**
 * What a virtual host does. mod_rewrite is asked first, then ProxyPass, then Redirect and Alias, then the
 * document root (the hooks' order in httpd 2.4; measured: `ProxyPass /` beats `Redirect` and SetHandler).
 */
export function apacheRoutesOf(
  scope: ApacheScope,
  world: ApacheWorld,
  names: readonly string[],
): readonly SiteRoute[] {
  const host: ApacheHost = { scope, sections: sectionsOf(scope), world };
  const takers = [
    ...rewriteEndings(scope.own.length > 0 ? scope.own : scope.main, names),
    ...proxyTakers(host),
    ...redirectTakers(host),
  ];
  const taken = takers.flatMap((taker) => withLocations(host, taker));
  return [...taken, ...handlerRoutes(host), ...deniedFiles(host), ...fileRoutes(host)].slice(
    0,
    ROUTES_MAX,
  );
}

/** `ProxyPass` of the virtual host, then those of the main server; `!` keeps a path out. */
function proxyTakers({ scope, sections }: ApacheHost): readonly Taker[] {
  const takers: Taker[] = [];
  const kept: PathPattern[] = [];
  const add = (node: ApacheNode, path: PathPattern, target: string): void => {
    if (target === "!" || target === "") {
      if (target === "!") kept.push(path);
      return;
    }
    const exceptPaths = kept.filter((one) => isWithinPath(one, path) || one.kind === "regex");
    takers.push({
      matcher: { ...pathMatcher(path), exceptPaths },
      action: { kind: "pass", upstreams: [] },
      node,
      target,
    });
  };
  for (const node of [...scope.own, ...scope.main]) {
    const [first = "", second = ""] = wordsOfNode(node);
    if (isNamed(node, "ProxyPass")) add(node, { kind: "prefix", text: first }, second);
    if (isNamed(node, "ProxyPassMatch")) add(node, regexPattern(first), second);
  }
  for (const section of sections.filter(({ kind }) => kind === "location"))
    for (const node of section.children)
      if (/^ProxyPass(?:Match)?$/i.test(node.name))
        add(node, sectionPattern(section), wordsOfNode(node)[0] ?? "");
  // ProxyPass of a longer path within a <Location> does not come after a shorter one.
  return takers;
}

/** `Redirect` of the virtual host and its sections, then of the main server. */
function redirectTakers({ scope, sections }: ApacheHost): readonly Taker[] {
  const inSections = sections
    .filter(({ kind }) => kind === "location")
    .flatMap((section) =>
      section.children.flatMap((node) => aliasRedirect(node, sectionPattern(section)) ?? []),
    );
  const flat = (nodes: readonly ApacheNode[]) =>
    nodes.flatMap((node) => aliasRedirect(node, undefined) ?? []);
  return [...flat(scope.own), ...inSections, ...flat(scope.main)];
}

/** A taker's route, behind one for each `<Location>` within it that says something of its own. */
function withLocations(host: ApacheHost, taker: Taker): readonly SiteRoute[] {
  const paths = taker.matcher.paths ?? [{ kind: "prefix" as const, text: "/" }];
  return paths.flatMap((path) => {
    const inner = host.sections
      .filter(({ kind }) => kind === "location")
      .map((section) => sectionPattern(section))
      .filter((pattern) => pattern.text !== path.text && canBeWithin(pattern, path));
    const unique = [...new Map(inner.map((one) => [`${one.kind} ${one.text}`, one])).values()];
    const longest = unique.toSorted((a, b) => b.text.length - a.text.length);
    return [...longest, path].map((own) => routeOf(host, taker, own));
  });
}

function canBeWithin(inner: PathPattern, outer: PathPattern): boolean {
  return inner.kind === "regex" ? outer.kind === "prefix" : isWithinPath(inner, outer);
}

function routeOf(host: ApacheHost, taker: Taker, path: PathPattern): SiteRoute {
  const lists = listsFor(host, path);
  return build(host, { ...taker, matcher: { ...taker.matcher, paths: [path] } }, path, lists);
}

const HANDLERS: ReadonlyMap<string, SiteAction> = new Map([
  ["server-status", { kind: "own-page", page: "status" }],
  ["server-info", { kind: "own-page", page: "status" }],
  ["ldap-status", { kind: "own-page", page: "status" }],
  ["balancer-manager", { kind: "own-page", page: "admin" }],
]);

/** `<Location /server-status> SetHandler server-status`. */
function handlerRoutes(host: ApacheHost): readonly SiteRoute[] {
  return host.sections
    .filter(({ kind }) => kind === "location")
    .flatMap((section) => {
      const node = section.children.findLast((one) => isNamed(one, "SetHandler"));
      const action = HANDLERS.get(node?.args[0]?.text.toLowerCase() ?? "");
      if (node === undefined || action === undefined) return [];
      const path = sectionPattern(section);
      return [
        build(host, { matcher: pathMatcher(path), action, node }, path, listsFor(host, path)),
      ];
    });
}
