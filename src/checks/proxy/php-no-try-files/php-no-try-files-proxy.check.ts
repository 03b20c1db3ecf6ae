import { effectiveList, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import { matchPcre } from "../../../parsers/nginx/pcre.ts";
import { restrictionAt } from "../../nginx/admission.ts";
import { handlerOf, isCutOff } from "../../nginx/content.ts";
import type { NginxPlace } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyPhpNoTryFiles } from "./php-no-try-files.control.ts";

/** A script that is not there, below a file that is. */
const PROBE = "/uploads/photo.jpg/x.php";

export const phpNoTryFiles: NginxRule = {
  slug: "php-no-try-files",
  status: "warn",
  find({ places }) {
    return places.flatMap((place): readonly NginxHit[] => {
      const { location, path, server } = place;
      const pass = handlerOf(path);
      if (location === undefined || pass?.name !== "fastcgi_pass" || !takesAnyScript(place))
        return [];
      if (isCutOff(place) || restrictionAt(path)?.name === "internal") return [];
      if (looksForFile(place) || hasFixedScript(place)) return [];
      return [
        {
          at: location.directive,
          also: [pass],
          servers: [server],
          message: `${PROBE} is handed to PHP whether there is such a script or not`,
          fix: "Write in the location: try_files $fastcgi_script_name =404;",
          edits: insertInEdit(location.directive, "try_files $fastcgi_script_name =404;"),
        },
      ];
    });
  },
};

function takesAnyScript({ location }: NginxPlace): boolean {
  const isPattern = location?.kind === "regex" || location?.kind === "regex-caseless";
  return (
    location !== undefined &&
    isPattern &&
    /php/i.test(location.value) &&
    matchPcre(location.value, location.kind === "regex-caseless", PROBE) === "match"
  );
}

/** `try_files`, `if (!-f ...)`; an include that was not read may hold either (snippets/fastcgi-php.conf). */
function looksForFile({ path }: NginxPlace): boolean {
  const block = path.at(-1)?.block ?? [];
  return (
    ownDirectives(path, "try_files", "include").some(
      ({ name, args }) =>
        name === "try_files" || !/(?:fastcgi|mime)[\w.]*$/.test(args[0]?.text ?? ""),
    ) || block.some(asksForFile)
  );
}

function asksForFile({ name, args }: NginxDirective): boolean {
  return name === "if" && args.some(({ text }) => /^\(?\s*!?-[fe]$/.test(text));
}

/** The script does not come from the path. */
function hasFixedScript({ path }: NginxPlace): boolean {
  const script = effectiveList(path, "fastcgi_param").findLast(
    ({ args }) => args[0]?.text === "SCRIPT_FILENAME",
  );
  const text = script?.args[1]?.text;
  return (
    text !== undefined &&
    !/fastcgi_script_name|\$\{?uri|document_uri|request_filename|\$\d/.test(text)
  );
}

export const proxyPhpNoTryFilesProxy = proxyCheck({
  control: proxyPhpNoTryFiles,
  reads: "locations of nginx by pattern that hand paths ending in .php to FastCGI.",
  nginx: [phpNoTryFiles],
  passes: "PHP is handed scripts that exist",
});
