import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { createPatientOutput } from "./patient-output.ts";

test("texts go out whole and in their order", async () => {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-output-"));
  const descriptor = openSync(join(directory, "out"), "w");
  try {
    const write = createPatientOutput(descriptor);
    const texts = Array.from({ length: 200 }, (_, at) => `${at} ${"é".repeat(at * 10)}\n`);
    assert.deepEqual(
      await Promise.all(texts.map(write)),
      texts.map(() => true),
    );
    assert.equal(readFileSync(join(directory, "out"), "utf8"), texts.join(""));
  } finally {
    closeSync(descriptor);
    rmSync(directory, { recursive: true });
  }
});

test("a descriptor that cannot be written rejects, and says so again the next time", async () => {
  const descriptor = openSync("/dev/full", "w");
  try {
    const write = createPatientOutput(descriptor);
    await assert.rejects(write("x"), { code: "ENOSPC" });
    await assert.rejects(write("x"), { code: "ENOSPC" });
  } finally {
    closeSync(descriptor);
  }
});

/** Runs `script` with its stdout on a pipe that is read by `read`; what it said on stderr. */
function withPipe(script: string, read: (child: ReturnType<typeof spawn>) => void) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const source = `import { createPatientOutput } from ${JSON.stringify(join(import.meta.dirname, "patient-output.ts"))};
    const write = createPatientOutput(1); ${script}`;
  const child = spawn(
    process.execPath,
    ["--no-warnings", "--input-type=module-typescript", "--eval", source],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.once("close", () => resolve(stderr));
  read(child);
  return promise;
}

test("where nobody reads any more the answer is false", async () => {
  const said = await withPipe(
    'let last = true; while (last) last = await write("x".repeat(65536)); console.error(last);',
    (child) => child.stdout?.destroy(),
  );
  assert.equal(said, "false\n");
});

test("a full pipe holds up the text, not the process", async () => {
  let turns = 0;
  const said = await withPipe(
    `const timer = setInterval(() => process.stderr.write("."), 5);
     await write("x".repeat(1_000_000)); clearInterval(timer); process.stderr.write("done");`,
    (child) => {
      child.stderr?.on("data", () => {
        turns += 1;
        // Read on only after the process has shown that it lives.
        if (turns === 5) child.stdout?.resume();
      });
    },
  );
  assert.match(said, /^\.{5,}done$/);
});
