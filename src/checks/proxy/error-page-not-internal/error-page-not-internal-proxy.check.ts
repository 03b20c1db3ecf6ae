import { effectiveScalar, findDirectives, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { locationsIn } from "../../../parsers/nginx/location.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { insertInEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyErrorPageNotInternal } from "./error-page-not-internal.control.ts";

/** Only an exact location can be told to be there for the error alone. */
export const errorPageNotInternal: NginxRule = {
  slug: "error-page-not-internal",
  status: "note",
  find: ({ servers }) => servers.flatMap(hitsIn),
};

function hitsIn(server: NginxServer): readonly NginxHit[] {
  const targets = errorTargets(server);
  if (targets.size === 0) return [];
  return locationsIn(server.path).flatMap(({ kind, value, directive }): readonly NginxHit[] => {
    const by = kind === "exact" ? targets.get(value) : undefined;
    if (by === undefined) return [];
    if (effectiveScalar([...server.path, directive], "internal") !== undefined) return [];
    return [
      {
        at: directive,
        servers: [server],
        message: `${value} is the page of an error, and anyone can ask for it`,
        fix: "Add to the location: internal;",
        edits: insertInEdit(directive, "internal;"),
        also: [by],
      },
    ];
  });
}

/** Paths that errors lead to, each with the directive that says so. */
function errorTargets({ path }: NginxServer): ReadonlyMap<string, NginxDirective> {
  const outer = path.slice(1, -1).flatMap((block) => ownDirectives([block], "error_page"));
  const inner = findDirectives(path, "error_page").map(({ directive }) => directive);
  return new Map(
    [...outer, ...inner].flatMap((directive): readonly [string, NginxDirective][] => {
      const target = directive.args.at(-1)?.text.split("?")[0] ?? "";
      return isPage(target, directive) ? [[target, directive]] : [];
    }),
  );
}

/** An application's own page (`/index.html` for 404, as single page applications do) is meant to be asked for. */
function isPage(target: string, { args }: NginxDirective): boolean {
  const isChanged = args.some(({ text }) => text.startsWith("="));
  return /^\/[^$]+$/.test(target) && !isChanged && !/^\/index\.\w+$/.test(target);
}

export const proxyErrorPageNotInternalProxy = proxyCheck({
  control: proxyErrorPageNotInternal,
  reads: "error_page of nginx, and the exact locations it leads to.",
  nginx: [errorPageNotInternal],
  passes: "No page of an error can be asked for",
});
