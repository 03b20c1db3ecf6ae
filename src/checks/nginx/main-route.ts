import type { HttpSite } from "../../core/http-site.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import { selectByName } from "../../parsers/nginx/server.ts";
import { type AnsweringPlace, answeringPlaces } from "./answering.ts";
import type { NginxModel } from "./model.ts";
import { sidesOf } from "./sides.ts";

/** One configuration with those of its servers that are the audited deployment's. */
export interface ConcernedModel {
  readonly model: NginxModel;
  readonly servers: ReadonlySet<NginxServer>;
}

/** Where the visitor of a server's `/` ends up, with the configuration it stands in. */
export interface MainRoute {
  readonly model: NginxModel;
  readonly place: AnsweringPlace;
  readonly isTls: boolean;
}

/**
 * The main route of each concerned server that answers clients elsewhere with content: over TLS where any of the
 * servers does, else over plain HTTP. What leads to an application comes before files where `try_files` allows both.
 */
export function mainRoutes(concerned: readonly ConcernedModel[]): readonly MainRoute[] {
  const routes = concerned.flatMap(routesOf);
  const overTls = routes.filter(({ isTls }) => isTls);
  return overTls.length > 0 ? overTls : routes;
}

const CONTENT: ReadonlySet<AnsweringPlace["kind"]> = new Set(["passed", "files", "text"]);

function routesOf({ model, servers }: ConcernedModel): readonly MainRoute[] {
  const sides = sidesOf(model);
  const main = answeringPlaces(model).filter(
    ({ server, isMain, kind }) => isMain && CONTENT.has(kind) && servers.has(server),
  );
  return [...Map.groupBy(main, ({ server }) => server)].flatMap(([server, places]) => {
    const place = places.find(({ kind }) => kind === "passed") ?? places[0];
    const side = sides.get(server);
    if (place === undefined || side === undefined) return [];
    const isTls = side.tls.length > 0;
    return isTls || side.plain.length > 0 ? [{ model, place, isTls }] : [];
  });
}

/** The main route that answers an audited site, where the sites are known; else the first one. */
export function auditedRoute(
  routes: readonly MainRoute[],
  sites: readonly HttpSite[] | undefined,
): MainRoute | undefined {
  for (const { host } of sites ?? []) {
    const found = routes.find((route) => answersFor(route, host));
    if (found !== undefined) return found;
  }
  return routes.find(({ place }) => place.kind === "passed") ?? routes[0];
}

function answersFor({ model, place, isTls }: MainRoute, host: string): boolean {
  const side = sidesOf(model).get(place.server);
  const sockets = (isTls ? side?.tls : side?.plain) ?? [];
  return sockets.some((socket) => {
    const selected = selectByName(socket, host.includes(":") ? `[${host}]` : host);
    return selected.state === "selected" && selected.server === place.server;
  });
}
