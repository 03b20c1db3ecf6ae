import assert from "node:assert/strict";
import { test } from "node:test";

import { streamLines, TARGETS_AT_ONCE, type TargetLine } from "./target-stream.ts";

const names = (count: number) => Array.from({ length: count }, (_, at) => `host-${at}`);
const scan = async (name: string): Promise<TargetLine> => ({ line: name, exitCode: 0 });

test("every target has one line, and the worst exit code counts", async () => {
  const lines: string[] = [];
  const code = await streamLines(
    names(50),
    async (name) => ({ line: name, exitCode: name === "host-7" ? 2 : 1 }),
    async (text) => lines.push(text) > 0,
  );
  assert.deepEqual(
    lines.toSorted(),
    names(50)
      .map((name) => `${name}\n`)
      .toSorted(),
  );
  assert.equal(code, 2);
});

test("no targets are no fault", async () => {
  assert.equal(await streamLines([], scan, async () => true), 0);
});

test("a reader that is behind is waited for: no more is scanned than there are workers", async () => {
  let scanned = 0;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const running = streamLines(
    names(100),
    async (name) => {
      scanned += 1;
      return scan(name);
    },
    async () => {
      await held;
      return true;
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(scanned, TARGETS_AT_ONCE);
  release();
  assert.equal(await running, 0);
  assert.equal(scanned, 100);
});

test("never more targets at once than there are workers", async () => {
  let open = 0;
  let openMax = 0;
  await streamLines(
    names(40),
    async (name) => {
      open += 1;
      openMax = Math.max(openMax, open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open -= 1;
      return scan(name);
    },
    async () => true,
  );
  assert.equal(openMax, TARGETS_AT_ONCE);
});

test("a target cut short has no line, nothing after it is begun, and the run is incomplete", async () => {
  const lines: string[] = [];
  let begun = 0;
  const code = await streamLines(
    names(100),
    async (name) => {
      begun += 1;
      return name === "host-10" ? undefined : scan(name);
    },
    async (text) => lines.push(text) > 0,
  );
  assert.equal(code, 3);
  assert.ok(begun <= 10 + TARGETS_AT_ONCE, `${begun} begun`);
  assert.equal(lines.includes("host-10\n"), false);
});

test("where nobody reads any more nobody scans on", async () => {
  let begun = 0;
  const code = await streamLines(
    names(100),
    async (name) => {
      begun += 1;
      return scan(name);
    },
    async () => false,
  );
  assert.deepEqual([code, begun], [3, TARGETS_AT_ONCE]);
});
