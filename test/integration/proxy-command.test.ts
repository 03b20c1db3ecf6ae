import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { parseCommand } from "../../src/cli/command.ts";
import { type CliIo, UsageError } from "../../src/cli/io.ts";
import { proxyCommand } from "../../src/cli/proxy.command.ts";
import { createScratch, type Ended, plimsoll, ROOT, type Scratch } from "./plimsoll.ts";

/* The public command over files of every sort: what it says, and how it ends. */

let scratch: Scratch;
before(() => {
  scratch = createScratch();
});
after(() => scratch.remove());

const BAD = "server {\n  listen 80;\n  location /a {\n    alias /x/;\n  }\n}\n";
const GOOD = "server {\n  listen 80;\n  location /a/ {\n    alias /x/;\n  }\n}\n";
const ONE_RULE = ["--only", "proxy.alias-traversal"];

interface ProxyJson {
  readonly exitCode: number;
  readonly target: { readonly directory: string };
  readonly controls: readonly {
    readonly id: string;
    readonly status: string;
    readonly findings: readonly {
      readonly rule: string;
      readonly message: string;
      readonly evidence: readonly { readonly file: string; readonly line: number }[];
      readonly edits?: readonly unknown[];
    }[];
  }[];
  readonly proxy: {
    readonly configurations: readonly { readonly proxy: string; readonly file: string }[];
    readonly problems: readonly {
      readonly file: string;
      readonly line?: number;
      readonly column?: number;
      readonly kind: string;
      readonly detail: string;
    }[];
    readonly requests?: readonly { readonly outcomes: readonly { readonly answer: string }[] }[];
  };
}

/** The command in this process; one test below runs the public one. */
async function proxy(...args: readonly string[]): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  const io: CliIo = {
    environment: { NO_COLOR: "1" },
    directory: scratch.directory,
    hostName: "test",
    isStdoutTty: false,
    isStderrTty: false,
    signal: new AbortController().signal,
    now: () => 0,
    elapsed: () => 0,
    stdout: (text) => {
      texts.stdout += text;
    },
    stdoutPatiently: async () => true,
    stderr: (text) => {
      texts.stderr += text;
    },
  };
  try {
    const exit = await proxyCommand.run({ ...parseCommand(proxyCommand, args), io });
    return { exit, ...texts };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { exit: 64, stdout: texts.stdout, stderr: error.message };
  }
}

async function proxyJson(...args: readonly string[]): Promise<ProxyJson & Ended> {
  const ended = await proxy(...args, "--json");
  return { ...(JSON.parse(ended.stdout) as ProxyJson), ...ended };
}

function write(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = `case-${count++}`;
  for (const [path, text] of Object.entries(files)) scratch.write(join(directory, path), text);
  return join(scratch.directory, directory);
}
let count = 0;

/** Findings of one rule, as `file:line`. */
function places({ controls }: ProxyJson, rule = "alias-traversal"): readonly string[] {
  return controls
    .flatMap(({ findings }) => findings)
    .filter((one) => one.rule === rule)
    .map(({ evidence: [at] }) => `${at?.file}:${at?.line}`);
}

/** Problems of reading as `file:line:column kind`. */
function problems({ proxy }: ProxyJson): readonly string[] {
  return proxy.problems.map(({ file, line, column, kind }) =>
    [[file, line, column].filter((part) => part !== undefined).join(":"), kind].join(" "),
  );
}

function reportValidator() {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(ROOT, "schema/report.schema.json"), "utf8")));
}

const read: readonly [
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  argument: string,
  found: readonly string[],
  unread: readonly string[],
  exit: number,
][] = [
  ["a snippet as in sites-enabled", { app: BAD }, "app", ["app:4"], [], 2],
  ["a good one", { app: GOOD }, "app", [], [], 0],
  [
    "a directory with includes",
    {
      "nginx.conf":
        "events {}\nhttp {\n  include /etc/nginx/mime.types;\n  include snippets/*.conf;\n}\n",
      "snippets/app.conf": BAD,
    },
    "",
    ["snippets/app.conf:4"],
    [],
    2,
  ],
  [
    "includes that lead to /etc/nginx",
    { "nginx.conf": "http {\n include /etc/nginx/conf.d/*.conf;\n}\n", "conf.d/a.conf": BAD },
    "nginx.conf",
    ["conf.d/a.conf:4"],
    [],
    2,
  ],
  [
    "drop-ins without a main file are one configuration",
    { "sites-enabled/a": BAD, "sites-enabled/b": BAD },
    "sites-enabled",
    ["a:4", "b:4"],
    [],
    2,
  ],
  [
    "a missing include",
    { "nginx.conf": `http {\n  include snippets/tls.conf;\n${BAD}}\n` },
    "",
    ["nginx.conf:6"],
    ["nginx.conf:2:3 missing"],
    2,
  ],
  [
    "nothing but a missing include is unknown",
    { "nginx.conf": `http {\n include x;\n${GOOD}}\n` },
    "",
    [],
    ["nginx.conf:2:2 missing"],
    1,
  ],
  [
    "includes in a circle",
    {
      "nginx.conf": `http { include a.conf; }\n`,
      "a.conf": `${BAD}include b.conf;\n`,
      "b.conf": "include a.conf;\n",
    },
    "nginx.conf",
    ["a.conf:4"],
    ["b.conf:1:1 loop"],
    2,
  ],
  [
    "broken syntax: the rest is read",
    { "nginx.conf": `http {\n  server {\n    listen 80\n  }\n${BAD}}\n}\n` },
    "",
    ["nginx.conf:8"],
    ["nginx.conf:3:5 syntax", "nginx.conf:12:1 syntax"],
    2,
  ],
  [
    "broken syntax alone is no pass",
    { "nginx.conf": `http {\n${GOOD}` },
    "",
    [],
    ["nginx.conf:1:1 syntax"],
    1,
  ],
  [
    "a listen nginx refuses",
    { a: "server {\n  listen 80 nonsense;\n}\n" },
    "a",
    [],
    ["a:2:13 syntax"],
    1,
  ],
  ["an empty file", { "nginx.conf": "" }, "nginx.conf", [], ["nginx.conf empty"], 1],
  ["an empty file without a name that tells", { x: " \n" }, "x", [], ["x empty"], 1],
  [
    "binary",
    { "nginx.conf": new Uint8Array(4_000).fill(7, 0, 10) },
    "nginx.conf",
    [],
    ["nginx.conf binary"],
    1,
  ],
  [
    "a word of a megabyte",
    { a: `${BAD}server { server_name ${"a".repeat(1_000_000)}; }\n` },
    "a",
    ["a:4"],
    ["a:7:22 limit"],
    2,
  ],
  [
    "a line of a megabyte",
    { a: `${BAD}server { server_name ${"a ".repeat(500_000)}; }\n` },
    "a",
    ["a:4"],
    [],
    2,
  ],
  [
    "Jinja",
    { "site.conf.j2": `{% if tls %}\n${BAD.replace("80", "{{ port }}")}{% endif %}\n` },
    "site.conf.j2",
    ["site.conf.j2:5"],
    ["site.conf.j2:1:1 template", "site.conf.j2:3:10 template"],
    2,
  ],
  [
    "Helm",
    { "nginx.conf": `server {\n  server_name {{ .Values.host | quote }};\n}\n` },
    "nginx.conf",
    [],
    ["nginx.conf:2:15 template"],
    1,
  ],
  [
    "templates of the official image",
    { "templates/default.conf.template": BAD.replace("80", "${PORT}") },
    "templates",
    ["default.conf.template:4"],
    ["default.conf.template:2:10 template"],
    2,
  ],
  [
    "Lua and modules nobody knows",
    { a: `more_magic on;\n${BAD}server { content_by_lua_block { local t = "}" } }\n` },
    "a",
    ["a:5"],
    [],
    2,
  ],
  [
    "one of several files is none",
    { "a.conf": BAD, "b.conf": "hello\n" },
    "a.conf b.conf",
    ["a.conf:4"],
    ["b.conf other"],
    2,
  ],
];

for (const [name, files, argument, found, unread, exit] of read) {
  test(`plimsoll proxy: ${name}`, async () => {
    const directory = write(files);
    const paths = argument.split(" ").map((path) => join(directory, path));
    const report = await proxyJson(...paths, ...ONE_RULE);
    const shown = problems(report).map((one) => one.replace(`${directory}/`, ""));
    assert.deepEqual(places(report), found);
    assert.deepEqual(shown, unread);
    assert.equal(report.exit, exit, report.stderr);
    assert.equal(report.exitCode, exit);
  });
}

const usage: readonly [name: string, args: readonly string[], says: RegExp][] = [
  ["no argument", [], /which configuration/],
  ["a file that is not there", ["/nowhere/nginx.conf"], /there is no such file/],
  ["a directory without one", [], /no configuration of a proxy lies in it/],
  ["a kind nobody knows", ["x", "--kind", "ngnix"], /did you mean "nginx"/],
  ["a version that is none", ["x", "--nginx-version", "new"], /takes a version/],
  ["an OpenSSL of an unknown nginx", ["x", "--openssl-version", "3.0.1"], /--nginx-version/],
  ["a request that is none", ["x", "--request", "a b c"], /--request takes/],
  ["two forms of output", ["x", "--json", "--format", "text"], /give one of the two/],
];

for (const [name, args, says] of usage) {
  test(`plimsoll proxy: ${name} is a usage error`, async () => {
    const paths = name === "a directory without one" ? [write({ "notes.txt": "x" })] : args;
    const ended = await proxy(...paths);
    assert.equal(ended.exit, 64);
    assert.match(ended.stderr, says);
    assert.equal(ended.stdout, "");
  });
}

test("a file that may not be read is said, the others are judged", {
  skip: process.getuid?.() === 0 ? "root reads everything" : false,
}, async () => {
  const directory = write({ "a.conf": BAD, "b.conf": BAD });
  chmodSync(join(directory, "b.conf"), 0);
  const report = await proxyJson(join(directory, "a.conf"), join(directory, "b.conf"), ...ONE_RULE);
  assert.deepEqual(places(report), ["a.conf:4"]);
  assert.deepEqual(problems(report), ["b.conf unreadable"]);
});

test("a pipe is no configuration and is not opened", async () => {
  const directory = write({ "a.conf": BAD });
  const pipe = join(directory, "nginx.conf");
  execFileSync("mkfifo", [pipe]);
  const ended = await proxy(pipe);
  assert.equal(ended.exit, 64);
  assert.match(ended.stderr, /not a regular file/);
});

test("an include that a link leads out of the directory is not followed", async () => {
  const outside = write({ "secret.conf": `server { # hidden\n${BAD}` });
  const directory = write({
    "nginx.conf": "http {\n include conf.d/*.conf;\n include /etc/passwd;\n}\n",
  });
  mkdirSync(join(directory, "conf.d"));
  symlinkSync(join(outside, "secret.conf"), join(directory, "conf.d/x.conf"));
  const report = await proxyJson(directory, ...ONE_RULE);
  assert.deepEqual(places(report), []);
  assert.deepEqual(problems(report), [
    "conf.d/x.conf unreadable",
    "nginx.conf:2:2 unreadable",
    "nginx.conf:3:2 missing",
  ]);
  assert.equal(report.exit, 1);
});

test("10,000 virtual hosts are read, each of them", async () => {
  const host = (at: number) =>
    `server {\n  server_name h${at}.test;\n  location /a {\n    alias /x/;\n  }\n}\n`;
  const directory = write({
    "nginx.conf": `http {\n${Array.from({ length: 10_000 }, (_, at) => host(at)).join("")}}\n`,
  });
  const report = await proxyJson(directory, ...ONE_RULE);
  assert.equal(places(report).length, 10_000);
  assert.equal(places(report).at(-1), `nginx.conf:${10_000 * 6 - 1}`);
  assert.deepEqual(problems(report), []);
});

test("the kind that is said counts, not the one the text looks like", async () => {
  const directory = write({ x: "example.test {\n\trespond ok\n}\n" });
  const told = await proxyJson(join(directory, "x"), ...ONE_RULE);
  assert.deepEqual(told.proxy.configurations, [{ proxy: "caddy", file: "x" }]);
  const said = await proxyJson(join(directory, "x"), "--kind", "nginx", ...ONE_RULE);
  assert.deepEqual(said.proxy.configurations, [{ proxy: "nginx", file: "x" }]);
});

test("the text names place, fix and diff, worst first, within 80 columns", async () => {
  const directory = write({ "nginx.conf": `http {\n${BAD}}\n` });
  const { stdout, exit } = await proxy(directory, ...ONE_RULE);
  assert.equal(exit, 2);
  assert.match(stdout, /^FAIL {2}alias-traversal \(proxy\.alias-traversal\)$/m);
  assert.match(stdout, /^ {6}nginx\.conf:5:5 {2}alias \/x\/;$/m);
  assert.match(stdout, /^ {8}Fix: Write: location \/a\/ \{ alias \/x\/; \}$/m);
  assert.match(stdout, /^ {8}- {4}alias \/x\/;\n {8}\+ {4}alias \/x;$/m);
  assert.match(stdout, /^NOT SAFE TO SHIP\n1 failure, 0 warnings, 0 notes; .*\(exit 2\)$/m);
  for (const line of stdout.split("\n").slice(1)) assert.ok(line.length <= 80, line);
});

test("JSON carries findings with their edits and validates as a report", async () => {
  const directory = write({ "nginx.conf": `http {\n${BAD}include x;\n}\n` });
  const validate = reportValidator();
  for (const more of [[], ["--request", "http://a.test/"]]) {
    const { stdout } = await proxy(directory, "--json", ...more);
    assert.ok(validate(JSON.parse(stdout)), JSON.stringify(validate.errors));
  }
  const { controls } = await proxyJson(directory, ...ONE_RULE);
  assert.deepEqual(controls[0]?.findings[0]?.edits, [
    { file: "nginx.conf", line: 5, column: 5, action: "replace", text: "alias /x;" },
  ]);
});

test("--diff prints a patch that patch and git apply, and nothing of the user's file is touched", async () => {
  const directory = write({ "nginx.conf": `http {\n${BAD}${BAD}}\n`, "copy/nginx.conf": "" });
  const before = readFileSync(join(directory, "nginx.conf"), "utf8");
  const { stdout, exit } = await proxy(join(directory, "nginx.conf"), "--diff", ...ONE_RULE);
  assert.equal(exit, 2);
  assert.equal(readFileSync(join(directory, "nginx.conf"), "utf8"), before);
  for (const [program, ...args] of [
    ["patch", "-p0", "--quiet"],
    ["git", "apply", "-"],
  ] as const) {
    const copy = write({ "nginx.conf": before });
    execFileSync(program, args, { cwd: copy, input: stdout, stdio: ["pipe", "ignore", "pipe"] });
    assert.equal(readFileSync(join(copy, "nginx.conf"), "utf8"), before.replaceAll("/x/;", "/x;"));
    assert.equal((await proxyJson(copy, ...ONE_RULE)).exit, 0);
  }
});

test("a secret beside a change is in neither the text nor the patch", async () => {
  const text = BAD.replace(
    "    alias",
    '    proxy_set_header Authorization "Basic czNjcjN0LXZhbHVl";\n    alias',
  );
  const directory = write({ "nginx.conf": `http {\n${text}}\n` });
  for (const more of [["-v"], ["--diff"], ["--json"], ["--request", "http://x/a"]]) {
    const { stdout, stderr } = await proxy(directory, ...ONE_RULE, ...more);
    assert.ok(!`${stdout}${stderr}`.includes("czNjcjN0LXZhbHVl"), more[0]);
  }
  const { stderr } = await proxy(directory, "--diff", ...ONE_RULE);
  assert.match(stderr, /not in the patch: what may be a secret/);
});

test("what a terminal would obey is escaped", async () => {
  const directory = write({
    "nginx.conf": `http {\n${BAD.replace("80;", "80; server_name \u001b[2Jx;")}}\n`,
  });
  const { stdout } = await proxy(directory, ...ONE_RULE, "-v");
  assert.ok(!stdout.includes("\u001b"));
});

test("--request tells what nginx would do, and the lines that decide", async () => {
  const directory = write({
    "nginx.conf":
      "http {\n  server {\n    listen 80;\n    server_name a.test;\n    location /old {\n      return 301 https://$host$request_uri;\n    }\n  }\n}\n",
  });
  const args = [directory, "--request", "http://a.test/old/x?y=1"];
  const report = await proxyJson(...args);
  assert.deepEqual(
    report.proxy.requests?.map(({ outcomes }) => outcomes.map(({ answer }) => answer)),
    [["301 to https://a.test/old/x?y=1"]],
  );
  assert.equal(report.exit, 0);
  const { stdout } = await proxy(...args);
  assert.match(stdout, /^GET http:\/\/a\.test\/old\/x\?y=1$/m);
  assert.match(stdout, /^ {2}answer {8}301 to https:\/\/a\.test\/old\/x\?y=1$/m);
  assert.match(stdout, /nginx\.conf:6:7 {2}return 301/);
});

test("the public command does the same", async () => {
  const directory = write({ "nginx.conf": `http {\n${BAD}}\n` });
  const args = [directory, ...ONE_RULE];
  const { stdout, exit } = await plimsoll(["proxy", ...args]);
  assert.deepEqual({ stdout, exit }, { stdout: (await proxy(...args)).stdout, exit: 2 });
});

/** What stands outside of any site is judged when a file is named, too. */
for (const [file, text, rule] of [
  ["static.yml", "api:\n  insecure: true\nentryPoints:\n", "api-insecure"],
  ["traefik.toml", "[api]\ninsecure = true\n", "api-insecure"],
  ["haproxy.cfg", "global\n  stats socket ipv4@0.0.0.0:9999 level admin\n", "stats-socket-exposed"],
  ["Caddyfile", '{\n\tadmin 0.0.0.0:2019\n}\na.test {\n\trespond "x"\n}\n', "admin-exposed"],
] as const) {
  test(`${file}: ${rule}`, async () => {
    const path = scratch.write(`globals/${file}`, text);
    const { controls } = JSON.parse((await proxy(path, "--json")).stdout) as ProxyJson;
    const rules = controls.flatMap(({ findings }) => findings.map((one) => one.rule));
    assert.equal(rules.includes(rule), true, rules.join(" "));
  });
}
