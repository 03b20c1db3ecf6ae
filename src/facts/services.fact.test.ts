import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectContext } from "../core/fact.ts";
import { absent, known, type Reading, unknown } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import { composeFiles } from "./compose-files.fact.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import type { ProcessEntry } from "./processes.fact.ts";
import { restartCommand } from "./service-units.ts";
import { type Services, services } from "./services.fact.ts";
import { unitFiles } from "./unit-files.fact.ts";

const ROOT = "/srv/app";

interface Scene {
  /** Relative to the audited directory, or absolute. */
  readonly files?: Readonly<Record<string, string | MemoryFile>>;
  readonly processes?: readonly ProcessEntry[];
  readonly hostFacts?: boolean;
}

function contextOf({ files = {}, hostFacts = false }: Scene): CollectContext {
  const absolute = Object.entries(files).map(([path, file]) => [
    path.startsWith("/") ? path : `${ROOT}/${path}`,
    file,
  ]);
  return {
    host: createMemoryHost({ files: { [`${ROOT}/x`]: "", ...Object.fromEntries(absolute) } }),
    target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts },
    nowMs: 0,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  };
}

function treeOf({ files = {} }: Scene): DeploymentTree {
  const paths = Object.keys(files).filter((path) => !path.startsWith("/"));
  return {
    files: paths.sort().map((path) => ({ path, kind: "file" })),
    directories: [],
    isTruncated: false,
    unreadable: [],
  };
}

async function gather(scene: Scene) {
  const context = contextOf(scene);
  const tree = treeOf(scene);
  const units = await unitFiles.collect(context, {}, { tree: known(tree) });
  const compose = await composeFiles.collect(context, { tree }, {});
  const running: Reading<readonly ProcessEntry[]> =
    scene.processes === undefined ? absent("not recorded") : known(scene.processes);
  const readings = { units, compose, processes: running };
  const found = await services.collect(context, {}, readings);
  assert.ok(found.state === "known");
  return { units, compose, services: found.value };
}

async function servicesOf(scene: Scene): Promise<Services> {
  return (await gather(scene)).services;
}

function bindsOf({ binds }: Services) {
  return binds.map(({ service, address, port, isInContainer, file, line }) => [
    service,
    address,
    port,
    isInContainer ? "container" : "host",
    file === undefined ? "" : `${file}:${line}`,
  ]);
}

const UNIT = `[Unit]
Description=x
[Service]
User=svc
Group=www-data
WorkingDirectory=/srv/app
Environment=PORT=9000 "SECRET_KEY=two words"
ExecStart=/srv/app/.venv/bin/gunicorn config.wsgi -b 127.0.0.1:\${PORT} --env API_TOKEN=abc
`;

test("an installed unit: account, masked command, bind with place, restart", async () => {
  const found = await servicesOf({
    hostFacts: true,
    files: { "/etc/systemd/system/monitor.service": UNIT },
  });
  assert.deepEqual(found.services, [
    {
      kind: "unit",
      name: "monitor.service",
      user: "svc",
      group: "www-data",
      command: `/srv/app/.venv/bin/gunicorn config.wsgi -b 127.0.0.1:\${PORT} --env API_TOKEN=***`,
      isApplication: true,
      isInContainer: false,
      pids: [],
      file: "/etc/systemd/system/monitor.service",
      line: 8,
      restart: "systemctl restart monitor",
      sourcedFiles: [],
    },
  ]);
  assert.deepEqual(bindsOf(found), [
    ["monitor.service", "127.0.0.1", 9000, "host", "/etc/systemd/system/monitor.service:8"],
  ]);
});

test("drop-ins: /etc over /usr/lib for one name, list resets, own file and line", async () => {
  const found = await servicesOf({
    hostFacts: true,
    files: {
      "/usr/lib/systemd/system/monitor.service": UNIT,
      "/usr/lib/systemd/system/monitor.service.d/10-a.conf": "[Service]\nUser=wrong\n",
      "/etc/systemd/system/monitor.service.d/10-a.conf": "[Service]\nUser=right\n",
      "/run/systemd/system/monitor.service.d/20-b.conf":
        "[Service]\nExecStart=\nExecStart=/srv/app/.venv/bin/uvicorn a:app --host 0.0.0.0 --reload\n",
      "/run/systemd/system/monitor.service.d/ignored.txt": "[Service]\nUser=no\n",
    },
  });
  assert.equal(found.services[0]?.user, "right");
  const place = "/run/systemd/system/monitor.service.d/20-b.conf:3";
  assert.deepEqual(bindsOf(found), [["monitor.service", "0.0.0.0", 8000, "host", place]]);
  assert.deepEqual(found.debugFlags, [
    {
      service: "monitor.service",
      file: "/run/systemd/system/monitor.service.d/20-b.conf",
      line: 3,
      text: "--reload",
    },
  ]);
});

const SCRIPT = "#!/bin/sh\n. ./.env\nexec uvicorn a:b --reload\n";

test("the start script of a unit, and of an image that nothing declares", async () => {
  const place = { text: "--reload", file: "start.sh", line: 3 };
  const unit = await servicesOf({
    files: { "start.sh": SCRIPT, "web.service": `[Service]\nExecStart=${ROOT}/start.sh\n` },
  });
  assert.deepEqual(unit.services[0]?.sourcedFiles, [".env"]);
  assert.deepEqual(unit.debugFlags, [{ service: "web.service", ...place }]);
  const image = await servicesOf({
    files: { "start.sh": SCRIPT, Dockerfile: 'FROM a\nENTRYPOINT ["/app/start.sh"]\n' },
  });
  assert.deepEqual(image.services, []);
  assert.deepEqual(image.sourcedFiles, [".env"]);
  assert.deepEqual(image.debugFlags, [{ service: "Dockerfile", ...place }]);
});

test("a start script is followed by the branch that the command chooses", async () => {
  const script =
    "#!/bin/sh\ncase $1 in\ndev) exec uvicorn a:b --reload;;\nserver) exec uvicorn a:b;;\nesac\n";
  const compose = (command: string) => ({
    "compose.yml": `services:\n  web:\n    build: .\n    command: ${command}\n`,
    Dockerfile: 'FROM a\nCOPY . /app\nENTRYPOINT ["/app/run.sh"]\n',
    "run.sh": script,
  });
  const server = await servicesOf({ files: compose("server") });
  assert.deepEqual(server.debugFlags, []);
  assert.equal(server.services[0]?.command, "uvicorn a:b");
  assert.deepEqual(server.services[0]?.start, {
    text: "/app/run.sh server",
    image: { dockerfile: "Dockerfile", context: "." },
  });
  const dev = await servicesOf({ files: compose("dev") });
  assert.deepEqual(
    [...new Set(dev.debugFlags?.map((flag) => JSON.stringify(flag)))],
    ['{"service":"web","file":"run.sh","line":3,"text":"--reload"}'],
  );
});

test("a flag behind what cannot be told is a possible one", async () => {
  const script = "#!/bin/sh\n[ -f /dev-mode ] && exec uvicorn a:b --reload\nexec uvicorn a:b\n";
  const found = await servicesOf({
    files: { "start.sh": script, Dockerfile: 'FROM a\nENTRYPOINT ["/app/start.sh"]\n' },
  });
  assert.deepEqual(found.debugFlags, [
    { service: "Dockerfile", file: "start.sh", line: 2, isPossible: true, text: "--reload" },
  ]);
});

const TIES: readonly (readonly [string, boolean])[] = [
  ["ExecStart=/srv/app/.venv/bin/gunicorn a", true],
  ["ExecStart=-/srv/app/run", true],
  ["ExecStart=/usr/bin/gunicorn --chdir=/srv/app a", true],
  ["ExecStart=/bin/sh -c 'cd /srv/app && exec gunicorn a'", true],
  ["EnvironmentFile=-/srv/app/.env\nExecStart=/usr/bin/gunicorn a", true],
  ["WorkingDirectory=/opt/current\nExecStart=/usr/bin/gunicorn a", true],
  ["WorkingDirectory=/srv/app2\nExecStart=/usr/bin/gunicorn a", false],
  ["WorkingDirectory=/srv\nExecStart=/usr/bin/gunicorn a", false],
  ["ExecStart=/usr/bin/gunicorn a", false],
];
for (const [lines, isTied] of TIES) {
  test(`unit of this directory: ${lines}: ${isTied}`, async () => {
    const { units } = await gather({
      hostFacts: true,
      files: {
        "/etc/systemd/system/a.service": `[Service]\n${lines}\n`,
        "/opt/current": { link: "/srv/app" },
      },
    });
    assert.ok(units.state === "known");
    assert.equal(units.value.length, isTied ? 1 : 0);
  });
}

test("units of the tree: own without the host, samples where one is installed", async () => {
  const files = {
    "deploy/monitor.service": UNIT,
    "deploy/other.service": UNIT.replace("svc", "other"),
    "tests/fixtures/t.service": UNIT,
    "node_modules/a/b.service": UNIT,
    "not-a-unit.service": "hello",
  };
  const alone = await servicesOf({ files });
  assert.deepEqual(
    alone.services.map(({ name, file }) => [name, file]),
    [
      ["monitor.service", "deploy/monitor.service"],
      ["other.service", "deploy/other.service"],
    ],
  );
  const installed = { ...files, "/etc/systemd/system/monitor.service": UNIT };
  const { units, services: served } = await gather({ files: installed, hostFacts: true });
  assert.ok(units.state === "known");
  assert.deepEqual(
    units.value.map(({ name, isInstalled }) => [name, isInstalled]),
    [
      ["monitor.service", true],
      ["other.service", false],
    ],
  );
  assert.deepEqual(
    served.services.map(({ file }) => file),
    ["/etc/systemd/system/monitor.service"],
  );
});

test("installed units are not read without the host", async () => {
  const { units } = await gather({ files: { "/etc/systemd/system/monitor.service": UNIT } });
  assert.deepEqual(units, known([]));
});

const ACCOUNTS: readonly (readonly [string, string, string | undefined])[] = [
  ["", "root", "root"],
  ["User=svc", "svc", undefined],
  ["DynamicUser=yes", "web", undefined],
  ["Group=www", "root", "www"],
];
for (const [lines, user, group] of ACCOUNTS) {
  test(`account of a unit with ${lines || "nothing"}`, async () => {
    const text = `[Service]\n${lines}\nExecStart=/usr/bin/node a.js\n`;
    const [service] = (await servicesOf({ files: { "web@.service": text } })).services;
    assert.deepEqual([service?.user, service?.group], [user, group]);
    assert.equal(service?.restart, "systemctl restart 'web@*'");
  });
}

test("socket activation: systemd's address counts, the program's default does not", async () => {
  const found = await servicesOf({
    files: {
      "web.service": "[Unit]\nRequires=web.socket\n[Service]\nExecStart=/usr/bin/gunicorn a\n",
      "web.socket": "[Socket]\nListenStream=/run/web.sock\nListenStream=8000\n",
    },
  });
  assert.deepEqual(bindsOf(found), [
    ["web.service", "/run/web.sock", 0, "host", "web.socket:2"],
    ["web.service", "", 8000, "host", "web.socket:3"],
  ]);
});

test("a unit that sources an env file names it", async () => {
  const text =
    "[Service]\nWorkingDirectory=/srv/app\nExecStart=/bin/sh -c '. ./.env && exec gunicorn a'\n";
  const [service] = (await servicesOf({ files: { "web.service": text } })).services;
  assert.deepEqual(service?.sourcedFiles, [".env"]);
});

test("a unit of a proxy is not the application", async () => {
  const text = "[Service]\nExecStart=/usr/sbin/nginx -g 'daemon off;'\n";
  const [service] = (await servicesOf({ files: { "nginx.service": text } })).services;
  assert.equal(service?.isApplication, false);
});

test("compose: application, database, ports, Dockerfile's command and user", async () => {
  const found = await servicesOf({
    files: {
      "docker-compose.yml": `services:
  web:
    build: .
    ports: ["127.0.0.1:8000:8000"]
  db:
    image: docker.io/library/postgres:16@sha256:00
    ports: ["5432:5432"]
  front:
    build: ./front
`,
      Dockerfile:
        'FROM python:3 AS b\nFROM b\nUSER app:app\nENTRYPOINT ["tini", "--"]\nCMD gunicorn -b 0.0.0.0:8000 a --key K_TOKEN=1\n',
      "front/Dockerfile": "FROM node AS build\nFROM nginx:1\nCOPY --from=build /x /y\n",
    },
  });
  assert.deepEqual(
    found.services.map(({ name, isApplication, user, group, restart }) => [
      name,
      isApplication,
      user,
      group,
      restart,
    ]),
    [
      ["web", true, "app", "app", "docker compose up -d web"],
      ["db", false, undefined, undefined, "docker compose up -d db"],
      ["front", false, undefined, undefined, "docker compose up -d front"],
    ],
  );
  assert.equal(found.services[0]?.command, "tini -- gunicorn -b 0.0.0.0:8000 a --key ***");
  assert.deepEqual(bindsOf(found), [["web", "0.0.0.0", 8000, "container", "Dockerfile:5"]]);
  assert.deepEqual(
    found.published.map(({ service, isApplication, address, hostPort, line }) => [
      service,
      isApplication,
      address,
      hostPort,
      line,
    ]),
    [
      ["web", true, "127.0.0.1", "8000", 4],
      ["db", false, "", "5432", 7],
    ],
  );
});

test("compose: host network binds on the host and publishes nothing", async () => {
  const found = await servicesOf({
    files: {
      "compose.yaml": `services:\n  web:\n    image: monitor:1\n    network_mode: host\n    user: "1000:1000"\n    command: gunicorn a -b 0.0.0.0:8000\n    ports: ["8000:8000"]\n`,
    },
  });
  assert.deepEqual(bindsOf(found), [["web", "0.0.0.0", 8000, "host", "compose.yaml:6"]]);
  assert.deepEqual(found.published, []);
  assert.deepEqual([found.services[0]?.user, found.services[0]?.group], ["1000", "1000"]);
});

test("compose: a start script of the image is followed to what it runs in the end", async () => {
  const script =
    "#!/bin/bash\nset -e\n# exec gunicorn old:app\npython ping.py\nexec gunicorn 'shop:make()' \\\n  --bind '0.0.0.0:8000' \\\n  --workers $W\n";
  const image = (lines: string) => ({
    "d/compose.yml": "services: {web: {build: {context: .., dockerfile: d/Dockerfile}}}",
    "d/Dockerfile": `FROM python:3\n${lines}\n`,
  });
  const cases: readonly (readonly [string, string])[] = [
    ['COPY . /opt/shop\nENTRYPOINT ["/opt/shop/d/start.sh"]', "d/start.sh"],
    ['COPY d/begin.sh $HOME/run.sh\nENTRYPOINT ["/app/run.sh"]', "d/begin.sh"],
    ["COPY d/start.sh /usr/local/bin/\nCMD /usr/local/bin/start.sh", "d/start.sh"],
  ];
  for (const [lines, path] of cases) {
    const found = await servicesOf({ files: { ...image(lines), [path]: script } });
    assert.deepEqual(bindsOf(found), [["web", "0.0.0.0", 8000, "container", `${path}:5`]], lines);
  }
  const away = 'COPY --from=build d/start.sh /x/start.sh\nENTRYPOINT ["/x/start.sh"]';
  const other = await servicesOf({ files: { ...image(away), "d/start.sh": script } });
  assert.deepEqual(bindsOf(other), []);
});

test("compose: services of one image are one application", async () => {
  const text =
    "services:\n  web: {image: shop:1}\n  worker: {image: shop:1, command: python manage.py work}\n  other: {image: x}\n";
  const { services } = await servicesOf({ files: { "compose.yml": text } });
  assert.deepEqual(
    services.map(({ name, isApplication }) => [name, isApplication]),
    [
      ["web", true],
      ["worker", true],
      ["other", false],
    ],
  );
});

test("compose: an unknown image is the application only where nothing else is", async () => {
  const unknownOnly =
    "services:\n  app: {image: registry.test:5000/me/shop:1}\n  cache: {image: redis}\n";
  const alone = await servicesOf({ files: { "compose.yml": unknownOnly } });
  assert.deepEqual(
    alone.services.map(({ isApplication }) => isApplication),
    [true, false],
  );
  const beside = await servicesOf({
    files: { "compose.yml": `${unknownOnly}  web: {image: x, command: uvicorn a}\n` },
  });
  assert.deepEqual(
    beside.services.map(({ isApplication }) => isApplication),
    [false, false, true],
  );
});

const PROJECTS: readonly (readonly [readonly string[], readonly string[] | undefined])[] = [
  [["docker-compose.yml", "compose.yaml"], ["compose.yaml"]],
  [["docker-compose.yaml", "docker-compose.yml"], ["docker-compose.yml"]],
  [
    ["docker-compose.yml", "docker-compose.override.yml", "docker-compose.prod.yml"],
    ["docker-compose.yml", "docker-compose.override.yml"],
  ],
  [["docker-compose.prod.yml", "docker-compose.dev.yml"], ["docker-compose.prod.yml"]],
  [["deploy/docker/compose.yml"], ["deploy/docker/compose.yml"]],
  [["a/b/c/d/compose.yml"], undefined],
  [["tests/compose.yml", "node_modules/x/compose.yml"], undefined],
  [[], undefined],
];
for (const [files, expected] of PROJECTS) {
  test(`compose files of ${files.join(", ") || "nothing"}`, async () => {
    const texts = files.map((file) => [file, "services: {web: {image: x}}"]);
    const { compose } = await gather({ files: Object.fromEntries(texts) });
    assert.deepEqual(compose.state === "known" ? compose.value.files : undefined, expected);
    if (expected === undefined) assert.equal(compose.state, "absent");
  });
}

test("COMPOSE_FILE of .env chooses, when the files are there", async () => {
  const files = {
    "compose.yml": "services: {a: {image: x}}",
    "prod.yml": "services: {b: {image: x}}",
  };
  const chosen = await gather({ files: { ...files, ".env": "COMPOSE_FILE=./prod.yml\n" } });
  assert.deepEqual(chosen.compose.state === "known" && chosen.compose.value.files, ["prod.yml"]);
  assert.equal(chosen.services.services[0]?.restart, "docker compose -f prod.yml up -d b");
  const gone = await gather({ files: { ...files, ".env": "COMPOSE_FILE=gone.yml\n" } });
  assert.deepEqual(gone.compose.state === "known" && gone.compose.value.files, ["compose.yml"]);
});

test("a malformed compose file is unknown; a malformed override is a problem", async () => {
  const broken = await gather({ files: { "compose.yml": "services: [\n" } });
  assert.deepEqual(
    broken.compose,
    unknown("malformed", "compose.yml:2 is not valid YAML (BAD_INDENT)"),
  );
  assert.deepEqual(broken.services.problems, [
    { fact: "compose", detail: "compose.yml:2 is not valid YAML (BAD_INDENT)" },
  ]);
  const partly = await gather({
    files: { "compose.yml": "services: {a: {image: x}}", "compose.override.yml": "a: b: c\n" },
  });
  assert.ok(partly.compose.state === "known");
  assert.deepEqual(partly.compose.value.files, ["compose.yml"]);
  assert.equal(partly.compose.value.problems[0]?.file, "compose.override.yml");
  const denied = await gather({ files: { "compose.yml": { text: "", unreadable: true } } });
  assert.equal(denied.compose.state === "unknown" && denied.compose.problem.code, "denied");
});

const entry = (pid: number, command: string, more: Partial<ProcessEntry> = {}): ProcessEntry => ({
  pid,
  name: command.split(/[\s:]/)[0]?.replace(/.*\//, "") ?? "",
  command,
  user: "svc",
  ...more,
});

test("recorded processes: servers are the application, the distribution's are not", async () => {
  const found = await servicesOf({
    processes: [
      entry(20, "nginx: master process /usr/sbin/nginx", { user: "root" }),
      entry(10, "gunicorn config.wsgi:application"),
      entry(11, "gunicorn config.wsgi:application"),
      entry(12, "/usr/bin/python3 /usr/bin/networkd-dispatcher --run", { user: "root" }),
      entry(13, "uvicorn a:app --host 0.0.0.0 --token x", { user: "api" }),
      entry(14, "node /opt/tools/plimsoll audit"),
    ],
  });
  assert.deepEqual(
    found.services.map(({ kind, name, user, pids, restart }) => [kind, name, user, pids, restart]),
    [
      [
        "process",
        "gunicorn",
        "svc",
        [10, 11],
        "kill 10  # then start it again: gunicorn config.wsgi:application",
      ],
      [
        "process",
        "uvicorn",
        "api",
        [13],
        "kill 13  # then start it again: uvicorn a:app --host 0.0.0.0 --token ***",
      ],
    ],
  );
  assert.deepEqual(bindsOf(found), [["uvicorn", "0.0.0.0", 8000, "host", ""]]);
});

test("live processes are tied by unit, directory or container", async () => {
  const found = await servicesOf({
    hostFacts: true,
    files: { "/etc/systemd/system/monitor.service": UNIT },
    processes: [
      entry(1, "gunicorn: master [config.wsgi]", { cgroup: "/system.slice/monitor.service" }),
      entry(2, "python worker.py", { cgroup: "/system.slice/monitor.service" }),
      entry(3, "gunicorn other", {
        cgroup: "/system.slice/other.service",
        directory: "/srv/other",
      }),
      entry(4, "node a.js", { cgroup: "/user.slice", directory: "/srv/app/web" }),
      entry(5, "node b.js", { cgroup: "/user.slice", directory: "/home/x" }),
      entry(6, "gunicorn c", { cgroup: "/docker/abc", directory: "/app" }),
      entry(7, "python job.py", { cgroup: "/system.slice/job.service", directory: "/srv/app" }),
    ],
  });
  assert.deepEqual(
    found.services.map(({ name, pids, restart }) => [name, pids, restart]),
    [
      ["monitor.service", [1, 2], "systemctl restart monitor"],
      ["node", [4], "kill 4  # then start it again: node a.js"],
      ["python", [7], "systemctl restart job"],
    ],
  );
});

test("processes of a container go to the compose service with their program", async () => {
  const compose = "services: {web: {build: ., command: gunicorn a -b :8000}}";
  const cgroup = "/system.slice/docker-abc.scope";
  const found = await servicesOf({
    hostFacts: true,
    files: { "compose.yml": compose },
    processes: [entry(6, "gunicorn a -b :8000", { cgroup }), entry(7, "uvicorn z", { cgroup })],
  });
  assert.deepEqual(
    found.services.map(({ name, pids, isInContainer }) => [name, pids, isInContainer]),
    [
      ["web", [6], true],
      ["uvicorn", [7], true],
    ],
  );
});

test("gunicorn.conf.py stands for the default bind only", async () => {
  const conf = '# bind = "0.0.0.0:1"\nbind = ["0.0.0.0:8001", "unix:/run/g.sock"]\n';
  const unit = (args: string) =>
    `[Service]\nWorkingDirectory=/srv/app\nExecStart=/srv/app/.venv/bin/gunicorn a ${args}\n`;
  const read = async (args: string, file = "gunicorn.conf.py") =>
    bindsOf(await servicesOf({ files: { "w.service": unit(args), [file]: conf } }));
  const configured = [
    ["w.service", "0.0.0.0", 8001, "host", "gunicorn.conf.py:2"],
    ["w.service", "/run/g.sock", 0, "host", "gunicorn.conf.py:2"],
  ];
  assert.deepEqual(await read(""), configured);
  assert.deepEqual(await read("-c /app/conf/gunicorn.conf.py"), configured);
  assert.deepEqual(await read("-b 127.0.0.1:7"), [
    ["w.service", "127.0.0.1", 7, "host", "w.service:3"],
  ]);
  assert.deepEqual(await read("", "other.py"), [
    ["w.service", "127.0.0.1", 8000, "host", "w.service:3"],
  ]);
});

test("without any declared service the configuration and the Procfile tell", async () => {
  const procfile = "web: gunicorn a --bind 0.0.0.0:$PORT\nworker: celery -A a worker\n";
  const found = await servicesOf({ files: { Procfile: procfile } });
  assert.deepEqual(bindsOf(found), [["web", "0.0.0.0", 0, "host", "Procfile:1"]]);
  assert.deepEqual(found.services, []);
  const config = await servicesOf({
    files: { Procfile: "web: gunicorn a", "gunicorn.conf.py": "bind = '0.0.0.0:1'" },
  });
  assert.deepEqual(bindsOf(config), [["gunicorn", "0.0.0.0", 1, "host", "gunicorn.conf.py:1"]]);
  const debug = await servicesOf({ files: { Procfile: "web: python manage.py runserver\n" } });
  assert.deepEqual(debug.debugFlags, [
    { service: "web", file: "Procfile", line: 1, text: "runserver" },
  ]);
});

test("nothing at all is a known empty answer", async () => {
  assert.deepEqual(await servicesOf({}), {
    services: [],
    published: [],
    binds: [],
    debugFlags: [],
    problems: [],
  });
});

const RESTARTS: readonly (readonly [unit: string, command: string])[] = [
  ["monitor.service", "systemctl restart monitor"],
  ["web@1.service", "systemctl restart web@1"],
  ["web@.service", "systemctl restart 'web@*'"],
  ["a $(touch x).service", "systemctl restart 'a $(touch x)'"],
  ["a'b;c.service", "systemctl restart 'a'\\''b;c'"],
  ["--force.service", "systemctl restart -- '--force'"],
];
for (const [unit, command] of RESTARTS) {
  test(`a shell takes ${unit} for one name`, () => assert.equal(restartCommand(unit), command));
}
