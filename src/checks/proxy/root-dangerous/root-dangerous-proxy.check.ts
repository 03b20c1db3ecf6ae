import { isOpen } from "../../nginx/admission.ts";
import { directoryOf, fileSourceAt, isCutOff, servesFiles } from "../../nginx/content.ts";
import type { NginxPlace } from "../../nginx/model.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyRootDangerous } from "./root-dangerous.control.ts";

/** Directories of the system as such, and homes (hier(7)); what lies below may be meant for a site. */
const SYSTEM =
  /^\/(?:|bin|boot|dev|home(?:\/[^/]+)?|lib|lib64|mnt|opt|proc|root|run|sbin|sys|tmp|usr(?:\/local)?|var(?:\/(?:lib|run|spool|tmp))?)$/;
/** Directories of which nothing is meant for a site. */
const BELOW = /^\/(?:etc|proc|sys|dev|boot|var\/lib\/(?:mysql|postgresql|redis|docker))(?:\/|$)/;
/** Where builds of nginx keep the pages they come with. */
const PAGES_IN_ETC = /\/(?:html|htdocs|www|public|static|acme|letsencrypt\/webroot)(?:\/|$)/;

export const rootDangerous: NginxRule = {
  slug: "root-dangerous",
  status: "fail",
  find({ places }) {
    return places.flatMap((place): readonly NginxHit[] => {
      const source = fileSourceAt(place.path);
      if (source === undefined || isOneFile(place) || isCutOff(place) || !servesFiles(place))
        return [];
      const directory = normal(directoryOf(place, source));
      if (!isOfSystem(directory) || !isOpen(place)) return [];
      return [
        {
          at: source.at,
          also: place.location === undefined ? [] : [place.location.directive],
          servers: [place.server],
          message: `Files below ${directory} are served to everybody who asks for their names`,
          fix: `Put what is to be served in a directory of its own and write: ${source.kind} /var/www/site;`,
        },
      ];
    });
  },
};

function isOneFile({ location }: NginxPlace): boolean {
  return location?.kind === "exact" || location?.value.startsWith("/.well-known/") === true;
}

/** Without a final slash and doubled ones. */
function normal(directory: string): string {
  const path = directory.replaceAll(/\/{2,}/g, "/").replaceAll("/./", "/");
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}

function isOfSystem(directory: string): boolean {
  return SYSTEM.test(directory) || (BELOW.test(directory) && !PAGES_IN_ETC.test(directory));
}

export const proxyRootDangerousProxy = proxyCheck({
  control: proxyRootDangerous,
  reads: "root and alias in force for every server and location of nginx that serves files.",
  nginx: [rootDangerous],
  passes: "No directory of the system is served",
});
