import assert from "node:assert/strict";
import { before, test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";
import { provideRuntime } from "../../../test/source-facts.ts";

before(provideRuntime);

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

test("the logger without a name is the root", async () => {
  const settings = 'LOGGING = {"loggers": {"": {"level": "DEBUG"}, "app": {"level": "INFO"}}}\n';
  assert.deepEqual(await rows({ "config/settings.py": settings }), ['logging.level "DEBUG":1']);
});

test("handlers that are called, and basicConfig", async () => {
  assert.deepEqual(await rows({ "web/log.py": CALLS, "tests/log.py": CALLS }), [
    'logging.handler "a.log":4',
    'logging.level "DEBUG":4',
    'logging.handler "/var/log/b.log":5',
    'logging.rotation "/var/log/b.log":5',
  ]);
});

test("paths that a logrotate file names", async () => {
  const text = "# /var/log/no.log\n/var/log/app.log /var/log/b.log {\n  weekly\n}\n";
  assert.deepEqual(await rows({ "deploy/logrotate.d/app": text }), [
    "logging.logrotate /var/log/app.log /var/log/b.log:2",
  ]);
});
