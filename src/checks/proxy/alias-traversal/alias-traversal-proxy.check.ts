import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyAliasTraversal } from "./alias-traversal.control.ts";

/** nginx appends what follows the location's path to the alias: `/static../x` becomes `/srv/static/../x`. */
export const aliasTraversal: NginxRule = {
  slug: "alias-traversal",
  status: "fail",
  find({ places }) {
    return places.flatMap(({ server, path, location }): readonly NginxHit[] => {
      if (location === undefined || !/^prefix/.test(location.kind)) return [];
      const alias = ownDirectives(path, "alias").at(-1);
      const target = alias?.args[0]?.text;
      if (alias === undefined || target === undefined) return [];
      if (location.value.endsWith("/") || !target.endsWith("/")) return [];
      const { directive, value } = location;
      const modifier = location.kind === "prefix-no-regex" ? "^~ " : "";
      return [
        {
          at: alias,
          also: [directive],
          servers: [server],
          message: `${value}../ leads out of ${target}: the location does not end in /, the alias does`,
          fix: `Write: location ${modifier}${value}/ { alias ${target}; }`,
          edits: replaceEdit(alias, `alias ${target.replace(/\/+$/, "")};`),
        },
      ];
    });
  },
};

export const proxyAliasTraversalProxy = proxyCheck({
  control: proxyAliasTraversal,
  reads: "alias of every prefix location of nginx, beside the location's path.",
  nginx: [aliasTraversal],
  passes: "No alias can be left through its location",
});
