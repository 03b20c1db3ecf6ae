import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { AppSetting } from "../../../facts/app-settings.fact.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { Environment, Variable } from "../../../facts/environment.fact.ts";
import type { WebhookDrivers } from "../../../facts/webhook-drivers.fact.ts";
import { HUB } from "../../route/example-facts.ts";
import { hubWebhookSignaturesSource } from "./webhook-signatures-source.check.ts";

type Driver = WebhookDrivers["drivers"][number];

const grafana: Driver = {
  name: "grafana",
  file: "apps/drivers/grafana.py",
  line: 9,
  signatureHeader: "X-Grafana-Signature",
  isEnabled: true,
};
const { signatureHeader: _header, ...unsigned } = grafana;
const standalone: DeploymentMode = { ...HUB, roles: [], label: "standalone" };

function secret(key: string, length: number, effectiveBits = 200): Variable {
  const at = { key, layer: "dotenv", file: ".env", line: 4, reader: "python-dotenv" } as const;
  const measure = {
    length,
    distinct: 20,
    effectiveBits,
    fingerprint: "1a2b3c4d",
    isBlank: false,
    isPlaceholder: false,
    isUnexpanded: false,
    hasInsecurePrefix: false,
    wordShare: 0,
  };
  const shown = `set, ${length} chars, fp:1a2b3c4d`;
  return { ...at, isEmpty: length === 0, shown, fingerprint: "1a2b3c4d", secret: measure };
}
function environmentOf(...variables: readonly Variable[]): Environment {
  const entries = variables.map((variable) => [variable.key, [variable]] as const);
  return { variables: Object.fromEntries(entries), unreadable: [], isProcessSeen: false };
}
function drivers(
  all: readonly Driver[],
  rest: Partial<WebhookDrivers> = {},
): Reading<WebhookDrivers> {
  const none = { routes: [], pushers: [], generation1: [], generation2: [], unverifiedCalls: [] };
  return known({ drivers: all, isResolvable: true, ...none, ...rest });
}
function evaluate(
  found: Reading<WebhookDrivers>,
  environment: Environment = environmentOf(),
  mode: DeploymentMode = HUB,
  settings: readonly AppSetting[] = [],
) {
  const appSettings = known({ settings, problems: [] });
  const readings = { drivers: found, appSettings, services: absent("none") };
  return hubWebhookSignaturesSource.evaluate({ mode, environment }, readings);
}
function answer(...args: Parameters<typeof evaluate>): string {
  const outcome = evaluate(...args);
  const found = "findings" in outcome ? outcome.findings : [];
  return found.map(({ status, rule }) => `${status} ${rule}`).join(", ") || outcome.status;
}

const strong = environmentOf(secret("WEBHOOK_SECRET_GRAFANA", 48));
const cases: readonly [
  name: string,
  found: Reading<WebhookDrivers>,
  environment: Environment,
  answer: string,
][] = [
  ["a strong secret", drivers([grafana]), strong, "pass"],
  ["no secret", drivers([grafana]), environmentOf(), "fail empty"],
  [
    "an empty secret",
    drivers([grafana]),
    environmentOf(secret("WEBHOOK_SECRET_GRAFANA", 0)),
    "fail empty",
  ],
  [
    "31 characters",
    drivers([grafana]),
    environmentOf(secret("WEBHOOK_SECRET_GRAFANA", 31)),
    "fail too-short",
  ],
  [
    "disabled without a secret",
    drivers([{ ...grafana, isEnabled: false }]),
    environmentOf(),
    "pass",
  ],
  ["no signature scheme", drivers([unsigned]), strong, "warn no-signature-scheme"],
  [
    "one good, one without a secret",
    drivers([grafana, { ...grafana, name: "alert-manager" }]),
    strong,
    "fail empty",
  ],
  [
    "a name with a hyphen",
    drivers([{ ...grafana, name: "alert-manager" }]),
    environmentOf(secret("WEBHOOK_SECRET_ALERT_MANAGER", 48)),
    "pass",
  ],
  [
    "a list that cannot be made out",
    drivers([grafana], { isResolvable: false }),
    strong,
    "unknown",
  ],
  ["no driver found", drivers([]), strong, "unknown"],
  ["no source", absent("no source"), strong, "unknown"],
  ["source not read", unknown("timed-out", "late"), strong, "unknown"],
];

for (const [name, found, environment, expected] of cases) {
  test(`hub.webhook-signatures/source: ${name} is ${expected}`, () => {
    assert.equal(answer(found, environment), expected);
  });
}

test("hub.webhook-signatures/source: without the role, routes in source decide", () => {
  const routes = [{ route: "webhook/<driver>/", file: "urls.py", line: 3 }];
  assert.equal(answer(drivers([grafana]), environmentOf(), standalone), "skip");
  assert.equal(answer(drivers([grafana], { routes }), environmentOf(), standalone), "fail empty");
  assert.equal(answer(absent("no source"), environmentOf(), standalone), "skip");
  assert.equal(
    answer(absent("no source"), environmentOf(), { ...standalone, isOpen: true }),
    "unknown",
  );
});

test("hub.webhook-signatures/source: API keys that are on and enforced cover the routes", () => {
  const at = {
    file: "config/settings.py",
    line: 5,
    column: 1,
    kind: "env",
    variables: [],
  } as const;
  const settings: readonly AppSetting[] = [
    {
      ...at,
      name: "API_KEY_AUTH_ENABLED",
      chain: "API_KEY_AUTH_ENABLED = True",
      resolved: { state: "known", value: true, from: "env" },
    },
    {
      ...at,
      name: "MIDDLEWARE",
      chain: "MIDDLEWARE",
      resolved: { state: "known", value: ["x.APIKeyAuthMiddleware"], from: "literal" },
    },
  ];
  assert.equal(answer(drivers([grafana]), environmentOf(), HUB, settings), "pass");
  assert.equal(
    answer(drivers([grafana]), environmentOf(), HUB, settings.slice(0, 1)),
    "fail empty",
  );
  const problem = { code: "denied", detail: "permission denied" } as const;
  const hidden = { ...environmentOf(), unreadable: [{ file: "/etc/app/env", problem }] };
  assert.equal(answer(drivers([unsigned]), hidden, HUB, settings), "unknown");
  const open = evaluate(drivers([grafana], { isResolvable: false }), hidden);
  assert.match(
    open.status === "unknown" ? open.problem.detail : "",
    /^Which webhook drivers are enabled may be set in \/etc\/app\/env, which cannot be read: /,
  );
});

test("hub.webhook-signatures/source: the finding has the driver's place and the secret's", () => {
  const outcome = evaluate(drivers([grafana]), environmentOf(secret("WEBHOOK_SECRET_GRAFANA", 31)));
  assert.equal(outcome.status, "fail");
  assert.deepEqual("findings" in outcome && outcome.findings[0].evidence, [
    {
      file: "apps/drivers/grafana.py",
      line: 9,
      excerpt: "driver grafana: reads X-Grafana-Signature",
    },
    {
      file: ".env",
      line: 4,
      excerpt:
        "WEBHOOK_SECRET_GRAFANA=set, 31 chars, fp:1a2b3c4d (layer dotenv, read by python-dotenv)",
    },
  ]);
});
