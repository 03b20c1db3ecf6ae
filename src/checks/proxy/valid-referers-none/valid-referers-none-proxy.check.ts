import { findDirectives, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { wordFor } from "../../nginx/response-headers.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyValidReferersNone } from "./valid-referers-none.control.ts";

/** `none` is a request without Referer, which every attacker can send. */
export const validReferersNone: NginxRule = {
  slug: "valid-referers-none",
  status: "warn",
  find: ({ servers }) => servers.flatMap(hitsIn),
};

function hitsIn(server: NginxServer): readonly NginxHit[] {
  const lists = findDirectives(server.path, "valid_referers").filter(({ directive }) =>
    directive.args.some(({ text }) => text === "none"),
  );
  const maps = ownDirectives(server.path.slice(0, 2), "map");
  if (lists.length === 0 || ![server.directive, ...maps].some(isAsked)) return [];
  return lists.map(({ directive: at }): NginxHit => {
    const others = at.args.filter(({ text }) => text !== "none" && text !== "blocked");
    const better = `valid_referers ${others.map(({ text }) => wordFor(text)).join(" ")};`;
    return {
      at,
      servers: [server],
      message: "Requests without a Referer pass the check of the Referer",
      fix: others.length > 0 ? `Write: ${better}` : "List the sites that may link here",
      ...(others.length > 0 && { edits: replaceEdit(at, better) }),
    };
  });
}

/** Nothing is refused where nobody looks at the outcome. Depth is bounded by the parser. */
function isAsked({ args, block = [] }: NginxDirective): boolean {
  return args.some(({ text }) => /\$\{?invalid_referer\b/.test(text)) || block.some(isAsked);
}

export const proxyValidReferersNoneProxy = proxyCheck({
  control: proxyValidReferersNone,
  reads: "valid_referers of nginx, and whether $invalid_referer is asked.",
  nginx: [validReferersNone],
  passes: "No check of the Referer lets requests without one pass",
});
