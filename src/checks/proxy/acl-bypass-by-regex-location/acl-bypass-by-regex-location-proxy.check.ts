import type { Problem } from "../../../core/reading.ts";
import type { BlockPath } from "../../../parsers/nginx/inherit.ts";
import { locateUri } from "../../../parsers/nginx/location.ts";
import { matchPcre, type PcreBudget } from "../../../parsers/nginx/pcre.ts";
import { sampleTexts } from "../../../parsers/nginx/pcre-tails.ts";
import { isOpen, restrictionAt } from "../../nginx/admission.ts";
import { fileSourceAt, handlerOf, isCutOff } from "../../nginx/content.ts";
import type { NginxPlace } from "../../nginx/model.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { isUndecided, undecidedPattern } from "../../nginx/undecided.ts";
import { type Concern, concernOf } from "../../proxy-rules/concern.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyAclBypassByRegexLocation } from "./acl-bypass-by-regex-location.control.ts";

/** Pairs of a guarded location and a pattern looked at in one server. */
export const PAIRS_MAX = 2_000;
/** Work of matching patterns, for all servers: some three seconds at most. */
const STEPS_MAX = 30_000_000;

/** A pattern wins over a prefix that has no `^~` (ngx_http_core_module, location). */
export const aclBypassByRegexLocation: NginxRule = {
  slug: "acl-bypass-by-regex-location",
  status: "fail",
  find({ places }) {
    const byServer = Map.groupBy(places, ({ server }) => server);
    const budget = { left: STEPS_MAX };
    return [...byServer.values()].flatMap((own) => hitsInServer(own, budget));
  },
};

function hitsInServer(places: readonly NginxPlace[], budget: PcreBudget): readonly NginxHit[] {
  return pairsIn(places)
    .slice(0, PAIRS_MAX)
    .flatMap(({ place, pattern }) => hitOf(place, pattern, budget));
}

interface Pair {
  /** A location by prefix with access rules. */
  readonly place: NginxPlace;
  /** One by pattern without any. */
  readonly pattern: NginxPlace;
}

function pairsIn(places: readonly NginxPlace[]): readonly Pair[] {
  const patterns = places.filter(
    (place) =>
      /^regex/.test(place.location?.kind ?? "") &&
      restrictionAt(place.path) === undefined &&
      !isCutOff(place) &&
      isOpen(place),
  );
  if (patterns.length === 0) return [];
  const guarded = places.filter(
    (place) => place.location?.kind === "prefix" && restrictionAt(place.path) !== undefined,
  );
  return guarded.flatMap((place) => patterns.map((pattern) => ({ place, pattern })));
}

/** A pattern that cannot be evaluated and leads to what is guarded elsewhere; pairs that were not looked at. */
function undecided({ nginx }: Concern): Problem | undefined {
  const budget = { left: STEPS_MAX };
  for (const { model, servers } of nginx) {
    const byServer = Map.groupBy(model.places, ({ server }) => server);
    for (const [server, places] of byServer) {
      if (!servers.has(server)) continue;
      const pairs = pairsIn(places);
      if (pairs.length > PAIRS_MAX) {
        const detail = `More than ${PAIRS_MAX} pairs of a guarded location and a pattern in one server`;
        return { code: "unsupported", detail };
      }
      const open = pairs.find(({ place, pattern }) => mayTake(place, pattern, budget));
      if (open?.pattern.location !== undefined) return undecidedPattern(open.pattern.location);
    }
  }
  return undefined;
}

function mayTake(guarded: NginxPlace, { location, path }: NginxPlace, budget: PcreBudget): boolean {
  if (location === undefined || guarded.location === undefined) return false;
  return (
    contentAt(guarded.path) === contentAt(path) &&
    isUndecided(location, [`${guarded.location.value}x`], budget)
  );
}

function hitOf(guarded: NginxPlace, open: NginxPlace, budget: PcreBudget): readonly NginxHit[] {
  const restriction = restrictionAt(guarded.path);
  const { location, server } = guarded;
  if (location === undefined || open.location === undefined || restriction === undefined) return [];
  if (contentAt(guarded.path) !== contentAt(open.path)) return [];
  const taken = takenPath(guarded, open, budget);
  if (taken === undefined) return [];
  const fix = `Write: location ^~ ${location.value} {`;
  return [
    {
      at: open.location.directive,
      also: [location.directive, restriction],
      servers: [server],
      message: `${taken} is served here and not by location ${location.value}, whose ${restriction.name} does not hold here`,
      fix: `${fix} so that no pattern is tried below it, or repeat its access rules here`,
    },
  ];
}

/** What is handed out: the same text for the same directory or application. */
function contentAt(path: BlockPath): string {
  const handler = handlerOf(path);
  const source = fileSourceAt(path);
  const files = `files ${source?.kind} ${source?.path.replace(/\/$/, "")}`;
  // Scripts are taken from the directory that files are served from.
  if (handler === undefined || /^(?:fastcgi|uwsgi|scgi)_pass$/.test(handler.name)) return files;
  return `${handler.name} ${/^[^/]*(?:\/\/[^/]*)?/.exec(handler.args[0]?.text ?? "")?.[0]}`;
}

/** A path below the guarded location that nginx gives to the pattern. */
function takenPath(
  { location, server }: NginxPlace,
  open: NginxPlace,
  budget: PcreBudget,
): string | undefined {
  const { kind, value: pattern, directive } = open.location ?? {};
  if (location === undefined || pattern === undefined) return undefined;
  const isCaseless = kind === "regex-caseless";
  const base = location.value;
  return sampleTexts(pattern, isCaseless)
    .flatMap((text) => [base + text, `${base}x${text}`, `${base.replace(/\/$/, "")}/x${text}`])
    .filter((path) => matchPcre(pattern, isCaseless, path, budget) === "match")
    .find((path) => {
      const selected = locateUri(server, path, budget);
      return selected.state === "selected" && selected.path.at(-1) === directive;
    });
}

export const proxyAclBypassByRegexLocationProxy = proxyCheck({
  control: proxyAclBypassByRegexLocation,
  reads:
    "locations of nginx by prefix that have access rules, beside the locations by pattern that take paths below them.",
  nginx: [aclBypassByRegexLocation],
  passes: "No pattern takes requests out of a guarded location",
  unknown: (wanted) => undecided(concernOf(wanted)),
});
