import assert from "node:assert/strict";
import { test } from "node:test";
import { type ComposeService, parseCompose } from "./compose.ts";

const ENVIRONMENT: Readonly<Record<string, string>> = { TAG: "1.2", EMPTY: "", PORT: "8001" };
const lookup = (name: string) => ENVIRONMENT[name];

function servicesOf(...texts: readonly string[]): readonly ComposeService[] {
  const sources = texts.map((text, index) => ({ file: `f${index}.yml`, text }));
  const result = parseCompose(sources, lookup);
  assert.equal(result.ok, true, JSON.stringify(result));
  return result.ok ? result.project.services : [];
}

function only(...texts: readonly string[]): ComposeService {
  const [service] = servicesOf(...texts);
  assert.ok(service);
  return service;
}

const PORTS: readonly (readonly [string, readonly [string, string, string, string]])[] = [
  ['"8000:8000"', ["", "8000", "8000", "tcp"]],
  ["8000:8000", ["", "8000", "8000", "tcp"]],
  ["80:80", ["", "80", "80", "tcp"]],
  ["22:22", ["", "22", "22", "tcp"]],
  ["8000", ["", "", "8000", "tcp"]],
  ['"127.0.0.1:8000:8000"', ["127.0.0.1", "8000", "8000", "tcp"]],
  ['"127.0.0.1::8000"', ["127.0.0.1", "", "8000", "tcp"]],
  ['"[::1]:80:80"', ["::1", "80", "80", "tcp"]],
  ['"::1:80:81"', ["::1", "80", "81", "tcp"]],
  ['"[::]:80:80"', ["::", "80", "80", "tcp"]],
  ['"53:53/UDP"', ["", "53", "53", "udp"]],
  ['"3000-3005:3000-3005"', ["", "3000-3005", "3000-3005", "tcp"]],
  [`"\${HOST:-0.0.0.0}:\${PORT}:8000"`, ["0.0.0.0", "8001", "8000", "tcp"]],
  ["{target: 80, published: 8080}", ["", "8080", "80", "tcp"]],
  [
    '{target: 80, published: "8080", host_ip: "[::1]", protocol: udp, mode: host}',
    ["::1", "8080", "80", "udp"],
  ],
  ["{target: 80}", ["", "", "80", "tcp"]],
];
for (const [written, expected] of PORTS) {
  test(`port ${written}`, () => {
    const { ports } = only(`services:\n  web:\n    ports:\n      - ${written}\n`);
    assert.deepEqual(
      ports.map((port) => [port.hostAddress, port.hostPort, port.containerPort, port.protocol]),
      [expected],
    );
    assert.equal(ports[0]?.line, 4);
  });
}

const VALUES: readonly (readonly [string, string | undefined, boolean])[] = [
  ["plain", "plain", false],
  ['"a b # c"', "a b # c", false],
  ["", undefined, false],
  ["~", undefined, false],
  ['""', "", false],
  ["true", "true", false],
  ["yes", "yes", false],
  ["1.0", "1.0", false],
  ["0600", "0600", false],
  ["$TAG", "1.2", true],
  [`a\${TAG}b`, "a1.2b", true],
  [`\${NONE}`, "", true],
  [`\${NONE:-x}`, "x", true],
  [`\${EMPTY:-x}`, "x", true],
  [`\${EMPTY-x}`, "", true],
  [`\${NONE-x}`, "x", true],
  [`\${TAG:+x}`, "x", true],
  [`\${EMPTY:+x}`, "", true],
  [`\${EMPTY+x}`, "x", true],
  [`"\${NONE:?is required}"`, "", true],
  [`\${NONE:-\${TAG:-z}}`, "1.2", true],
  ["a$$b", "a$b", false],
  [`"$\${TAG}"`, `\${TAG}`, false],
  [`"$"`, "$", false],
  [`"\${"`, `\${`, false],
  [`"\${TAG"`, `\${TAG`, false],
  [`"\${9}"`, `\${9}`, false],
];
for (const [written, value, isInterpolated] of VALUES) {
  test(`environment value ${written}`, () => {
    const { environment } = only(`services:\n  web:\n    environment:\n      KEY: ${written}\n`);
    assert.deepEqual(environment, [{ key: "KEY", value, isInterpolated, file: "f0.yml", line: 4 }]);
  });
}

test("environment as a list: with, without and with an empty value", () => {
  const { environment } = only(
    `services:\n  web:\n    environment:\n      - A=b=c\n      - B\n      - "C="\n      - A=last\n`,
  );
  assert.deepEqual(
    environment.map(({ key, value, line }) => [key, value, line]),
    [
      ["A", "last", 7],
      ["B", undefined, 5],
      ["C", "", 6],
    ],
  );
});

test("env_file as text, list and long form", () => {
  const { envFiles } = only(
    "services:\n  web:\n    env_file:\n      - .env\n      - path: ./b.env\n        required: false\n        format: raw\n",
  );
  assert.deepEqual(envFiles, [
    { path: ".env", isRequired: true, file: "f0.yml", line: 4 },
    { path: "./b.env", isRequired: false, file: "f0.yml", line: 5, format: "raw" },
  ]);
  assert.deepEqual(
    only("services: {web: {env_file: .env}}").envFiles.map(({ path }) => path),
    [".env"],
  );
});

test("anchors, aliases and merge keys; own keys win, the first merged map wins", () => {
  const text = [
    "x-a: &a {image: one, user: app}",
    "x-b: &b {image: two, network_mode: host, container_name: n, environment: &e {K: v}}",
    "services:",
    "  web:",
    "    <<: [*a, *b]",
    "    user: web",
    "  job:",
    "    <<: *b",
    "    environment:",
    "      <<: *e",
    "      L: m",
  ].join("\n");
  const [web, job] = servicesOf(text);
  assert.deepEqual([web?.image, web?.user, web?.networkMode], ["one", "web", "host"]);
  assert.equal(web?.containerName, "n");
  assert.deepEqual(
    web?.environment.map(({ key, line }) => [key, line]),
    [["K", 2]],
  );
  assert.deepEqual(
    job?.environment.map(({ key, value }) => [key, value]),
    [
      ["L", "m"],
      ["K", "v"],
    ],
  );
});

test("command, entrypoint, build, labels, volumes, depends_on, profiles", () => {
  const [web, job] = servicesOf(`services:
  web:
    build: {context: ./app, dockerfile: Dockerfile.prod, target: run}
    entrypoint: ["sh", "-c"]
    command: ["gunicorn app:app --bind :8000", "it's"]
    user: "1000:1000"
    expose: [8000]
    labels: ["traefik.enable=true"]
    volumes: ["./data:/data:ro", "/cache", {type: bind, source: /s, target: /t}]
    depends_on: {db: {condition: service_healthy}}
    profiles: [prod]
  job:
    build: .
    depends_on: [web]
    command: >
      python manage.py
      work
`);
  assert.ok(web && job);
  assert.equal(web.command, `sh -c 'gunicorn app:app --bind :8000' 'it'\\''s'`);
  assert.deepEqual(
    [web.isBuilt, web.buildContext, web.dockerfile, web.buildTarget, web.user, web.commandLine],
    [true, "./app", "Dockerfile.prod", "run", "1000:1000", 5],
  );
  assert.deepEqual([web.expose, web.dependsOn, web.profiles], [["8000"], ["db"], ["prod"]]);
  assert.deepEqual(
    web.labels.map(({ key, value }) => [key, value]),
    [["traefik.enable", "true"]],
  );
  assert.deepEqual(
    web.volumes.map(({ source, target }) => [source, target]),
    [
      ["./data", "/data"],
      ["", "/cache"],
      ["/s", "/t"],
    ],
  );
  assert.deepEqual(
    [job.command, job.buildContext, job.dependsOn],
    ["python manage.py work", ".", ["web"]],
  );
});

test("extends inside the file: merged, chained, cycles and other files left alone", () => {
  const [, web, loop, other] = servicesOf(`services:
  base: {image: one, environment: {A: "1", B: "1"}, ports: ["1:1"], depends_on: [db]}
  web: {extends: {service: base}, environment: [B=2], ports: ["2:2"]}
  loop: {extends: loop, image: x}
  other: {extends: {file: other.yml, service: base}, user: u}
`);
  assert.equal(web?.image, "one");
  assert.deepEqual(
    web?.environment.map(({ key, value }) => `${key}=${value}`),
    ["A=1", "B=2"],
  );
  assert.deepEqual(
    web?.ports.map(({ text }) => text),
    ["1:1", "2:2"],
  );
  assert.deepEqual(web?.dependsOn, []);
  assert.equal(loop?.image, "x");
  assert.deepEqual([other?.image, other?.user], [undefined, "u"]);
});

test("an override file: ports concatenated, environment by key, volumes by target, the rest replaced", () => {
  const web = only(
    `services:\n  web:\n    image: a\n    command: one\n    ports: ["1:1"]\n    env_file: a.env\n    environment: {A: "1", B: "1"}\n    volumes: ["./a:/data"]\n`,
    `services:\n  web:\n    command: two\n    ports: ["2:2"]\n    env_file: [b.env]\n    environment: ["B=2"]\n    volumes: ["./b:/data"]\n  more: {image: m}\n`,
  );
  assert.deepEqual(
    [web.file, web.line, web.image, web.command, web.commandFile, web.commandLine],
    ["f0.yml", 2, "a", "two", "f1.yml", 3],
  );
  assert.deepEqual(
    web.ports.map(({ text, file, line }) => [text, file, line]),
    [
      ["1:1", "f0.yml", 5],
      ["2:2", "f1.yml", 4],
    ],
  );
  assert.deepEqual(
    web.envFiles.map(({ path }) => path),
    ["a.env", "b.env"],
  );
  assert.deepEqual(
    web.environment.map(({ key, value, file, line }) => [key, value, file, line]),
    [
      ["A", "1", "f0.yml", 7],
      ["B", "2", "f1.yml", 6],
    ],
  );
  assert.deepEqual(
    web.volumes.map(({ source }) => source),
    ["./b"],
  );
});

test("!reset removes and !override replaces", () => {
  const base = `services:\n  web:\n    ports: ["8000:8000"]\n    user: root\n    expose: [1]\n`;
  const web = only(
    base,
    `services:\n  web:\n    ports: !override ["127.0.0.1:8000:8000"]\n    user: !reset null\n    expose: !reset []\n`,
  );
  assert.deepEqual(
    web.ports.map(({ text }) => text),
    ["127.0.0.1:8000:8000"],
  );
  assert.deepEqual([web.user, web.expose], [undefined, []]);
});

const EMPTY = [
  "",
  "# nothing\n",
  "services:\n",
  "version: '3'\n",
  "services: {}",
  "services: {web: }",
];
for (const text of EMPTY) {
  test(`no services in ${JSON.stringify(text)}`, () => assert.deepEqual(servicesOf(text), []));
}

const MALFORMED: readonly (readonly [string, string, number | undefined])[] = [
  ["a tab", "services:\n\tweb: {}\n", 2],
  ["a doubled key", "services:\n  web: {}\n  web: {}\n", 3],
  ["an open bracket", "services: [\n", 2],
  ["a list", "- services\n", 1],
  ["services as a list", "services: [web]\n", 1],
  ["deep nesting", `services: ${"[".repeat(20_000)}`, undefined],
];
for (const [name, text, line] of MALFORMED) {
  test(`malformed: ${name}`, () => {
    const result = parseCompose([{ file: "c.yml", text }], lookup);
    assert.equal(result.ok, false);
    assert.ok(!result.ok);
    assert.equal(result.file, "c.yml");
    if (line !== undefined) assert.equal(result.line, line);
  });
}

test("an alias bomb and a self-containing anchor are refused in bounded time", () => {
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let index = 1; index < 12; index += 1) {
    bomb.push(
      `a${index}: &a${index} [${Array(10)
        .fill(`*a${index - 1}`)
        .join(", ")}]`,
    );
  }
  const started = performance.now();
  for (const text of [
    `${bomb.join("\n")}\nservices: {web: {image: *a11}}`,
    "services: &s {web: *s}",
    "services: &s\n  <<: *s\n",
  ]) {
    assert.equal(parseCompose([{ file: "c.yml", text }], lookup).ok, false, text.slice(-40));
  }
  assert.ok(performance.now() - started < 2_000);
});

test("include and extends of other files", () => {
  const others = [
    {
      file: "deploy/db.yml",
      text: "include: [more.yml]\nservices: {db: {image: a}, web: {user: x}}",
    },
    { file: "deploy/more.yml", text: "services: {cache: {image: b}}" },
    {
      file: "common.yml",
      text: "services: {base: {image: c, extends: {service: root}}, root: {user: r, profiles: [no]}}",
    },
    {
      file: "loop.yml",
      text: "include: [loop.yml]\nservices: {l: {extends: {file: loop.yml, service: l}}}",
    },
  ];
  const text = `include:
  - db.yml
  - path: [../loop.yml, missing.yml]
services:
  web:
    extends: {file: ../common.yml, service: base}
    expose: [1]
  other: {extends: {file: missing.yml, service: base}, user: o}
`;
  const result = parseCompose([{ file: "deploy/c.yml", text }], lookup, others);
  assert.ok(result.ok);
  assert.deepEqual(
    result.project.services.map(({ name, image, user, file }) => [name, image, user, file]),
    [
      ["cache", "b", undefined, "deploy/more.yml"],
      ["db", "a", undefined, "deploy/db.yml"],
      ["web", "c", "r", "deploy/db.yml"],
      ["l", undefined, undefined, "loop.yml"],
      ["other", undefined, "o", "deploy/c.yml"],
    ],
  );
});
