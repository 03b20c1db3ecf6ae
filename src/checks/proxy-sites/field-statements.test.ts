import assert from "node:assert/strict";
import { test } from "node:test";
import { absent } from "../../core/reading.ts";
import { headersXFrameOptionsProxy } from "../headers/x-frame-options/x-frame-options-proxy.check.ts";
import { hstsConfiguredProxy } from "../hsts/configured/configured-proxy.check.ts";
import { canonicalHsts } from "../live-headers/hsts.ts";
import { concernOf } from "../proxy-rules/concern.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { apacheWanted, caddyWanted, haproxyWanted, traefikWanted } from "./example-sites.ts";
import {
  auditedSiteRoute,
  fieldFate,
  mainSiteRoute,
  mainSiteRoutes,
  siteFieldStatements,
} from "./field-statements.ts";

const HSTS = "strict-transport-security";
const site = (lines: string) => `a.test {\n${lines}\n reverse_proxy app:80\n}`;

const ROWS: readonly [name: string, text: string, told: readonly string[]][] = [
  [
    "set",
    site(' header Strict-Transport-Security "max-age=31536000"'),
    ["sets max-age=31536000 Caddyfile:2"],
  ],
  ["taken away", site(" header -Strict-Transport-Security"), ["drops Caddyfile:2"]],
  ["left to the application", site(""), ["passes-on Caddyfile:3 reverse_proxy app:80"]],
  [
    "only where none is sent",
    site(' header ?Strict-Transport-Security "max-age=31536000"'),
    ["unknown only where none is sent: Caddyfile:2"],
  ],
  [
    "made of the request",
    site(" header Strict-Transport-Security {http.request.header.x}"),
    ["unknown its value depends on the request: Caddyfile:2"],
  ],
  [
    "ignored by browsers",
    site(' header Strict-Transport-Security "max-age"'),
    ["drops browsers ignore its value: Caddyfile:2"],
  ],
  ["plain HTTP alone", `http://${site("")}`, []],
];

for (const [name, text, told] of ROWS) {
  test(`what a site of Caddy does to a field: ${name}`, async () => {
    const route = mainSiteRoute(concernOf(await caddyWanted(text)).sites, undefined);
    const steps =
      route === undefined
        ? []
        : siteFieldStatements(route, HSTS, (value) => canonicalHsts({ fields: [[HSTS, value]] }));
    assert.deepEqual(
      steps.map(({ says, value, where }) => [says, value, where].filter(Boolean).join(" ")),
      told,
    );
  });
}

const DENY = "X-Frame-Options";

/** What each proxy makes of X-Frame-Options: fate, status at the proxy layer, what it states. */
const FATES: readonly [
  name: string,
  wanted: () => ProxyWanted | Promise<ProxyWanted>,
  fate: string,
  status: string,
  says: string,
][] = [
  [
    "Caddy sets it beside",
    () => caddyWanted(site(` header ${DENY} DENY`)),
    "beside",
    "pass",
    "sets",
  ],
  [
    "Caddy replaces it",
    () => caddyWanted(site(` header >${DENY} DENY`)),
    "replaces",
    "pass",
    "sets",
  ],
  [
    "a deletion defers the whole block of Caddy",
    () => caddyWanted(site(` header {\n  ${DENY} DENY\n  -Server\n }`)),
    "replaces",
    "pass",
    "sets",
  ],
  ["Caddy takes it out", () => caddyWanted(site(` header -${DENY}`)), "removes", "warn", "drops"],
  ["Caddy leaves it", () => caddyWanted(site("")), "passes-on", "skip", "passes-on"],
  [
    "a value that no browser obeys",
    () => caddyWanted(site(` header >${DENY} NO`)),
    "replaces",
    "fail",
    "sets",
  ],
  [
    "Apache replaces it",
    () => apacheWanted(vhost(`Header set ${DENY} DENY`)),
    "replaces",
    "pass",
    "sets",
  ],
  [
    "Apache's always goes out beside it",
    () => apacheWanted(vhost(`Header always set ${DENY} SAMEORIGIN`)),
    "beside",
    "warn",
    "sets",
  ],
  [
    "Apache's always unset leaves the application's",
    () => apacheWanted(vhost(`Header always unset ${DENY}`)),
    "passes-on",
    "skip",
    "passes-on",
  ],
  [
    "Apache takes it out",
    () => apacheWanted(vhost(`Header unset ${DENY}`)),
    "removes",
    "warn",
    "drops",
  ],
  [
    "Apache sets it where none is",
    () => apacheWanted(vhost(`Header setifempty ${DENY} DENY`)),
    "default",
    "pass",
    "unknown",
  ],
  [
    "HAProxy replaces it",
    () => haproxyWanted(frontend(`set-header ${DENY} DENY`)),
    "replaces",
    "pass",
    "sets",
  ],
  [
    "HAProxy adds it",
    () => haproxyWanted(frontend(`add-header ${DENY} DENY`)),
    "beside",
    "pass",
    "sets",
  ],
  [
    "HAProxy takes it out",
    () => haproxyWanted(frontend(`del-header ${DENY}`)),
    "removes",
    "warn",
    "drops",
  ],
  [
    "HAProxy under a condition",
    () => haproxyWanted(frontend(`del-header ${DENY} if { path /a }`)),
    "unknown",
    "skip",
    "unknown",
  ],
  [
    "Traefik's frameDeny",
    () => traefikWanted({ "traefik.yml": router("frameDeny: true") }),
    "replaces",
    "pass",
    "sets",
  ],
  [
    "Traefik takes it out",
    () => traefikWanted({ "traefik.yml": router(`customResponseHeaders: { ${DENY}: "" }`) }),
    "removes",
    "warn",
    "drops",
  ],
];

function vhost(line: string): string {
  return `<VirtualHost *:443>\nServerName a.test\nSSLEngine on\nSSLCertificateFile /c.pem\n${line}\nProxyPass / http://127.0.0.1:8000/\n</VirtualHost>\n`;
}

function frontend(rule: string): string {
  return `frontend f\n  mode http\n  bind :443 ssl crt /c.pem\n  http-response ${rule}\n  default_backend b\nbackend b\n  mode http\n  server s 127.0.0.1:8000\n`;
}

function router(headers: string): string {
  return `entryPoints: { web: { address: ":443" } }
http:
  routers: { a: { rule: "Host(\`a.test\`)", service: s, tls: {}, middlewares: [m] } }
  middlewares: { m: { headers: { ${headers} } } }
  services: { s: { loadBalancer: { servers: [{ url: "http://127.0.0.1:8000" }] } } }
`;
}

for (const [name, wantedOf, fate, status, says] of FATES) {
  test(`X-Frame-Options at the proxy: ${name}`, async () => {
    const wanted = await wantedOf();
    const main = auditedSiteRoute(mainSiteRoutes(concernOf(wanted).sites), undefined);
    assert.ok(main !== undefined);
    const found = fieldFate(main.route, "x-frame-options");
    const kind =
      found.does !== "sets"
        ? found.does
        : found.isDefault
          ? "default"
          : found.replaces
            ? "replaces"
            : "beside";
    assert.equal(kind, fate);
    const asked = { ...wanted, live: absent("not looked at") };
    assert.equal(headersXFrameOptionsProxy.evaluate({}, asked).status, status);
    const steps = headersXFrameOptionsProxy.states?.({}, asked) ?? [];
    assert.equal(steps.map((step) => step.says).join(" "), says);
  });
}

test("hsts.configured states it for other proxies than nginx, too", async () => {
  const wanted = await caddyWanted(site(" header -Strict-Transport-Security"));
  const nothing = absent("not looked at");
  const steps = hstsConfiguredProxy.states?.({}, { ...wanted, live: nothing, source: nothing });
  assert.deepEqual(
    steps?.map(({ layer, says }) => `${layer} ${says}`),
    ["proxy drops"],
  );
});
