import { remembered } from "../../core/remembered.ts";
import { type HstsHeader, parseHsts } from "../../parsers/http/hsts.ts";
import type { BlockPath } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import { type AnsweringPlace, answeringPlaces } from "./answering.ts";
import { isSent, type Loss, lossesAt } from "./lost-headers.ts";
import type { ConcernedModel } from "./main-route.ts";
import type { NginxModel } from "./model.ts";
import { type HeaderSetting, headersAt } from "./response-headers.ts";
import { sidesOf } from "./sides.ts";
import { givenNames, textValues } from "./text-values.ts";

/** In lower case. */
export const HSTS = "strict-transport-security";

/** A place that answers over TLS to clients elsewhere, and what becomes of HSTS there. */
export interface HstsPlace extends AnsweringPlace {
  /** In force, and not empty over TLS. */
  readonly settings: readonly HeaderSetting[];
  /** Set further out and lost on the way. */
  readonly losses: readonly Loss[];
  /** May set it as well. */
  readonly script?: NginxDirective;
}

const places = new WeakMap<NginxModel, readonly HstsPlace[]>();

/** Every answering place of the servers with a TLS side. */
export function hstsPlaces(model: NginxModel): readonly HstsPlace[] {
  const known = places.get(model) ?? makePlaces(model);
  places.set(model, known);
  return known;
}

const ONLY_HSTS: ReadonlySet<string> = new Set([HSTS]);

function makePlaces(model: NginxModel): readonly HstsPlace[] {
  const sides = sidesOf(model);
  return answeringPlaces(model)
    .filter(({ server, kind }) => kind !== "none" && (sides.get(server)?.tls.length ?? 0) > 0)
    .map((place) => {
      const { settings, script } = headersAt(place.path);
      const own = settings.filter((one) => one.field === HSTS && isSent(one, place.path));
      return {
        ...place,
        settings: own,
        losses: own.length > 0 ? [] : lossesAt(place.path, ONLY_HSTS),
        ...(script !== undefined && { script }),
      };
    });
}

/** A setting of HSTS that is in force somewhere, with a value it may have there. */
export interface HstsValue {
  readonly server: NginxServer;
  readonly setting: HeaderSetting;
  readonly value: string;
  readonly header: HstsHeader;
}

/** Every value HSTS may have over TLS; those that only the request tells are left out. */
export const hstsValues = remembered((model: NginxModel): readonly HstsValue[] => {
  const parsed = new Map<string, HstsHeader>();
  return hstsPlaces(model).flatMap(({ server, path, settings }) =>
    settings.flatMap((setting) =>
      valuesAt(setting, path, server).map((value) => {
        const header = parsed.get(value) ?? parseHsts([value]);
        parsed.set(value, header);
        return { server, setting, value, header };
      }),
    ),
  );
});

function valuesAt(
  { value }: HeaderSetting,
  path: BlockPath,
  server: NginxServer,
): readonly string[] {
  if (!value.includes("$")) return value === "" ? [] : [value];
  const all = givenNames(server).flatMap((given) => textValues(value, path, given) ?? []);
  return [...new Set(all)].filter((one) => one !== "");
}

/** Whether one of the concerned servers sends it anywhere. */
export function setsHsts({ model, servers }: ConcernedModel): boolean {
  return hstsPlaces(model).some(
    ({ server, settings }) => servers.has(server) && settings.length > 0,
  );
}
