import { type ApacheNode, isNamed } from "../../parsers/apache.ts";
import type { SiteAction, SiteRoute } from "../proxy-site.ts";
import { resolveFrom } from "../target-path.ts";
import { type ApacheHost, build, listsFor } from "./apache-build.ts";
import {
  type ApacheSection,
  accessOf,
  lastOf,
  sectionPattern,
  wordsOfNode,
} from "./apache-scope.ts";
import { isWithinPath, type PathPattern, pathMatcher } from "./request-matcher.ts";

/** Files and directories nobody gets, by pattern: `<FilesMatch "^\.ht">`, `<DirectoryMatch "/\.git">`, `<LocationMatch>`. */
export function deniedFiles(host: ApacheHost): readonly SiteRoute[] {
  return host.sections.flatMap((section): readonly SiteRoute[] => {
    const access = accessOf(section.children);
    const text = deniedPattern(section);
    if (access?.kind !== "denied" || text === undefined) return [];
    const path = { kind: "regex", text } as const;
    const action = { kind: "answer", status: 403 } as const;
    return [
      build(host, { matcher: pathMatcher(path), action, node: section.node }, path, [
        host.scope.own,
        host.scope.main,
      ]),
    ];
  });
}

/** What of a path a section's pattern is about, as a pattern for the whole path. */
function deniedPattern({ kind, text, isRegex }: ApacheSection): string | undefined {
  if (kind === "location" || kind === "directory") return isRegex ? text : undefined;
  if (kind !== "files") return undefined;
  // The last part of the path alone is looked at.
  if (isRegex) return `/(?:${text.replace(/(^|\|)\^/g, "$1")})[^/]*$`;
  const glob = text
    .replaceAll(/[.+^$()|{}\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return `/${glob}$`;
}

/** Aliases, then the document root, each behind the `<Location>`s within it. */
export function fileRoutes(host: ApacheHost): readonly SiteRoute[] {
  const { scope } = host;
  const root = lastOf([scope.own, scope.main], "DocumentRoot");
  const aliases = [...scope.own, ...scope.main].filter((node) => isNamed(node, "Alias"));
  const places = aliases.map((node) => ({
    node,
    from: wordsOfNode(node)[0] ?? "",
    to: wordsOfNode(node)[1] ?? "",
  }));
  if (root !== undefined) places.push({ node: root, from: "/", to: wordsOfNode(root)[0] ?? "" });
  return places
    .filter(({ to }) => to !== "")
    .flatMap(({ node, from, to }) => {
      const folder = resolveFrom(scope.serverRoot, to);
      const base: PathPattern = { kind: "prefix", text: from };
      const inner = host.sections
        .filter(({ kind, isRegex }) => kind === "location" && !isRegex)
        .map(sectionPattern)
        .filter((pattern) => pattern.text !== from && isWithinPath(pattern, base));
      return [...inner.toSorted((a, b) => b.text.length - a.text.length), base].map((path) => {
        const lists = listsFor(host, path, folder);
        const action: SiteAction = {
          kind: "files",
          root: folder,
          listsDirectories: hasIndexes(lists),
          hides: [],
        };
        return build(host, { matcher: pathMatcher(path), action, node }, path, lists);
      });
    });
}

/** `Options` merged from the outermost section in: words with a sign change, without one they replace. */
function hasIndexes(lists: readonly (readonly ApacheNode[])[]): boolean {
  let isOn = false;
  for (const node of lists.toReversed().flat()) {
    if (!isNamed(node, "Options")) continue;
    const words = wordsOfNode(node);
    if (words.some((word) => !/^[+-]/.test(word))) isOn = false;
    for (const word of words) {
      const bare = word.replace(/^[+-]/, "").toLowerCase();
      if (bare === "indexes" || bare === "all") isOn = !word.startsWith("-");
    }
  }
  return isOn;
}
