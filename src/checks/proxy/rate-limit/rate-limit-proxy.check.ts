import { effectiveList, effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import { directiveText, type NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { variablesIn } from "../../../parsers/nginx/variable.ts";
import { textSources } from "../../nginx/client-variables.ts";
import { rateLimitStatements } from "../../nginx/limit-statements.ts";
import { type LimitZone, limitZones, usedZones } from "../../nginx/limit-zones.ts";
import { isReachable, type NginxModel } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { lackingBlock, type NginxRoute, passRoutes } from "../../nginx/serving.ts";
import { hasTls } from "../../nginx/tls-servers.ts";
import { hasUnread, unreadInclude } from "../../nginx/unread.ts";
import { ifReached } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteRateLimitRule, siteUnusedLimitRule } from "../../proxy-sites/limits.ts";
import { proxyRateLimit } from "./rate-limit.control.ts";

const ZONE = "limit_req_zone $binary_remote_addr zone=perip:10m rate=10r/s;";

/** Whether the application's main route is limited; a limit on /login alone leaves the rest open. */
export const rateLimitMissing: NginxRule = {
  slug: "rate-limit-missing",
  status: "warn",
  find(model) {
    const byServer = Map.groupBy(
      passRoutes(model).filter(
        ({ isInternal, server, path }) => !isInternal && isReachable(server) && !hasUnread(path),
      ),
      ({ server }) => server,
    );
    const zone = limitZones(model).find(({ kind }) => kind === "limit_req");
    return [...byServer].flatMap(([server, routes]): readonly NginxHit[] => {
      const open = mainRoutes(routes).filter((route) => !isLimited(route));
      const [first] = open;
      if (first === undefined) return [];
      return [missingHit(model, server, first, routes.some(isLimited), zone)];
    });
  },
};

/** The route of `/` where there is one: what no other location takes; else all. */
function mainRoutes(routes: readonly NginxRoute[]): readonly NginxRoute[] {
  const root = routes.filter(
    ({ location: { kind, value } }) => kind.startsWith("prefix") && value === "/",
  );
  if (root.length > 0) return root;
  return routes.some(isLimited) ? [] : routes;
}

function isLimited({ path }: NginxRoute): boolean {
  return effectiveList(path, "limit_req").length > 0;
}

function missingHit(
  model: NginxModel,
  server: NginxServer,
  { location, passes: [pass] }: NginxRoute,
  isElsewhere: boolean,
  zone: LimitZone | undefined,
): NginxHit {
  const text = `limit_req zone=${zone?.name ?? "perip"} burst=20 nodelay;`;
  const before = zone === undefined ? `in http{}: ${ZONE} and ` : "";
  return {
    at: server.directive,
    also: [location.directive, pass, ...(zone === undefined ? [] : [zone.directive])],
    servers: [server],
    message: isElsewhere
      ? `Requests to ${location.value} are not limited, only those of other locations`
      : "Requests to the application are not limited",
    fix: `Write ${before}in the server: ${text}`,
    ...editsOf(model, server, isElsewhere ? location.directive : server.directive, text, zone),
  };
}

/** With the zone in `http { }` where there is none yet; a snippet has no place for one. */
function editsOf(
  model: NginxModel,
  server: NginxServer,
  block: NginxDirective,
  text: string,
  zone: LimitZone | undefined,
): Pick<NginxHit, "edits"> {
  const limit = insertInEdit(block, text);
  if (zone !== undefined) return { edits: limit };
  const outer = lackingBlock(model, server);
  return outer === server.directive ? {} : { edits: [...insertInEdit(outer, ZONE), ...limit] };
}

/**
 * A zone by itself limits nothing. Where a file was not read it may be used there. An inner server without TLS
 * that limits nothing at all has one fault, not two: `rate-limit-missing` tells it, the edge may limit for it.
 */
export const rateLimitUnusedZone: NginxRule = {
  slug: "rate-limit-unused-zone",
  status: "warn",
  find(model) {
    const isCut = model.tree.problems.some(({ kind }) => kind === "limit");
    if (isCut || unreadInclude(model) !== undefined || model.servers.length === 0) return [];
    const used = usedZones(model);
    if (used.size === 0 && !hasTls(model)) return [];
    return limitZones(model)
      .filter(({ kind, name }) => !used.has(`${kind} ${name}`))
      .map(({ directive, kind, name }) => ({
        at: directive,
        servers: [],
        message: `The zone ${name} limits nothing: no ${kind} uses it`,
        fix:
          kind === "limit_req"
            ? `Write in the server or location it is for: limit_req zone=${name} burst=20 nodelay; or take the zone away`
            : `Write in the server or location it is for: limit_conn ${name} 20; or take the zone away`,
        edits: replaceEdit(directive, ""),
      }));
  },
};

/** Since nginx 1.17.1. */
const DRY_RUNS = [
  ["limit_req_dry_run", "limit_req"],
  ["limit_conn_dry_run", "limit_conn"],
] as const;

export const rateLimitDryRun: NginxRule = {
  slug: "rate-limit-dry-run",
  status: "warn",
  find({ places }) {
    return places.flatMap(({ server, path }) =>
      DRY_RUNS.flatMap(([dry, limit]): readonly NginxHit[] => {
        const at = effectiveScalar(path, dry);
        if (at?.args[0]?.text !== "on") return [];
        const [first] = effectiveList(path, limit);
        if (first === undefined) return [];
        return [
          {
            at,
            also: [first],
            servers: [server],
            message: `${directiveText(first)} only counts: ${dry} is on`,
            fix: `Write: ${dry} off;`,
            edits: replaceEdit(at, `${dry} off;`),
          },
        ];
      }),
    );
  },
};

/** Variables that are the same for all clients of a server. */
const SHARED: ReadonlySet<string> = new Set([
  "server_name",
  "server_addr",
  "server_port",
  "scheme",
  "hostname",
]);

/** One count for everybody: whoever floods locks all others out. */
export const rateLimitConstantKey: NginxRule = {
  slug: "rate-limit-constant-key",
  status: "warn",
  find(model) {
    return limitZones(model)
      .filter(({ kind, key, path }) => kind === "limit_req" && isConstant(model, key, path))
      .map(({ directive, key, name }) => ({
        at: directive,
        servers: [],
        message: `The zone ${name} counts all clients together: its key is ${key}`,
        fix: `Write: ${directiveText(directive).replace(key, "$binary_remote_addr")}`,
      }));
  },
};

function isConstant(model: NginxModel, key: string, path: LimitZone["path"]): boolean {
  const { texts, choices } = textSources(model, key, path);
  const isShared = (names: ReadonlySet<string>) => [...names].every((name) => SHARED.has(name));
  return variablesIn(key).length === 0 || (isShared(texts) && isShared(choices));
}

export const proxyRateLimitProxy = proxyCheck({
  control: proxyRateLimit,
  reads:
    "limit_req_zone and limit_conn_zone of nginx, and limit_req, limit_conn and their dry run in force in every location; rate_limit of Caddy, mod_qos and mod_evasive of Apache, stick tables of HAProxy with what counts and what refuses, rateLimit of Traefik on every route.",
  nginx: [rateLimitMissing, rateLimitUnusedZone, rateLimitDryRun, rateLimitConstantKey],
  sites: [siteRateLimitRule, siteUnusedLimitRule],
  passes: "Requests to the application are limited",
  applies: ifReached,
  states: rateLimitStatements,
});
