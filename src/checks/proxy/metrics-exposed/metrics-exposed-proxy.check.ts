import type { Problem } from "../../../core/reading.ts";
import type { NginxLocation } from "../../../parsers/nginx/location.ts";
import { matchPcre, type PcreBudget } from "../../../parsers/nginx/pcre.ts";
import { isOpen } from "../../nginx/admission.ts";
import { handlerOf, isCutOff, servesFiles } from "../../nginx/content.ts";
import type { NginxPlace } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { isUndecided, undecidedPattern } from "../../nginx/undecided.ts";
import { type Concern, concernOf } from "../../proxy-rules/concern.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteMetricsRule } from "../../proxy-sites/exposure.ts";
import { traefikMetricsRule } from "../../proxy-sites/traefik.ts";
import { proxyMetricsExposed } from "./metrics-exposed.control.ts";

/** Paths under which applications and exporters hand out metrics, and profiles of a running Go or Java program. */
const METRICS_PATHS: readonly string[] = [
  "/metrics",
  "/_metrics",
  "/-/metrics",
  "/api/metrics",
  "/internal/metrics",
  "/prometheus",
  "/federate",
  "/actuator",
  "/debug/pprof",
  "/debug/vars",
];
/** Ports of exporters as the Prometheus wiki has them: node, mysqld, nginx, redis, postgres, PHP-FPM. */
const EXPORTER_PORTS: ReadonlySet<string> = new Set([
  "9100",
  "9104",
  "9113",
  "9121",
  "9187",
  "9253",
]);
const METRICS_WORDS = /metr|prom|feder|actu|debug|pprof|vars/i;
/** A path no location is written for: a pattern that fits it is not about metrics. */
const NO_PATH = "/plimsoll-no-such-page";

/** Work of matching patterns, for all locations: some three seconds at most. */
const STEPS_MAX = 30_000_000;

export const metricsExposed: NginxRule = {
  slug: "metrics-exposed",
  status: "fail",
  find({ places }) {
    const budget = { left: STEPS_MAX };
    return places.flatMap((place) => hitsAt(place, budget));
  },
};

function hitsAt(place: NginxPlace, budget: PcreBudget): readonly NginxHit[] {
  const { location, path, server } = place;
  if (location === undefined) return [];
  const handler = handlerOf(path);
  const target = handler?.args[0]?.text ?? "";
  if (!isForMetrics(location, budget) && !leadsToMetrics(target)) return [];
  const isAnswered = handler !== undefined || servesFiles(place);
  if (!isAnswered || isCutOff(place) || !isOpen(place)) return [];
  return [
    {
      at: location.directive,
      also: handler === undefined ? [] : [handler],
      servers: [server],
      message: `Everybody is answered the metrics at ${location.value}`,
      fix: "Write in the location: allow 127.0.0.1; deny all; with the collector's address",
      edits: insertInEdit(location.directive, "allow 127.0.0.1;\nallow ::1;\ndeny all;"),
    },
  ];
}

/** A pattern that cannot be evaluated, of which its words say that it may be for metrics, and that is open. */
function undecided({ nginx }: Concern): Problem | undefined {
  const budget = { left: STEPS_MAX };
  const [place] = nginx
    .flatMap(({ model, servers }) =>
      model.places.filter(
        ({ server, location, path }) =>
          servers.has(server) &&
          location !== undefined &&
          METRICS_WORDS.test(location.value) &&
          isUndecided(location, METRICS_PATHS, budget) &&
          handlerOf(path) !== undefined,
      ),
    )
    .filter((one) => !isCutOff(one) && isOpen(one));
  return place?.location && undecidedPattern(place.location);
}

function isForMetrics({ kind, value }: NginxLocation, budget: PcreBudget): boolean {
  if (kind === "named") return false;
  if (kind === "regex" || kind === "regex-caseless") {
    // A pattern that fits these and not everything has a piece of one of them in it.
    if (!METRICS_WORDS.test(value)) return false;
    const fits = (path: string) =>
      matchPcre(value, kind === "regex-caseless", path, budget) === "match";
    return !fits(NO_PATH) && METRICS_PATHS.some((path) => fits(path) || fits(`${path}/`));
  }
  const path = value.toLowerCase().replace(/\/$/, "");
  return METRICS_PATHS.some(
    (one) => path === one || (path.startsWith(`${one}/`) && one !== "/api/metrics"),
  );
}

/** By the path or the port of a `proxy_pass`. */
function leadsToMetrics(target: string): boolean {
  const found = /^https?:\/\/[^/]*?(?::(\d+))?(\/[^?]*)?(?:\?.*)?$/.exec(target);
  return EXPORTER_PORTS.has(found?.[1] ?? "") || /\/metrics\/?$/.test(found?.[2] ?? "");
}

export const proxyMetricsExposedProxy = proxyCheck({
  control: proxyMetricsExposed,
  reads:
    "locations of nginx for metrics, by their path or by what they lead to; metrics of Caddy, prometheus-exporter of HAProxy, metrics.prometheus of Traefik; beside the access rules in force there.",
  nginx: [metricsExposed],
  sites: [siteMetricsRule],
  globals: [traefikMetricsRule],
  passes: "No metrics are open to strangers",
  unknown: (wanted) => undecided(concernOf(wanted)),
});
