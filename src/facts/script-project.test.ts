import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectContext } from "../core/fact.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import { CLOSURE_FILES_MAX, openScriptProject } from "./script-project.ts";
import { openSources } from "./source-files.ts";

const ROOT = "/srv/app";

async function projectOf(
  files: Readonly<Record<string, string>>,
  commands: readonly string[] = [],
) {
  const host = createMemoryHost({
    files: Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text]),
    ),
  });
  const context: CollectContext = {
    host,
    target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts: false },
    nowMs: 0,
    fingerprintKey: "example",
    signal: new AbortController().signal,
  };
  const tree = {
    files: Object.keys(files).map((path) => ({ path, kind: "file" as const })),
    directories: [],
    isTruncated: false,
    unreadable: [],
  };
  return openScriptProject(openSources(context, tree), commands);
}

const EXPRESS = 'require("express")();';

const entries: readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
  commands?: readonly string[],
][] = [
  ["a service's command", { "a/b.js": EXPRESS, "server.js": "" }, ["a/b.js"], ["node a/b.js"]],
  [
    "a manifest's start",
    { "package.json": '{"scripts":{"start":"node app/run.js"}}', "app/run.js": EXPRESS },
    ["app/run.js"],
  ],
  [
    "a start that runs another script",
    {
      "package.json": '{"scripts":{"start":"npm run serve-it","serve-it":"node x.js"}}',
      "x.js": EXPRESS,
    },
    ["x.js"],
  ],
  [
    "what a compiler makes of the source",
    {
      "package.json": '{"scripts":{"start":"node ./build/server/index.js"}}',
      "server/index.ts": EXPRESS,
    },
    ["server/index.ts"],
  ],
  [
    "main of a manifest",
    { "package.json": '{"main":"dist/main.js"}', "src/main.ts": EXPRESS },
    ["src/main.ts"],
  ],
  [
    "an image's command",
    { Dockerfile: 'FROM node\nCMD ["node", "lib/www.js"]\n', "lib/www.js": EXPRESS },
    ["lib/www.js"],
  ],
  ["a likely name", { "src/index.ts": EXPRESS, "other.ts": "" }, ["src/index.ts"]],
];

for (const [name, files, expected, commands] of entries)
  test(`the entry by ${name}`, async () => {
    assert.deepEqual((await projectOf(files, commands))?.entries, expected);
  });

test("a server that no import leads to is part of what is read", async () => {
  const project = await projectOf({ "server.js": "load('x')", "plugins/x.js": EXPRESS });
  assert.deepEqual(project?.closure, ["server.js", "plugins/x.js"]);
});

for (const [more, expected] of [
  [-1, CLOSURE_FILES_MAX],
  [0, CLOSURE_FILES_MAX + 1],
  [5, CLOSURE_FILES_MAX + 1],
] as const)
  test(`a chain of ${CLOSURE_FILES_MAX + more} imports is followed for ${expected} files`, async () => {
    const names = Array.from({ length: CLOSURE_FILES_MAX + more }, (_, at) => `m${at}.js`);
    const chain = names.map((name, at) => [name, `require("./m${at + 1}");`] as const);
    const files = { "server.js": `${EXPRESS}require("./m0");`, ...Object.fromEntries(chain) };
    assert.equal((await projectOf(files))?.closure.length, expected);
  });

test("a tree without scripts is no project", async () => {
  assert.equal(await projectOf({ "app.py": "" }), undefined);
});
