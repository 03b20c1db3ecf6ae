import { type ApacheNode, isNamed } from "../../parsers/apache.ts";
import { type ApacheWorld, apacheUpstreams } from "../proxy-apache.ts";
import type { SiteAction, SiteRoute } from "../proxy-site.ts";
import { setTo, UNSET } from "../proxy-tls.ts";
import { uniqueUpstreams } from "../proxy-upstream.ts";
import { bodyMaxOf, headerChanges, limitsOf, proxyFields, verifiedOf } from "./apache-fields.ts";
import type { ApacheEnding } from "./apache-rewrite.ts";
import {
  type Access,
  type ApacheScope,
  type ApacheSection,
  accessOf,
  apacheText,
  locationCovers,
  wordsOfNode,
} from "./apache-scope.ts";
import { matchOf, type PathPattern } from "./request-matcher.ts";

/** One virtual host with everything its routes are made of. */
export interface ApacheHost {
  readonly scope: ApacheScope;
  readonly sections: readonly ApacheSection[];
  readonly world: ApacheWorld;
}

/** Something that takes requests, in the order in which httpd asks: rewrites, ProxyPass, redirects, files. */
export interface Taker extends ApacheEnding {
  readonly isFiles?: true;
}

/** Lists of directives for a request of a path, nearest first. */
export function listsFor(
  { scope, sections }: ApacheHost,
  path: PathPattern,
  root?: string,
): readonly (readonly ApacheNode[])[] {
  const found = sections.filter((section) => isFor(section, path, root));
  return [...found.map(({ children }) => children).toReversed(), scope.own, scope.main];
}

function isFor(section: ApacheSection, path: PathPattern, root: string | undefined): boolean {
  switch (section.kind) {
    case "location":
      return section.isRegex
        ? path.kind === "regex" && path.text === section.text
        : locationCovers(section, path.text);
    case "directory":
      return root !== undefined && !section.isRegex && isBelow(root, section.text);
    case "proxy":
      return root === undefined && section.text === "*";
    case "files":
      return false;
  }
}

function isBelow(path: string, directory: string): boolean {
  const bare = directory.replace(/\/+$/, "");
  return path === bare || path.startsWith(`${bare}/`) || bare === "";
}

/** A route of a taker for one path, under what these directives say, nearest first. */
export function build(
  { world }: ApacheHost,
  { matcher, action, node, target }: Taker,
  path: PathPattern,
  lists: readonly (readonly ApacheNode[])[],
): SiteRoute {
  const flat = lists.toReversed().flat();
  const access = lists
    .slice(0, -2)
    .map(accessOf)
    .find((one) => one !== undefined);
  const done = doneWith(action, access, target, world);
  return {
    match: matchOf(matcher, path),
    text: apacheText(node),
    action: done,
    responseFields: headerChanges(flat, "Header"),
    requestFields:
      done.kind === "pass"
        ? [...headerChanges(flat, "RequestHeader"), ...proxyFields(lists, node)]
        : [],
    bodyMax: bodyMaxOf(lists),
    limits: limitsOf(flat),
    restrictions: access?.kind === "restricted" ? access.restrictions : [],
    websocket: done.kind === "pass" ? websocketOf(node, target ?? "", lists) : UNSET,
    upstreamVerified: done.kind === "pass" ? verifiedOf(lists) : UNSET,
    file: node.file,
    line: node.line,
  };
}

function doneWith(
  action: SiteAction,
  access: Access | undefined,
  target: string | undefined,
  world: ApacheWorld,
): SiteAction {
  if (access?.kind === "denied") return { kind: "answer", status: 403 };
  if (action.kind !== "pass" || target === undefined) return action;
  return { kind: "pass", upstreams: uniqueUpstreams(apacheUpstreams(target, world)) };
}

/** `ws://`, `upgrade=websocket` (2.4.47), or a rewrite to `ws://` for requests that ask for an upgrade. */
function websocketOf(
  node: ApacheNode,
  target: string,
  lists: readonly (readonly ApacheNode[])[],
): SiteRoute["websocket"] {
  const upgrade = wordsOfNode(node).find((word) => /^upgrade=/i.test(word));
  if (/^wss?:/i.test(target) || upgrade !== undefined)
    return setTo(upgrade?.toLowerCase() !== "upgrade=none", apacheText(node), node);
  const rewrite = lists
    .flat()
    .find((one) => isNamed(one, "RewriteRule") && /^wss?:/i.test(one.args[1]?.text ?? ""));
  return rewrite === undefined ? UNSET : setTo(true, apacheText(rewrite), rewrite);
}
