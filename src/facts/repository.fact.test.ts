import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectContext } from "../core/fact.ts";
import { absent, known, unknown } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import { parseCompose } from "../parsers/compose.ts";
import type { ComposeFiles } from "./compose-files.fact.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import type { EnvironmentValues } from "./environment-values.fact.ts";
import { repository } from "./repository.fact.ts";

interface Scene {
  readonly files: Readonly<Record<string, string | MemoryFile>>;
  readonly directory?: string;
  readonly envFiles?: readonly string[];
  readonly hostFacts?: boolean;
}

/** Version 2 with ASCII paths: every byte is one character, so the memory host's text is exact. */
function indexText(paths: readonly string[]): string {
  const u32 = (value: number) => String.fromCharCode(0, 0, 0, value);
  const entries = paths.map((path) => {
    const head = `${"\0".repeat(60)}\0${String.fromCharCode(path.length)}${path}\0`;
    return head.padEnd(Math.ceil(head.length / 8) * 8, "\0");
  });
  return `DIRC${u32(2)}${u32(paths.length)}${entries.join("")}${"\0".repeat(20)}`;
}

async function collect({ files, directory = "/srv/app", envFiles = [".env"], hostFacts }: Scene) {
  const context: CollectContext = {
    host: createMemoryHost({ files: { "/srv/app/x": "", ...files } }),
    target: { directory, urls: [], mode: "auto", compat: false, hostFacts: hostFacts ?? false },
    nowMs: 0,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  };
  const environment: EnvironmentValues = {
    assignments: [],
    unreadable: [],
    isProcessSeen: false,
    samples: [],
    published: [],
    files: envFiles.map((path) => ({
      path,
      absolute: path.startsWith("/") ? path : `${directory}/${path}`,
      usedBy: "test",
      loaders: [],
      text: known(""),
    })),
  };
  const paths = Object.keys(files).filter((path) => path.startsWith(`${directory}/`));
  const tree: DeploymentTree = {
    files: paths.map((path) => ({ path: path.slice(directory.length + 1), kind: "file" })),
    directories: [],
    isTruncated: false,
    unreadable: [],
  };
  const composeText = files[`${directory}/compose.yml`];
  const compose =
    typeof composeText === "string" ? known(composed(composeText)) : absent("no compose file");
  const readings = { environment: known(environment), tree: known(tree), compose };
  return repository.collect(context, {}, readings);
}

function composed(text: string): ComposeFiles {
  const result = parseCompose([{ file: "compose.yml", text }], () => undefined);
  assert.ok(result.ok);
  return { files: ["compose.yml"], project: result.project, problems: [] };
}

const GIT = { "/srv/app/.git/HEAD": "ref: refs/heads/main\n" };

test("tracked paths, ignored env files, no Dockerfile", async () => {
  const reading = await collect({
    envFiles: [".env", "config/.env", "/etc/app/env"],
    files: {
      ...GIT,
      "/srv/app/.git/index": indexText([".gitignore", "config/.env", "manage.py"]),
      "/srv/app/.gitignore": ".env\n!config/.env\n",
    },
  });
  assert.deepEqual(
    reading,
    known({
      root: "/srv/app",
      tracked: [".gitignore", "config/.env", "manage.py"],
      ignoredEnvFiles: [".env"],
      dockerIgnoredEnvFiles: undefined,
    }),
  );
});

test("a repository above: paths of the audited directory only, ignore files along the way", async () => {
  const scene = {
    directory: "/srv/app/backend",
    files: {
      ...GIT,
      "/srv/app/.git/index": indexText(["README", "backend/manage.py", "backend2/x"]),
      "/srv/app/.git/info/exclude": "/backend/.env\n",
      "/srv/app/.gitignore": "!.env\n",
      "/srv/app/backend/.gitignore": "/.env\n",
    },
  };
  const reading = await collect({ ...scene, hostFacts: true });
  assert.ok(reading.state === "known");
  assert.deepEqual(
    [reading.value.root, reading.value.tracked, reading.value.ignoredEnvFiles],
    ["/srv/app", ["manage.py"], [".env"]],
  );
  assert.equal((await collect(scene)).state, "absent");
});

test("a linked work tree: its own index, the common exclude", async () => {
  const scene = {
    files: {
      "/srv/app/.git": "gitdir: /srv/main/.git/worktrees/app\n",
      "/srv/main/.git/worktrees/app/HEAD": "x",
      "/srv/main/.git/worktrees/app/commondir": "../..\n",
      "/srv/main/.git/worktrees/app/index": indexText(["a"]),
      "/srv/main/.git/info/exclude": ".env\n",
    },
  };
  const reading = await collect({ ...scene, hostFacts: true });
  assert.ok(reading.state === "known");
  assert.deepEqual([reading.value.tracked, reading.value.ignoredEnvFiles], [["a"], [".env"]]);
  assert.deepEqual(
    await collect(scene),
    unknown(
      "not-recorded",
      "/srv/app/.git leads to /srv/main/.git/worktrees/app, outside of the audited directory",
    ),
  );
});

const PROBLEMS: readonly (readonly [
  string,
  string | MemoryFile | undefined,
  string | undefined,
])[] = [
  ["none", undefined, undefined],
  ["no index", "hello", "/srv/app/.git/index is not a git index"],
  ["denied", { text: "", unreadable: true }, "/srv/app/.git/index: permission denied"],
];
for (const [name, index, problem] of PROBLEMS) {
  test(`index: ${name}`, async () => {
    const extra = index === undefined ? {} : { "/srv/app/.git/index": index };
    const reading = await collect({ files: { ...GIT, ...extra } });
    assert.ok(reading.state === "known");
    assert.deepEqual([reading.value.tracked, reading.value.problem], [[], problem]);
  });
}

test("no repository, an empty .git, a denied .git", async () => {
  assert.equal((await collect({ files: {} })).state, "absent");
  assert.equal((await collect({ files: { "/srv/app/.git/x": "" } })).state, "absent");
  const denied = await collect({
    files: { ...GIT, "/srv/app/.git": { kind: "directory", unreadable: true } },
  });
  assert.equal(denied.state === "unknown" && denied.problem.code, "denied");
});

const COPY = "FROM python:3\nCOPY . /app\n";
type Files = Readonly<Record<string, string>>;
const DOCKER: readonly (readonly [string, Files, readonly string[] | undefined])[] = [
  ["no copy of the context", { Dockerfile: "FROM a\nCOPY app /app\n" }, undefined],
  ["no .dockerignore", { Dockerfile: COPY }, []],
  ["covered", { Dockerfile: COPY, ".dockerignore": ".env\n" }, [".env"]],
  [
    "own ignore file wins",
    { Dockerfile: COPY, ".dockerignore": ".env", "Dockerfile.dockerignore": "x" },
    [],
  ],
  [
    "one of two images gets it",
    {
      Dockerfile: COPY,
      ".dockerignore": ".env",
      "b/api.Dockerfile": COPY,
      "b/api.Dockerfile.dockerignore": "y",
    },
    [],
  ],
  [
    "another context",
    { "web/Dockerfile": COPY, "compose.yml": "services: {web: {build: ./web}}" },
    [".env"],
  ],
  ["tests do not count", { "tests/Dockerfile": COPY }, undefined],
];
for (const [name, files, expected] of DOCKER) {
  test(`docker: ${name}`, async () => {
    const placed = Object.entries(files).map(([path, text]) => [`/srv/app/${path}`, text]);
    const reading = await collect({ files: { ...GIT, ...Object.fromEntries(placed) } });
    assert.ok(reading.state === "known");
    assert.deepEqual(reading.value.dockerIgnoredEnvFiles, expected);
  });
}
