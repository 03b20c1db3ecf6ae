import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import type { SiteRoute } from "../proxy-site.ts";
import { UNSET } from "../proxy-tls.ts";
import { actionOf, isLeaf, upstreamVerified } from "./caddy-actions.ts";
import { type Effect, effectsOf, inForce } from "./caddy-effects.ts";
import {
  both,
  type CaddyMatcher,
  EVERYTHING,
  matcherOf,
  type NamedMatchers,
  type PathPattern,
  wordsOf,
} from "./caddy-matcher.ts";
import { type DirectiveOrder, inOrder } from "./caddy-order.ts";
import { caddyText } from "./caddy-text.ts";

/** What is the same for all of one Caddyfile. */
export interface CaddyWorld {
  readonly order: DirectiveOrder;
  /** `&(name) { ... }`. */
  readonly namedRoutes: ReadonlyMap<string, readonly CaddyDirective[]>;
  /** Relative roots are taken from here. */
  readonly directory: string;
  /** Clients whose forwarded headers are believed: text of `trusted_proxies`, where given. */
  readonly trusted: string | undefined;
}

/** Blocks within blocks, calls of `invoke` included; and routes of one site. */
const DEPTH_MAX = 40;
const ROUTES_MAX = 2_000;
/** `invoke` may call itself: each one costs as much as this many blocks. */
const INVOKE_COST = 10;

interface Walk {
  readonly world: CaddyWorld;
  readonly routes: SiteRoute[];
}

interface Scope {
  readonly matcher: CaddyMatcher;
  readonly strip: string;
  readonly named: NamedMatchers;
  readonly effects: readonly Effect[];
  readonly depth: number;
}

/** Everything a site does, in the order in which Caddy tries it. `prefix`: of the site's address. */
export function caddyRoutesOf(
  directives: readonly CaddyDirective[],
  world: CaddyWorld,
  prefix: PathPattern | undefined,
): readonly SiteRoute[] {
  const walk: Walk = { world, routes: [] };
  const matcher = prefix === undefined ? EVERYTHING : { ...EVERYTHING, paths: [prefix] };
  walkBlock(
    walk,
    directives,
    { matcher, strip: "", named: new Map(), effects: [], depth: 0 },
    true,
  );
  return walk.routes;
}

/** `sorts`: `route` runs its directives as they are written. */
function walkBlock(
  walk: Walk,
  directives: readonly CaddyDirective[],
  outer: Scope,
  sorts: boolean,
): void {
  if (outer.depth > DEPTH_MAX) return;
  const definitions = directives.filter(({ name }) => name.startsWith("@"));
  const named = new Map([...outer.named, ...definitions.map((one) => [one.name, one] as const)]);
  const statements = directives.filter(({ name }) => !name.startsWith("@"));
  const effects = [...outer.effects];
  const ordered = sorts ? inOrder(statements, walk.world.order) : statements;
  for (const directive of ordered) {
    if (walk.routes.length >= ROUTES_MAX) return;
    const matcher = both(outer.matcher, matcherOf(directive, named), outer.strip);
    const scope = { ...outer, matcher, named, effects };
    if (!enter(walk, directive, scope)) {
      if (isLeaf(directive)) leaf(walk, directive, scope);
      effects.push(...effectsOf(directive, matcher));
    }
  }
}

/** Goes into a directive that holds others; whether it was one. */
function enter(walk: Walk, directive: CaddyDirective, scope: Scope): boolean {
  const { name, block = [] } = directive;
  const inner = { ...scope, depth: scope.depth + 1 };
  switch (name) {
    case "handle":
    case "route":
      walkBlock(walk, block, inner, name === "handle");
      return true;
    case "handle_path": {
      const strip = directive.args[0]?.text.replace(/\*$/, "") ?? "";
      walkBlock(walk, block, { ...inner, strip: scope.strip + strip.replace(/\/$/, "") }, true);
      return true;
    }
    case "invoke": {
      const route = walk.world.namedRoutes.get(wordsOf(directive)[0]?.text ?? "") ?? [];
      walkBlock(walk, route, { ...inner, depth: scope.depth + INVOKE_COST }, true);
      return true;
    }
    case "handle_errors":
      return true;
    default:
      return false;
  }
}

const EVERY_PATH: readonly PathPattern[] = [{ kind: "prefix", text: "/" }];

function leaf(walk: Walk, directive: CaddyDirective, { matcher, effects }: Scope): void {
  const condition = conditionOf(matcher);
  for (const path of matcher.paths ?? EVERY_PATH) {
    const own = { ...matcher, paths: [path] };
    const force = inForce(effects, own, directive, walk.world);
    walk.routes.push({
      match: {
        ...path,
        ...(matcher.scheme !== undefined && { scheme: matcher.scheme }),
        ...(matcher.hosts !== undefined && { hosts: matcher.hosts }),
        ...(condition !== "" && { condition }),
      },
      text: caddyText(directive),
      action: actionOf(directive, force.root, walk.world.directory),
      responseFields: force.responseFields,
      requestFields: force.requestFields,
      bodyMax: force.bodyMax,
      limits: force.limits,
      restrictions: force.restrictions,
      // reverse_proxy hands an upgrade on by itself.
      websocket: UNSET,
      upstreamVerified: upstreamVerified(directive),
      file: directive.file,
      line: directive.line,
    });
  }
}

function conditionOf({ others, addresses, exceptAddresses }: CaddyMatcher): string {
  return [
    ...others,
    ...(addresses.length > 0 ? [`remote_ip ${addresses.join(" ")}`] : []),
    ...(exceptAddresses.length > 0 ? [`not remote_ip ${exceptAddresses.join(" ")}`] : []),
  ].join(" and ");
}
