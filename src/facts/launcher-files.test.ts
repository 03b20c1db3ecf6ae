import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost } from "../host/memory-host.ts";
import { commandVariables, launchedPrograms, PROGRAMS_MAX } from "./launcher-files.ts";

const SUPERVISOR = `[supervisord]
environment=STAGE="production"
[program:monitor]
command=gunicorn config.wsgi --bind 0.0.0.0:8000
environment=DEBUG="1",NAMES='a, b',
  PLAIN=x
[group:all]
programs=monitor
`;
const UWSGI = `[uwsgi]
module = config.wsgi
http = :8000
env = DEBUG=1
env = STAGE=production
`;

const FILES: readonly [name: string, path: string, text: string, told: readonly string[]][] = [
  [
    "Procfile",
    "Procfile",
    "web: DEBUG=1 gunicorn config.wsgi -e STAGE=dev\nworker: celery -A app worker",
    ["Procfile:1 web DEBUG=1 STAGE=dev", "Procfile:2 worker"],
  ],
  [
    "supervisor",
    "deploy/supervisord.conf",
    SUPERVISOR,
    ["deploy/supervisord.conf:4 monitor STAGE=production DEBUG=1 NAMES=a, b PLAIN=x"],
  ],
  ["uWSGI", "uwsgi.ini", UWSGI, ["uwsgi.ini:3 uwsgi DEBUG=1 STAGE=production"]],
  [
    "gunicorn",
    "gunicorn.conf.py",
    'bind = "127.0.0.1:8000"\nraw_env = [\n  "DEBUG=1",\n  "A=b=c",\n]\n',
    ["gunicorn.conf.py:2 gunicorn DEBUG=1 A=b=c"],
  ],
  ["gunicorn without variables", "gunicorn.conf.py", "workers = 2\n", []],
  ["no program", "supervisord.conf", "[unix_http_server]\nfile=/run/s.sock\n", []],
];

function asked(commands: readonly string[] = [], isDeclared = false) {
  return { commands, isDeclared };
}

async function programsOf(files: Readonly<Record<string, string>>, wanted = asked()) {
  const host = createMemoryHost({
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [`/srv/${path}`, text])),
  });
  const target = {
    directory: "/srv",
    urls: [],
    mode: "auto",
    compat: false,
    hostFacts: false,
  } as const;
  return launchedPrograms({ host, target }, wanted);
}

for (const [name, path, text, told] of FILES) {
  test(`what a launcher gives: ${name}`, async () => {
    const programs = await programsOf({ [path]: text });
    assert.deepEqual(
      programs.map(({ service, file, line, variables }) =>
        [`${file}:${line}`, service, ...variables.map(({ key, value }) => `${key}=${value}`)].join(
          " ",
        ),
      ),
      told,
    );
  });
}

const NAMED: readonly [command: string, count: number][] = [
  ["uwsgi --ini /srv/uwsgi.ini", 1],
  ["gunicorn config.wsgi", 0],
  ["", 0],
];
for (const [command, count] of NAMED) {
  test(`beside a declared service it counts where the command names it: "${command}"`, async () => {
    assert.equal((await programsOf({ "uwsgi.ini": UWSGI }, asked([command], true))).length, count);
  });
}

test("gunicorn reads its file without being told, unless it is told another", async () => {
  const files = { "gunicorn.conf.py": 'raw_env = ["DEBUG=1"]\n' };
  assert.equal((await programsOf(files, asked(["gunicorn config.wsgi"], true))).length, 1);
  assert.equal((await programsOf(files, asked(["gunicorn -c other.py x"], true))).length, 0);
});

test("programs of one file are bounded", async () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => `p${at}: node a.js`).join("\n");
  assert.equal((await programsOf({ Procfile: many(PROGRAMS_MAX) })).length, PROGRAMS_MAX);
  assert.equal((await programsOf({ Procfile: many(PROGRAMS_MAX + 1) })).length, PROGRAMS_MAX);
});

const COMMANDS: readonly [command: string, told: string][] = [
  ["/usr/bin/env A=1 gunicorn x", "A=1"],
  ['sh -c "A=1 exec gunicorn x"', "A=1"],
  ["gunicorn --env=A=1 --env B=2 x", "A=1 B=2"],
  ["uvicorn app:app -e A=1", ""],
  ["gunicorn x", ""],
];
for (const [command, told] of COMMANDS) {
  test(`variables of a start command: ${command}`, () => {
    const found = commandVariables(command, { file: "f", line: 1 });
    assert.equal(found.map(({ key, value }) => `${key}=${value}`).join(" "), told);
  });
}
