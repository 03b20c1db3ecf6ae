import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { metricsExposed, proxyMetricsExposedProxy } from "./metrics-exposed-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "open",
    "server {\n listen 80;\n location /metrics {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    ["metrics-exposed:3 fail"],
  ],
  [
    "allow and deny",
    "server {\n listen 80;\n location /metrics {\n  proxy_pass http://127.0.0.1:8000;\n  allow 10.0.0.0/8;\n  deny all;\n }\n}",
    [],
  ],
  [
    "allow alone",
    "server {\n listen 80;\n location /metrics {\n  proxy_pass http://127.0.0.1:8000;\n  allow 10.0.0.0/8;\n }\n}",
    ["metrics-exposed:3 fail"],
  ],
  ["denied", "server {\n listen 80;\n location /metrics {\n  deny all;\n }\n}", []],
  ["not found", "server {\n listen 80;\n location = /metrics {\n  return 404;\n }\n}", []],
  [
    "a password",
    "server {\n listen 443 ssl;\n location /metrics {\n  proxy_pass http://127.0.0.1:8000;\n  auth_basic x;\n }\n}",
    [],
  ],
  [
    "on loopback",
    "server {\n listen 127.0.0.1:80;\n location /metrics {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "an exporter under another path",
    "server {\n listen 80;\n location /node/ {\n  proxy_pass http://127.0.0.1:9100/;\n }\n}",
    ["metrics-exposed:3 fail"],
  ],
  [
    "metrics under another path",
    "server {\n listen 80;\n location = /m {\n  proxy_pass http://127.0.0.1:8000/metrics;\n }\n}",
    ["metrics-exposed:3 fail"],
  ],
  [
    "a pattern",
    "server {\n listen 80;\n location ~ ^/(metrics|health)$ {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    ["metrics-exposed:3 fail"],
  ],
  [
    "a pattern for everything",
    "server {\n listen 80;\n location ~ ^/ {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "a page whose name begins alike",
    "server {\n listen 80;\n location /metrics-guide/ {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "the application as a whole",
    "server {\n listen 80;\n location / {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "actuator",
    "server {\n listen 80;\n location /actuator/ {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    ["metrics-exposed:3 fail"],
  ],
  [
    "internal",
    "server {\n listen 80;\n location /metrics {\n  proxy_pass http://127.0.0.1:8000;\n  internal;\n }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`metrics-exposed: ${name}`, () => assert.deepEqual(found([metricsExposed], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "a pattern nobody can evaluate",
    "server {\n listen 80;\n location ~ ^/metrics(?R)?$ { proxy_pass http://127.0.0.1:8000; }\n}",
    "unknown",
  ],
  [
    "a guarded pattern nobody can evaluate",
    "server {\n listen 80;\n location ~ ^/metrics(?R)?$ { proxy_pass http://127.0.0.1:8000; deny all; }\n}",
    "pass",
  ],
  [
    "guarded",
    "server {\n listen 80;\n location /metrics {\n  proxy_pass http://127.0.0.1:8000;\n deny all; }\n}",
    "pass",
  ],
  [
    "open",
    "server {\n listen 80;\n location /metrics {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    "fail",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.metrics-exposed: ${name} is ${status}`, () => {
    assert.equal(proxyMetricsExposedProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
