import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, unknown } from "../../../core/reading.ts";
import {
  boundTo,
  configured,
  HUB,
  listening,
  pathFacts,
  publishedPort,
  route,
  runBy,
  running,
  UNIT,
  upstream,
  WEB,
} from "../../route/example-facts.ts";
import { hubReverseProxyProxy } from "./reverse-proxy-proxy.check.ts";

type Given = Parameters<typeof pathFacts>[0];

function evaluate(given: Given, mode = HUB) {
  return hubReverseProxyProxy.evaluate({ mode }, pathFacts(given));
}
function answer(given: Given): string {
  const outcome = evaluate(given);
  return "findings" in outcome ? `${outcome.status} ${outcome.findings[0].rule}` : outcome.status;
}

const app = [listening("127.0.0.1"), listening("0.0.0.0", 443, "nginx", 20)];
const nginx = running("nginx");
const unreadable = {
  proxy: "nginx",
  file: "/etc/nginx/nginx.conf",
  detail: "EACCES",
  isUnreadable: true,
} as const;
const container = boundTo("0.0.0.0", 8000, { service: "web", isInContainer: true });
const compose = runBy({ services: [WEB], published: [publishedPort("")], binds: [container] });

const cases: readonly [name: string, given: Given, answer: string][] = [
  [
    "runs and leads to the listener",
    { listeners: app, routes: configured([route("127.0.0.1:8000")], { running: nginx }) },
    "pass",
  ],
  [
    "runs and serves another port",
    { listeners: app, routes: configured([route("127.0.0.1:9999")], { running: nginx }) },
    "warn no-route",
  ],
  [
    "none runs, none configured",
    { listeners: [listening("*")], routes: configured([], { running: [] }) },
    "warn no-proxy",
  ],
  ["nothing known", {}, "unknown"],
  [
    "no routes read, processes without a proxy",
    { routes: absent("none"), processes: [] },
    "warn no-proxy",
  ],
  [
    "published by compose, no proxy",
    { services: compose, routes: configured([], { running: [] }) },
    "warn no-proxy",
  ],
  [
    "configured and stopped",
    { listeners: app, routes: configured([route("127.0.0.1:8000")], { running: [] }) },
    "warn not-running",
  ],
  [
    "configured for nginx, caddy runs with a route elsewhere",
    {
      listeners: app,
      routes: configured(
        [route("127.0.0.1:8000"), route("127.0.0.1:9999", { proxy: "caddy", file: "Caddyfile" })],
        { running: running("caddy") },
      ),
    },
    "warn not-running",
  ],
  [
    "only the configuration is known",
    { listeners: app, routes: configured([route("127.0.0.1:8000")]) },
    "pass",
  ],
  [
    "runs, configuration unreadable",
    { listeners: app, routes: configured([], { running: nginx, problems: [unreadable] }) },
    "unknown",
  ],
  [
    "runs, configuration not found",
    { listeners: app, routes: configured([], { running: nginx }) },
    "unknown",
  ],
  [
    "installed configuration unreadable, a sample in the tree leads here",
    {
      listeners: app,
      routes: configured([route("127.0.0.1:8000")], { running: nginx, problems: [unreadable] }),
    },
    "unknown",
  ],
  [
    "an unreadable configuration of a proxy that does not run",
    {
      listeners: app,
      routes: configured([route("127.0.0.1:8000")], {
        running: nginx,
        problems: [{ ...unreadable, proxy: "haproxy" }],
      }),
    },
    "pass",
  ],
  [
    "installed configuration leads elsewhere, a sample in the tree here",
    {
      listeners: app,
      routes: configured(
        [
          route("127.0.0.1:9999", { file: "/etc/nginx/nginx.conf", isInstalled: true }),
          route("127.0.0.1:8000", { file: "deploy/nginx.conf", isInstalled: false }),
        ],
        { running: nginx },
      ),
    },
    "warn no-route",
  ],
  [
    "the application is not known to listen anywhere",
    { listeners: app.slice(1), routes: configured([route("127.0.0.1:8000")], { running: nginx }) },
    "unknown",
  ],
  [
    "listeners not known, bound by its unit",
    {
      services: runBy({ services: [UNIT], binds: [boundTo("127.0.0.1", 8000)] }),
      routes: configured([route("localhost:8000")], { running: nginx }),
    },
    "pass",
  ],
  [
    "listens elsewhere than its unit says",
    {
      listeners: [listening("127.0.0.1", 8001)],
      services: runBy({ services: [UNIT], binds: [boundTo("127.0.0.1", 8000)] }),
      routes: configured([route("127.0.0.1:8000")], { running: nginx }),
    },
    "warn no-route",
  ],
  [
    "a unix socket of its unit, sockets not listed",
    {
      listeners: app.slice(1),
      services: runBy({
        services: [UNIT],
        binds: [boundTo("/run/app.sock", 0, { isUnixSocket: true })],
      }),
      routes: configured([route("unix:/run/app.sock")], { running: nginx }),
    },
    "pass",
  ],
  [
    "a compose service by name",
    { services: compose, routes: configured([route("web:8000")]) },
    "pass",
  ],
  [
    "both in containers, no process of either among those known",
    {
      services: compose,
      routes: configured([route("web:8000")], { running: [] }),
      processes: [],
    },
    "pass",
  ],
  [
    "both in containers, the application's process seen without the proxy's",
    {
      services: compose,
      routes: configured([route("web:8000")], { running: [] }),
      processes: [{ pid: 10, name: "gunicorn", command: "gunicorn config.wsgi", user: "svc" }],
    },
    "warn not-running",
  ],
  [
    "both in containers, only foreign sockets listen",
    {
      services: compose,
      routes: configured([route("web:8000")], { running: [] }),
      processes: [],
      listeners: [listening("0.0.0.0", 22, "sshd", 3)],
    },
    "warn not-running",
  ],
  [
    "another compose service on the same port",
    {
      services: runBy({
        services: [WEB, { ...WEB, name: "grafana", isApplication: false }],
        published: [publishedPort("")],
        binds: [container],
      }),
      routes: configured([route("grafana:8000")], { running: nginx }),
    },
    "warn no-route",
  ],
  [
    "the port compose publishes",
    { services: compose, routes: configured([route("127.0.0.1:8000")], { running: nginx }) },
    "pass",
  ],
  [
    "a variable nobody can resolve",
    { listeners: app, routes: configured([route([upstream("?")])], { running: nginx }) },
    "unknown",
  ],
  [
    "one upstream of several",
    {
      listeners: app,
      routes: configured([route([upstream("127.0.0.1:8001"), upstream("127.0.0.1:8000")])], {
        running: nginx,
      }),
    },
    "pass",
  ],
  [
    "through another proxy",
    {
      listeners: app,
      routes: configured(
        [
          route("127.0.0.1:8081", { proxy: "haproxy", file: "haproxy.cfg" }),
          route("127.0.0.1:8000", {
            listeners: [
              {
                address: "127.0.0.1",
                port: 8081,
                isTls: false,
                because: "listen 8081",
                file: "nginx.conf",
                line: 3,
              },
            ],
          }),
        ],
        { running: running("haproxy") },
      ),
    },
    "pass",
  ],
  ["routes not read", { listeners: app, routes: unknown("timed-out", "late") }, "unknown"],
  [
    "configured without any route",
    {
      listeners: app,
      routes: configured([], {
        running: nginx,
        configurations: [{ proxy: "nginx", file: "nginx.conf", foundBy: "in the tree" }],
      }),
    },
    "warn no-route",
  ],
  [
    "running told by the processes alone",
    {
      listeners: app,
      routes: configured([route("127.0.0.1:8000")]),
      processes: [
        { pid: 20, name: "nginx", command: "nginx: master process /usr/sbin/nginx", user: "root" },
      ],
    },
    "pass",
  ],
  [
    "an exporter is no proxy",
    {
      listeners: app,
      routes: configured([route("127.0.0.1:8000")]),
      processes: [{ pid: 9, name: "nginx-exporter", command: "nginx-exporter -x", user: "root" }],
    },
    "warn not-running",
  ],
];

for (const [name, given, expected] of cases) {
  test(`hub.reverse-proxy/proxy: ${name} is ${expected}`, () => {
    assert.equal(answer(given), expected);
  });
}

test("hub.reverse-proxy/proxy: another role skips", () => {
  assert.equal(evaluate({}, { ...HUB, roles: ["agent"], label: "agent" }).status, "skip");
});

test("hub.reverse-proxy/proxy: a pass quotes the route, the listener and the process", () => {
  const routes = configured([route("127.0.0.1:8000")], { running: nginx });
  assert.deepEqual(evaluate({ listeners: app, routes }), {
    status: "pass",
    summary: "nginx leads to the application (tcp 127.0.0.1:8000, pid 10, gunicorn)",
    evidence: [
      { file: "nginx.conf", line: 20, excerpt: "proxy_pass to 127.0.0.1:8000" },
      { excerpt: "tcp 127.0.0.1:8000, pid 10, gunicorn" },
      { excerpt: "process nginx, pid 20" },
    ],
  });
});

test("hub.reverse-proxy/proxy: a pass without processes says that only the configuration is known", () => {
  const outcome = evaluate({ listeners: app, routes: configured([route("127.0.0.1:8000")]) });
  assert.equal(
    outcome.status === "pass" && outcome.summary,
    "nginx leads to the application (tcp 127.0.0.1:8000, pid 10, gunicorn); only its configuration is available, whether it runs is not known",
  );
});

test("hub.reverse-proxy/proxy: a route elsewhere is quoted, the fix names file and upstream", () => {
  const routes = configured([route("127.0.0.1:9999")], { running: nginx });
  const outcome = evaluate({ listeners: app, routes });
  assert.deepEqual("findings" in outcome && outcome.findings[0], {
    rule: "no-route",
    status: "warn",
    message: "nginx serves something else: none of its routes leads to the application",
    fix: "In nginx.conf write: server { listen 443 ssl; server_name monitor.example.test; ssl_certificate /etc/letsencrypt/live/monitor.example.test/fullchain.pem; ssl_certificate_key /etc/letsencrypt/live/monitor.example.test/privkey.pem; location / { proxy_pass http://127.0.0.1:8000; } }; then run: nginx -t && systemctl reload nginx",
    evidence: [
      { file: "nginx.conf", line: 20, excerpt: "proxy_pass to 127.0.0.1:9999" },
      { excerpt: "tcp 127.0.0.1:8000, pid 10, gunicorn" },
    ],
  });
});

test("hub.reverse-proxy/proxy: starting a proxy that leads elsewhere is no remedy", () => {
  const outcome = evaluate({ listeners: app, routes: configured([], { running: [] }) });
  const away = configured([route("127.0.0.1:9999")], { running: [] });
  const other = evaluate({ listeners: app, routes: away });
  assert.ok(outcome.status === "warn" && other.status === "warn");
  assert.match(outcome.findings[0].message, /^No reverse proxy runs, and none is configured$/);
  assert.match(other.findings[0].message, /^No proxy runs, and no route of nginx .* leads/);
  assert.match(
    other.findings[0].fix,
    /^In \S+ write: server \{.*127\.0\.0\.1:8000.*; then run: systemctl enable --now nginx$/,
  );
});
