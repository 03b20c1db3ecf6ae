import { type BlockPath, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import { valueInForce } from "../../nginx/model.ts";
import { insertAfterEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyTryFilesNoCache } from "./try-files-no-cache.control.ts";

export const tryFilesNoCache: NginxRule = {
  slug: "try-files-no-cache",
  status: "note",
  isPedantic: true,
  find(model) {
    return statementsNamed(model, "try_files")
      .filter(({ path }) => (valueInForce(path, "open_file_cache") ?? "off") === "off")
      .map(({ directive, path, place }) => ({
        at: directive,
        servers: [place.server],
        message: "Every request looks at the disk anew: open_file_cache is off",
        fix: "Write: open_file_cache max=1000 inactive=20s;",
        edits: editsAt(path, directive),
      }));
  },
};

const CACHE = "open_file_cache max=1000 inactive=20s;";

function editsAt(path: BlockPath, tries: NginxDirective): NonNullable<NginxHit["edits"]> {
  const off = ownDirectives(path, "open_file_cache").at(-1);
  return off === undefined ? insertAfterEdit(tries, CACHE) : replaceEdit(off, CACHE);
}

export const proxyTryFilesNoCacheProxy = proxyCheck({
  control: proxyTryFilesNoCache,
  reads: "try_files in every block of nginx.",
  nginx: [tryFilesNoCache],
  passes: "Judged under --pedantic",
});
