import { defineCheck } from "../../../core/check.ts";
import type { Readings } from "../../../core/fact.ts";
import { withoutQuery } from "../../../core/http-report.ts";
import { fieldValues, judgedAnswer } from "../../../core/http-site.ts";
import { knownValue } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { HSTS } from "../../nginx/hsts.ts";
import { lossesAt } from "../../nginx/lost-headers.ts";
import { auditedRoute, type MainRoute, mainRoutes } from "../../nginx/main-route.ts";
import { type HeaderSetting, hiddenBy } from "../../nginx/response-headers.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import {
  contentPlaces,
  hasScript,
  lossesIn,
  SECURITY_FIELDS,
  sentAt,
} from "../../nginx/security-fields.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { judgeConfigurations } from "../../proxy-rules/proxy-check.ts";
import { PROXY_WANTS } from "../../proxy-rules/wanted.ts";
import { headersConsistency } from "./consistency.control.ts";

const WANTS = { ...PROXY_WANTS, live: httpSite };
type Wanted = Readings<typeof WANTS>;

const FIELDS: ReadonlyMap<string, string> = new Map([
  [HSTS, "Strict-Transport-Security"],
  ...SECURITY_FIELDS,
]);
const NAMES: ReadonlySet<string> = new Set(FIELDS.keys());
/** Of a policy or a list several lines are lawful. */
const LISTS: ReadonlySet<string> = new Set([
  "content-security-policy",
  "referrer-policy",
  "permissions-policy",
]);

/** The same field twice in one answer of nginx. */
const sentTwice: NginxRule = {
  slug: "sent-twice",
  status: "warn",
  find: (model) =>
    contentPlaces(model, "any").flatMap(({ server, path }) =>
      [...Map.groupBy(sentAt(path), ({ field }) => field)].flatMap(
        ([field, settings]): readonly NginxHit[] => {
          const [first, second] = settings;
          if (!NAMES.has(field) || first === undefined || second === undefined) return [];
          const isEqual = settings.every(({ value }) => value === first.value);
          if (LISTS.has(field) && !isEqual) return [];
          const how = isEqual ? "the same value" : "different values";
          return [
            {
              at: second.at,
              servers: [server],
              message: `${FIELDS.get(field)} is sent ${settings.length} times, with ${how}`,
              fix: "Set it once, in one place",
              also: settings.map(({ at }) => at),
            },
          ];
        },
      ),
    ),
};

/** What the application sends is taken out and nothing put in its place. */
const hiddenAndUnset: NginxRule = {
  slug: "hidden-and-unset",
  status: "warn",
  find: (model) =>
    contentPlaces(model, "any").flatMap(({ server, path, kind, by }) => {
      if (kind !== "passed" || hasScript(path)) return [];
      const sent = new Set(sentAt(path).map(({ field }) => field));
      return [...FIELDS].flatMap(([field, name]): readonly NginxHit[] => {
        const at = sent.has(field) ? undefined : hiddenBy(path, by?.name ?? "", field);
        if (at === undefined) return [];
        return [
          {
            at,
            servers: [server],
            message: `nginx hides the ${name} of the application and sets none`,
            fix: `Take the directive out, or set the field here: add_header ${name} ... always;`,
            also: by === undefined ? [] : [by],
          },
        ];
      });
    }),
};

/** Which locations, is the matter of proxy.header-inheritance; here it is one for each server. */
const lostBelow: NginxRule = {
  slug: "lost-below",
  status: "warn",
  find: (model) =>
    [...Map.groupBy(lossesIn(model), ({ server }) => server)].flatMap(
      ([server, own]): readonly NginxHit[] => {
        const [first] = own;
        if (first === undefined) return [];
        const { size } = new Set(own.map(({ block }) => block));
        return [
          {
            at: first.cause,
            servers: [server],
            message: `${size} ${size === 1 ? "block" : "blocks"} of the server send other security headers than the rest`,
            fix: "Set the headers in one file, and include it in each block that has an add_header of its own",
            also: own.flatMap(({ cause, settings }) => [cause, ...settings.map(({ at }) => at)]),
          },
        ];
      },
    ),
};

export const headersConsistencyProxy = defineCheck({
  control: headersConsistency,
  layer: "proxy",
  reads:
    "Security headers nginx sets twice in one place, hides without setting them, or loses in inner blocks.",
  wants: WANTS,

  evaluate: (_facts, wanted) =>
    judgeConfigurations(
      {
        nginx: [sentTwice, hiddenAndUnset, lostBelow],
        passes: "nginx sets each security header once, for every place",
        applies: (concern) =>
          mainRoutes(concern.nginx).some((route) => settingsOf(route).length > 0) ||
          "nginx sets no security header",
      },
      wanted,
    ),

  states: (_facts, wanted) => statements(wanted),
});

function settingsOf({ place }: MainRoute): readonly HeaderSetting[] {
  const lost = lossesAt(place.path, NAMES).flatMap(({ settings }) => settings);
  return [...sentAt(place.path).filter(({ field }) => NAMES.has(field)), ...lost];
}

/** Names of the fields nginx sets, and of those of them that arrive with nginx's value. */
function statements(wanted: Wanted): readonly Statement[] {
  const sites = knownValue(wanted.live) ?? [];
  const route = auditedRoute(mainRoutes(concernOf(wanted).nginx), sites);
  if (route === undefined) return [];
  const sent = sentAt(route.place.path).filter(({ field }) => NAMES.has(field));
  const losses = lossesAt(route.place.path, NAMES);
  const lost = losses.flatMap(({ settings }) => settings);
  const cause = losses[0]?.cause;
  const all = named([...sent, ...lost]);
  const inner: readonly Statement[] =
    cause === undefined
      ? all
      : [...all, ...(named(sent).length > 0 ? named(sent) : [dropsAt(cause)])];
  const main = sites[0] === undefined ? undefined : judgedAnswer(sites[0]);
  if (main === undefined || inner.length === 0) return inner;
  const arriving = sent.filter(({ field, value }) => fieldValues(main, field).includes(value));
  const where = withoutQuery(main.url);
  const live: Statement =
    arriving.length === 0
      ? { layer: "live", says: "drops", where }
      : { layer: "live", says: "sets", value: namesOf(arriving), where };
  // A value made of variables cannot be compared.
  return sent.some(({ value }) => value.includes("$")) ? inner : [...inner, live];
}

function named(settings: readonly HeaderSetting[]): readonly Statement[] {
  if (settings.length === 0) return [];
  const where = [...new Set(settings.map(({ at }) => `${at.file}:${at.line}`))].join(", ");
  return [{ layer: "proxy", says: "sets", value: namesOf(settings), where }];
}

function namesOf(settings: readonly HeaderSetting[]): string {
  return [...new Set(settings.map(({ field }) => FIELDS.get(field) ?? field))].sort().join(", ");
}

function dropsAt({ file, line }: HeaderSetting["at"]): Statement {
  return { layer: "proxy", says: "drops", where: `${file}:${line}` };
}
