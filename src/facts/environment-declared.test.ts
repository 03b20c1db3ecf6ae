import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, unknown } from "../core/reading.ts";
import { hiddenDeclarations } from "./environment-declared.ts";

const DENIED = { code: "denied", detail: "permission denied" } as const;

function readings(...paths: readonly string[]) {
  const files = paths.map((path) => ({ path, kind: "file" as const }));
  return {
    unitFiles: known([]),
    composeFiles: absent("none"),
    deploymentTree: known({ files, directories: [], isTruncated: false, unreadable: [] }),
    services: absent("none"),
  };
}

const project = { services: [] };
const running = {
  services: known({
    services: [
      {
        kind: "unit" as const,
        name: "app.service",
        command: "",
        isApplication: true,
        isInContainer: false,
        pids: [],
        restart: "",
        sourcedFiles: [],
      },
    ],
    published: [],
    binds: [],
  }),
};
const unread = {
  name: "app.service",
  file: "app.service",
  isInstalled: false,
  unit: { entries: [] },
  problem: { file: "app.service", problem: DENIED },
};

type Given = Parameters<typeof hiddenDeclarations>[0];
const cases: readonly (readonly [name: string, given: Given, files: readonly string[]])[] = [
  ["nothing", readings(".env"), []],
  [
    "a compose file that may not be read",
    { ...readings("compose.yml"), composeFiles: unknown("denied", "permission denied") },
    ["compose.yml denied"],
  ],
  [
    "a sample of a compose file where a unit runs",
    { ...readings("deploy/compose.yml"), composeFiles: unknown("malformed", "x"), ...running },
    [],
  ],
  [
    "the project's own compose file where a unit runs",
    { ...readings("compose.yml"), composeFiles: unknown("malformed", "x"), ...running },
    ["compose.yml malformed"],
  ],
  [
    "an override that does not parse",
    {
      ...readings("compose.yml"),
      composeFiles: known({
        files: ["compose.yml"],
        project,
        problems: [{ file: "compose.override.yml", line: 3, message: "is not valid YAML" }],
      }),
    },
    ["compose.override.yml malformed"],
  ],
  [
    "a unit that may not be read",
    { ...readings("app.service"), unitFiles: known([unread]) },
    ["app.service denied"],
  ],
  [
    "a FIFO in the place of a unit, and a socket of the application",
    {
      ...readings(),
      deploymentTree: known({
        files: [],
        directories: [],
        isTruncated: false,
        unreadable: [
          { path: "app.service", code: "unsupported" },
          { path: "other.yml", code: "unsupported" },
          { path: "data", code: "denied" },
        ],
      }),
    },
    ["app.service unsupported"],
  ],
];
for (const [name, given, files] of cases) {
  test(`hidden declarations: ${name}`, () =>
    assert.deepEqual(
      hiddenDeclarations(given).map(({ file, problem }) => `${file} ${problem.code}`),
      files,
    ));
}
