import type { FieldChange, RateLimit, Restriction, Setting, SiteRoute } from "../proxy-site.ts";
import { UNSET } from "../proxy-tls.ts";
import { matchOf, type PathPattern, type RequestMatcher, reachOf } from "./request-matcher.ts";

/** What a statement does to requests that go on behind it. */
export type Effect = { readonly matcher: RequestMatcher } & (
  | { readonly kind: "response" | "request"; readonly change: FieldChange }
  | { readonly kind: "body"; readonly max: Setting<number | "unlimited"> }
  | { readonly kind: "limit"; readonly limit: RateLimit }
  | { readonly kind: "restriction"; readonly restriction: Restriction }
  | { readonly kind: "root"; readonly path: string }
);

/** What is in force where a request with these properties ends. */
export interface InForce
  extends Pick<
    SiteRoute,
    "responseFields" | "requestFields" | "bodyMax" | "limits" | "restrictions"
  > {
  readonly root: string | undefined;
}

export function inForce(effects: readonly Effect[], matcher: RequestMatcher): InForce {
  const reached = effects.flatMap((effect) => {
    const reach = reachOf(effect.matcher, matcher);
    return reach === undefined ? [] : [{ effect, reach }];
  });
  const changes = (kind: "response" | "request"): readonly FieldChange[] =>
    reached.flatMap(({ effect, reach }) =>
      effect.kind === kind && "change" in effect ? [{ ...effect.change, ...reach }] : [],
    );
  const certain = reached
    .filter(({ reach }) => reach.condition === undefined && reach.scheme === undefined)
    .map(({ effect }) => effect);
  return {
    responseFields: changes("response"),
    requestFields: changes("request"),
    bodyMax: certain.findLast((effect) => effect.kind === "body")?.max ?? UNSET,
    limits: certain.flatMap((effect) => (effect.kind === "limit" ? [effect.limit] : [])),
    restrictions: certain.flatMap((effect) =>
      effect.kind === "restriction" ? [effect.restriction] : [],
    ),
    root: certain.findLast((effect) => effect.kind === "root")?.path,
  };
}

const EVERY_PATH: readonly PathPattern[] = [{ kind: "prefix", text: "/" }];

/** One route for each path a matcher names. `make` gives what is done with it. */
export function routesFor(
  matcher: RequestMatcher,
  effects: readonly Effect[],
  make: (
    force: InForce,
  ) => Pick<SiteRoute, "text" | "action" | "file" | "line" | "websocket" | "upstreamVerified"> &
    Partial<SiteRoute>,
): readonly SiteRoute[] {
  return (matcher.paths ?? EVERY_PATH).map((path) => {
    const force = inForce(effects, { ...matcher, paths: [path] });
    const { root: _, ...inherited } = force;
    return { ...inherited, ...make(force), match: matchOf(matcher, path) };
  });
}
