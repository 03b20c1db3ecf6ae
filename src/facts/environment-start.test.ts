import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost } from "../host/memory-host.ts";
import type { LiteralSource } from "./environment-layers.ts";
import { withStarts } from "./environment-start.ts";
import type { Service } from "./services.fact.ts";

const ROOT = "/srv/app";
const SERVICE: Service = {
  kind: "compose",
  name: "web",
  command: "",
  isApplication: true,
  isInContainer: true,
  pids: [],
  restart: "docker compose up -d web",
  sourcedFiles: [],
};

interface Given {
  readonly script?: string;
  readonly start?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly declared?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** `KEY=value file:line`, in order of precedence; `KEY? file:line` for one that is open. */
async function told(given: Given): Promise<readonly string[]> {
  const { script = "", start = "/app/entry.sh server", dockerfile, declared = {} } = given;
  const files = {
    "entry.sh": `#!/bin/sh\n${script}`,
    ...(dockerfile === undefined ? {} : { Dockerfile: dockerfile }),
    ...given.files,
  };
  const placed = Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text]);
  const target = given.target === undefined ? {} : { target: given.target };
  const image =
    dockerfile === undefined
      ? {}
      : { image: { dockerfile: "Dockerfile", context: ".", ...target } };
  const source: LiteralSource = {
    kind: "literal",
    layer: "service",
    reader: "docker compose",
    variables: Object.entries(declared).map(([key, value]) => ({ key, value, file: "c.yml" })),
  };
  const { sources, open } = await withStarts(
    {
      host: createMemoryHost({ files: Object.fromEntries(placed) }),
      target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts: false },
    },
    {
      services: [{ ...SERVICE, start: { text: start, ...image } }],
      published: [],
      binds: [],
    },
    [source],
  );
  return [
    ...sources.flatMap((each) =>
      each.kind === "file"
        ? []
        : each.variables.map(({ key, value, file, line }) => `${key}=${value} ${file}:${line}`),
    ),
    ...open.map(({ key, file, line }) => `${key}? ${file}:${line}`),
  ];
}

const BRANCHES = 'case "$1" in\nserver) export A=1;;\ndev) export A=2;;\nesac\nexec gunicorn app\n';

const cases: readonly (readonly [string, Given, readonly string[]])[] = [
  ["the branch the command chooses", { script: BRANCHES }, ["A=1 entry.sh:3"]],
  ["another command", { script: BRANCHES, start: "/app/entry.sh dev" }, ["A=2 entry.sh:4"]],
  ["a command nobody names", { script: BRANCHES, start: "/app/entry.sh x" }, []],
  [
    "through a shell and an init",
    { script: BRANCHES, start: "tini -- sh -e ./entry.sh dev" },
    ["A=2 entry.sh:4"],
  ],
  [
    "it stands before what is declared",
    { script: "export A=1\nexec x\n", declared: { A: "0" } },
    ["A=1 entry.sh:2", "A=0 c.yml:undefined"],
  ],
  [
    "its default for what is declared",
    { script: 'export A="${A:-1}" B="${B:-1}"\nexec x\n', declared: { A: "0" } },
    ["A=0 entry.sh:2", "B=1 entry.sh:2", "A=0 c.yml:undefined"],
  ],
  [
    "what the image brings stands behind it",
    {
      script: 'if [ "$MODE" = dev ]; then export A=1; fi\nexec x\n',
      dockerfile: "FROM a\nENV MODE=dev\n",
      declared: { MODE: "prod" },
    },
    ["MODE=prod c.yml:undefined", "MODE=dev Dockerfile:2"],
  ],
  [
    "the image decides a branch",
    {
      script: 'if [ "$MODE" = dev ]; then export A=1; fi\nexec x\n',
      dockerfile: "FROM a\nENV MODE=dev\n",
    },
    ["A=1 entry.sh:2", "MODE=dev Dockerfile:2"],
  ],
  [
    "ENV of the stage that is built, and of those below it",
    {
      dockerfile:
        "FROM a AS base\nENV A=1 B=1\nFROM base AS test\nENV A=3\nFROM base AS prod\nARG X\nENV A=2 C=$X\n",
      target: "prod",
      start: "",
    },
    ["A=2 Dockerfile:7", "B=1 Dockerfile:2"],
  ],
  [
    "a script that starts a script of the image",
    {
      script: 'export A=1\nexec "$@"\n',
      start: "/entry /start",
      dockerfile: "FROM a\nCOPY docker/entry /entry\nCOPY docker/begin /start\n",
      files: {
        "docker/entry": '#!/bin/sh\nexport A=1 B=1\nexec "$@"\n',
        "docker/begin": '#!/bin/bash\nexport B="$A$A"\nexec gunicorn app\n',
      },
    },
    ["A=1 docker/entry:2", "B=11 docker/begin:2"],
  ],
  ["a file decides", { script: "[ -f /x ] && export A=1\nexec x\n" }, ["A? entry.sh:2"]],
  ["a command gives it", { script: "export A=$(cat /x)\nexec x\n" }, ["A? entry.sh:2"]],
  [
    "taken away",
    { script: "unset A B\nexec x\n", declared: { A: "1" } },
    ["A=1 c.yml:undefined", "A? entry.sh:2"],
  ],
  ["not exported", { script: "A=1\nexec x\n" }, []],
  ["no script at all", { start: "gunicorn app", script: "export A=1\n" }, []],
  ["a script that does not parse", { script: "if x; then\nexport A=1\n" }, ["A? entry.sh:3"]],
];
for (const [name, given, expected] of cases) {
  test(`what a start gives: ${name}`, async () => {
    assert.deepEqual(await told(given), expected);
  });
}
