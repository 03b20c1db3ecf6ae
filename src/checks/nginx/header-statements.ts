import type { Statement } from "../../core/trace.ts";
import { isSent, lossesAt } from "./lost-headers.ts";
import type { MainRoute } from "./main-route.ts";
import { type HeaderSetting, headersAt, hiddenBy } from "./response-headers.ts";
import { shownDirective, shownPlace } from "./shown-directive.ts";
import { OVER_TLS, textValues } from "./text-values.ts";

/**
 * What nginx does to a field (lower case) on a main route, from the inside out: hides what the application sends,
 * sets it and loses it again, sets it, or passes on what comes. `canonical` makes of the values, in the order they
 * are sent, what the live layer would state of them.
 */
export function headerStatements(
  { place }: MainRoute,
  field: string,
  canonical: (values: readonly string[]) => string | undefined,
): readonly Statement[] {
  const { path, kind, by } = place;
  const { settings, script } = headersAt(path);
  const own = settings.filter((one) => one.field === field && isSent(one, path));
  const hidden = hiddenStatements(place, field);
  if (own.length > 0) return [...hidden, setBy(own, place, canonical)];
  const lost = lossesAt(path, new Set([field])).flatMap(({ settings: gone, cause }) => [
    setBy(gone, place, canonical),
    { layer: "proxy", says: "drops", where: `lost to ${shownDirective(cause)}` } as const,
  ]);
  if (lost.length > 0) return [...hidden, ...lost];
  if (script !== undefined) {
    const where = `a script may set it: ${shownDirective(script)}`;
    return [...hidden, { layer: "proxy", says: "unknown", where }];
  }
  if (hidden.length > 0) return hidden;
  return kind === "passed" && by !== undefined
    ? [{ layer: "proxy", says: "passes-on", where: shownDirective(by), isSourceUnseen: true }]
    : [
        {
          layer: "proxy",
          says: "passes-on",
          where: shownDirective(path.at(-1) ?? place.server.directive),
        },
      ];
}

function hiddenStatements(
  { path, kind, by }: MainRoute["place"],
  field: string,
): readonly Statement[] {
  const hidden = kind === "passed" ? hiddenBy(path, by?.name ?? "", field) : undefined;
  return hidden === undefined
    ? []
    : [{ layer: "proxy", says: "drops", where: shownDirective(hidden) }];
}

function setBy(
  settings: readonly HeaderSetting[],
  { path }: MainRoute["place"],
  canonical: (values: readonly string[]) => string | undefined,
): Statement {
  const layer = "proxy";
  const where = settings.map(({ at }) => shownPlace(at)).join(", ");
  const each = settings.map(({ value }) => textValues(value, path, OVER_TLS));
  const values = each.flatMap((one) => one ?? []).filter((one) => one !== "");
  const isOpen = each.some((one) => one === undefined || one.filter((v) => v !== "").length !== 1);
  if (isOpen)
    return { layer, says: "unknown", where: `its value depends on the request: ${where}` };
  const value = canonical(values);
  return value === undefined
    ? { layer, says: "drops", where: `browsers ignore its value: ${where}` }
    : { layer, says: "sets", value, where };
}
