import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type IncludeAccess, readNginx } from "../../src/parsers/nginx/include.ts";
import { effectiveList, effectiveScalar, findDirectives } from "../../src/parsers/nginx/inherit.ts";
import { locationProblems, selectLocation } from "../../src/parsers/nginx/location.ts";
import { directiveText, type NginxTree, parseNginx } from "../../src/parsers/nginx/parse.ts";
import { httpServers, selectServer } from "../../src/parsers/nginx/server.ts";
import { PASS_DIRECTIVES, passTargets } from "../../src/parsers/nginx/upstream.ts";
import {
  makePrefix,
  nginxMissing,
  nginxRefuses,
  removePrefix,
  writeFiles,
} from "./nginx-process.ts";

/* Our own sample configurations: all of them load in nginx (their README says under what conditions). */

const SAMPLES = join(import.meta.dirname, "../data/nginx/samples");
const NAMES = readdirSync(SAMPLES);

function access(name: string): IncludeAccess {
  const prefixDirectory = join(SAMPLES, name);
  return {
    prefixDirectory,
    read: (path) => {
      // Shipped with nginx, not with the samples.
      if (path.startsWith("/etc/nginx/")) return { state: "known", value: "" };
      return { state: "known", value: readFileSync(path, "utf8") };
    },
    list: (directory) => ({ state: "known", value: readdirSync(directory) }),
  };
}

/** Everything the model has to say, so that nothing of it stays untried. */
function askEverything(tree: NginxTree): readonly string[] {
  const { servers, problems } = httpServers(tree);
  const said: string[] = problems.map(({ message }) => message);
  for (const server of servers) {
    said.push(...locationProblems(server.path).map(({ message }) => message));
    const { address, port } = server.listens[0] ?? { address: "*", port: 80 };
    const name = server.names[0]?.text ?? "";
    assert.ok(selectServer(servers, { address, port, host: name }).state);
    for (const target of ["/", "/.git/config", "/index.php", "/a/../%2e", name]) {
      const selection = selectLocation(server, target);
      if (selection.state !== "selected") continue;
      effectiveList(selection.path, "add_header");
      effectiveScalar(selection.path, "root", "alias");
    }
    for (const pass of findDirectives(server.path, ...PASS_DIRECTIVES)) {
      assert.ok(passTargets(pass).length > 0);
      assert.ok(directiveText(pass.directive));
    }
  }
  return said;
}

test(`${NAMES.length} samples are read without a problem`, async () => {
  assert.ok(NAMES.length > 100);
  for (const name of NAMES) {
    const tree = await readNginx(join(SAMPLES, name, "nginx.conf"), access(name));
    assert.deepEqual(tree.problems, [], name);
    assert.deepEqual(askEverything(tree), [], name);
    assert.ok(httpServers(tree).servers.length > 0, name);
  }
});

/** What this machine lacks is no fault of the text: certificates, folders, names, rights. */
const ENVIRONMENT =
  /cannot load certificate|host not found|open\(\) "[^"]+" failed|mkdir\(\)|bind\(\)|getpwnam|getgrnam/;

/** What nginx has against a sample's text, tried in a copy that writes nowhere else. */
function textRefused(name: string): string | undefined {
  const prefix = makePrefix({});
  try {
    cpSync(join(SAMPLES, name), prefix, { recursive: true });
    const text = readFileSync(join(prefix, "nginx.conf"), "utf8")
      .replace(/^pid .*;$/m, "")
      .replaceAll("/var/log/nginx", prefix);
    writeFiles(prefix, { "nginx.conf": text });
    const refusal = nginxRefuses(prefix)?.match(/\[emerg\].*/)?.[0];
    return refusal === undefined || ENVIRONMENT.test(refusal) ? undefined : refusal;
  } finally {
    removePrefix(prefix);
  }
}

test("nginx -t finds no fault with the text of any sample", {
  skip: nginxMissing() ?? false,
}, () => {
  const refused = NAMES.flatMap((name) => {
    const refusal = textRefused(name);
    return refusal === undefined ? [] : [`${name}: ${refusal.replace(/.*: /, "")}`];
  });
  // Newer than Debian 12's nginx, and without the stream module that is a package of its own.
  const allowed = refused.filter(
    (line) => !/^(?:good-http2-new-syntax|parse-stream-block):/.test(line),
  );
  assert.deepEqual(allowed, []);
});

/** A small generator with a fixed seed, so that a failure can be repeated (mulberry32). */
function randomSource(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const PIECES = [
  ..."{};\"'\\#$\n\r\t \0~*^@=[]()é\u{1f600}",
  ...[
    "${",
    "\\n",
    "location ~ (",
    "_by_lua_block {",
    "--[[",
    "include x;",
    "server {",
    "listen [::",
    "\ud800",
  ],
];

function mutated(text: string, random: (below: number) => number): string {
  let result = text;
  for (let count = 1 + random(6); count > 0; count -= 1) {
    const at = random(result.length + 1);
    const removed = random(3) === 0 ? random(200) : random(2);
    const added =
      random(4) === 0 ? result.slice(at, at + random(300)) : (PIECES[random(PIECES.length)] ?? "");
    result = result.slice(0, at) + added + result.slice(at + removed);
  }
  return result;
}

test("mutated samples: nothing is thrown, every position is inside the text", {
  timeout: 60_000,
}, () => {
  const random = randomSource(7);
  const texts = NAMES.map((name) => readFileSync(join(SAMPLES, name, "nginx.conf"), "utf8"));
  for (let round = 0; round < 2_000; round += 1) {
    const text = mutated(texts[random(texts.length)] ?? "", random);
    const tree = parseNginx(text, "f");
    askEverything(tree);
    const lines = text.split("\n");
    const main = { name: "main", args: [], block: tree.directives, file: "f", line: 1, column: 1 };
    const listens = findDirectives([main], "listen", "location", "server");
    const words = listens.flatMap(({ directive }) => [directive, ...directive.args]);
    for (const { line, column } of [...tree.problems, ...words]) {
      const length = lines[line - 1]?.length ?? -1;
      assert.ok(column >= 1 && column <= length + 1, `round ${round}: ${line}:${column}`);
    }
  }
});

test("200 virtual hosts", (context) => {
  const host = (index: number): string => {
    const locations = Array.from({ length: 8 }, (_, at) =>
      [
        `    location /p${at}/ {`,
        `        proxy_pass http://127.0.0.1:${8000 + at};`,
        "        proxy_set_header Host $host;",
        "    }",
      ].join("\n"),
    );
    return [
      "server {",
      "    listen 443 ssl;",
      `    server_name h${index}.test www.h${index}.test;`,
      ...Array.from(
        { length: 9 },
        (_, at) => `    add_header X-${at} "some value; quoted"; # note ${at}`,
      ),
      ...locations,
      "}",
    ].join("\n");
  };
  const text = `http {\n${Array.from({ length: 200 }, (_, index) => host(index)).join("\n")}\n}\n`;
  const start = performance.now();
  const tree = parseNginx(text, "f");
  const parsed = performance.now();
  const { servers } = httpServers(tree);
  for (const { names } of servers) {
    const name = names[0]?.text ?? "";
    const found = selectServer(servers, { address: "*", port: 443, host: name });
    assert.equal(found.state === "selected" && found.server.names[0]?.text, name);
  }
  const done = performance.now();
  assert.deepEqual(tree.problems, []);
  assert.equal(servers.length, 200);
  context.diagnostic(
    `${text.split("\n").length} lines: parsed in ${Math.round(parsed - start)} ms, 200 selections in ${Math.round(done - parsed)} ms`,
  );
});
