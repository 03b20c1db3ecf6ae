import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { absent, HostError, known, type Reading } from "../core/reading.ts";
import { createMemoryHost, type MemoryRun } from "../host/memory-host.ts";
import { type GitHistory, gitHistory, HISTORY_COMMITS_MAX } from "./git-history.fact.ts";

const SECRET = "k3yQ9zXw7LmN2pRt5VbC8dFg";
const HASH = (digit: string) => digit.repeat(40);

function commit(digit: string, file: string, line: string): string {
  return `\u0001${HASH(digit)}\n\ndiff --git a/${file} b/${file}\nindex 1..2 100644\n--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n${line}\n`;
}

async function collect(run: MemoryRun | undefined, isDeep = true, hasGit = true) {
  const asked: string[] = [];
  const answer: MemoryRun = (args, options) => {
    asked.push(args.join(" "));
    return typeof run === "function" ? run(args, options) : (run ?? {});
  };
  const reading = await gitHistory.collect(
    {
      host: createMemoryHost(run === undefined ? {} : { run: { git: answer } }),
      target: { directory: "/srv", urls: [], mode: "auto", compat: false, hostFacts: true, isDeep },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {},
    {
      environmentValues: known({
        assignments: [
          {
            key: "SECRET_KEY",
            value: SECRET,
            layer: "dotenv",
            file: ".env",
            line: 1,
            reader: "python-dotenv",
          },
        ],
        unreadable: [],
        isProcessSeen: false,
      }),
      repository: hasGit
        ? known({
            root: "/srv",
            tracked: [],
            ignoredEnvFiles: [],
            dockerIgnoredEnvFiles: undefined,
          })
        : absent("no git"),
    },
  );
  assert.ok(!JSON.stringify([reading, asked]).includes(SECRET));
  return { reading, asked };
}

function historyOf(reading: Reading<GitHistory>): GitHistory {
  return reading.state === "known" ? reading.value : assert.fail(reading.state);
}

const numberOf = (args: readonly string[], name: string) =>
  Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1]);

/** A history of so many commits, each of which changes a file. */
function history(length: number, change: (at: number) => string, limit = 1_000): MemoryRun {
  return (args) => {
    const from = numberOf(args, "skip");
    const count = numberOf(args, "max-count");
    if (count > limit) return new HostError("too-large", "git: printed more");
    const wanted = Array.from({ length: Math.max(0, Math.min(count, length - from)) });
    return { stdout: wanted.map((_, at) => change(from + at)).join("") };
  };
}

const plain = () => commit("a", "README.md", "+text");

describe("git-history", () => {
  test("absent unless asked for, and without a repository", async () => {
    assert.equal((await collect(undefined, false)).reading.state, "absent");
    assert.equal((await collect(undefined, true, false)).reading.state, "absent");
  });

  test("the newest commit that adds or removes a live value, with its file", async () => {
    const changes = [
      plain(),
      commit("b", "config/app settings.py", `-SECRET_KEY = "${SECRET}"`),
      commit("c", "config/app settings.py", `+SECRET_KEY = "${SECRET}"`),
    ];
    const { reading } = await collect(history(3, (at) => changes[at] ?? ""));
    const { found, commits, isTruncated } = historyOf(reading);
    assert.deepEqual(
      found.map(({ key, commit: hash, file }) => [key, hash, file]),
      [["SECRET_KEY", HASH("b"), "config/app settings.py"]],
    );
    assert.deepEqual([commits, isTruncated], [3, false]);
  });

  test("smaller parts where the output is too large; a commit that is too large alone is said", async () => {
    const small = historyOf((await collect(history(40, plain, 4))).reading);
    assert.deepEqual([small.commits, small.isTruncated], [40, false]);
    const none = historyOf((await collect(history(3, plain, 0))).reading);
    assert.equal(none.isTruncated, true);
  });

  test("as many commits as the limit, and then it says that there are more", async () => {
    const all = historyOf((await collect(history(HISTORY_COMMITS_MAX - 200, plain))).reading);
    assert.deepEqual([all.commits, all.isTruncated], [HISTORY_COMMITS_MAX - 200, false]);
    const cut = historyOf((await collect(history(HISTORY_COMMITS_MAX * 2, plain))).reading);
    assert.equal(cut.isTruncated, true);
    assert.ok(cut.commits < HISTORY_COMMITS_MAX + 256);
  });

  test("unknown where git is missing, refuses or takes too long", async () => {
    const codes = [];
    for (const run of [
      undefined,
      { exit: 128, stderr: "fatal: detected dubious ownership" },
      new HostError("denied", "git: may not be run"),
    ] as const) {
      const { reading } = await collect(run);
      codes.push(reading.state === "unknown" ? reading.problem.code : reading.state);
    }
    assert.deepEqual(codes, ["tool-missing", "unsupported", "denied"]);
  });

  test("nothing of the repository's own configuration runs", async () => {
    const { asked } = await collect(history(1, plain));
    for (const option of [
      "--no-ext-diff",
      "--no-textconv",
      "protocol.allow=never",
      "core.fsmonitor=false",
    ])
      assert.ok(
        asked.every((args) => args.includes(option)),
        option,
      );
  });
});
