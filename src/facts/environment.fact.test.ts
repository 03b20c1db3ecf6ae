import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { effectiveVariable, maskedEnvironment, stageOf } from "./environment.fact.ts";
import type { Assignment, EnvironmentValues } from "./environment-values.fact.ts";

function values(pairs: Readonly<Record<string, string>>): EnvironmentValues {
  const assignments = Object.entries(pairs).map(
    ([key, value], index): Assignment => ({
      key,
      value,
      layer: "dotenv",
      file: ".env",
      line: index + 1,
      reader: "python-dotenv",
    }),
  );
  return { assignments, unreadable: [], isProcessSeen: false };
}

function shownOf(key: string, value: string): string | undefined {
  const environment = maskedEnvironment(values({ [key]: value }), "key");
  return effectiveVariable(environment, key)?.shown;
}

describe("what is shown in clear", () => {
  const cases: readonly [string, string, string][] = [
    ["DJANGO_DEBUG", "0", '"0"'],
    ["DJANGO_DEBUG", "", "set to empty"],
    ["CLUSTER_ENABLED", "1", '"1"'],
    ["API_KEY_AUTH_ENABLED", "true", '"true"'],
    ["DJANGO_ALLOWED_HOSTS", "a.example.test,*", '"a.example.test,*"'],
    ["SENTRY_RELEASE", "agentos-webui@1a2b3c4", '"agentos-webui@1a2b3c4"'],
    ["SENTRY_TRACES_SAMPLE_RATE", "0.1", '"0.1"'],
    [
      "AGENTOS_DB_PATH",
      "/var/lib/agentos/production.sqlite",
      '"/var/lib/agentos/production.sqlite"',
    ],
    ["HUB_URL", "https://hub.example.test:8443/in", '"https://hub.example.test:8443/in"'],
    ["HUB_URL", "http://svc:hunter2@hub.example.test/?token=abc#x", '"http://hub.example.test/"'],
    ["HUB_URL", "http://localhost@evil.example.test", '"http://evil.example.test"'],
    ["HUB_URL", "svc:hunter2@hub.example.test", '"hub.example.test"'],
    ["HUB_URL", "https://a/k3yQ9zXw7LmN2pRt5VbC8dFg", '"https://a/…"'],
  ];
  for (const [key, value, shown] of cases) {
    test(`${key}=${value}`, () => assert.equal(shownOf(key, value), shown));
  }
});

describe("what is not", () => {
  const cases: readonly [string, string][] = [
    ["DJANGO_SECRET_KEY", "k3yQ9zXw7LmN2pRt5VbC8dFg"],
    ["SOMETHING", "plain"],
    ["DJANGO_DEBUG", "k3yQ9zXw7LmN2pRt5VbC8dFg"],
    ["ALLOWED_HOSTS", "a.test, k3yQ9zXw7LmN2pRt5VbC8dFg"],
    ["DEBUG", "postgres://user:hunter2@db/x y@z"],
    ["BIND", "user:hunter2@host"],
    ["DATABASE_URL", "postgres://user:hunter2@db/app"],
    ["LOG_LEVEL", "x".repeat(201)],
  ];
  for (const [key, value] of cases) {
    test(`${key}=${value.slice(0, 40)}`, () => {
      const environment = maskedEnvironment(values({ [key]: value }), "key");
      assert.match(shownOf(key, value) ?? "", /^set, \d+ chars, fp:[0-9a-f]{8}$/);
      assert.equal(effectiveVariable(environment, key)?.text, undefined);
      assert.ok(!JSON.stringify(environment).includes(value));
      assert.ok(!JSON.stringify(environment).includes("hunter2"));
    });
  }
});

test("layers of one key stay in order and compare by fingerprint", () => {
  const { assignments } = values({ A: "same", B: "x" });
  const process: Assignment = {
    key: "A",
    value: "same",
    layer: "process",
    file: "p",
    reader: "process",
  };
  const environment = maskedEnvironment(
    { assignments: [process, ...assignments], unreadable: [], isProcessSeen: true },
    "key",
  );
  const [first, second] = environment.variables["A"] ?? [];
  assert.deepEqual([first?.layer, second?.layer], ["process", "dotenv"]);
  assert.equal(first?.fingerprint, second?.fingerprint);
});

test("a live value that a sample shows is a placeholder", () => {
  const live = values({ SECRET_KEY: "k3yQ9zXw7LmN2pRt5VbC8dFg" });
  const isPlaceholder = (published: readonly string[]) =>
    effectiveVariable(maskedEnvironment({ ...live, published }, "key"), "SECRET_KEY")?.secret
      ?.isPlaceholder;
  assert.deepEqual([isPlaceholder([]), isPlaceholder(["k3yQ9zXw7LmN2pRt5VbC8dFg"])], [false, true]);
});

test("hostile names are ordinary ones", () => {
  const environment = maskedEnvironment(
    values(JSON.parse('{"__proto__":"a","constructor":"b"}')),
    "key",
  );
  assert.equal(effectiveVariable(environment, "__proto__")?.isEmpty, false);
  assert.equal(effectiveVariable(environment, "toString"), undefined);
});

test("the first stage name set decides, nothing set is not development", () => {
  const stage = (pairs: Record<string, string>) => {
    const { name, isDev } = stageOf(maskedEnvironment(values(pairs), "key"));
    return [name, isDev];
  };
  assert.deepEqual(stage({ DJANGO_ENV: "", NODE_ENV: " Test " }), ["test", true]);
  assert.deepEqual(stage({ DJANGO_ENV: "staging", NODE_ENV: "test" }), ["staging", false]);
  assert.deepEqual(stage({}), [undefined, false]);
});
