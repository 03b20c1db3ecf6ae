import type { BlockPath } from "../../../parsers/nginx/inherit.ts";
import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { answeringPlaces } from "../../nginx/answering.ts";
import { headersAt, wordFor } from "../../nginx/response-headers.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyHeaderContentType } from "./header-content-type.control.ts";

/** `more_set_headers` replaces the type and is no fault. */
export const headerContentType: NginxRule = {
  slug: "header-content-type",
  status: "note",
  find: (model) =>
    answeringPlaces(model).flatMap(({ server, path }) =>
      headersAt(path)
        .settings.filter(({ field, at }) => field === "content-type" && at.name === "add_header")
        .map(({ at, value }): NginxHit => {
          const better = `default_type ${wordFor(value)};`;
          return {
            at,
            servers: [server],
            message: "add_header Content-Type adds a second type beside the answer's own",
            fix: `Write: ${better}`,
            ...(isReplaceable(path, value) && { edits: replaceEdit(at, better) }),
          };
        }),
    ),
};

/** A type with a variable, or where one is set already, needs a thought. */
function isReplaceable(path: BlockPath, value: string): boolean {
  return !value.includes("$") && ownDirectives(path, "default_type").length === 0;
}

export const proxyHeaderContentTypeProxy = proxyCheck({
  control: proxyHeaderContentType,
  reads: "add_header of nginx in every place.",
  nginx: [headerContentType],
  passes: "No Content-Type is added as a header",
});
