import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDockerfile } from "./dockerfile.ts";
import { DOCKER_COPIES_MAX, dockerCopies } from "./dockerfile-copies.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["the whole context", "FROM x\nCOPY . /app\n", ["context . /app"]],
  [
    "below the working directory",
    'FROM x\nWORKDIR /app\nCOPY --chown=a ./a.py b.py conf/\nWORKDIR sub\nADD ["c d.py", "e.py"]\n',
    ["context a.py /app/conf/", "context b.py /app/conf/", "context c d.py /app/sub/e.py"],
  ],
  ["another stage's file is none of the context", "FROM x\nCOPY --from=base /a /b\n", []],
  [
    "cp and mv within a RUN",
    "FROM x\nWORKDIR /app\nRUN --mount=type=cache,target=/c set -eu; \\\n  cp -f docker/a.py conf/a.py \\\n  && mv /x.py ./\n",
    ["image /app/docker/a.py /app/conf/a.py", "image /x.py /app/"],
  ],
  ["a new stage starts at the top", "FROM x\nWORKDIR /a\nFROM y\nCOPY b c\n", ["context b /c"]],
];

for (const [name, text, expected] of cases)
  test(`copies of a Dockerfile: ${name}`, () => {
    const copies = dockerCopies(parseDockerfile(text));
    assert.deepEqual(
      copies.map(
        ({ source, target, isFromImage }) =>
          `${isFromImage ? "image" : "context"} ${source} ${target}`,
      ),
      expected,
    );
  });

for (const [count, expected] of [
  [DOCKER_COPIES_MAX, DOCKER_COPIES_MAX],
  [DOCKER_COPIES_MAX + 1, DOCKER_COPIES_MAX],
] as const)
  test(`of ${count} copies ${expected} are kept`, () => {
    const text = `FROM x\n${"COPY a b\n".repeat(count)}`;
    assert.equal(dockerCopies(parseDockerfile(text)).length, expected);
  });
