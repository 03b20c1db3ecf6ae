import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryHost } from "../host/memory-host.ts";
import { dockerStart, startScripts } from "./start-scripts.ts";

const ROOT = "/srv/app";

function contextOf(files: Readonly<Record<string, string>>) {
  const placed = Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text]);
  return {
    host: createMemoryHost({ files: { [`${ROOT}/x`]: "", ...Object.fromEntries(placed) } }),
    target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts: false } as const,
  };
}

async function scripts(command: string, files: Readonly<Record<string, string>>) {
  const starts = [{ service: "web", text: command }];
  const { debugFlags, sourced } = await startScripts(contextOf(files), starts);
  return [
    ...sourced.map(({ path }) => path),
    ...debugFlags.map(({ text, file, line }) => `${text} ${file}:${line}`),
  ];
}

const SHEBANG = "#!/bin/sh\n";

describe("what a start script sources and turns on", () => {
  const cases: readonly (readonly [string, command: string, script: string, readonly string[]])[] =
    [
      ["sourced", "./start.sh", ". ./.env\nexec gunicorn a\n", [".env"]],
      ["source of bash", "bash -e start.sh", "set -a; source .env; set +a\n", [".env"]],
      ["in a condition", "./start.sh", "if [ -f .env ]; then . ./.env; fi\n", [".env"]],
      ["behind &&", "./start.sh", "[ -f .env ] && . ./.env\n", [".env"]],
      ["beside the script", "./start.sh", '. "$(dirname "$0")/.env"\n', [".env"]],
      [
        "the image's path",
        "/app/start.sh gunicorn a",
        ". /app/.env.production\n",
        [".env.production"],
      ],
      ["an absolute file", "./start.sh", ". /etc/default/app\n", ["/etc/default/app"]],
      ["a comment", "./start.sh", "# . ./.env\n", []],
      ["echoed", "./start.sh", "echo . ./.env\n", []],
      ["reload", "sh -c 'exec ./start.sh'", "exec uvicorn a:b --reload\n", ["--reload start.sh:2"]],
    ];
  for (const [name, command, script, expected] of cases) {
    test(name, async () =>
      assert.deepEqual(await scripts(command, { "start.sh": SHEBANG + script }), expected),
    );
  }

  test("a script in its usual directory", async () =>
    assert.deepEqual(
      await scripts("/entrypoint.sh", { "docker/entrypoint.sh": `${SHEBANG}. ./.env` }),
      [".env"],
    ));
  test("no script of a shell", async () =>
    assert.deepEqual(await scripts("./run", { run: "#!/usr/bin/env python3\nsource = 1\n" }), []));
  test("no such script, and no script of another place", async () => {
    assert.deepEqual(await scripts("./start.sh ../../etc/x.sh", {}), []);
    assert.deepEqual(await scripts("../../etc/passwd", { "etc/passwd": SHEBANG }), []);
  });
});

describe("what an image starts", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['FROM a\nCMD ["uvicorn", "a:b", "--reload"]\n', ["--reload Dockerfile:2"]],
    ["FROM a AS dev\nCMD uvicorn a:b --reload\nFROM a\nCMD uvicorn a:b\n", []],
    ["FROM a\n# CMD uvicorn a:b --reload\nCMD uvicorn a:b\n", []],
  ];
  for (const [dockerfile, expected] of cases) {
    test(dockerfile, async () => {
      const start = await dockerStart(contextOf({ Dockerfile: dockerfile }));
      const flags = start?.debugFlags.map(({ text, file, line }) => `${text} ${file}:${line}`);
      assert.deepEqual(flags, expected);
    });
  }

  test("no Dockerfile", async () => assert.equal(await dockerStart(contextOf({})), undefined));
});
