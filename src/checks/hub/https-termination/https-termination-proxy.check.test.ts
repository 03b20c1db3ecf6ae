import assert from "node:assert/strict";
import { test } from "node:test";

import { unknown } from "../../../core/reading.ts";
import {
  configured,
  HUB,
  listening,
  PLAIN,
  pathFacts,
  route,
  runBy,
  running,
  TLS,
  UNIT,
  upstream,
} from "../../route/example-facts.ts";
import { hubHttpsTerminationProxy } from "./https-termination-proxy.check.ts";

type Given = Parameters<typeof pathFacts>[0];

function evaluate(given: Given, mode = HUB) {
  return hubHttpsTerminationProxy.evaluate({ mode }, pathFacts(given));
}
function answer(given: Given): string {
  const outcome = evaluate(given);
  return "findings" in outcome ? `${outcome.status} ${outcome.findings[0].rule}` : outcome.status;
}
function served(...words: readonly string[]) {
  return runBy({ services: [{ ...UNIT, command: words.join(" ") }] });
}

const listeners = [listening("127.0.0.1")];
const nginx = running("nginx");
const tls = route("127.0.0.1:8000");
const plain = route("127.0.0.1:8000", { listeners: [PLAIN], line: 5 });
const missing = {
  ...TLS,
  isTls: false,
  because: "certificate /etc/ssl/monitor.pem does not exist",
  certificate: { file: "/etc/ssl/monitor.pem", exists: false, at: "nginx.conf:9" },
};

const cases: readonly [name: string, given: Given, answer: string][] = [
  [
    "the server block that leads here ends TLS",
    { listeners, routes: configured([tls], { running: nginx }) },
    "pass",
  ],
  ["the same, processes not known", { listeners, routes: configured([tls]) }, "pass"],
  [
    "TLS beside plain HTTP in one block",
    { listeners, routes: configured([route("127.0.0.1:8000", { listeners: [PLAIN, TLS] })]) },
    "pass",
  ],
  [
    "TLS only in the block of another upstream",
    { listeners, routes: configured([route("127.0.0.1:9999"), plain], { running: nginx }) },
    "warn no-tls",
  ],
  [
    "TLS leads elsewhere, nothing leads here",
    { listeners, routes: configured([route("127.0.0.1:9999")], { running: nginx }) },
    "warn no-route",
  ],
  ["port 80 only", { listeners, routes: configured([plain], { running: nginx }) }, "warn no-tls"],
  [
    "listen 443 without ssl",
    {
      listeners,
      routes: configured([
        route("127.0.0.1:8000", {
          listeners: [{ ...TLS, isTls: false, because: "listen 443 without ssl" }],
        }),
      ]),
    },
    "warn no-tls",
  ],
  [
    "what may hold the certificate was not read",
    {
      listeners,
      routes: configured([
        route("127.0.0.1:8000", {
          listeners: [{ ...TLS, isTls: false, because: "no certificate", unread: "nginx.conf:9" }],
        }),
      ]),
    },
    "unknown",
  ],
  [
    "a configuration nginx refuses",
    {
      listeners,
      routes: configured([route("127.0.0.1:8000", { isRefused: true })], {
        running: nginx,
        problems: [
          {
            proxy: "nginx",
            file: "nginx.conf",
            line: 4,
            detail: 'The block of "server" is never closed',
            isUnreadable: false,
            isRefused: true,
          },
        ],
      }),
    },
    "unknown",
  ],
  [
    "a caddy site with http://",
    {
      listeners,
      routes: configured(
        [
          {
            ...plain,
            proxy: "caddy",
            file: "Caddyfile",
            line: 2,
            listeners: [
              {
                ...PLAIN,
                address: "::",
                because: "site address has http://",
                file: "Caddyfile",
                line: 1,
              },
            ],
          },
        ],
        { running: running("caddy") },
      ),
    },
    "warn no-tls",
  ],
  [
    "a route without listeners",
    { listeners, routes: configured([route("127.0.0.1:8000", { listeners: [] })]) },
    "warn no-tls",
  ],
  [
    "the certificate file is missing",
    { listeners, routes: configured([route("127.0.0.1:8000", { listeners: [missing] })]) },
    "warn certificate-missing",
  ],
  [
    "one of two certificate files is missing",
    { listeners, routes: configured([route("127.0.0.1:8000", { listeners: [TLS, missing] })]) },
    "warn certificate-missing",
  ],
  [
    "TLS in front of a second, plain proxy",
    {
      listeners,
      routes: configured(
        [
          route("127.0.0.1:8081", { proxy: "haproxy", file: "haproxy.cfg" }),
          route("127.0.0.1:8000", {
            listeners: [{ ...PLAIN, address: "127.0.0.1", port: 8081 }],
          }),
        ],
        { running: running("nginx", "haproxy") },
      ),
    },
    "pass",
  ],
  [
    "configured and stopped",
    { listeners, routes: configured([tls], { running: [] }) },
    "warn not-running",
  ],
  ["no proxy at all", { listeners, routes: configured([], { running: [] }) }, "warn no-proxy"],
  ["nothing known", {}, "unknown"],
  ["routes not read", { listeners, routes: unknown("denied", "EACCES") }, "unknown"],
  [
    "an unresolved upstream",
    { listeners, routes: configured([route([upstream("?")])], { running: nginx }) },
    "unknown",
  ],
  [
    "gunicorn with a certificate and no proxy",
    {
      services: served("gunicorn", "--certfile", "/etc/ssl/app.pem", "--keyfile=/etc/ssl/app.key"),
    },
    "pass",
  ],
  [
    "uvicorn with a certificate, proxy stopped",
    {
      services: served("uvicorn", "app:app", "--ssl-certfile=/etc/ssl/app.pem"),
      routes: configured([], { running: [] }),
    },
    "pass",
  ],
  [
    "daphne with a Twisted endpoint",
    { services: served("daphne", "-e", "ssl:443:privateKey=key.pem:certKey=cert.pem") },
    "pass",
  ],
  [
    "an option without its value",
    { services: served("gunicorn", "--certfile", "--reload") },
    "unknown",
  ],
  ["a key alone", { services: served("gunicorn", "--keyfile", "/etc/ssl/app.key") }, "unknown"],
  [
    "bytes passed through to an application with TLS",
    { listeners, services: served("gunicorn", "--certfile", "a.pem"), routes: configured([plain]) },
    "pass",
  ],
  [
    "plain HTTP in front, encrypted again behind",
    {
      listeners,
      services: served("gunicorn", "--certfile", "a.pem"),
      routes: configured([{ ...plain, upstreams: [upstream("127.0.0.1:8000", true)] }]),
    },
    "warn no-tls",
  ],
];

for (const [name, given, expected] of cases) {
  test(`hub.https-termination/proxy: ${name} is ${expected}`, () => {
    assert.equal(answer(given), expected);
  });
}

test("hub.https-termination/proxy: another role skips, open roles are unknown", () => {
  assert.equal(evaluate({}, { ...HUB, roles: [], label: "standalone" }).status, "skip");
  assert.equal(evaluate({}, { ...HUB, roles: [], isOpen: true }).status, "unknown");
});

test("hub.https-termination/proxy: a pass quotes listener, certificate and route", () => {
  assert.deepEqual(evaluate({ listeners, routes: configured([tls], { running: nginx }) }), {
    status: "pass",
    summary: "TLS ends at nginx on 0.0.0.0:443",
    evidence: [
      {
        file: "nginx.conf",
        line: 8,
        excerpt: "0.0.0.0:443: listen 443 ssl with certificate and key",
      },
      { excerpt: "certificate /etc/ssl/monitor.pem, named at nginx.conf:9" },
      { file: "nginx.conf", line: 20, excerpt: "proxy_pass to 127.0.0.1:8000" },
    ],
  });
});

test("hub.https-termination/proxy: a plain route is quoted with the reason", () => {
  const outcome = evaluate({ listeners, routes: configured([plain], { running: nginx }) });
  assert.deepEqual("findings" in outcome && outcome.findings[0], {
    rule: "no-tls",
    status: "warn",
    message: "nginx leads to the application without TLS: listen 80 without ssl",
    fix: "Run: certbot --nginx -d monitor.example.test; then run: nginx -t && systemctl reload nginx",
    evidence: [
      { file: "nginx.conf", line: 4, excerpt: "0.0.0.0:80: listen 80 without ssl" },
      { file: "nginx.conf", line: 5, excerpt: "proxy_pass to 127.0.0.1:8000" },
    ],
  });
});

test("hub.https-termination/proxy: the trace follows TLS from the application to the proxy", () => {
  const states = (given: Given) =>
    hubHttpsTerminationProxy.states?.({ mode: HUB }, pathFacts(given));
  const host = {
    layer: "host",
    says: "passes-on",
    where: "tcp 127.0.0.1:8000, pid 10, gunicorn",
  } as const;
  assert.deepEqual(states({ listeners, routes: configured([tls]) }), [
    host,
    { layer: "proxy", says: "sets", value: "https", where: "nginx.conf:8" },
  ]);
  assert.deepEqual(states({ listeners, routes: configured([plain]) }), [
    host,
    { layer: "proxy", says: "drops", where: "nginx.conf:5" },
  ]);
  assert.deepEqual(states({ services: served("gunicorn", "--certfile", "a.pem") }), [
    { layer: "config", says: "sets", value: "https", where: "monitor.service: --certfile a.pem" },
    {
      layer: "proxy",
      says: "unknown",
      where:
        "No proxy configuration was found, and the running processes are not known; audit on the machine itself, or let the auditor read the configuration",
    },
  ]);
});

test("hub.https-termination/proxy: a hostile server name never reaches a command line", () => {
  const hostile = { ...plain, names: ["$(reboot).example.test", "good.example.test"] };
  const outcome = evaluate({ listeners, routes: configured([hostile]) });
  const fix = "findings" in outcome ? outcome.findings[0].fix : "";
  assert.equal(fix.includes("reboot"), false);
  assert.equal(fix.includes("good.example.test"), true);
});
