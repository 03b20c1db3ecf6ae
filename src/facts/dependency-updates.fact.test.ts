import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, type Reading } from "../core/reading.ts";
import { createMemoryHost, type MemoryRun } from "../host/memory-host.ts";
import { dependencyUpdates, LOCKS_MAX } from "./dependency-updates.fact.ts";
import type { Repository } from "./repository.fact.ts";
import { BOT_COMMITS_MAX } from "./update-bots.ts";

const COMMIT = "a".repeat(40);
const SECONDS = 1_764_000_000;
const LAST: MemoryRun = (args) => ({
  stdout: args.includes("--max-count=1") ? `${COMMIT} ${SECONDS}\n` : "",
});
const TRACKED: Repository = {
  root: "/srv",
  tracked: ["app/main.py"],
  ignoredEnvFiles: [],
  dockerIgnoredEnvFiles: undefined,
};

interface Scene {
  readonly files?: Readonly<Record<string, string>>;
  readonly git?: MemoryRun | undefined;
  readonly found?: Reading<Repository>;
  readonly isTruncated?: boolean;
}

function collect({
  files = { "/srv/app/uv.lock": "" },
  found = known(TRACKED),
  isTruncated = false,
  ...scene
}: Scene) {
  const git = "git" in scene ? scene.git : LAST;
  const tree = {
    files: Object.keys(files)
      .filter((path) => path.startsWith("/srv/app/"))
      .map((path) => ({ path: path.slice("/srv/app/".length), kind: "file" as const })),
    directories: [],
    isTruncated,
    unreadable: [],
  };
  return dependencyUpdates.collect(
    {
      host: createMemoryHost({
        files: { "/srv/.git/HEAD": "ref: refs/heads/main\n", "/srv/app/x": "", ...files },
        run: git === undefined ? {} : { git },
      }),
      target: { directory: "/srv/app", urls: [], mode: "auto", compat: false, hostFacts: true },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {},
    { tree: known(tree), repository: found },
  );
}

/** `FILE@commit`, or the reading's state with the problem's code. */
async function told(scene: Scene): Promise<string> {
  const reading = await collect(scene);
  if (reading.state === "unknown") return `unknown ${reading.problem.code}`;
  if (reading.state === "absent") return "absent";
  return reading.value.locks
    .map(({ file, last }) => {
      if (last.state === "unknown") return `${file} unknown ${last.problem.code}`;
      if (last.state === "absent") return `${file} absent`;
      const { commit, committedMs, isCutOff } = last.value;
      assert.deepEqual([commit, committedMs], [COMMIT, SECONDS * 1_000]);
      return `${file} ${isCutOff ? "cut off" : "known"}`;
    })
    .join(", ");
}

const cases: readonly (readonly [name: string, scene: Scene, expected: string])[] = [
  ["a lock file", {}, "uv.lock known"],
  ["none", { files: { "/srv/app/main.py": "" } }, "absent"],
  ["none listed of a tree too large", { files: {}, isTruncated: true }, "unknown too-large"],
  ["of examples", { files: { "/srv/app/examples/uv.lock": "" } }, "absent"],
  [
    "requirements with pins",
    { files: { "/srv/app/requirements.txt": "django == 5.1.4 ; python_version > '3.9'\n" } },
    "requirements.txt known",
  ],
  [
    "pins with hashes in a folder",
    { files: { "/srv/app/requirements/base.txt": "a[b]==1.0 \\\n  --hash=sha256:00\n" } },
    "requirements/base.txt known",
  ],
  ["requirements without", { files: { "/srv/app/requirements.txt": "django>=5\n" } }, "absent"],
  [
    "requirements beside a lock file",
    { files: { "/srv/app/requirements.txt": "a==1\n", "/srv/app/poetry.lock": "" } },
    "poetry.lock known",
  ],
  ["no repository", { found: absent("no .git") }, "unknown not-recorded"],
  [
    "a repository of something else",
    { found: known({ ...TRACKED, tracked: [] }) },
    "unknown not-recorded",
  ],
  ["git refuses", { git: { exit: 128 } }, "uv.lock unknown unsupported"],
  ["no git", { git: undefined }, "uv.lock unknown tool-missing"],
  ["never committed", { git: { stdout: "" } }, "uv.lock absent"],
  ["not the output of git log", { git: { stdout: "x\n" } }, "uv.lock unknown malformed"],
  [
    "a shallow clone",
    { files: { "/srv/app/uv.lock": "", "/srv/.git/shallow": `${COMMIT}\n` } },
    "uv.lock cut off",
  ],
];

for (const [name, scene, expected] of cases) {
  test(`dependency-updates: ${name} is ${expected}`, async () => {
    assert.equal(await told(scene), expected);
  });
}

test(`dependency-updates: at most ${LOCKS_MAX} lock files`, async () => {
  const locks = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`/srv/app/part${at}/uv.lock`, ""] as const),
    );
  const counted = async (count: number) => (await told({ files: locks(count) })).split(", ").length;
  assert.equal(await counted(LOCKS_MAX), LOCKS_MAX);
  assert.equal(await counted(LOCKS_MAX + 1), LOCKS_MAX);
});

test("dependency-updates: the path is given from the work tree's root, never as a pattern", async () => {
  const asked: (readonly string[])[] = [];
  await collect({
    git: (args, { cwd }) => {
      asked.push([cwd ?? "", ...args]);
      return { stdout: "" };
    },
  });
  assert.equal(asked.length, 1);
  assert.equal(asked[0]?.[0], "/srv");
  assert.ok(asked[0]?.includes("--literal-pathspecs"));
  assert.deepEqual(asked[0]?.slice(-2), ["--", "app/uv.lock"]);
});

const PIP = "version: 2\nupdates:\n  - package-ecosystem: pip\n    directory: /\n";
const line = (author: string, subject: string) => `${COMMIT}\t${SECONDS}\t${author}\t${subject}\n`;
const bots: readonly (readonly [file: string, text: string, log: string, expected: string])[] = [
  [".github/dependabot.yml", PIP, line("dependabot[bot]", "Bump a"), "dependabot known"],
  [
    ".github/dependabot.yml",
    PIP,
    line("Ann", "Merge pull request #9 from shop/dependabot/pip/a-2"),
    "dependabot known",
  ],
  [
    ".github/dependabot.yml",
    PIP,
    line("Ann", "Merge pull request #9 from shop/dependabot/github_actions/a-2"),
    "dependabot absent",
  ],
  [
    ".github/dependabot.yml",
    PIP,
    line("dependabot[bot]", "build(deps): bump actions/checkout from 4 to 5"),
    "dependabot absent",
  ],
  [
    ".github/dependabot.yml",
    PIP,
    line("dependabot[bot]", "Bump @types/node from 4 to 5"),
    "dependabot known",
  ],
  [".github/dependabot.yml", PIP, line("Ann", "Write about dependabot"), "dependabot absent"],
  [".github/dependabot.yml", PIP.replace("pip", "github-actions"), "", ""],
  [".github/dependabot.yml", PIP.replace(/^/gm, "#"), "", ""],
  ["renovate.json", "{}", line("renovate[bot]", "Update dependency a to v2"), "renovate known"],
  [
    ".github/renovate.json5",
    "// ours\n{ extends: ['config:recommended'] }",
    line("Ann", "Merge branch 'renovate/a-2.x' into 'main'"),
    "renovate known",
  ],
  ["renovate.json", '{ "enabled": false }', line("renovate[bot]", "Update dependency a"), ""],
  ["renovate.json", "{}", line("dependabot[bot]", "Bump a"), "renovate absent"],
];

for (const [file, text, log, expected] of bots) {
  test(`dependency-updates: ${file}, ${log.trim() || "no commit"} is ${expected || "no bot"}`, async () => {
    const reading = await collect({
      files: { "/srv/app/uv.lock": "", [`/srv/${file}`]: text },
      git: (args) => ({
        stdout: args.includes(`--max-count=${BOT_COMMITS_MAX}`) ? log : "",
      }),
    });
    assert.ok(reading.state === "known");
    const shown = reading.value.bots.map(({ name, last }) => `${name} ${last.state}`);
    assert.equal(shown.join(), expected);
  });
}
