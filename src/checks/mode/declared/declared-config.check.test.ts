import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known, type Reading } from "../../../core/reading.ts";
import type { AppSettings } from "../../../facts/app-settings.fact.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { HubUrl } from "../../../facts/hub-url.fact.ts";
import type { WebhookDrivers } from "../../../facts/webhook-drivers.fact.ts";
import {
  environmentOf,
  NO_SUBJECT,
  processVariable,
  STRONG,
  servicesOf,
  settingOf,
  variableOf,
} from "../../judgement/example-facts.ts";
import { modeDeclaredConfig } from "./declared-config.check.ts";

type Wanted = Parameters<typeof modeDeclaredConfig.evaluate>[1];

const STANDALONE: DeploymentMode = {
  roles: [],
  label: "standalone",
  decidedBy: "no HUB_URL and no CLUSTER_ENABLED",
  generation1: [],
  generation2: [],
  isOpen: false,
};
const AGENT: DeploymentMode = {
  ...STANDALONE,
  roles: ["agent"],
  label: "agent",
  decidedBy: "HUB_URL (.env:1)",
};
const BOTH: DeploymentMode = { ...AGENT, roles: ["agent", "hub"], label: "agent + hub" };
const OPEN: DeploymentMode = { ...STANDALONE, isOpen: true, openBecause: ".env is unreadable" };

function readingsOf(rest: Partial<Wanted> = {}): Wanted {
  return {
    environment: known(environmentOf({})),
    hub: NO_SUBJECT,
    drivers: NO_SUBJECT,
    settings: NO_SUBJECT,
    services: known(servicesOf()),
    ...rest,
  };
}

function judged(mode: DeploymentMode, rest: Partial<Wanted> = {}) {
  return modeDeclaredConfig.evaluate({ mode }, readingsOf(rest));
}

const env = (values: Parameters<typeof environmentOf>[0]) => ({
  environment: known(environmentOf(values)),
});
const drivers = (rest: Partial<WebhookDrivers>): Pick<Wanted, "drivers"> => ({
  drivers: known({
    drivers: [],
    routes: [],
    pushers: [],
    generation1: [],
    generation2: [],
    isResolvable: true,
    unverifiedCalls: [],
    ...rest,
  }),
});
const hub = (rest: Partial<HubUrl>): Pick<Wanted, "hub"> => ({
  hub: known({
    isParsable: true,
    scheme: "https",
    host: "hub.example.test",
    port: 443,
    shown: "https://hub.example.test/",
    hasUserinfo: false,
    secretParameters: [],
    isLoopback: false,
    isThisNode: false,
    file: ".env",
    line: 5,
    layer: "dotenv",
    ...rest,
  }),
});
const byDefault = (name: string, value: unknown): { readonly settings: Reading<AppSettings> } => ({
  settings: known({
    settings: [settingOf(name, { state: "known", value, from: "default" }, { variables: [name] })],
    problems: [],
  }),
});
const keyAuth = (value: boolean) => byDefault("API_KEY_AUTH_ENABLED", value);
const PUSHER = { file: "deploy/push.timer", line: 4, text: "manage.py push_to_hub" };
const ROUTE = { route: "/alerts/webhook/<driver>/", file: "urls.py", line: 9 };
const SECRET = env({ WEBHOOK_SECRET_CLUSTER: STRONG });

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["standalone", judged(STANDALONE), "pass"],
  ["agent", judged(AGENT, hub({})), "pass"],
  ["agent and hub", judged(BOTH, env({ CLUSTER_ENABLED: "1" })), "pass"],
  ["CLUSTER_ENABLED=true", judged(STANDALONE, env({ CLUSTER_ENABLED: "true" })), "warn"],
  ["CLUSTER_ENABLED=YES", judged(STANDALONE, env({ CLUSTER_ENABLED: "YES" })), "warn"],
  ["CLUSTER_ENABLED=1 with CR", judged(BOTH, env({ CLUSTER_ENABLED: "1\r" })), "pass"],
  ["CLUSTER_ENABLED=1 with a blank", judged(STANDALONE, env({ CLUSTER_ENABLED: "1 " })), "warn"],
  ["CLUSTER_ENABLED=0", judged(STANDALONE, env({ CLUSTER_ENABLED: "0" })), "pass"],
  ["CLUSTER_ENABLED empty", judged(STANDALONE, env({ CLUSTER_ENABLED: "" })), "pass"],
  ["API_KEY_AUTH_ENABLED=on", judged(STANDALONE, env({ API_KEY_AUTH_ENABLED: "on" })), "warn"],
  ["a push job without HUB_URL", judged(STANDALONE, drivers({ pushers: [PUSHER] })), "warn"],
  ["a push job on an agent", judged(AGENT, drivers({ pushers: [PUSHER] })), "pass"],
  [
    "an ingest route and its secret, no switch",
    judged(STANDALONE, { ...SECRET, ...drivers({ routes: [ROUTE] }) }),
    "warn",
  ],
  [
    "an ingest route and a secret on an agent",
    judged(AGENT, { ...SECRET, ...drivers({ routes: [ROUTE] }) }),
    "pass",
  ],
  ["an ingest route without a secret", judged(STANDALONE, drivers({ routes: [ROUTE] })), "pass"],
  ["a cluster secret without a route", judged(STANDALONE, SECRET), "pass"],
  ["HUB_URL is this node", judged(AGENT, hub({ isThisNode: true })), "warn"],
  ["HUB_URL is loopback", judged(AGENT, hub({ isLoopback: true, isThisNode: undefined })), "warn"],
  ["HUB_URL is this node, a hub as well", judged(BOTH, hub({ isThisNode: true })), "pass"],
  ["API keys demanded by default only", judged(STANDALONE, keyAuth(true)), "warn"],
  ["API keys off by default", judged(STANDALONE, keyAuth(false)), "pass"],
  ["a hub by default", judged(STANDALONE, byDefault("CLUSTER_ENABLED", true)), "warn"],
  ["no hub by default", judged(STANDALONE, byDefault("CLUSTER_ENABLED", false)), "pass"],
  ["HUB_URL by default", judged(STANDALONE, byDefault("HUB_URL", "https://h.test")), "warn"],
  ["HUB_URL empty by default", judged(STANDALONE, byDefault("HUB_URL", "")), "pass"],
  [
    "HUB_URL by default, emptied by a variable",
    judged(STANDALONE, { ...env({ HUB_URL: "" }), ...byDefault("HUB_URL", "https://h.test") }),
    "pass",
  ],
  [
    "API keys switched off outright",
    judged(STANDALONE, { ...env({ API_KEY_AUTH_ENABLED: "0" }), ...keyAuth(true) }),
    "pass",
  ],
  ["open", judged(OPEN), "unknown"],
  ["open, yet a switch is wrong", judged(OPEN, env({ CLUSTER_ENABLED: "true" })), "warn"],
];

for (const [name, outcome, status] of cases) {
  test(`mode.declared/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("mode.declared/config: a warning quotes the switch at its place", () => {
  const outcome = judged(STANDALONE, env({ HUB_URL: "", CLUSTER_ENABLED: "true" }));
  assert.ok(outcome.status === "warn");
  const [finding] = outcome.findings;
  assert.equal(finding.rule, "switch-not-one");
  assert.deepEqual(finding.evidence, [
    {
      file: ".env",
      line: 2,
      excerpt: 'CLUSTER_ENABLED="true" (layer dotenv, read by python-dotenv)',
    },
  ]);
  assert.equal(
    finding.fix,
    "Set CLUSTER_ENABLED=1 in .env (line 2) on a hub, or remove it, then run: systemctl restart monitor",
  );
});

test("mode.declared/config: the label is traced through the layers", () => {
  const environment = environmentOf({
    CLUSTER_ENABLED: [variableOf("CLUSTER_ENABLED", "1", { line: 3 })],
    HUB_URL: [processVariable("HUB_URL", "https://hub.example.test/")],
  });
  const statements = modeDeclaredConfig.states?.(
    { mode: BOTH },
    readingsOf({ environment: known(environment) }),
  );
  assert.deepEqual(statements, [
    { layer: "config", says: "sets", value: "hub", where: ".env:3" },
    { layer: "host", says: "sets", value: "agent + hub", where: "/proc/10/environ" },
  ]);
});
