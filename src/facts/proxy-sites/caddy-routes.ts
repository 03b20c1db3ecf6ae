import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import type { FieldChange, SiteRoute } from "../proxy-site.ts";
import { UNSET } from "../proxy-tls.ts";
import { actionOf, isLeaf, upstreamVerified } from "./caddy-actions.ts";
import { effectsOf } from "./caddy-effects.ts";
import { headerUps, implicitForwards } from "./caddy-fields.ts";
import { matcherOf, type NamedMatchers, wordsOf } from "./caddy-matcher.ts";
import { type DirectiveOrder, inOrder } from "./caddy-order.ts";
import { caddyText } from "./caddy-text.ts";
import { type Effect, routesFor } from "./effects.ts";
import { both, EVERYTHING, type PathPattern, type RequestMatcher } from "./request-matcher.ts";

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
const ROUTES_MAX = 20_000;
/** `invoke` may call itself: each one costs as much as this many blocks. */
const INVOKE_COST = 10;

interface Walk {
  readonly world: CaddyWorld;
  readonly routes: SiteRoute[];
}

interface Scope {
  readonly matcher: RequestMatcher;
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

function leaf(walk: Walk, directive: CaddyDirective, scope: Scope): void {
  const { effects } = scope;
  const { file, line } = directive;
  // php_fastcgi takes scripts, and what there is no file for; files are left to what follows.
  const matcher =
    directive.name === "php_fastcgi"
      ? { ...scope.matcher, others: [...scope.matcher.others, "no such file, or a script"] }
      : scope.matcher;
  const isProxy = directive.name === "reverse_proxy";
  const { up, down } = isProxy ? headerUps(directive) : { up: [], down: [] };
  const implicit = isProxy ? implicitForwards(directive, walk.world.trusted) : [];
  const text = matcher.addresses.join(" ");
  const allowed = text === "" ? [] : [{ kind: "address" as const, text, file, line }];
  walk.routes.push(
    ...routesFor(matcher, effects, ({ root, responseFields, requestFields, restrictions }) => ({
      text: caddyText(directive),
      action: actionOf(directive, root, walk.world.directory),
      responseFields: [...immediateFirst(responseFields), ...down],
      requestFields: [...requestFields, ...implicit, ...up],
      restrictions: [...restrictions, ...allowed],
      // reverse_proxy hands an upgrade on by itself.
      websocket: UNSET,
      upstreamVerified: upstreamVerified(directive),
      file,
      line,
    })),
  );
}

/** Removals and defaults are made when the answer is written, behind everything that sets a field at once. */
function immediateFirst(fields: readonly FieldChange[]): readonly FieldChange[] {
  const isLate = ({ change }: FieldChange): boolean => change === "remove" || change === "default";
  return [...fields.filter((field) => !isLate(field)), ...fields.filter(isLate)];
}
