import assert from "node:assert/strict";
import { test } from "node:test";
import type { Statement } from "../../core/trace.ts";
import { proxyStatements as corsStatements } from "../probe/cors/cors-states.ts";
import { concernOf } from "../proxy-rules/concern.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { apacheWanted, caddyWanted, haproxyWanted, traefikWanted } from "./example-sites.ts";
import {
  siteBodyStatements,
  siteLimitStatements,
  siteRedirectStatements,
} from "./route-statements.ts";

const CADDY = (lines: string) => caddyWanted(`a.test {\n${lines}\n reverse_proxy app:80\n}`);
const APACHE = (plain: string, lines = "") =>
  apacheWanted(
    `<VirtualHost *:80>\nServerName a.test\n${plain}\n</VirtualHost>\n<VirtualHost *:443>\nServerName a.test\nSSLEngine on\nSSLCertificateFile /c.pem\n${lines}\nProxyPass / http://127.0.0.1:8000/\n</VirtualHost>\n`,
  );
const HAPROXY = (lines: string) =>
  haproxyWanted(
    `frontend f\n mode http\n bind :80\n bind :443 ssl crt /c.pem\n${lines}\n default_backend b\nbackend b\n mode http\n server s 127.0.0.1:8000\n`,
  );
const TRAEFIK = (middleware: string, entry = "") =>
  traefikWanted({
    "traefik.yml": `entryPoints:
  web: { address: ":80"${entry} }
  websecure: { address: ":443" }
http:
  routers: { a: { rule: "Host(\`a.test\`)", entryPoints: [websecure], service: s, tls: {}, middlewares: [m] } }
  middlewares: { m: { ${middleware} } }
  services: { s: { loadBalancer: { servers: [{ url: "http://127.0.0.1:8000" }] } } }
`,
  });

const NONE = "headers: { frameDeny: true }";
const REDIRECTED =
  ", http: { redirections: { entryPoint: { to: websecure, scheme: https, permanent: true } } }";

type Wanted = ProxyWanted | Promise<ProxyWanted>;
const body = siteBodyStatements;
const limit = siteLimitStatements;
const redirect = (concern: ReturnType<typeof concernOf>) =>
  siteRedirectStatements(concern, undefined, "https");
const cors = (concern: ReturnType<typeof concernOf>) => corsStatements(concern, undefined);

const ROWS: readonly [
  name: string,
  wanted: () => Wanted,
  states: (concern: ReturnType<typeof concernOf>) => readonly Statement[],
  told: string,
][] = [
  [
    "Caddy's body limit",
    () => CADDY(" request_body {\n max_size 1KB\n }"),
    body,
    "sets 1000 bytes",
  ],
  ["no body limit", () => CADDY(""), body, "passes-on"],
  ["Apache's body limit", () => APACHE("", "LimitRequestBody 1024"), body, "sets 1024 bytes"],
  ["any body", () => APACHE("", "LimitRequestBody 0"), body, "sets unlimited"],
  [
    "Traefik's body limit",
    () => TRAEFIK("buffering: { maxRequestBodyBytes: 2048 }"),
    body,
    "sets 2048 bytes",
  ],
  ["no limit of requests", () => TRAEFIK(NONE), limit, "passes-on"],
  ["Traefik's limit of requests", () => TRAEFIK("rateLimit: { average: 9 }"), limit, "sets"],
  ["Caddy redirects by itself", () => CADDY(""), redirect, "sets https"],
  [
    "Apache redirects",
    () => APACHE("Redirect permanent / https://a.test/"),
    redirect,
    "sets https",
  ],
  ["Apache does not", () => APACHE("ProxyPass / http://127.0.0.1:8000/"), redirect, "passes-on"],
  [
    "HAProxy redirects",
    () => HAPROXY(" http-request redirect scheme https code 301 unless { ssl_fc }"),
    redirect,
    "sets https",
  ],
  ["HAProxy does not", () => HAPROXY(""), redirect, "passes-on"],
  ["Traefik redirects", () => TRAEFIK(NONE, REDIRECTED), redirect, "sets https"],
  [
    "Caddy lets any origin in",
    () => CADDY(" header >Access-Control-Allow-Origin *"),
    cors,
    "sets any origin",
  ],
  [
    "HAProxy names one",
    () => HAPROXY(" http-response set-header Access-Control-Allow-Origin https://b.test"),
    cors,
    "passes-on",
  ],
  [
    "Apache takes it out",
    () => APACHE("", "Header unset Access-Control-Allow-Origin"),
    cors,
    "drops",
  ],
];

for (const [name, wanted, states, told] of ROWS) {
  test(`a main route's statements: ${name}`, async () => {
    const [step, ...more] = states(concernOf(await wanted()));
    assert.deepEqual(more, []);
    const words = [step?.says, step?.value].filter((one) => one !== undefined).join(" ");
    assert.ok(told === "sets" ? words.startsWith(told) : words === told, words);
    assert.match(step?.where ?? "", /(?:Caddyfile|httpd\.conf|haproxy\.cfg|traefik\.yml):\d+/);
  });
}
