import assert from "node:assert/strict";
import { test } from "node:test";

import { createConnectionGate } from "./connection-gate.ts";

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 2));

/** A gate with all its places, and the names of who got in. */
async function grown(places: number) {
  const gate = createConnectionGate(places, 0);
  for (let answer = 0; answer < 50; answer += 1) gate.grow();
  const entered: string[] = [];
  const enter = (name: string, isUrgent = false) =>
    void gate.enter(isUrgent).then(() => entered.push(name));
  return { gate, entered, enter };
}

test("two places at first, one more for as many answers as there are places, never more than the limit", async () => {
  const gate = createConnectionGate(3, 0);
  let entered = 0;
  for (let at = 0; at < 6; at += 1) void gate.enter().then(() => (entered += 1));
  await turn();
  assert.equal(entered, 2);
  gate.grow();
  await turn();
  assert.equal(entered, 2);
  gate.grow();
  await turn();
  assert.equal(entered, 3);
  for (let answer = 0; answer < 20; answer += 1) gate.grow();
  await turn();
  assert.equal(entered, 3);
});

test("the urgent go before who waited longer", async () => {
  const { gate, entered, enter } = await grown(2);
  for (const name of ["a", "b", "c", "d"]) enter(name);
  enter("urgent", true);
  await turn();
  assert.deepEqual(entered, ["a", "b"]);
  gate.leave();
  await turn();
  assert.deepEqual(entered, ["a", "b", "urgent"]);
});

test("who leaves and comes back with something urgent at once keeps the place", async () => {
  const { gate, entered, enter } = await grown(1);
  enter("first", true);
  enter("patient");
  await turn();
  gate.leave();
  await Promise.resolve();
  enter("next", true);
  await turn();
  assert.deepEqual(entered, ["first", "next"]);
});

test("alone waits until nobody is in and lets nobody in until its work is done", async () => {
  const { gate, entered, enter } = await grown(2);
  enter("a");
  enter("b");
  await turn();
  let isHolding = false;
  let finish = (): void => undefined;
  const holding = gate.alone(async () => {
    isHolding = true;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  enter("urgent", true);
  await turn();
  assert.equal(isHolding, false, "two are in");
  gate.leave();
  await turn();
  assert.equal(isHolding, false, "one is in");
  gate.leave();
  await turn();
  assert.equal(isHolding, true);
  assert.deepEqual(entered, ["a", "b"]);
  finish();
  await holding;
  await turn();
  assert.deepEqual(entered, ["a", "b", "urgent"]);
});

test("a throttling server halves the places, one is left", async () => {
  const { gate, entered, enter } = await grown(4);
  gate.shrink(0);
  gate.shrink(0);
  gate.shrink(0);
  enter("a");
  enter("b");
  await turn();
  assert.deepEqual(entered, ["a"]);
});
