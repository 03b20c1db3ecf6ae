import { type BlockPath, effectiveScalar, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { isOpen, restrictionAt } from "../../nginx/admission.ts";
import { handlerOf, isCutOff } from "../../nginx/content.ts";
import { guardsMethods } from "../../nginx/guard.ts";
import { insertInEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyDavWriteOpen } from "./dav-write-open.control.ts";

const WRITES: ReadonlySet<string> = new Set(["PUT", "DELETE", "MKCOL", "COPY", "MOVE"]);

/** ngx_http_dav_module: every method named is carried out for whoever gets in. */
export const davWriteOpen: NginxRule = {
  slug: "dav-write-open",
  status: "fail",
  find({ places }) {
    return places.flatMap((place): readonly NginxHit[] => {
      const { path, server } = place;
      const methods = effectiveScalar(path, "dav_methods");
      const writing = (methods?.args ?? [])
        .map(({ text }) => text)
        .filter((text) => WRITES.has(text));
      if (methods === undefined || handlerOf(path) !== undefined || isCutOff(place)) return [];
      if (!isOpen(place) || guardsMethods(path) || guardsMethods(server.path)) return [];
      const open = writing.filter((method) => !isExcepted(path, method));
      if (open.length === 0) return [];
      return [
        {
          at: methods,
          servers: [server],
          message: `Everybody may ${open.join(", ")} files here`,
          fix: "Write beside it: limit_except GET { deny all; } or auth_basic with a password file",
          ...(place.location !== undefined &&
            ownDirectives(path, "limit_except").length === 0 && {
              edits: insertInEdit(place.location.directive, "limit_except GET {\n    deny all;\n}"),
            }),
        },
      ];
    });
  },
};

/** `limit_except` restricts the methods it does not name. */
function isExcepted(path: BlockPath, method: string): boolean {
  return ownDirectives(path, "limit_except").some(
    (block) =>
      !block.args.some(({ text }) => text === method) &&
      restrictionAt([...path, block]) !== undefined,
  );
}

export const proxyDavWriteOpenProxy = proxyCheck({
  control: proxyDavWriteOpen,
  reads:
    "dav_methods in force for every server and location of nginx, beside the access rules in force there.",
  nginx: [davWriteOpen],
  passes: "No file is written by strangers",
});
