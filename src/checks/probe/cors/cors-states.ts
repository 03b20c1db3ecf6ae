import { withoutQuery } from "../../../core/http-report.ts";
import { FOREIGN_ORIGIN, fieldValues, type HttpSite } from "../../../core/http-site.ts";
import type { Reading } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import { type SourceSettings, settingsOf } from "../../../facts/source-settings.fact.ts";
import { rowSteps } from "../../judgement/row-statements.ts";
import { headerStatements } from "../../nginx/header-statements.ts";
import { auditedRoute, mainRoutes } from "../../nginx/main-route.ts";
import type { Concern } from "../../proxy-rules/concern.ts";
import {
  auditedSiteRoute,
  mainSiteRoutes,
  siteFieldStatements,
} from "../../proxy-sites/field-statements.ts";

const FIELD = "access-control-allow-origin";
/** The value of the control: what an origin that nobody listed gets. A list gives it nothing. */
const ANY = "any origin";
const NULL = "null";

/** What the middleware lets an unlisted origin do. */
export function sourceStatements(
  source: SourceSettings,
  environment: Reading<Environment>,
): readonly Statement[] {
  const [row] = settingsOf(source, "cors.origins");
  if (row === undefined) return [];
  const { resolved, default: before } = row;
  if (resolved.state !== "known")
    return [{ layer: "source", says: "unknown", where: resolved.reason }];
  return rowSteps<string | undefined>(row, environment, {
    before: opennessOf(before),
    after: opennessOf(resolved.value),
    tell: (value, where) =>
      value === undefined
        ? { says: "passes-on", where: `lists its origins: ${where}` }
        : { says: "sets", value, where },
  });
}

function opennessOf(value: unknown): string | undefined {
  const origins = Array.isArray(value) ? value : [value];
  if (value === true || origins.includes("*")) return ANY;
  return origins.includes("null") ? NULL : undefined;
}

/** What the proxy adds, hides or leaves of it on the main route. */
export function proxyStatements(
  { nginx, sites: others }: Concern,
  sites: readonly HttpSite[] | undefined,
): readonly Statement[] {
  const route = auditedRoute(mainRoutes(nginx), sites);
  const main = route === undefined ? auditedSiteRoute(mainSiteRoutes(others), sites) : undefined;
  const steps =
    route !== undefined
      ? headerStatements(route, FIELD, ([value = ""]) => value)
      : main !== undefined
        ? siteFieldStatements(main.route, FIELD, (value) => value)
        : [];
  return steps.map((step) => {
    if (step.says !== "sets") return step;
    const value = opennessOf(step.value);
    const { layer, where } = step;
    return value === undefined
      ? { layer, says: "passes-on", where: `names one origin: ${where}` }
      : { layer, says: "sets", value, where };
  });
}

/** What a foreign origin got. */
export function liveStatements(sites: readonly HttpSite[]): readonly Statement[] {
  return sites.slice(0, 1).flatMap(({ extra: { foreignOrigin } }): readonly Statement[] => {
    if (foreignOrigin === undefined || !("answer" in foreignOrigin)) return [];
    const { answer } = foreignOrigin;
    const where = withoutQuery(answer.url);
    const [allowed] = fieldValues(answer, FIELD);
    const value = allowed === FOREIGN_ORIGIN ? ANY : opennessOf(allowed);
    return value === undefined
      ? [{ layer: "live", says: "drops", where }]
      : [{ layer: "live", says: "sets", value, where }];
  });
}
