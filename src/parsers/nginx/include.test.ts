import assert from "node:assert/strict";
import { test } from "node:test";
import { INCLUDE_DEPTH_MAX, INCLUSIONS_MAX, type IncludeAccess, readNginx } from "./include.ts";
import type { NginxDirective } from "./parse.ts";

/** Files by absolute path; a value of `null` may not be read. */
function memory(files: Readonly<Record<string, string | null>>): IncludeAccess {
  return {
    prefixDirectory: "/etc/nginx",
    read: async (path) => {
      const text = files[path];
      if (text === undefined) return { state: "missing" };
      if (text === null) return { state: "unreadable", detail: "permission denied" };
      return { state: "known", value: text };
    },
    list: (directory) => {
      if (files[directory] === null) return { state: "unreadable", detail: "permission denied" };
      const start = directory === "/" ? "/" : `${directory}/`;
      const below = Object.keys(files).filter((path) => path.startsWith(start));
      const names = below.map((path) => path.slice(start.length).split("/")[0] ?? "");
      return names.length === 0
        ? { state: "missing" }
        : { state: "known", value: [...new Set(names)].reverse() };
    },
    nameOf: (path) => path.replace("/etc/nginx/", ""),
  };
}

async function read(files: Readonly<Record<string, string | null>>): Promise<{
  readonly words: unknown;
  readonly problems: readonly string[];
  readonly included: readonly string[];
}> {
  const tree = await readNginx("/etc/nginx/nginx.conf", memory(files));
  return {
    words: outline(tree.directives),
    problems: tree.problems.map(
      ({ kind, file, line, message }) => `${kind} ${file}:${line} ${message}`,
    ),
    included: tree.included,
  };
}

function outline(directives: readonly NginxDirective[]): unknown {
  return directives.map(({ name, block, file, line }) => {
    const place = `${name} ${file}:${line}`;
    return block === undefined ? place : [place, outline(block)];
  });
}

test("a file takes the place of its include, each directive keeps its own place", async () => {
  const { words, problems, included } = await read({
    "/etc/nginx/nginx.conf": "http {\n include sites/one;\n b;\n}",
    "/etc/nginx/sites/one": "server {\n include snippets/tls;\n}",
    "/etc/nginx/snippets/tls": "\na;",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(words, [
    ["http nginx.conf:1", [["server sites/one:1", ["a snippets/tls:2"]], "b nginx.conf:3"]],
  ]);
  assert.deepEqual(included, ["/etc/nginx/sites/one", "/etc/nginx/snippets/tls"]);
});

test("globs: byte order, hidden files out, nothing found is fine", async () => {
  const { words, problems } = await read({
    "/etc/nginx/nginx.conf": "include s/*.conf;\ninclude none/*.conf;\ninclude /a/*/x;",
    "/etc/nginx/s/b.conf": "b;",
    "/etc/nginx/s/B.conf": "B;",
    "/etc/nginx/s/10.conf": "ten;",
    "/etc/nginx/s/9.conf": "nine;",
    "/etc/nginx/s/.c.conf": "hidden;",
    "/etc/nginx/s/d.conf.bak": "bak;",
    "/a/one/x": "one;",
    "/a/two/y": "two;",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(words, [
    "ten s/10.conf:1",
    "nine s/9.conf:1",
    "B s/B.conf:1",
    "b s/b.conf:1",
    "one /a/one/x:1",
  ]);
});

test("inside map and upstream, and the same file twice", async () => {
  const { words, problems } = await read({
    "/etc/nginx/nginx.conf": "map $a $b { include m; }\nupstream u { include m; }",
    "/etc/nginx/m": "x y;",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(words, [
    ["map nginx.conf:1", ["x m:1"]],
    ["upstream nginx.conf:2", ["x m:1"]],
  ]);
});

test("missing, unreadable and cyclic includes are problems, the rest is kept", async () => {
  const { words, problems } = await read({
    "/etc/nginx/nginx.conf":
      "include gone;\ninclude secret;\ninclude loop;\ninclude locked/*;\na;\ninclude x y;",
    "/etc/nginx/secret": null,
    "/etc/nginx/locked": null,
    "/etc/nginx/loop": "b;\ninclude ./loop;\ninclude nginx.conf;",
  });
  assert.deepEqual(problems, [
    "missing-include nginx.conf:1 /etc/nginx/gone does not exist",
    "unreadable-include nginx.conf:2 /etc/nginx/secret cannot be read: permission denied",
    "include-cycle loop:2 /etc/nginx/loop includes itself",
    "include-cycle loop:3 /etc/nginx/nginx.conf includes itself",
    "unreadable-include nginx.conf:4 /etc/nginx/locked cannot be read: permission denied",
    'syntax nginx.conf:6 "include" takes one file and no block',
  ]);
  // What cannot be read stays where it is: the block around it is not known in full.
  assert.deepEqual(words, [
    "include nginx.conf:1",
    "include nginx.conf:2",
    "b loop:1",
    "include nginx.conf:4",
    "a nginx.conf:5",
  ]);
});

test("the main file missing or unreadable", async () => {
  const missing = await read({});
  assert.deepEqual(missing.problems, [
    "missing-include nginx.conf:1 /etc/nginx/nginx.conf does not exist",
  ]);
  const unreadable = await read({ "/etc/nginx/nginx.conf": null });
  assert.match(unreadable.problems[0] ?? "", /^unreadable-include nginx.conf:1 /);
});

test("a problem inside an included file is told once", async () => {
  const { problems } = await read({
    "/etc/nginx/nginx.conf": "include a;\ninclude a;",
    "/etc/nginx/a": "x;\n}",
  });
  assert.deepEqual(problems, ['syntax a:2 Unexpected "}": no block is open']);
});

test("limits: a chain of files", async () => {
  const chain = (length: number): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Array.from({ length: length + 1 }, (_, index) => [
        index === 0 ? "/etc/nginx/nginx.conf" : `/etc/nginx/f${index}`,
        index === length ? "end;" : `include f${index + 1};`,
      ]),
    );
  assert.deepEqual((await read(chain(INCLUDE_DEPTH_MAX))).problems, []);
  const { problems } = await read(chain(INCLUDE_DEPTH_MAX + 1));
  assert.deepEqual(problems.length, 1);
  assert.match(problems[0] ?? "", /^limit /);
});

test("limits: files that each include the next twice do not explode", async () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 25 }, (_, index) => [
      index === 0 ? "/etc/nginx/nginx.conf" : `/etc/nginx/f${index}`,
      `include f${index + 1};\ninclude f${index + 1};`,
    ]),
  );
  const { problems } = await read({ ...doubling, "/etc/nginx/f25": "end;" });
  assert.match(problems[0] ?? "", new RegExp(`^limit .* More than ${INCLUSIONS_MAX} inclusions`));
});

test("limits: files one glob matches", async () => {
  const files = (count: number): Readonly<Record<string, string>> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`/etc/nginx/d/${index}`, ""]));
  const main = { "/etc/nginx/nginx.conf": "include d/*;" };
  assert.deepEqual((await read({ ...files(INCLUSIONS_MAX), ...main })).problems, []);
  const { problems, included } = await read({ ...files(INCLUSIONS_MAX + 1), ...main });
  assert.deepEqual(problems, [
    `limit nginx.conf:1 More than ${INCLUSIONS_MAX} files match: none of them is read`,
  ]);
  assert.deepEqual(included, []);
});
