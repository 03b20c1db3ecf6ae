import type { Evidence } from "../../core/check.ts";
import type { ProxyKind, ProxyRoute } from "../../facts/proxy-routes.fact.ts";
import { reachOf, showEndpoint } from "./address.ts";
import { type Endpoint, type EndpointFacts, endpointsOfApplication } from "./endpoint.ts";
import type { LeadingRoute } from "./proxy-path.ts";

/** What gunicorn and uvicorn listen on by themselves; only stands in a snippet to paste. */
const USUAL_UPSTREAM = "127.0.0.1:8000";

const RELOAD: Readonly<Record<ProxyKind, string>> = {
  nginx: "nginx -t && systemctl reload nginx",
  caddy: "systemctl reload caddy",
  apache: "apachectl configtest && systemctl reload apache2",
  haproxy: "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy",
  traefik: "systemctl restart traefik",
  envoy: "systemctl restart envoy",
};
const UNITS: Readonly<Record<ProxyKind, string>> = {
  nginx: "nginx",
  caddy: "caddy",
  apache: "apache2",
  haproxy: "haproxy",
  traefik: "traefik",
  envoy: "envoy",
};

/** The command that makes a proxy take up its configuration; `isComposed`: it runs in the compose project. */
export function reloadOf(proxy: ProxyKind, isComposed = false): string {
  if (!isComposed) return RELOAD[proxy];
  // Labels only count on a container that is created anew; a mounted file only after a restart.
  return proxy === "traefik" ? "docker compose up -d" : "docker compose restart";
}

/** Whether a route is one of a proxy that runs in the application's compose project. */
export function isComposed(file: string, endpoint?: Endpoint): boolean {
  return endpoint?.kind === "service" || /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/.test(file);
}

/** The command that starts a proxy now and at boot. */
export function startOf(proxy: ProxyKind): string {
  return `systemctl enable --now ${UNITS[proxy]}`;
}

/** The address a proxy on this machine (or in this compose project) reaches the application at. */
export function upstreamOf(facts: EndpointFacts): string {
  const endpoints = endpointsOfApplication(facts);
  // Where the application itself sits on a port the proxy needs, it has to move as well.
  const usable = endpoints.find(
    (endpoint) => endpoint.kind !== "address" || !UNUSABLE_PORTS.has(endpoint.ports),
  );
  return usable === undefined ? USUAL_UPSTREAM : upstreamText(usable);
}

/** The proxy's own ports, and one that is not told. */
const UNUSABLE_PORTS: ReadonlySet<string> = new Set(["80", "443", "0", ""]);

function upstreamText(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case "socket":
      return `unix:${endpoint.path}`;
    case "service":
      return `${endpoint.name}:${endpoint.ports[0] ?? "8000"}`;
    case "address": {
      const isEverywhere = reachOf(endpoint.address) === "wildcard";
      return showEndpoint(isEverywhere ? "127.0.0.1" : endpoint.address, endpoint.ports);
    }
  }
}

/** How `proxy` is told to lead to `upstream`, as one line to paste. */
export function routeSnippet(proxy: ProxyKind, name: string, upstream: string): string {
  const port = upstream.startsWith("unix:") ? `${upstream}|http://localhost` : undefined;
  const snippets: Readonly<Record<ProxyKind, string>> = {
    nginx: `server { listen 443 ssl; server_name ${name}; ssl_certificate /etc/letsencrypt/live/${name}/fullchain.pem; ssl_certificate_key /etc/letsencrypt/live/${name}/privkey.pem; location / { proxy_pass http://${upstream}; } }`,
    caddy: `${name} { reverse_proxy ${upstream.replace(/^unix:/, "unix/")} }`,
    apache: `ProxyPass "/" "${port ?? `http://${upstream}/`}"`,
    haproxy: `server app ${upstream.replace(/^unix:/, "unix@")}`,
    traefik: traefikLabels(name, upstream),
    envoy: `a cluster with the endpoint ${upstream} and a route to it`,
  };
  return snippets[proxy];
}

/** How a proxy that leads elsewhere is led here, in the file it reads. */
export function routeFix(
  proxy: ProxyKind,
  file: string | undefined,
  name: string,
  upstream: string,
): string {
  const snippet = routeSnippet(proxy, name, upstream);
  const run = reloadOf(proxy, file !== undefined && isComposed(file));
  const where = file ?? "its configuration";
  return proxy === "traefik"
    ? `In ${where} give the application's service the labels ${snippet}; then run: ${run}`
    : `In ${where} write: ${snippet}; then run: ${run}`;
}

/** Labels for the application's own container: Traefik leads to what carries them. */
function traefikLabels(name: string, upstream: string): string {
  const [host = "", port = "8000"] = upstream.split(":");
  const router = /^[a-z][\w-]*$/i.test(host) ? host : "app";
  return [
    "traefik.enable=true",
    `traefik.http.routers.${router}.rule=Host(\`${name}\`)`,
    `traefik.http.routers.${router}.tls=true`,
    `traefik.http.services.${router}.loadbalancer.server.port=${port}`,
  ].join(", ");
}

/** The name the server answers to, where it is one that may stand in a command line. */
export function nameOf(routes: readonly Pick<ProxyRoute, "names">[]): string {
  const isName = (name: string) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(name);
  return routes.flatMap(({ names }) => names).find(isName) ?? "NAME";
}

/** The route as it stands in the configuration. */
export function routeEvidence({ file, line, excerpt }: ProxyRoute): Evidence {
  return { file, line, excerpt };
}

/** What connects a route with the application: the route's line, and the endpoint it ends at. */
export function leadingEvidence({ route, endpoint, via }: LeadingRoute): readonly Evidence[] {
  const steps = via === undefined ? [route] : [route, via];
  return [...steps.map(routeEvidence), endpoint.evidence];
}
