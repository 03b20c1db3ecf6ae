import { withoutQuery } from "../../../core/http-report.ts";
import { type HttpSite, judgedAnswer } from "../../../core/http-site.ts";
import type { Statement } from "../../../core/trace.ts";
import { findDisclosures } from "../../../parsers/http/disclosure.ts";
import { effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import { auditedRoute, mainRoutes } from "../../nginx/main-route.ts";
import { passedBy } from "../../nginx/response-headers.ts";
import { shownPlace } from "../../nginx/shown-directive.ts";
import type { Concern } from "../../proxy-rules/concern.ts";

const WITH = "Server with a version";
const WITHOUT = "Server without a version";

/** How the layers state Server. */
export function tellsVersion(hasVersion: boolean): string {
  return hasVersion ? WITH : WITHOUT;
}

/** What nginx makes of Server on the main route: its own, with a version unless it is told not to, or the application's. */
export function proxyStatements({ nginx }: Concern): readonly Statement[] {
  const route = auditedRoute(mainRoutes(nginx), undefined);
  if (route === undefined) return [];
  const { path, kind, by, server } = route.place;
  const layer = "proxy";
  const passed = kind === "passed" ? passedBy(path, by?.name ?? "", "server") : undefined;
  if (passed !== undefined) return [{ layer, says: "passes-on", where: shownPlace(passed) }];
  const set = effectiveScalar(path, "server_tokens");
  const text = set?.args[0]?.text;
  const where =
    set === undefined
      ? `server_tokens is on by default: ${shownPlace(server.directive)}`
      : shownPlace(set);
  return [{ layer, says: "sets", value: text === "off" ? WITHOUT : WITH, where }];
}

/** Server of the main page; nothing where something took the field away. */
export function liveStatements(sites: readonly HttpSite[]): readonly Statement[] {
  return sites.slice(0, 1).flatMap((site): readonly Statement[] => {
    const answer = judgedAnswer(site);
    if (answer === undefined) return [];
    const found = findDisclosures(answer.fields).find(
      ({ header }) => header.toLowerCase() === "server",
    );
    if (found === undefined) return [];
    const value = found.hasVersion ? WITH : WITHOUT;
    return [{ layer: "live", says: "sets", value, where: withoutQuery(answer.url) }];
  });
}
