import { effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import { isOpen } from "../../nginx/admission.ts";
import { fileSourceAt, servesDirectories, servesFiles } from "../../nginx/content.ts";
import type { NginxPlace } from "../../nginx/model.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteAutoindexRule } from "../../proxy-sites/exposure.ts";
import { proxyAutoindex } from "./autoindex.control.ts";

/** A request that ends in `/` and finds no index file is answered with the list (ngx_http_autoindex_module). */
export const autoindex: NginxRule = {
  slug: "autoindex",
  status: "warn",
  find({ places }) {
    return places.flatMap((place): readonly NginxHit[] => {
      const switched = effectiveScalar(place.path, "autoindex", "fancyindex");
      if (switched?.args[0]?.text !== "on" || !takesDirectories(place)) return [];
      if (!servesFiles(place) || !servesDirectories(place) || !isOpen(place)) return [];
      const source = fileSourceAt(place.path);
      return [
        {
          at: switched,
          also: source === undefined ? [] : [source.at],
          servers: [place.server],
          message: `Everybody gets lists of the directories below ${source?.path ?? "the default root"}`,
          fix: `Write: ${switched.name} off; or keep strangers out with allow and deny`,
          edits: replaceEdit(switched, `${switched.name} off;`),
        },
      ];
    });
  },
};

/** Whether paths that end in a slash may come to the location. */
function takesDirectories({ location }: NginxPlace): boolean {
  if (location?.kind === "exact") return location.value.endsWith("/");
  const isPattern = location?.kind === "regex" || location?.kind === "regex-caseless";
  return !isPattern || !/[\w)]\$$/.test(location.value) || /\*\)?\$$/.test(location.value);
}

export const proxyAutoindexProxy = proxyCheck({
  control: proxyAutoindex,
  reads:
    "autoindex in force for every server and location of nginx that serves files; browse of Caddy's file_server, Options Indexes of Apache.",
  nginx: [autoindex],
  sites: [siteAutoindexRule],
  passes: "No directory is listed to strangers",
});
