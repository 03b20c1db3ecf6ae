import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import type { Readings } from "../../../core/fact.ts";
import type { Statement } from "../../../core/trace.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { listeners } from "../../../facts/listeners.fact.ts";
import { processes } from "../../../facts/processes.fact.ts";
import {
  type ProxyKind,
  type ProxyListener,
  proxyRoutes,
} from "../../../facts/proxy-routes.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { answerOutsideRole } from "../../role/role-gate.ts";
import { showEndpoint } from "../../route/address.ts";
import { endpointsOfApplication } from "../../route/endpoint.ts";
import { type LeadingRoute, type ProxyPath, proxyPath } from "../../route/proxy-path.ts";
import {
  nameOf,
  reloadOf,
  routeEvidence,
  routeSnippet,
  startOf,
  upstreamOf,
} from "../../route/proxy-remedy.ts";
import { hubHttpsTermination } from "./https-termination.control.ts";
import { ownTls } from "./own-tls.ts";
import { leadWithTls, tlsFix } from "./tls-remedy.ts";

const WANTS = { routes: proxyRoutes, listeners, processes, services };
type Facts = Readings<typeof WANTS>;
type Leads = Extract<ProxyPath, { kind: "leads" }>;

/** Whether TLS ends in the very server block that leads to the application. */
export const hubHttpsTerminationProxy = defineCheck({
  control: hubHttpsTermination,
  layer: "proxy",
  reads:
    "The listeners of the server blocks, sites and frontends whose routes lead to the application, with their certificates.",
  needs: { mode: deploymentMode },
  wants: WANTS,

  evaluate({ mode }, readings) {
    const outside = answerOutsideRole(mode, "hub");
    if (outside !== undefined) return outside;
    const path = proxyPath(readings);
    if (path.kind === "leads") return judgeLeading(path, readings);
    const own = ownTls(readings.services);
    if (own !== undefined) return pass("The application itself serves TLS", [own]);
    if (path.kind === "unknown") return cannotTell(path.problem.code, path.problem.detail);
    return judge([withoutPath(path, readings)], pass("TLS ends at the proxy"));
  },

  states(_facts, readings) {
    return statementsOf(proxyPath(readings), readings);
  },
});

function judgeLeading(path: Leads, facts: Facts): Outcome {
  const missing = path.leading.flatMap(missingCertificates);
  const tls = path.leading.flatMap(({ route }) => route.listeners.filter(({ isTls }) => isTls));
  const [first] = tls;
  if (missing.length > 0) return judge(missing, pass("Every certificate file is there"));
  if (first !== undefined) return passed(path, tls);
  const own = ownTls(facts.services);
  // A plain proxy_pass to a server that speaks TLS does not work: such bytes are passed through.
  const isPassedThrough = path.leading.some(({ upstream }) => !upstream.isTls);
  if (own !== undefined && isPassedThrough) {
    return pass("The proxy passes the bytes on, and the application itself serves TLS", [
      ...path.leading.map(({ route }) => routeEvidence(route)),
      own,
    ]);
  }
  const [unread] = path.leading.flatMap(({ route }) =>
    route.listeners.flatMap((listener) => listener.unread ?? []),
  );
  if (unread !== undefined) {
    const detail = `Whether TLS ends at the proxy cannot be told: the file included at ${unread} was not read`;
    return cannotTell("not-recorded", detail);
  }
  return judge([plain(path, facts)], pass("TLS ends at the proxy"));
}

function passed({ leading, running }: Leads, tls: readonly ProxyListener[]): Outcome {
  const [{ route }] = leading;
  const ends = [...new Set(tls.map(({ address, port }) => showEndpoint(address, port)))];
  const only = running === undefined ? "; only its configuration is available" : "";
  return pass(`TLS ends at ${route.proxy} on ${ends.join(", ")}${only}`, [
    ...tls.map(listenerAt),
    ...tls.flatMap(certificateAt),
    ...leading.map((one) => routeEvidence(one.route)),
  ]);
}

/** A server with a certificate file that is not there does not start, whatever its other listeners. */
function missingCertificates({ route }: LeadingRoute): readonly Finding[] {
  return route.listeners.flatMap((listener): readonly Finding[] => {
    const { certificate } = listener;
    if (certificate?.exists !== false) return [];
    const name = nameOf([route]);
    return [
      {
        rule: "certificate-missing",
        status: "warn",
        message: `The certificate file ${certificate.file} does not exist`,
        fix: `${obtain(route.proxy, name, certificate.file)}; then run: ${reloadOf(route.proxy)}`,
        evidence: [
          { excerpt: `${certificate.file}, named at ${certificate.at}` },
          listenerAt(listener),
          routeEvidence(route),
        ],
      },
    ];
  });
}

function obtain(proxy: ProxyKind, name: string, file: string): string {
  if (proxy === "nginx" || proxy === "apache") return `Run: certbot --${proxy} -d ${name}`;
  return `Put the certificate of ${name} at ${file}`;
}

/** The route is there, and none of its listeners ends TLS. */
function plain({ leading }: Leads, facts: Facts): Finding {
  const [{ route }] = leading;
  const ends = leading.flatMap((one) => one.route.listeners);
  const [reason] = ends;
  const because = reason === undefined ? "no listener is configured" : reason.because;
  const [evidence = routeEvidence(route), ...others] = [
    ...ends.map(listenerAt),
    ...leading.map((one) => routeEvidence(one.route)),
  ];
  return {
    rule: "no-tls",
    status: "warn",
    message: `${route.proxy} leads to the application without TLS: ${because}`,
    fix: tlsFix(leading[0], nameOf(leading.map((one) => one.route)), upstreamOf(facts)),
    evidence: [evidence, ...others],
  };
}

/** No route of a running proxy leads to the application. */
function withoutPath(
  path: Extract<ProxyPath, { kind: "stopped" | "elsewhere" | "none" }>,
  facts: Facts,
): Finding {
  const upstream = upstreamOf(facts);
  const own = endpointsOfApplication(facts).map(({ evidence }) => evidence);
  const status = "warn";
  switch (path.kind) {
    case "none": {
      const message = "No proxy ends TLS in front of the application";
      const fix = `Run: certbot --nginx -d NAME, with ${routeSnippet("nginx", "NAME", upstream)}; or in a Caddyfile: ${routeSnippet("caddy", "NAME", upstream)}`;
      const evidence = { excerpt: "no reverse proxy runs, and none is configured" };
      return { rule: "no-proxy", status, message, fix, evidence: [evidence, ...own] };
    }
    case "stopped": {
      const proxy = path.leading[0]?.route.proxy ?? path.configurations[0]?.proxy ?? "nginx";
      const message = `${proxy}, which would end TLS, does not run`;
      const routes = path.leading.map(({ route }) => routeEvidence(route));
      const evidence = { excerpt: `processes: no ${proxy}` };
      const start = `Run: ${startOf(proxy)}`;
      return { rule: "not-running", status, message, fix: start, evidence: [evidence, ...routes] };
    }
    case "elsewhere": {
      const message = "No TLS server block leads to the application";
      const routes = path.routes.map(routeEvidence);
      const files = path.configurations.map(({ file, foundBy }) => ({ file, excerpt: foundBy }));
      const [evidence = { excerpt: "no route" }, ...others] = routes.length > 0 ? routes : files;
      const fix = leadWithTls(path, upstream);
      return { rule: "no-route", status, message, fix, evidence: [evidence, ...others, ...own] };
    }
  }
}

function listenerAt({ file, line, because, address, port }: ProxyListener): Evidence {
  return { file, line, excerpt: `${showEndpoint(address, port)}: ${because}` };
}

function certificateAt({ certificate }: ProxyListener): readonly Evidence[] {
  if (certificate === undefined) return [];
  return [{ excerpt: `certificate ${certificate.file}, named at ${certificate.at}` }];
}

/** Who ends TLS: the application by its options, the proxy by the listener of the leading route. */
function statementsOf(path: ProxyPath, facts: Facts): readonly Statement[] {
  const own = ownTls(facts.services);
  const inner: readonly Statement[] =
    own === undefined
      ? endpointsOfApplication(facts)
          .slice(0, 1)
          .map(({ evidence }) => ({ layer: "host", says: "passes-on", where: evidence.excerpt }))
      : [{ layer: "config", says: "sets", value: "https", where: own.excerpt }];
  return [...inner, ...proxyStatement(path, own !== undefined)];
}

function proxyStatement(path: ProxyPath, isOwn: boolean): readonly Statement[] {
  const layer = "proxy";
  switch (path.kind) {
    case "unknown":
      return [{ layer, says: "unknown", where: path.problem.detail }];
    case "none":
      return isOwn ? [] : [{ layer, says: "drops", where: "no reverse proxy" }];
    case "stopped":
    case "elsewhere":
      return isOwn ? [] : [{ layer, says: "drops", where: "no running proxy leads here" }];
    case "leads": {
      const ends = path.leading.flatMap(({ route }) => route.listeners);
      const tls = ends.find(({ isTls, certificate }) => isTls && certificate?.exists !== false);
      if (tls) return [{ layer, says: "sets", value: "https", where: `${tls.file}:${tls.line}` }];
      const [{ route, upstream }] = path.leading;
      const says = isOwn && !upstream.isTls ? "passes-on" : "drops";
      return [{ layer, says, where: `${route.file}:${route.line}` }];
    }
  }
}
