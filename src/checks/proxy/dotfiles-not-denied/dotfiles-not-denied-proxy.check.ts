import type { Problem } from "../../../core/reading.ts";
import type { BlockPath } from "../../../parsers/nginx/inherit.ts";
import { locateUri, type NginxLocation } from "../../../parsers/nginx/location.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { PcreBudget } from "../../../parsers/nginx/pcre.ts";
import { isOpen, restrictionAt } from "../../nginx/admission.ts";
import {
  answersAll,
  fileSourceAt,
  returnOf,
  rewritesAway,
  servesFiles,
} from "../../nginx/content.ts";
import { isReachable, type NginxPlace } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { type Concern, concernOf } from "../../proxy-rules/concern.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteDotfilesRule } from "../../proxy-sites/exposure.ts";
import { proxyDotfilesNotDenied } from "./dotfiles-not-denied.control.ts";

/** What is asked for below every directory that is served: a secret and a repository. */
const PROBES = [".env", ".git/config"];
/** Directories of one server that are tried. */
export const DIRECTORIES_MAX = 200;
/** Work of matching patterns, for all servers: some three seconds at most. */
const STEPS_MAX = 30_000_000;

/** Asks the server for dot files below everything it serves, by the choice of locations nginx makes. */
export const dotfilesNotDenied: NginxRule = {
  slug: "dotfiles-not-denied",
  status: "warn",
  find({ places }) {
    const byServer = Map.groupBy(places, ({ server }) => server);
    const budget = { left: STEPS_MAX };
    return [...byServer.values()].flatMap((own) => hitsInServer(own, budget));
  },
};

function hitsInServer(places: readonly NginxPlace[], budget: PcreBudget): readonly NginxHit[] {
  const hitsBelow = answersOf(places, budget);
  return selectionsIn(places, budget).flatMap(({ target, selected }) => {
    const isTaken = selected.state === "selected" || selected.state === "server";
    return isTaken ? hitsBelow(selected.path, target) : [];
  });
}

/** What the server of these places does with every target. */
function selectionsIn(places: readonly NginxPlace[], budget: PcreBudget) {
  const [own] = places;
  if (own === undefined || !isReachable(own.server) || answersAll(own.server) !== undefined)
    return [];
  const targets = new Set(
    places
      .slice(0, DIRECTORIES_MAX)
      .flatMap((place) => PROBES.map((probe) => targetBelow(place, probe)))
      .filter((target) => target !== undefined),
  );
  return [...targets].map((target) => ({
    target,
    selected: locateUri(own.server, target, budget),
  }));
}

/** What is at fault where a request for a target ends in a block. */
function answersOf(
  places: readonly NginxPlace[],
  budget: PcreBudget,
): (path: BlockPath, target: string) => readonly NginxHit[] {
  const byDirective = new Map(places.map((place) => [place.path.at(-1), place]));
  return (path, target) => {
    const place = byDirective.get(path.at(-1));
    return place === undefined ? [] : hitAt(place, target, places, budget);
  };
}

/** A pattern that cannot be evaluated decides, and one of the ways it may go serves the file. */
function undecided({ nginx }: Concern): Problem | undefined {
  const budget = { left: STEPS_MAX };
  for (const { model, servers } of nginx) {
    const byServer = Map.groupBy(model.places, ({ server }) => server);
    for (const [server, places] of byServer) {
      const because = servers.has(server) ? undecidedIn(places, budget) : undefined;
      const { file, line } = server.directive;
      if (because !== undefined)
        return { code: "unsupported", detail: `${file}:${line}, ${because}` };
    }
  }
  return undefined;
}

/** The dot file below a location; none below single files and the directory of RFC 8615. */
function targetBelow({ location }: NginxPlace, probe: string): string | undefined {
  if (location === undefined) return `/${probe}`;
  const { kind, value } = location;
  if (kind !== "prefix" && kind !== "prefix-no-regex") return undefined;
  const isFile = /\.[a-z0-9]{1,5}$/i.test(value);
  if (isFile || !/^\/[!-$&->@-~]*$/.test(value) || value.startsWith("/.")) return undefined;
  return `${value.replace(/\/$/, "")}/${probe}`;
}

function undecidedIn(places: readonly NginxPlace[], budget: PcreBudget): string | undefined {
  const hitsBelow = answersOf(places, budget);
  for (const { target, selected } of selectionsIn(places, budget)) {
    if (selected.state !== "undecidable") continue;
    const isServed = selected.candidates.some((path) => hitsBelow(path, target).length > 0);
    if (isServed) return `${target}: ${selected.because}`;
  }
  return undefined;
}

function hitAt(
  place: NginxPlace,
  target: string,
  places: readonly NginxPlace[],
  budget: PcreBudget,
): readonly NginxHit[] {
  const { path, server, location } = place;
  const source = fileSourceAt(path);
  if (source === undefined || location?.kind === "exact" || !servesFiles(place) || !isOpen(place))
    return [];
  if (rewritesAway(server.path, target, budget) || rewritesAway(path, target, budget)) return [];
  const partial = places.find(
    (one) => one.location !== undefined && isDotRule(one.location, one.path),
  );
  const at = partial?.location?.directive ?? source.at;
  return [
    {
      at,
      also: [source.at, ...(location === undefined ? [] : [location.directive])],
      servers: [server],
      message:
        partial === undefined
          ? `${target} is served from ${source.path} where there is such a file: no location denies it`
          : `${target} is served from ${source.path} where there is such a file: this location denies other names only`,
      fix: "Write: location ~ /\\.(?!well-known/) { deny all; }",
      edits: insertInEdit(closedToPatterns(path) ?? server.directive, DENIAL),
    },
  ];
}

const DENIAL = "location ~ /\\.(?!well-known/) {\n    deny all;\n}";

/** A location that turns away some names with a dot in front. */
function isDotRule({ kind, value }: NginxLocation, path: BlockPath): boolean {
  const isAboutDots =
    kind === "regex" || kind === "regex-caseless"
      ? /(?:\/|\^|\()\\\./.test(value)
      : /\/\.(?!well-known)/.test(value);
  return (
    isAboutDots &&
    (restrictionAt(path) !== undefined || /^4/.test(returnOf(path)?.args[0]?.text ?? ""))
  );
}

/** The outermost location below which patterns of the server are not tried. */
function closedToPatterns(path: BlockPath): NginxDirective | undefined {
  return path.find(({ name, args }) => name === "location" && args[0]?.text.startsWith("^~"));
}

export const proxyDotfilesNotDeniedProxy = proxyCheck({
  control: proxyDotfilesNotDenied,
  reads:
    "root and alias of every server and location of nginx, file_server of Caddy, DocumentRoot and Alias of Apache: which of them would answer /.env and /.git/config.",
  nginx: [dotfilesNotDenied],
  sites: [siteDotfilesRule],
  passes: "No file whose name begins with a dot is served",
  unknown: (wanted) => undecided(concernOf(wanted)),
});
