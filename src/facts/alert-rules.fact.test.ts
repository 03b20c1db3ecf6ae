import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost } from "../host/memory-host.ts";
import { ALERT_BYTES_MAX, ALERT_FILES_MAX, alertRules } from "./alert-rules.fact.ts";

async function told(files: Readonly<Record<string, string>>, hostFacts = false) {
  const placed = Object.entries(files).map(([path, text]) => [
    path.startsWith("/") ? path : `/srv/${path}`,
    text,
  ]);
  const reading = await alertRules.collect(
    {
      host: createMemoryHost({ files: { "/srv/x": "", ...Object.fromEntries(placed) } }),
      target: { directory: "/srv", urls: [], mode: "auto", compat: false, hostFacts },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {
      deploymentTree: {
        files: Object.keys(files)
          .filter((path) => !path.startsWith("/"))
          .map((path) => ({ path, kind: "file" as const })),
        directories: [],
        isTruncated: false,
        unreadable: [],
      },
    },
    {},
  );
  assert.ok(reading.state === "known");
  const { rules, unread } = reading.value;
  return [
    ...rules.map(({ name, text, file, line }) => `${name} | ${text} | ${file}:${line}`),
    ...unread.map(({ file }) => `? ${file}`),
  ];
}

const RULES =
  'groups:\n- name: web\n  rules:\n  - alert: TooManyRequests\n    expr: rate(http_requests_total{status="429"}[5m]) > 1\n  - record: x\n    expr: y\n  # - alert: Off\n';
const JAIL =
  "[DEFAULT]\nbantime = 600\n[shop-auth]\nenabled = true\nlogpath = /var/log/shop.log\n[off]\nenabled = false\n# [commented]\n# enabled = true\n[other]\nport = 80\n";

const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  ["none", { "config.yml": RULES }, []],
  [
    "alerts of Prometheus, by the name of the file or of its directory",
    { "monitoring/alerts.yml": RULES, "deploy/rules/web.yaml": RULES },
    [
      'TooManyRequests | rate(http_requests_total{status="429"}[5m]) > 1 | monitoring/alerts.yml:4',
      'TooManyRequests | rate(http_requests_total{status="429"}[5m]) > 1 | deploy/rules/web.yaml:4',
    ],
  ],
  [
    "of Kubernetes",
    {
      "rules.yml":
        "kind: PrometheusRule\nspec:\n  groups:\n  - rules:\n    - {alert: A, expr: up == 0}\n",
    },
    ["A | up == 0 | rules.yml:5"],
  ],
  [
    "jails that are on, with what their filter looks for",
    {
      "fail2ban/jail.local": JAIL,
      "fail2ban/filter.d/shop-auth.conf": "[Definition]\nfailregex = login failed from <HOST>\n",
    },
    ["shop-auth | filter = shop-auth login failed from <HOST> | fail2ban/jail.local:3"],
  ],
  [
    "on by default",
    { "jail.d/a.conf": "[DEFAULT]\nenabled = true\n[a]\nfilter = b\n" },
    ["a | filter = b | jail.d/a.conf:3"],
  ],
  [
    "examples and what does not parse",
    { "examples/alerts.yml": RULES, "alerts.yml": "alert: [" },
    [],
  ],
  [
    "a file longer than is read",
    { "alerts.yml": `${RULES}#${"a".repeat(ALERT_BYTES_MAX)}` },
    ["? alerts.yml"],
  ],
];
for (const [name, files, expected] of cases) {
  test(`alert-rules: ${name}`, async () => assert.deepEqual(await told(files), expected));
}

test("alert-rules: as many files as are read, and one more", async () => {
  const files = Object.fromEntries(
    Array.from({ length: ALERT_FILES_MAX + 1 }, (_, at) => [`alerts-${at}.yml`, RULES]),
  );
  assert.equal((await told(files)).length, ALERT_FILES_MAX);
});

test("alert-rules: those of the machine, where it may be looked at", async () => {
  const files = { "/etc/fail2ban/jail.local": "[a]\nenabled = true\n" };
  assert.deepEqual(await told(files, true), ["a | filter = a | /etc/fail2ban/jail.local:1"]);
  assert.deepEqual(await told(files), []);
});
