import type { HttpSite } from "../../core/http-site.ts";
import { headerStatements } from "../nginx/header-statements.ts";
import { auditedRoute, mainRoutes } from "../nginx/main-route.ts";
import type { Concern } from "../proxy-rules/concern.ts";

/** What the proxies in front do to a field on the main route. */
export type ProxySide =
  /** `replaces`: what the application sends does not get out beside it. */
  | {
      readonly does: "sets";
      readonly value: string;
      readonly where: string;
      readonly replaces: boolean;
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
  if (route === undefined) return siteSide(concern, field);
  const steps = headerStatements(route, field, (values) => values.join(", "));
  const last = steps.at(-1);
  const isHidden = steps.some(({ says }, at) => says === "drops" && at < steps.length - 1);
  switch (last?.says) {
    case "sets": {
      const { value = "", where } = last;
      return { does: "sets", value, where, replaces: isHidden || route.place.kind !== "passed" };
    }
    case "drops":
      return { does: "hides", where: last.where };
    case "unknown":
      return { does: "unknown", reason: last.where };
    default:
      return { does: "passes-on" };
  }
}

/** Other proxies than nginx: named only whether one of them sets it at all. */
function siteSide({ sites }: Concern, field: string): ProxySide {
  const mention = sites
    .flatMap(({ routes }) => routes.flatMap(({ responseFields }) => responseFields))
    .find(({ name }) => name === field);
  if (mention === undefined) return { does: "passes-on" };
  return { does: "unknown", reason: `${mention.file}:${mention.line} changes it` };
}
