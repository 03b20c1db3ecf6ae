import type { ProxyKind, ProxyListener } from "../../../facts/proxy-routes.fact.ts";
import type { LeadingRoute, ProxyPath } from "../../route/proxy-path.ts";
import { isComposed, nameOf, reloadOf, routeFix, routeSnippet } from "../../route/proxy-remedy.ts";

/** How the route that leads to the application gets TLS, where it stands. */
export function tlsFix({ route, endpoint }: LeadingRoute, name: string, upstream: string): string {
  const { proxy, file, excerpt, listeners } = route;
  const composed = isComposed(file, endpoint);
  const run = `; then run: ${reloadOf(proxy, composed)}`;
  const listener = listeners.find(({ port }) => port !== 80) ?? listeners[0];
  switch (proxy) {
    case "nginx":
      return `${nginxTls(listener, file, name, composed)}${run}`.replace(";;", ";");
    case "apache":
      return `${apacheTls(listener, name, composed)}${run}`;
    case "caddy":
      return `In ${file} write: ${routeSnippet("caddy", name, upstream)}${run}`;
    case "haproxy":
      return `${haproxyTls(listener, file, name)}${run}`;
    case "traefik":
      return `${traefikTls(file, excerpt)}${run}`;
    case "envoy":
      return `In ${file} give the listener a TLS transport socket with a certificate for ${name}${run}`;
  }
}

function certificateLines(name: string): string {
  const live = `/etc/letsencrypt/live/${name}`;
  return `ssl_certificate ${live}/fullchain.pem; ssl_certificate_key ${live}/privkey.pem;`;
}

/** certbot adds a TLS server beside a plain one; what is half there is mended where it stands. */
function nginxTls(
  listener: ProxyListener | undefined,
  file: string,
  name: string,
  composed: boolean,
): string {
  const certificate = certificateLines(name);
  if (listener === undefined || listener.port === 80)
    return composed
      ? `In ${file} add to the server block: listen 443 ssl; ${certificate}`
      : `Run: certbot --nginx -d ${name}`;
  const { because, line, port } = listener;
  const at = `In ${listener.file} line ${line}`;
  if (because.startsWith("ssl_reject_handshake"))
    return `${at}, in that server block, remove ssl_reject_handshake on; and write: ${certificate}`;
  if (because.startsWith("listen has ssl"))
    return `${at}, in that server block, add: ${certificate}`;
  const old = because.startsWith("ssl on") ? " remove ssl on;" : "";
  return `${at} write: listen ${port} ssl;${old} with ssl_certificate and ssl_certificate_key in the same server block`;
}

function apacheTls(listener: ProxyListener | undefined, name: string, composed: boolean): string {
  const isPlain = listener === undefined || listener.port === 80;
  if (isPlain && !composed) return `Run: certbot --apache -d ${name}`;
  const live = `/etc/letsencrypt/live/${name}`;
  const at = listener === undefined ? "" : ` of ${listener.file} line ${listener.line}`;
  return `In the virtual host${at} write: SSLEngine on, SSLCertificateFile ${live}/fullchain.pem, SSLCertificateKeyFile ${live}/privkey.pem`;
}

function haproxyTls(listener: ProxyListener | undefined, file: string, name: string): string {
  const bind = (port: number) => `bind :${port} ssl crt /etc/haproxy/${name}.pem`;
  if (listener === undefined) return `In ${file} write: ${bind(443)}`;
  const { port, line } = listener;
  return port === 80
    ? `In ${listener.file} after line ${line} write: ${bind(443)}`
    : `In ${listener.file} line ${line} write: ${bind(port)}`;
}

function traefikTls(file: string, excerpt: string): string {
  const router = /^http\.routers\.([\w-]{1,100})\./.exec(excerpt)?.[1];
  if (router === undefined) return `In ${file} switch tls on for the router`;
  return isComposed(file)
    ? `In ${file} add the label traefik.http.routers.${router}.tls=true`
    : `In ${file} add to the router ${router}: tls: {}`;
}

/** A proxy is there, and no route of it leads to the application: route and TLS in one. */
export function leadWithTls(
  { routes, running, configurations }: Extract<ProxyPath, { kind: "elsewhere" }>,
  upstream: string,
): string {
  const proxy: ProxyKind =
    running?.[0]?.proxy ?? routes[0]?.proxy ?? configurations[0]?.proxy ?? "nginx";
  const file = configurations.find((one) => one.proxy === proxy)?.file;
  const name = nameOf(routes);
  const fix = routeFix(proxy, file, name, upstream);
  return proxy === "apache" ? `${fix}; and run: certbot --apache -d ${name}` : fix;
}
