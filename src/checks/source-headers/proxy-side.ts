import type { HttpSite } from "../../core/http-site.ts";
import { headerStatements } from "../nginx/header-statements.ts";
import { auditedRoute, type MainRoute, mainRoutes } from "../nginx/main-route.ts";
import { hiddenBy } from "../nginx/response-headers.ts";
import type { Concern } from "../proxy-rules/concern.ts";
import {
  auditedSiteRoute,
  fieldFate,
  isVariable,
  mainSiteRoutes,
} from "../proxy-sites/field-statements.ts";

/** What the proxies in front do to a field on the main route. */
export type ProxySide =
  /** `replaces`: what the application sends does not get out beside it. */
  | {
      readonly does: "sets";
      readonly value: string;
      readonly where: string;
      readonly replaces: boolean;
      /** Only where the application sends none. */
      readonly isDefault?: true;
    }
  | { readonly does: "hides"; readonly where: string }
  | { readonly does: "passes-on" }
  | { readonly does: "unknown"; readonly reason: string };

/** `field` in lower case. Without any proxy the application's answers are what clients get. */
export function proxySide(
  concern: Concern,
  field: string,
  sites: readonly HttpSite[] | undefined,
): ProxySide {
  if (concern.open !== undefined && concern.isEmpty)
    return { does: "unknown", reason: concern.open.detail };
  const route = auditedRoute(mainRoutes(concern.nginx), sites);
  if (route === undefined && concern.nginx.length > 0)
    return { does: "unknown", reason: "it answers no clients elsewhere with content" };
  if (route === undefined) return siteSide(concern, field, sites);
  const steps = headerStatements(route, field, (values) => values.join(", "));
  const last = steps.at(-1);
  const isHidden = steps.some(({ says }, at) => says === "drops" && at < steps.length - 1);
  switch (last?.says) {
    case "sets": {
      const { value = "", where } = last;
      return { does: "sets", value, where, replaces: isHidden || route.place.kind !== "passed" };
    }
    case "drops":
      // What nginx would set is lost; what the application sends is not.
      return isLostOnly(route, field)
        ? { does: "passes-on" }
        : { does: "hides", where: last.where };
    case "unknown":
      return { does: "unknown", reason: last.where };
    default:
      return { does: "passes-on" };
  }
}

function isLostOnly({ place: { path, kind, by } }: MainRoute, field: string): boolean {
  return kind === "passed" && hiddenBy(path, by?.name ?? "", field) === undefined;
}

/** The same of the other proxies. */
function siteSide(
  { sites }: Concern,
  field: string,
  audited: readonly HttpSite[] | undefined,
): ProxySide {
  const main = auditedSiteRoute(mainSiteRoutes(sites), audited);
  if (main === undefined) return { does: "passes-on" };
  const fate = fieldFate(main.route, field);
  switch (fate.does) {
    case "sets": {
      const where = fate.at.map(({ file, line }) => `${file}:${line}`).join(", ");
      const value = fate.values.join(", ");
      if (isVariable(value))
        return { does: "unknown", reason: `its value depends on the request: ${where}` };
      const { replaces, isDefault } = fate;
      const isOwn = replaces || main.route.action.kind !== "pass";
      return { does: "sets", value, where, replaces: isOwn, ...(isDefault && { isDefault }) };
    }
    case "removes":
      return { does: "hides", where: `${fate.at.file}:${fate.at.line}` };
    case "unknown":
      return { does: "unknown", reason: fate.reason };
    case "passes-on":
      return { does: "passes-on" };
  }
}
