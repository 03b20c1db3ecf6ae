import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known } from "../../../core/reading.ts";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { environmentOf, servicesOf, UNREADABLE } from "../../judgement/example-facts.ts";
import { configured, route } from "../../route/example-facts.ts";
import { rowOf, sourceOf } from "../../sentry-settings/example-sentry.ts";
import { ratelimitClientKeySource } from "./client-key-source.check.ts";

const REMOTE = rowOf(
  "ratelimit.client_key",
  "ratelimit.client-key",
  "slowapi.util.get_remote_address",
);
const USER = rowOf("ratelimit.client_key", "ratelimit.client-key", "web.limits.user_of");
const FIX = rowOf("proxy.trusted", "proxy.trusted", "werkzeug.ProxyFix", { line: 9 });

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: string;
  readonly rows?: readonly SourceSetting[];
  readonly isProxied?: boolean;
}

function judged({ env = {}, command, rows = [REMOTE], isProxied = true }: Given) {
  return ratelimitClientKeySource.evaluate(
    { environment: environmentOf(env), source: sourceOf(...rows) },
    {
      services: known(servicesOf(command)),
      proxyRoutes: configured(isProxied ? [route("127.0.0.1:8000")] : []),
    },
  );
}

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["the proxy's address", judged({}), "warn"],
  ["told by a flag", judged({ command: "uvicorn a:app --forwarded-allow-ips=127.0.0.1" }), "pass"],
  ["told by a variable", judged({ env: { FORWARDED_ALLOW_IPS: "127.0.0.1" } }), "pass"],
  ["everybody believed", judged({ env: { FORWARDED_ALLOW_IPS: "*" } }), "warn"],
  [
    "everybody believed by a flag",
    judged({ command: "uvicorn a:app --forwarded-allow-ips '*'" }),
    "warn",
  ],
  ["ProxyFix", judged({ rows: [REMOTE, FIX] }), "pass"],
  ["no proxy", judged({ isProxied: false }), "skip"],
  ["another key", judged({ rows: [USER] }), "skip"],
  [
    "an env file that cannot be read",
    ratelimitClientKeySource.evaluate(
      { environment: environmentOf({}, UNREADABLE), source: sourceOf(REMOTE) },
      { services: known(servicesOf()), proxyRoutes: configured([route("127.0.0.1:8000")]) },
    ),
    "unknown",
  ],
];

for (const [name, outcome, status] of cases) {
  test(`ratelimit.client-key/source: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("ratelimit.client-key/source: the limiter is quoted", () => {
  const outcome = judged({ env: { FORWARDED_ALLOW_IPS: "*" } });
  assert.ok(outcome.status === "warn");
  const [{ rule, evidence }] = outcome.findings;
  assert.equal(rule, "client-key-spoofable");
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, "web/sentry.py:3");
});
