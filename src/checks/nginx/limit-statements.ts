import type { Statement } from "../../core/trace.ts";
import { type BlockPath, effectiveList, effectiveScalar } from "../../parsers/nginx/inherit.ts";
import { directiveText, type NginxDirective } from "../../parsers/nginx/parse.ts";
import type { Concern } from "../proxy-rules/concern.ts";
import { siteBodyStatements, siteLimitStatements } from "../proxy-sites/route-statements.ts";
import { auditedRoute, mainRoutes } from "./main-route.ts";
import { shownPlace } from "./shown-directive.ts";

/** Bytes nginx takes of a body where nothing is set (ngx_http_core_module, client_max_body_size). */
const BODY_DEFAULT = "1m";

/** The size of bodies in force on the main route. */
export function bodySizeStatements(concern: Concern): readonly Statement[] {
  if (mainRoutes(concern.nginx).length === 0) return siteBodyStatements(concern);
  return onMainRoute(concern, (path, block) => {
    const set = effectiveScalar(path, "client_max_body_size");
    return set === undefined
      ? {
          says: "sets",
          value: BODY_DEFAULT,
          where: `nginx's default, nothing is set: ${shownPlace(block)}`,
        }
      : { says: "sets", value: set.args[0]?.text ?? "", where: shownPlace(set) };
  });
}

/** Every limit of requests in force on the main route. */
export function rateLimitStatements(concern: Concern): readonly Statement[] {
  if (mainRoutes(concern.nginx).length === 0) return siteLimitStatements(concern);
  return onMainRoute(concern, (path, block) => {
    const [first, ...others] = effectiveList(path, "limit_req");
    if (first === undefined)
      return { says: "passes-on", where: `no limit_req: ${shownPlace(block)}` };
    const value = [first, ...others].map((one) => directiveText(one).replace(/;$/, "")).join("; ");
    return { says: "sets", value, where: shownPlace(first) };
  });
}

function onMainRoute(
  { nginx }: Concern,
  tell: (path: BlockPath, block: NginxDirective) => Omit<Statement, "layer">,
): readonly Statement[] {
  const route = auditedRoute(mainRoutes(nginx), undefined);
  if (route === undefined) return [];
  const { path, server } = route.place;
  return [{ layer: "proxy", ...tell(path, path.at(-1) ?? server.directive) }];
}
