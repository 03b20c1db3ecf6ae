import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

import { type AnyFact, type CollectContext, defineFact } from "../core/fact.ts";
import { absent, HostError, known, type Reading } from "../core/reading.ts";
import { createRefusingHost } from "../host/refusing-host.ts";
import { createGatherer } from "./gather.ts";

const context: CollectContext = {
  host: createRefusingHost("test"),
  target: { directory: "/", urls: [], mode: "auto", compat: false, hostFacts: false },
  nowMs: 0,
  fingerprintKey: "k",
  signal: new AbortController().signal,
};

function gatherer(
  options: {
    preset?: Map<string, Reading<unknown>>;
    granted?: string[];
    signal?: AbortSignal;
  } = {},
) {
  return createGatherer({
    context: { ...context, signal: options.signal ?? context.signal },
    granted: new Set((options.granted ?? ["read"]) as ["read"]),
    preset: options.preset ?? new Map(),
  });
}

function fact(
  id: string,
  collect: () => Promise<Reading<number>>,
  timeoutMs = 1_000,
): AnyFact<number> {
  return defineFact({ id, title: id, access: "read", timeoutMs, collect });
}

test("a fact is collected once, however many ask for it at once", async () => {
  let times = 0;
  const one = fact("one", async () => {
    times++;
    return known(1);
  });
  const { read } = gatherer();
  await Promise.all([read(one), read(one), read(one)]);
  assert.equal(times, 1);
});

test("a deaf collector is abandoned at its limit and says so", async () => {
  const deaf = fact("deaf", () => new Promise(() => {}), 20);
  const reading = await gatherer().read(deaf);
  assert.deepEqual(reading, {
    state: "unknown",
    problem: { code: "timed-out", detail: "deaf: no answer in 20 ms" },
  });
});

test("a collector that is done leaves no listener behind", async () => {
  const signals: AbortSignal[] = [];
  const one = defineFact({
    id: "one",
    title: "one",
    access: "read",
    timeoutMs: 1_000,
    async collect({ signal }) {
      signals.push(signal);
      assert.equal(getEventListeners(signal, "abort").length, 1);
      return known(1);
    },
  });
  assert.equal((await gatherer().read(one)).state, "known");
  assert.deepEqual(
    signals.map((signal) => getEventListeners(signal, "abort").length),
    [0],
  );
});

test("what a collector throws becomes unknown: the host's code, or crashed for a bug", async () => {
  const refused = fact("a", async () => Promise.reject(new HostError("denied", "no permission")));
  const buggy = fact("b", async () => Promise.reject(new TypeError("boom")));
  const gathered = gatherer();
  const codes = [await gathered.read(refused), await gathered.read(buggy)].map((reading) =>
    reading.state === "unknown" ? reading.problem.code : reading.state,
  );
  assert.deepEqual(codes, ["denied", "crashed"]);
  assert.deepEqual(
    gathered.problems().map(({ fact: id, code }) => `${id} ${code}`),
    ["a denied", "b crashed"],
  );
});

test("an unknown need outranks an absent one, and the fact is not collected", async () => {
  const none = fact("none", async () => absent("not here"));
  const blind = fact("blind", async () => Promise.reject(new HostError("denied", "no")));
  const both = defineFact({
    id: "both",
    title: "both",
    access: "read",
    timeoutMs: 1_000,
    needs: { none, blind },
    collect: async () => assert.fail("collected without its needs"),
  });
  const { read } = gatherer();
  assert.equal((await read(both)).state, "unknown");
});

test("wants are handed over whatever their state", async () => {
  const none = fact("none", async () => absent("not here"));
  const curious = defineFact({
    id: "curious",
    title: "curious",
    access: "read",
    timeoutMs: 1_000,
    wants: { none },
    collect: async (_, __, { none: reading }) => known(reading.state),
  });
  assert.deepEqual(await gatherer().read(curious), known("absent"));
});

test("a preset reading stands in for collecting; an access not granted is unknown", async () => {
  const machine = fact("machine", async () => assert.fail("collected"));
  assert.deepEqual(
    await gatherer({ preset: new Map([["machine", known(7)]]) }).read(machine),
    known(7),
  );
  const probe = defineFact({ ...machine, id: "probe", access: "probe" });
  const reading = await gatherer({ granted: [] }).read(probe);
  assert.equal(reading.state === "unknown" && reading.problem.code, "not-granted");
});

test("an interruption ends what is still being collected", async () => {
  const controller = new AbortController();
  const slow = fact("slow", () => new Promise(() => {}), 60_000);
  const reading = gatherer({ signal: controller.signal }).read(slow);
  controller.abort(new HostError("interrupted", "interrupted by SIGINT"));
  const answer = await reading;
  assert.equal(answer.state === "unknown" && answer.problem.code, "interrupted");
});
