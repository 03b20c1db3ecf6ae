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
