import { findDirectives, type PlacedDirective, pathInto } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import { PASS_DIRECTIVES, type PassTarget, passTargets } from "../../parsers/nginx/upstream.ts";
import type { NginxModel, NginxPlace } from "./model.ts";

/** A directive with the place it counts for; its path may go on into `if` and `limit_except`. */
export interface NginxStatement extends PlacedDirective {
  readonly place: NginxPlace;
}

const statements = new WeakMap<NginxModel, ReadonlyMap<string, readonly NginxStatement[]>>();

/** The directives of these names in servers and locations, in the order of places; gone through once a model. */
export function statementsNamed(
  model: NginxModel,
  ...names: readonly string[]
): readonly NginxStatement[] {
  const index =
    statements.get(model) ??
    Map.groupBy(model.places.flatMap(statementsOf), ({ directive }) => directive.name);
  statements.set(model, index);
  return names.flatMap((name) => index.get(name) ?? []);
}

/** Blocks inside a place that are no place of their own. */
const INNER_BLOCKS: ReadonlySet<string> = new Set(["if", "limit_except"]);

/** All that stands in a place, nested locations left out. */
export function statementsOf(place: NginxPlace): readonly NginxStatement[] {
  return statementsIn(place, place.path);
}

function statementsIn(place: NginxPlace, path: NginxPlace["path"]): readonly NginxStatement[] {
  const block: readonly NginxDirective[] = path.at(-1)?.block ?? [];
  return block.flatMap((directive) => [
    { directive, path, place },
    ...(INNER_BLOCKS.has(directive.name) && directive.block !== undefined
      ? statementsIn(place, pathInto(path, directive))
      : []),
  ]);
}

/** A directive that hands requests on, with everywhere it may lead to. */
export interface NginxPass extends NginxStatement {
  readonly targets: readonly PassTarget[];
}

const passes = new WeakMap<NginxModel, readonly NginxPass[]>();

/** Every `proxy_pass` and its like in `http`; those of `stream` are not among them. */
export function passesOf(model: NginxModel): readonly NginxPass[] {
  const known =
    passes.get(model) ??
    statementsNamed(model, ...PASS_DIRECTIVES).map((one) => ({
      ...one,
      targets: passTargets(one),
    }));
  passes.set(model, known);
  return known;
}

/** A directive of `stream` that hands connections on; there are no places in a server of it. */
export interface StreamPass extends PlacedDirective {
  readonly server: NginxServer;
  readonly targets: readonly PassTarget[];
}

/** Every `proxy_pass` in `stream`. */
export function streamPasses({ streams }: NginxModel): readonly StreamPass[] {
  return streams.flatMap((server) =>
    findDirectives(server.path, "proxy_pass").map((one) => ({
      ...one,
      server,
      targets: passTargets(one),
    })),
  );
}
