import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost } from "../../host/memory-host.ts";
import { createCaller } from "./caller.ts";
import type { HelloReply } from "./hello-answer.ts";
import { createScanBudget } from "./scan-budget.ts";

const { signal } = new AbortController();
const ROWS: readonly (readonly [string, Partial<HelloReply>, number])[] = [
  ["a whole flight sets the pace", { isWhole: true }, 3000],
  ["one whose rest was waited for in vain does not", { isStalled: true }, 6000],
];
for (const [name, more, answerMs] of ROWS) {
  test(`${name}: an answer is waited for ${answerMs} ms`, async () => {
    const host = createMemoryHost({ stream: () => ({ greeting: [], answer: () => [] }) });
    const target = { host: "192.0.2.1", port: 443 };
    const place = { host, target, address: "192.0.2.1", serverName: undefined };
    const budget = createScanBudget({ signal, nowMs: 0 });
    const caller = createCaller(place, budget, signal, () => undefined);
    // Of the hello nothing is looked at.
    const hello = {} as HelloReply["hello"];
    const reply: HelloReply = {
      kind: "reply",
      hello,
      chain: [],
      wantsClientCertificate: false,
      isWhole: false,
      ...more,
    };
    await caller.once(async () => reply);
    assert.equal(caller.answerMs, answerMs);
  });
}
