import {
  findDirectives,
  ownDirectives,
  type PlacedDirective,
} from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import type { NginxModel } from "./model.ts";

/** A `limit_req_zone` or `limit_conn_zone`. */
export interface LimitZone extends PlacedDirective {
  readonly kind: "limit_req" | "limit_conn";
  readonly name: string;
  /** What requests are counted by, as written. */
  readonly key: string;
}

/** The zones of `http`, in file order. */
export function limitZones({ https }: NginxModel): readonly LimitZone[] {
  return https.flatMap((path) =>
    ownDirectives(path, "limit_req_zone", "limit_conn_zone").flatMap((directive) => {
      const name = zoneOf(directive);
      const key = directive.args[0]?.text;
      if (name === undefined || key === undefined) return [];
      const kind = directive.name === "limit_req_zone" ? "limit_req" : "limit_conn";
      return [{ directive, path, kind, name, key } as const];
    }),
  );
}

/** The name in `zone=NAME` or `zone=NAME:10m`. */
function zoneOf({ args }: NginxDirective): string | undefined {
  return args.map(({ text }) => /^zone=([^:]+)/.exec(text)?.[1]).find((name) => name !== undefined);
}

/** The zone that a `limit_req` or `limit_conn` counts in. */
export function usedZone(directive: NginxDirective): string | undefined {
  return directive.name === "limit_conn" ? directive.args[0]?.text : zoneOf(directive);
}

/** `limit_req NAME` of every zone that is counted in somewhere. */
export function usedZones({ https }: NginxModel): ReadonlySet<string> {
  return new Set(
    https
      .flatMap((path) => findDirectives(path, "limit_req", "limit_conn"))
      .map(({ directive }) => `${directive.name} ${usedZone(directive)}`),
  );
}
