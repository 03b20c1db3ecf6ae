import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import { isOpen } from "../../nginx/admission.ts";
import { handlerOf, isCutOff } from "../../nginx/content.ts";
import type { NginxPlace } from "../../nginx/model.ts";
import {
  insertAfterEdit,
  insertInEdit,
  type NginxHit,
  type NginxRule,
  replaceEdit,
} from "../../nginx/rule.ts";
import { statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteStatusPageRule } from "../../proxy-sites/exposure.ts";
import { proxyStatusPageExposed } from "./status-page-exposed.control.ts";

/** Directives that answer with a status page, of nginx itself and of modules in use. */
const STATUS_PAGES = [
  "stub_status",
  "vhost_traffic_status_display",
  "check_status",
  "req_status_show",
  "status",
  "api",
];
/** Paths of status pages of what stands behind: Apache's, PHP's. */
const STATUS_PATHS =
  /^\/(?:server-status|server-info|(?:php-?)?fpm[-_]status|nginx[-_]status|basic_status|stub_status|balancer-manager)\/?$/;

export const statusPageExposed: NginxRule = {
  slug: "status-page-exposed",
  status: "warn",
  find(model) {
    const own = statementsNamed(model, ...STATUS_PAGES).filter(
      ({ path, place }) => path === place.path,
    );
    const behind = model.places.flatMap((place) => {
      const { location, path } = place;
      const isNamed = location !== undefined && STATUS_PATHS.test(location.value);
      const isHandedOn = /_pass$/.test(handlerOf(path)?.name ?? "");
      return isNamed && isHandedOn ? [{ directive: location.directive, place }] : [];
    });
    return [...own, ...behind].flatMap(({ directive, place }): readonly NginxHit[] => {
      if (isCutOff(place) || !isOpen(place)) return [];
      const edits = editsAt(directive, place);
      return [
        {
          at: directive,
          also: place.location === undefined ? [] : [place.location.directive],
          servers: [place.server],
          message: `Everybody is answered the status page at ${place.location?.value ?? "/"}`,
          fix: "Write beside it: allow 127.0.0.1; deny all;",
          ...(edits !== undefined && { edits }),
        },
      ];
    });
  },
};

const OWN_MACHINE = "allow 127.0.0.1;\nallow ::1;\ndeny all;";

/** Where `allow` and `deny` stand already, what is missing is the end of the list. */
function editsAt(directive: NginxDirective, { path }: NginxPlace): NginxHit["edits"] {
  const rules = ownDirectives(path, "allow", "deny");
  const last = rules.at(-1);
  if (last === undefined) {
    return directive.block === undefined
      ? insertAfterEdit(directive, OWN_MACHINE)
      : insertInEdit(directive, OWN_MACHINE);
  }
  return last.name === "allow" && last.args[0]?.text === "all"
    ? replaceEdit(last, OWN_MACHINE)
    : insertAfterEdit(last, "deny all;");
}

export const proxyStatusPageExposedProxy = proxyCheck({
  control: proxyStatusPageExposed,
  reads:
    "stub_status and the status pages of other modules in every location of nginx; server-status, server-info and balancer-manager of Apache, stats of HAProxy; beside the access rules in force there. Traefik's is proxy.traefik-dashboard.",
  nginx: [statusPageExposed],
  sites: [siteStatusPageRule],
  passes: "No status page is open to strangers",
});
