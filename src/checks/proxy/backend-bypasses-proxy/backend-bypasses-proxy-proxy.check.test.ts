import assert from "node:assert/strict";
import { test } from "node:test";

import type { Outcome } from "../../../core/check.ts";
import { known } from "../../../core/reading.ts";
import { type Listener, listenersFromProcNet } from "../../../facts/listeners.fact.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyBackendBypassesProxyProxy } from "./backend-bypasses-proxy-proxy.check.ts";

const APP = "server {\n listen 80;\n location / {\n  proxy_pass http://127.0.0.1:8000;\n }\n}";
const UPSTREAM =
  "upstream app {\n server localhost:8000;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass http://app;\n }\n}";
const on = (address: string, port: number, command?: string): Listener => ({
  proto: "tcp",
  address,
  port,
  ...(command !== undefined && { command }),
});

function judged(text: string, listeners?: readonly Listener[]): Outcome {
  const wanted = nginxWanted(text);
  return proxyBackendBypassesProxyProxy.evaluate(
    {},
    listeners === undefined ? wanted : { ...wanted, listeners: known(listeners) },
  );
}

const cases: readonly [
  name: string,
  text: string,
  listeners: readonly Listener[] | undefined,
  status: string,
][] = [
  ["on loopback", APP, [on("127.0.0.1", 8000), on("0.0.0.0", 80, "nginx")], "pass"],
  ["on every IPv4 address", APP, [on("0.0.0.0", 8000, "gunicorn")], "fail"],
  ["on every IPv6 address", APP, [on("::", 8000)], "fail"],
  ["another port is open", APP, [on("0.0.0.0", 18_000), on("127.0.0.1", 8000)], "pass"],
  ["by an upstream block", UPSTREAM, [on("0.0.0.0", 8000)], "fail"],
  ["nothing listens", APP, [], "pass"],
  ["nginx itself listens there", APP, [on("0.0.0.0", 8000, "nginx")], "pass"],
  [
    "another server of the same configuration does",
    `${APP}\nserver {\n listen 8000;\n}`,
    [on("0.0.0.0", 8000)],
    "pass",
  ],
  ["on another machine", APP.replace("127.0.0.1", "10.0.0.9"), [on("0.0.0.0", 8000)], "skip"],
  ["a unix socket", APP.replace("127.0.0.1:8000", "unix:/run/a.sock"), undefined, "skip"],
  ["sockets were not read", APP, undefined, "unknown"],
];

for (const [name, text, listeners, status] of cases) {
  test(`proxy.backend-bypasses-proxy: ${name} is ${status}`, () => {
    assert.equal(judged(text, listeners).status, status);
  });
}

test("what fails is the place that names the port", () => {
  const outcome = judged(UPSTREAM, [on("0.0.0.0", 8000, "gunicorn")]);
  assert.ok(outcome.status === "fail");
  const [finding] = outcome.findings;
  assert.equal(finding.rule, "backend-bypasses-proxy");
  assert.deepEqual(
    finding.evidence.map(({ line }) => line),
    [2, 7],
  );
  assert.match(finding.message, /gunicorn, which it leads to, is open on 0\.0\.0\.0:8000/);
});

test("tables of the kernel are read: a mapped loopback address is loopback", () => {
  const head =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
  const row = (address: string) =>
    `   0: ${address}:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 40002 1 0000000000000000 100 0 0 10 0\n`;
  const mapped = { tcp: head, tcp6: head + row("0000000000000000FFFF00000100007F") };
  const open = { tcp: head, tcp6: head + row("00000000000000000000000000000000") };
  assert.equal(judged(APP, listenersFromProcNet(mapped)).status, "pass");
  assert.equal(judged(APP, listenersFromProcNet(open)).status, "fail");
});
