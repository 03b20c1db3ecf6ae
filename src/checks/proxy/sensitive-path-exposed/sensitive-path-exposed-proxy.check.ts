import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { isOpen } from "../../nginx/admission.ts";
import {
  directoryOf,
  type FileSource,
  fileSourceAt,
  isCutOff,
  servesFiles,
} from "../../nginx/content.ts";
import type { NginxPlace } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxySensitivePathExposed } from "./sensitive-path-exposed.control.ts";

/** Anywhere in a path: what lies below is a copy or a repository as well. */
const ANYWHERE =
  /^(?:(?:db|sql|mysql|pg|site)?[-_]?(?:backups?|dumps?)|bak|\.git|\.svn|\.hg|\.ssh|\.aws|\.gnupg|\.kube|\.docker)$/i;
/** As the last name of a path. */
const AT_END = /^(?:logs?|secrets?|private|credentials|private[-_]keys?)$/i;
const SENSITIVE_FILE =
  /\.(?:sql(?:\.gz)?|dump|bak|env|key|p12|pfx|kdbx|htpasswd)$|\/\.env(?:\.\w+)?$|\/id_(?:rsa|ed25519)$/i;

export const sensitivePathExposed: NginxRule = {
  slug: "sensitive-path-exposed",
  status: "fail",
  find({ places }) {
    return places.flatMap((place): readonly NginxHit[] => {
      const source = fileSourceAt(place.path);
      if (source === undefined || isCutOff(place) || !servesFiles(place)) return [];
      const what = sensitivePart(place, source);
      if (what === undefined || !isOpen(place)) return [];
      const own = ownDirectives(place.path, "alias", "root").at(-1);
      const { location, server } = place;
      const block = location?.directive ?? server.directive;
      return [
        {
          at: own ?? block,
          also: [source.at, block],
          servers: [server],
          message: `Everybody may fetch what lies in ${what}`,
          fix: "Write in the location: deny all; or keep such files out of what is served",
          ...(location !== undefined && { edits: insertInEdit(block, "deny all;") }),
        },
      ];
    });
  },
};

/** The path that gives it away: that of the location, or that on disk. */
function sensitivePart(place: NginxPlace, source: FileSource): string | undefined {
  const { location } = place;
  const isFixed = location !== undefined && /^(?:prefix|exact)/.test(location.kind);
  const paths = [...(isFixed ? [location.value] : []), directoryOf(place, source)];
  if (isFixed && location.value.startsWith("/.well-known/")) return undefined;
  return paths.find(isSensitive);
}

function isSensitive(path: string): boolean {
  const names = path.split("/").filter((name) => name !== "");
  return (
    names.some((name) => ANYWHERE.test(name)) ||
    AT_END.test(names.at(-1) ?? "") ||
    /^\/var\/log(?:\/|$)/.test(path) ||
    SENSITIVE_FILE.test(path)
  );
}

export const proxySensitivePathExposedProxy = proxyCheck({
  control: proxySensitivePathExposed,
  reads: "locations of nginx that serve files: their own paths, and where root and alias lead.",
  nginx: [sensitivePathExposed],
  passes: "No backup, log or repository is served",
});
