import type { Statement } from "../../core/trace.ts";
import { headerStatements } from "./header-statements.ts";
import { HSTS } from "./hsts.ts";
import { auditedRoute, type ConcernedModel, mainRoutes } from "./main-route.ts";

/** What nginx does to a part of HSTS on the main route over TLS. */
export function hstsStatements(
  concerned: readonly ConcernedModel[],
  canonical: (values: readonly string[]) => string | undefined,
): readonly Statement[] {
  const routes = mainRoutes(concerned).filter(({ isTls }) => isTls);
  const route = auditedRoute(routes, undefined);
  return route === undefined ? [] : headerStatements(route, HSTS, canonical);
}
