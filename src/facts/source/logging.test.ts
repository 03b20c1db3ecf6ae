import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

const SETTINGS = `import os
LOGGING = {
    "version": 1,
    "handlers": {
        "file": {"class": "logging.FileHandler", "filename": "/var/log/app.log"},
        "rotating": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": "/var/log/more.log",
        },
        "console": {"class": "logging.StreamHandler"},
    },
    "root": {"handlers": ["file"], "level": os.getenv("LOG_LEVEL", "INFO")},
}
`;
const CALLS = `import logging
from logging.handlers import TimedRotatingFileHandler
# logging.FileHandler("/var/log/comment.log")
logging.basicConfig(filename="a.log", level=logging.DEBUG)
handler = TimedRotatingFileHandler("/var/log/b.log")
`;

async function rows(files: Readonly<Record<string, string>>) {
  const { settings } = await insideSource(files);
  return settings
    .filter(({ slug }) => slug.startsWith("logging."))
    .map(({ slug, line, value }) => `${slug} ${value}:${line}`);
}

test("handlers and the root level of a LOGGING dictionary", async () => {
  assert.deepEqual(await rows({ "config/settings.py": SETTINGS }), [
    'logging.handler "/var/log/app.log":5',
    "logging.handler logging.handlers.RotatingFileHandler:7",
    'logging.handler "/var/log/more.log":8',
    'logging.rotation "/var/log/more.log":8',
    'logging.level "INFO":12',
  ]);
});

test("the logger without a name is the root, those with one are told beside it", async () => {
  const settings = 'LOGGING = {"loggers": {"": {"level": "DEBUG"}, "app": {"level": "INFO"}}}\n';
  const { settings: found } = await insideSource({ "config/settings.py": settings });
  assert.deepEqual(
    found
      .filter(({ slug }) => slug === "logging.level")
      .map(({ property, subject, value }) => [property, subject, value]),
    [
      ["log.level", "level", '"DEBUG"'],
      [undefined, "app", '"INFO"'],
    ],
  );
});

const REMOTE = `LOGGING = {
    "handlers": {
        "syslog": {"class": "logging.handlers.SysLogHandler", "address": "/dev/log"},
        "db": {"()": "shop.logs.Handler"},
        "mail": {"class": "shop.logs.Mail"},
        "unused": {"class": "logging.handlers.SocketHandler", "host": "a", "port": 1},
        # "other": {"class": "logging.handlers.HTTPHandler"},
    },
    "loggers": {"": {"handlers": ["db", "mail"]}, "app": {"handlers": ["syslog"]}},
}
`;
const OWN = `import logging
class Handler(logging.Handler):
    def emit(self, record):
        from shop.models import Record
        Record.objects.create(message=self.format(record))
class Mail(logging.Handler):
    def emit(self, record):
        send(record)
`;

test("handlers that write to the network or to a database, where a logger uses them", async () => {
  const files = { "config/settings.py": REMOTE, "shop/logs.py": OWN };
  const { settings } = await insideSource(files);
  assert.deepEqual(
    settings
      .filter(({ property }) => property === "log.remote")
      .map(({ subject, file, line }) => `${subject} ${file}:${line}`),
    [
      "logging.handlers.SysLogHandler config/settings.py:3",
      "shop.logs.Handler config/settings.py:4",
    ],
  );
});

test("handlers that are called, and basicConfig", async () => {
  assert.deepEqual(await rows({ "web/log.py": CALLS, "tests/log.py": CALLS }), [
    'logging.handler "a.log":4',
    'logging.level "DEBUG":4',
    'logging.handler "/var/log/b.log":5',
    'logging.rotation "/var/log/b.log":5',
  ]);
});

const JOB = `${CALLS}if __name__ == "__main__":\n    pass\n`;

const WEB = { "shop/web.py": "from fastapi import FastAPI\napp = FastAPI()\n" };

const STARTED = `import logging
if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
`;

const PROGRAMS: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  isPart: boolean,
  commands?: readonly string[],
])[] = [
  ["a job that nothing names", { ...WEB, "nightly.py": JOB }, false],
  [
    "a job that only other text names",
    { ...WEB, "nightly.py": JOB, "a.py": "# nightly runs at noon\nnightly_hour = 12\n" },
    false,
  ],
  ["a job that another service does not start", { ...WEB, "nightly.py": JOB }, false, ["a web"]],
  [
    "a monitor that names a server's process",
    { ...WEB, "nightly.py": `${JOB}PROCESS = "uvicorn"\n` },
    false,
  ],
  [
    "the start of an imported one",
    { ...WEB, "nightly.py": STARTED, "a.py": "import nightly\n" },
    false,
  ],
  ["the start of one that a service starts", { ...WEB, "nightly.py": STARTED }, true, ["nightly"]],
  ["an imported one", { ...WEB, "nightly.py": JOB, "a.py": "import nightly\n" }, true],
  [
    "one imported on a line of its own",
    { ...WEB, "shop/nightly.py": JOB, "a.py": "from shop import (\n    nightly,\n)\n" },
    true,
  ],
  ["one that text names", { ...WEB, "nightly.py": JOB, "a.py": 'APP = "nightly:run"\n' }, true],
  ["one that serves", { ...WEB, "nightly.py": `import uvicorn\n${JOB}` }, true],
  ["one that a service starts", { ...WEB, "nightly.py": JOB }, true, ["python nightly.py"]],
  ["one without a guard", { ...WEB, "nightly.py": CALLS }, true],
  ["one beside no application", { "nightly.py": JOB }, true],
];

for (const [name, files, isPart, commands] of PROGRAMS) {
  test(`logging of ${name} ${isPart ? "counts" : "is another program's"}`, async () => {
    const { settings } = await insideSource(files, {}, commands);
    assert.equal(
      settings.some(({ slug }) => slug.startsWith("logging.")),
      isPart,
    );
  });
}

test("paths that a logrotate file names", async () => {
  const text = "# /var/log/no.log\n/var/log/app.log /var/log/b.log {\n  weekly\n}\n";
  assert.deepEqual(await rows({ "deploy/logrotate.d/app": text }), [
    "logging.logrotate /var/log/app.log /var/log/b.log:2",
  ]);
});

const NODE = `const express = require("express");
const winston = require("winston");
const pino = require("pino");
const bunyan = require("bunyan");
const log4js = require("log4js");
require("winston-daily-rotate-file");
const app = express();
`;
const node: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "winston",
    'const log = winston.createLogger({ level: process.env.LOG_LEVEL || "info", transports: [\n new winston.transports.File({ filename: "/var/log/a.log" }),\n new winston.transports.File({ filename: "/var/log/b.log", maxsize: 9 }),\n new winston.transports.DailyRotateFile({ filename: "/var/log/c.log" }),\n new winston.transports.Console(),\n new winston.transports.Http({ host: "a" }),\n] });\n',
    [
      'log.level "warn":8',
      'log.file "/var/log/a.log":9',
      'log.file "/var/log/b.log":10',
      'log.rotation "/var/log/b.log":10',
      'log.file "/var/log/c.log":11',
      'log.rotation "/var/log/c.log":11',
      'log.remote "winston.transports.Http":13',
    ],
  ],
  [
    "pino",
    'const log = pino({ level: "error" }, pino.destination("/var/log/p.log"));\nconst other = pino({ transport: { targets: [\n{ target: "pino/file", options: { destination: "/var/log/q.log" } },\n{ target: "pino-loki" } ] } });\n',
    [
      'log.level "error":8',
      'log.file "/var/log/p.log":8',
      'log.file "/var/log/q.log":10',
      'log.remote "pino-loki":11',
    ],
  ],
  [
    "bunyan",
    'const log = bunyan.createLogger({ name: "a", streams: [\n{ path: "/var/log/b.log" },\n{ type: "rotating-file", path: "/var/log/r.log" } ] });\n',
    [
      'log.file "/var/log/b.log":9',
      'log.file "/var/log/r.log":10',
      'log.rotation "/var/log/r.log":10',
    ],
  ],
  [
    "log4js",
    'log4js.configure({ appenders: {\n a: { type: "file", filename: "/var/log/l.log", maxLogSize: 9 },\n b: { type: "stdout" } } });\n',
    ['log.file "/var/log/l.log":9', 'log.rotation "/var/log/l.log":9'],
  ],
  [
    "a console",
    "const log = winston.createLogger({ transports: [new winston.transports.Console()] });\n",
    [],
  ],
];
for (const [name, text, expected] of node) {
  test(`loggers of Node: ${name}`, async () => {
    const { settings } = await insideSource(
      { "package.json": '{"main":"app.js"}', "app.js": `${NODE}${text}app.listen(3000);\n` },
      { LOG_LEVEL: "warn" },
    );
    const found = settings.filter(({ property = "" }) => property.startsWith("log."));
    assert.deepEqual(
      found.map(({ property, line, value }) => `${property} ${value}:${line}`).sort(),
      [...expected].sort(),
    );
  });
}
const LOG_FILE = `{
  "handlers": {
    "console": {"class": "logging.StreamHandler"},
    "file": {
      "class": "logging.handlers.RotatingFileHandler",
      "filename": "\${DATA_DIR}/a.log"
    }
  }
}
`;

test("a file of settings that code with dictConfig names, not those for development", async () => {
  const code = `import json
from logging.config import dictConfig
dictConfig(json.load(open("log.json" if LIVE else "log.dev.json")))
`;
  const files = { "web/log.json": LOG_FILE, "web/log.dev.json": LOG_FILE, "other.json": LOG_FILE };
  assert.deepEqual(await rows({ ...files, "web/log.py": code }), [
    "logging.handler ${DATA_DIR}/a.log:5",
    "logging.rotation ${DATA_DIR}/a.log:5",
  ]);
  assert.deepEqual(await rows(files), []);
});

test("a package's own part by the name of a library is not the library", async () => {
  const files = { "web/__init__.py": "", "web/logging.py": "", "web/setup.py": CALLS };
  assert.equal((await rows(files)).length, 4);
});

test("a level that a call gives is not known", async () => {
  const text = 'import logging\nlogging.basicConfig(level=logging.getLevelName("X"))\n';
  const { settings } = await insideSource({ "app.py": text });
  const level = settings.find(({ slug }) => slug === "logging.level");
  assert.equal(level?.resolved.state, "unknown");
});
