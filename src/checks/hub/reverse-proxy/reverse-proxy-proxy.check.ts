import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { listeners } from "../../../facts/listeners.fact.ts";
import { processes } from "../../../facts/processes.fact.ts";
import { PROXIES, type ProxyKind, proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { answerOutsideRole } from "../../role/role-gate.ts";
import { type EndpointFacts, endpointsOfApplication } from "../../route/endpoint.ts";
import { type ProxyPath, proxyPath } from "../../route/proxy-path.ts";
import {
  leadingEvidence,
  nameOf,
  routeEvidence,
  routeFix,
  routeSnippet,
  startOf,
  upstreamOf,
} from "../../route/proxy-remedy.ts";
import { hubReverseProxy } from "./reverse-proxy.control.ts";

/** Routes quoted when none of them leads to the application. */
const ROUTES_SHOWN_MAX = 5;

/** Whether an active route of a proxy leads to the application. */
export const hubReverseProxyProxy = defineCheck({
  control: hubReverseProxy,
  layer: "proxy",
  reads:
    "The active routes of nginx, Caddy, Apache, HAProxy, Traefik and Envoy, matched with the application's listeners, sockets and compose services.",
  needs: { mode: deploymentMode },
  wants: { routes: proxyRoutes, listeners, processes, services },

  evaluate({ mode }, readings) {
    const outside = answerOutsideRole(mode, "hub");
    return outside ?? judgePath(proxyPath(readings), readings);
  },
});

function judgePath(path: ProxyPath, facts: EndpointFacts): Outcome {
  switch (path.kind) {
    case "unknown":
      return cannotTell(path.problem.code, path.problem.detail);
    case "leads":
      return passed(path);
    case "stopped":
    case "elsewhere":
    case "none":
      return judge([findingOf(path, facts)], pass("A proxy leads to the application"));
  }
}

function passed({ leading, running }: Extract<ProxyPath, { kind: "leads" }>): Outcome {
  const [{ route, endpoint }] = leading;
  const where = `${route.proxy} leads to the application (${endpoint.evidence.excerpt})`;
  if (running === undefined) {
    const only = "only its configuration is available, whether it runs is not known";
    return pass(`${where}; ${only}`, leading.flatMap(leadingEvidence));
  }
  const processes = running
    .filter(({ proxy }) => proxy === route.proxy)
    .map(({ proxy, pid }): Evidence => ({ excerpt: `process ${proxy}, pid ${pid}` }));
  return pass(where, [...leading.flatMap(leadingEvidence), ...processes]);
}

function findingOf(
  path: Extract<ProxyPath, { kind: "stopped" | "elsewhere" | "none" }>,
  facts: EndpointFacts,
): Finding {
  const upstream = upstreamOf(facts);
  switch (path.kind) {
    case "none":
      return {
        rule: "no-proxy",
        status: "warn",
        message: "No reverse proxy runs, and none is configured",
        fix: `Put a proxy in front: ${routeSnippet("nginx", "NAME", upstream)}, or in a Caddyfile: ${routeSnippet("caddy", "NAME", upstream)}`,
        evidence: [
          { excerpt: `processes: none of ${PROXIES.join(", ")}` },
          ...endpointsOfApplication(facts).map(({ evidence }) => evidence),
        ],
      };
    case "stopped":
      return stopped(path, upstream);
    case "elsewhere":
      return elsewhere(path, facts, upstream);
  }
}

function stopped(
  { leading, configurations }: Extract<ProxyPath, { kind: "stopped" }>,
  upstream: string,
): Finding {
  const [first] = leading;
  const [configuration] = configurations;
  const proxy: ProxyKind = first?.route.proxy ?? configuration?.proxy ?? "nginx";
  const files = configurations.map(fileEvidence);
  const [evidence, ...others] = [...leading.flatMap(leadingEvidence), ...files];
  const notRunning = { excerpt: `processes: no ${proxy}` };
  // A package's own configuration serves a welcome page: starting it would front nothing.
  const isOther = first === undefined && configuration !== undefined;
  const snippet = `In ${configuration?.file} write: ${routeSnippet(proxy, "NAME", upstream)}; then run`;
  return {
    rule: "not-running",
    status: "warn",
    message: isOther
      ? `No proxy runs, and no route of ${proxy} that could be read leads to the application`
      : `${proxy} is configured, but does not run`,
    fix: `${isOther ? snippet : "Run"}: ${startOf(proxy)}`,
    evidence: evidence === undefined ? [notRunning] : [evidence, ...others, notRunning],
  };
}

function fileEvidence({
  file,
  foundBy,
}: Extract<ProxyPath, { kind: "stopped" }>["configurations"][number]): Evidence {
  return { file, excerpt: foundBy === file ? "its configuration" : foundBy };
}

function elsewhere(
  { routes, running, configurations }: Extract<ProxyPath, { kind: "elsewhere" }>,
  facts: EndpointFacts,
  upstream: string,
): Finding {
  const proxy: ProxyKind =
    running?.[0]?.proxy ?? routes[0]?.proxy ?? configurations[0]?.proxy ?? "nginx";
  const shown = routes.slice(0, ROUTES_SHOWN_MAX).map(routeEvidence);
  const files = configurations.map(fileEvidence);
  const [evidence, ...others] = shown.length > 0 ? shown : files;
  const own = endpointsOfApplication(facts).map((endpoint) => endpoint.evidence);
  const [file] = configurations.filter((one) => one.proxy === proxy);
  return {
    rule: "no-route",
    status: "warn",
    message: `${proxy} serves something else: none of its routes leads to the application`,
    fix: routeFix(proxy, file?.file, nameOf(routes), upstream),
    evidence: [evidence ?? { excerpt: `${proxy} has no route` }, ...others, ...own],
  };
}
