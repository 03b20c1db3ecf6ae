import type { Finding } from "../../core/check.ts";
import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import { reachableListeners } from "./answering.ts";
import { isOpen } from "./exposure.ts";
import { globalFinding } from "./global-finding.ts";
import { siteFinding } from "./site-finding.ts";

/** The dashboard and the API without a password on a port of their own. */
export const traefikInsecureApiRule: GlobalRule = (global) => {
  const { name, value = "" } = global;
  if (name !== "api.insecure" || !/^true/i.test(value)) return [];
  const isReachable = !value.endsWith("not published");
  return [
    globalFinding(global, {
      rule: "api-insecure",
      status: isReachable ? "fail" : "warn",
      message: isReachable
        ? "api.insecure is on: the API and the dashboard are served on port 8080 without a password"
        : "api.insecure is on: every container that reaches Traefik reads the API on port 8080",
      fix: "Take api.insecure away; give the router of api@internal a basicAuth middleware",
    }),
  ];
};

/** A router for the dashboard that nobody has to show a password to. */
export const traefikDashboardRule: SiteRule = (site) => {
  if (site.proxy !== "traefik" || reachableListeners(site).length === 0) return [];
  return site.routes
    .filter(({ action }) => action.kind === "own-page" && action.page === "status")
    .filter(isOpen)
    .map((route) =>
      siteFinding(site, {
        rule: "dashboard-without-auth",
        status: "fail",
        at: route,
        text: route.text,
        message: "The dashboard and the API are served to everybody",
        fix: "Define http.middlewares.auth.basicAuth.users and name it in the router's middlewares",
      }),
    );
};

/** Kinds of middleware that are there to protect. */
const PROTECTING: ReadonlySet<string> = new Set([
  "basicauth",
  "buffering",
  "digestauth",
  "forwardauth",
  "headers",
  "inflightreq",
  "ipallowlist",
  "ipwhitelist",
  "ratelimit",
  "redirectregex",
  "redirectscheme",
]);

/** Defined and named by nothing: the file says it, and nothing does it. */
export const traefikUnusedRule: GlobalRule = (global) => {
  const [name = "", kind = "", use] = (global.value ?? "").split(" ");
  if (global.name !== "middleware" || use !== "unused" || !PROTECTING.has(kind)) return [];
  return [
    globalFinding(global, {
      rule: "middleware-unused",
      status: "warn",
      message: `The middleware ${name} (${kind}) is defined, and no router, entry point or chain names it`,
      fix: `Add ${name} to the router's middlewares`,
    }),
  ];
};

/** Every container of the machine gets a route, asked for or not. */
export const traefikExposedRule: GlobalRule = (global) => {
  const { name, value } = global;
  if (name !== "docker.exposedByDefault" || value?.toLowerCase() === "false") return [];
  return [
    globalFinding(global, {
      rule: "exposed-by-default",
      status: "warn",
      message:
        "Every container is served unless it has traefik.enable=false (exposedByDefault is on)",
      fix: "Write: --providers.docker.exposedByDefault=false, and traefik.enable=true for those to be served",
    }),
  ];
};

/** The socket of Docker in a container that faces the internet: whoever gets in owns the machine. */
export const traefikSocketRule: GlobalRule = (global) =>
  global.name !== "docker.sock"
    ? []
    : [
        globalFinding(global, {
          rule: "docker-socket-mounted",
          status: "note",
          message:
            "Traefik has Docker's socket: whoever gets into it commands every container (:ro changes nothing about that)",
          fix: "Put a filtering proxy before the socket (tecnativa/docker-socket-proxy with CONTAINERS=1) and write: --providers.docker.endpoint=tcp://socket-proxy:2375",
        }),
      ];

/** Certificates of the authority's test system, which browsers do not trust. */
export const traefikStagingRule: GlobalRule = (global) => {
  const { name, value = "" } = global;
  if (name !== "acme.caServer" || !/staging|pebble|\btest\b/i.test(value)) return [];
  return [
    globalFinding(global, {
      rule: "acme-staging",
      status: "warn",
      message: `Certificates are those of a test authority (${value.slice(0, 100)})`,
      fix: "Take caServer away, and the certificates got so far out of acme.json",
    }),
  ];
};

/** Metrics on a port others reach. */
export const traefikMetricsRule: GlobalRule = (global): readonly Finding[] => {
  const { name, value = "" } = global;
  if (name !== "metrics.prometheus" || !value.endsWith(" reachable")) return [];
  return [
    globalFinding(global, {
      rule: "metrics-exposed",
      status: "fail",
      message: "Metrics are served on port 8080 without a password",
      fix: "Give metrics.prometheus an entryPoint that listens on 127.0.0.1, or do not publish port 8080",
    }),
  ];
};

/** No log of requests. */
export const traefikLogRule: GlobalRule = (global) =>
  global.name !== "log" || global.proxy !== "traefik" || global.value !== undefined
    ? []
    : [
        globalFinding(global, {
          rule: "access-log-off",
          status: "note",
          message: "Requests are not logged",
          fix: "Write: accessLog: {} (or --accesslog=true)",
        }),
      ];
