import assert from "node:assert/strict";
import { test } from "node:test";

import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import { siteFindings, traefikWanted } from "./example-sites.ts";
import { siteForwardedRule } from "./forwarding.ts";
import { siteHstsMissingRule, siteHstsPlainRule } from "./hsts.ts";
import { siteBodySizeRule, siteRateLimitRule } from "./limits.ts";
import { siteRedirectRule, siteTlsMissingRule } from "./redirect.ts";
import { siteTlsProtocolsRule } from "./tls.ts";
import {
  traefikDashboardRule,
  traefikExposedRule,
  traefikInsecureApiRule,
  traefikLogRule,
  traefikMetricsRule,
  traefikSocketRule,
  traefikStagingRule,
  traefikUnusedRule,
} from "./traefik.ts";
import { globalTrustRule } from "./trust.ts";
import { siteUpstreamTlsRule } from "./upstream.ts";

type Row = readonly [name: string, text: string, expected: readonly string[]];

/** Rows whose text is one file with static and dynamic settings. */
function table(
  what: string,
  sites: readonly SiteRule[],
  globals: readonly GlobalRule[],
  rows: readonly Row[],
): void {
  for (const [name, text, expected] of rows)
    test(`Traefik, ${what}: ${name}`, async () =>
      assert.deepEqual(
        siteFindings(await traefikWanted({ "traefik.yml": text }), sites, globals),
        expected,
      ));
}

/** Lines 1 to 5. */
const POINTS = `entryPoints:
  web:
    address: ":80"
  websecure:
    address: ":443"
`;
const SERVICE = `  services:
    app:
      loadBalancer:
        servers:
          - url: http://app:8000
`;
/** A router of lines 6 to 11 and on. */
const router = (more: string, rest = "", rule = "Host(`a.test`)"): string =>
  `${POINTS}http:
  routers:
    app:
      service: app
      rule: ${rule}
${more}${SERVICE}${rest}`;

table(
  "redirect",
  [siteRedirectRule, siteTlsMissingRule],
  [],
  [
    ["both entry points", router("      tls: {}\n"), []],
    [
      "one router for each",
      router(
        "      entryPoints: [websecure]\n      tls: {}\n    plain:\n      service: app\n      entryPoints: [web]\n      rule: Host(`a.test`)\n",
      ),
      ["http-no-redirect:16 fail"],
    ],
    [
      "a redirect by a middleware",
      router(
        "      entryPoints: [websecure]\n      tls: {}\n    plain:\n      service: app\n      entryPoints: [web]\n      middlewares: [https]\n      rule: Host(`a.test`)\n",
        "  middlewares:\n    https:\n      redirectScheme:\n        scheme: https\n        permanent: true\n",
      ),
      [],
    ],
    [
      "one that is not kept",
      router(
        "      entryPoints: [websecure]\n      tls: {}\n    plain:\n      service: app\n      entryPoints: [web]\n      middlewares: [https]\n      rule: Host(`a.test`)\n",
        "  middlewares:\n    https:\n      redirectScheme:\n        scheme: https\n",
      ),
      ["http-redirect-temporary:26 warn"],
    ],
    [
      "one that nothing names",
      router(
        "      entryPoints: [websecure]\n      tls: {}\n    plain:\n      service: app\n      entryPoints: [web]\n      rule: Host(`a.test`)\n",
        "  middlewares:\n    https:\n      redirectScheme:\n        scheme: https\n",
      ),
      ["http-no-redirect:16 fail"],
    ],
    [
      "of the entry point",
      router("      tls: {}\n").replace(
        '":80"\n',
        '":80"\n    http:\n      redirections:\n        entryPoint:\n          to: websecure\n          scheme: https\n',
      ),
      [],
    ],
    [
      "of the entry point, for now",
      router("      tls: {}\n").replace(
        '":80"\n',
        '":80"\n    http:\n      redirections:\n        entryPoint:\n          to: websecure\n          permanent: false\n',
      ),
      ["http-redirect-temporary:7 warn"],
    ],
    ["plain alone", router("      entryPoints: [web]\n"), ["tls-missing:3 fail"]],
  ],
);

table(
  "headers and limits",
  [siteHstsMissingRule, siteHstsPlainRule, siteRateLimitRule, siteBodySizeRule],
  [],
  [
    [
      "none",
      router("      entryPoints: [websecure]\n      tls: {}\n"),
      ["hsts-missing:10 warn", "rate-limit-missing:10 warn", "body-size-not-set:10 warn"],
    ],
    [
      "all of them",
      router(
        "      entryPoints: [websecure]\n      tls: {}\n      middlewares: [sts, slow@file, small]\n",
        "  middlewares:\n    sts:\n      headers:\n        stsSeconds: 31536000\n    slow:\n      rateLimit:\n        average: 10\n    small:\n      buffering:\n        maxRequestBodyBytes: 1000000\n",
      ),
      [],
    ],
    [
      "through a chain",
      router(
        "      entryPoints: [websecure]\n      tls: {}\n      middlewares: [all]\n",
        "  middlewares:\n    all:\n      chain:\n        middlewares: [sts, slow, small]\n    sts:\n      headers:\n        stsSeconds: 31536000\n    slow:\n      rateLimit:\n        average: 10\n    small:\n      buffering:\n        maxRequestBodyBytes: 1000000\n",
      ),
      [],
    ],
    [
      "of no effect: zero",
      router(
        "      entryPoints: [websecure]\n      tls: {}\n      middlewares: [sts]\n",
        "  middlewares:\n    sts:\n      headers:\n        stsSeconds: 0\n      rateLimit:\n        average: 0\n      buffering:\n        maxRequestBodyBytes: 0\n",
      ),
      ["hsts-missing:10 warn", "rate-limit-missing:10 warn", "body-size-unlimited:26 fail"],
    ],
    [
      "of the entry point",
      router(
        "      entryPoints: [websecure]\n      tls: {}\n",
        "  middlewares:\n    sts:\n      headers:\n        stsSeconds: 31536000\n      rateLimit:\n        average: 10\n      buffering:\n        maxRequestBodyBytes: 1000\n",
      ).replace('":443"\n', '":443"\n    http:\n      middlewares: [sts@file]\n'),
      [],
    ],
  ],
);

table(
  "trust",
  [siteForwardedRule, siteTlsProtocolsRule, siteUpstreamTlsRule],
  [globalTrustRule],
  [
    [
      "as it is",
      router("      tls: {}\n", "tls:\n  options:\n    default:\n      minVersion: VersionTLS12\n"),
      [],
    ],
    [
      "everybody",
      router(
        "      tls: {}\n",
        "tls:\n  options:\n    default:\n      minVersion: VersionTLS12\n",
      ).replace(
        '":443"\n',
        '":443"\n    forwardedHeaders:\n      insecure: true\n    proxyProtocol:\n      trustedIPs: ["0.0.0.0/0"]\n',
      ),
      ["realip-trust-any:7 fail", "realip-trust-any:9 fail"],
    ],
    [
      "some",
      router(
        "      tls: {}\n",
        "tls:\n  options:\n    default:\n      minVersion: VersionTLS12\n",
      ).replace('":443"\n', '":443"\n    forwardedHeaders:\n      trustedIPs: ["10.0.0.0/8"]\n'),
      [],
    ],
    [
      "old protocols",
      router("      tls: {}\n", "tls:\n  options:\n    default:\n      minVersion: VersionTLS10\n"),
      ["tls-legacy-protocol:20 fail"],
    ],
    [
      "old protocols of options nobody names",
      router(
        "      tls: {}\n",
        "tls:\n  options:\n    old:\n      minVersion: VersionTLS10\n    default:\n      minVersion: VersionTLS12\n",
      ),
      [],
    ],
  ],
);

const STATIC = `accessLog: {}\n${POINTS}`;

table(
  "static",
  [traefikDashboardRule],
  [
    traefikInsecureApiRule,
    traefikUnusedRule,
    traefikExposedRule,
    traefikSocketRule,
    traefikStagingRule,
    traefikMetricsRule,
    traefikLogRule,
  ],
  [
    ["nothing", STATIC, []],
    ["an open API", `api:\n  insecure: true\n${STATIC}`, ["api-insecure:2 fail"]],
    ["a closed one", `api:\n  insecure: false\n  dashboard: true\n${STATIC}`, []],
    [
      "a dashboard for all",
      `${STATIC}http:\n  routers:\n    api:\n      rule: Host(\`t.test\`)\n      service: api@internal\n      tls: {}\n`,
      ["dashboard-without-auth:10 fail"],
    ],
    [
      "one with a password",
      `${STATIC}http:\n  routers:\n    api:\n      rule: Host(\`t.test\`)\n      service: api@internal\n      middlewares: [auth]\n      tls: {}\n  middlewares:\n    auth:\n      basicAuth:\n        users: ["a:b"]\n`,
      [],
    ],
    [
      "one for some addresses",
      `${STATIC}http:\n  routers:\n    api:\n      rule: Host(\`t.test\`) && ClientIP(\`10.0.0.0/8\`)\n      service: api@internal\n      middlewares: [inside]\n      tls: {}\n  middlewares:\n    inside:\n      ipAllowList:\n        sourceRange: ["10.0.0.0/8"]\n`,
      [],
    ],
    [
      "one for all addresses",
      `${STATIC}http:\n  routers:\n    api:\n      rule: Host(\`t.test\`)\n      service: api@internal\n      middlewares: [inside]\n      tls: {}\n  middlewares:\n    inside:\n      ipAllowList:\n        sourceRange: ["0.0.0.0/0"]\n`,
      ["dashboard-without-auth:10 fail"],
    ],
    [
      "a middleware for nothing",
      `${STATIC}http:\n  middlewares:\n    slow:\n      rateLimit:\n        average: 1\n`,
      ["middleware-unused:11 warn"],
    ],
    [
      "one that rewrites is no protection",
      `${STATIC}http:\n  middlewares:\n    cut:\n      stripPrefix:\n        prefixes: [/a]\n`,
      [],
    ],
    [
      "the test authority",
      `${STATIC}certificatesResolvers:\n  le:\n    acme:\n      caServer: https://acme-staging-v02.api.letsencrypt.org/directory\n`,
      ["acme-staging:10 warn"],
    ],
    ["every container", `${STATIC}providers:\n  docker: {}\n`, ["exposed-by-default:8 warn"]],
    ["those that ask", `${STATIC}providers:\n  docker:\n    exposedByDefault: false\n`, []],
    ["no provider of containers", `${STATIC}providers:\n  file:\n    filename: x\n`, []],
    ["metrics", `${STATIC}metrics:\n  prometheus: {}\n`, ["metrics-exposed:8 fail"]],
    [
      "metrics on loopback",
      `${STATIC}  metrics:\n    address: "127.0.0.1:8082"\nmetrics:\n  prometheus:\n    entryPoint: metrics\n`,
      [],
    ],
    ["no log", POINTS, ["access-log-off:3 note"]],
  ],
);

const COMPOSE = (traefik: string, labels: string): string => `services:
  traefik:
    image: traefik:v3.1
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --accesslog=true
${traefik}  app:
    image: app
    expose: ["8000"]
    labels:
${labels}`;

const composed: readonly Row[] = [
  [
    "labels of a service that is switched off count for nothing",
    COMPOSE(
      "",
      "      - traefik.enable=false\n      - traefik.http.routers.a.rule=Host(`a.test`)\n      - traefik.http.routers.a.entrypoints=web\n",
    ),
    [],
  ],
  [
    "plain alone",
    COMPOSE(
      "",
      "      - traefik.http.routers.a.rule=Host(`a.test`)\n      - traefik.http.routers.a.entrypoints=web\n",
    ),
    ["tls-missing:4 fail"],
  ],
  [
    "redirected by the entry point",
    COMPOSE(
      "      - --entrypoints.web.http.redirections.entrypoint.to=websecure\n",
      "      - traefik.http.routers.a.rule=Host(`a.test`)\n      - traefik.http.routers.a.tls=true\n",
    ),
    [],
  ],
  [
    "an API on a port that is not published",
    COMPOSE(
      '      - --api.insecure=true\n    ports: ["80:80"]\n',
      "      - traefik.enable=false\n",
    ),
    ["api-insecure:4 warn"],
  ],
  [
    "an API on a published port",
    COMPOSE(
      '      - --api.insecure=true\n    ports: ["80:80", "8080:8080"]\n',
      "      - traefik.enable=false\n",
    ),
    ["api-insecure:4 fail"],
  ],
  [
    "a middleware another service names",
    COMPOSE(
      "",
      "      - traefik.http.middlewares.slow.ratelimit.average=5\n      - traefik.http.routers.a.rule=Host(`a.test`)\n      - traefik.http.routers.a.tls=true\n      - traefik.http.routers.a.entrypoints=websecure\n      - traefik.http.routers.a.middlewares=slow@docker\n",
    ),
    [],
  ],
];

for (const [name, compose, expected] of composed)
  test(`Traefik, compose: ${name}`, async () => {
    const wanted = await traefikWanted({}, compose);
    const found = siteFindings(
      wanted,
      [siteRedirectRule, siteTlsMissingRule, traefikDashboardRule],
      [traefikInsecureApiRule, traefikUnusedRule],
    );
    assert.deepEqual(found, expected);
  });
