import type { BlockPath } from "../../../parsers/nginx/inherit.ts";
import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { answeringPlaces } from "../../nginx/answering.ts";
import { type HeaderSetting, headersAt, wordFor } from "../../nginx/response-headers.ts";
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
        .map((setting): NginxHit => {
          const { at, value } = setting;
          const better = `default_type ${wordFor(value)};`;
          return {
            at,
            servers: [server],
            message: "add_header Content-Type adds a second type beside the answer's own",
            fix: `Write: ${better}`,
            ...(isReplaceable(path, setting) && { edits: replaceEdit(at, better) }),
          };
        }),
    ),
};

/** A type with a variable, or where one is set already, needs a thought; in an `if` there can be none. */
function isReplaceable(path: BlockPath, { at, value }: HeaderSetting): boolean {
  const block = path.find((one) => one.block?.includes(at));
  return (
    block !== undefined &&
    block.name !== "if" &&
    !value.includes("$") &&
    ownDirectives([block], "default_type").length === 0
  );
}

export const proxyHeaderContentTypeProxy = proxyCheck({
  control: proxyHeaderContentType,
  reads: "add_header of nginx in every place.",
  nginx: [headerContentType],
  passes: "No Content-Type is added as a header",
});
