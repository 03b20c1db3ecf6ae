import assert from "node:assert/strict";
import { test } from "node:test";
import { type SourceExample, sourceFacts } from "../../test/source-facts.ts";
import { knownValue } from "../core/reading.ts";
import type { MemoryFile } from "../host/memory-host.ts";

async function applicationOf(example: SourceExample) {
  const value = knownValue((await sourceFacts(example)).application);
  assert.ok(value !== undefined);
  return value;
}

const SETTINGS = "SECRET_KEY = 'x'\nDEBUG = False\nALLOWED_HOSTS = []\n";
const MANAGE =
  'import os\ndef main():\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\n';

const FRAMEWORKS: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
])[] = [
  ["nothing", { ".env": "A=1" }, []],
  ["a settings module alone", { "config/settings.py": SETTINGS }, ["django config/settings.py:3"]],
  ["manage.py alone", { "manage.py": MANAGE }, ["django manage.py:3"]],
  [
    "only an import",
    { "app/main.py": "from django.conf import settings" },
    ["django app/main.py:1"],
  ],
  [
    "FastAPI",
    { "webui/app.py": "from fastapi import FastAPI\napp = FastAPI()" },
    ["fastapi webui/app.py:2"],
  ],
  [
    "FastAPI by its module",
    { "main.py": "import fastapi\n\ndef make():\n    return fastapi.FastAPI()" },
    ["fastapi main.py:4"],
  ],
  [
    "FastAPI in a place nobody would guess",
    { "src/pkg/deep/thing.py": "from fastapi import FastAPI\nx = FastAPI()" },
    ["fastapi src/pkg/deep/thing.py:2"],
  ],
  ["a class of that name of one's own", { "app.py": "class FastAPI: pass\napp = FastAPI()" }, []],
  ["Flask", { "app.py": "from flask import Flask\napp = Flask(__name__)" }, ["flask app.py:2"]],
  [
    "Starlette",
    { "app.py": "from starlette.applications import Starlette\napp = Starlette()" },
    ["starlette app.py:2"],
  ],
  [
    "a comment and a docstring",
    { "app.py": '"""from flask import Flask; Flask(__name__)"""\n# app = FastAPI()' },
    [],
  ],
  ["an example", { "examples/app.py": "from fastapi import FastAPI\napp = FastAPI()" }, []],
  ["what is scanned in tests", { "unittests/scans/server.js": "require('express')()" }, []],
  [
    "a job's",
    { "ci/settings/expected.py": 'ALLOWED_HOSTS = ["a.test"]\nAUTHENTICATION_BACKENDS = ()' },
    [],
  ],
  ["end to end tests", { "e2e/server.js": 'const app = require("express")();' }, []],
  ["a test", { "tests/app.py": "from fastapi import FastAPI\napp = FastAPI()" }, []],
  [
    "a subclass of Flask",
    { "shop/__init__.py": "from flask import Flask\nclass Shop(Flask):\n    pass" },
    ["flask shop/__init__.py:2"],
  ],
  [
    "a class of the same name from elsewhere",
    { "shop/__init__.py": "from lab import Flask\nclass Shop(Flask):\n    pass" },
    [],
  ],
  [
    "Express, imported",
    { "server.js": 'import express from "express";\nconst app = express();' },
    ["express server.js:2"],
  ],
  [
    "Express, required",
    { "src/index.js": 'const make = require("express");\n\nconst app = make();' },
    ["express src/index.js:3"],
  ],
  [
    "Express in TypeScript",
    {
      "server.ts":
        'import express, { type Request } from "express";\nconst app: express.Express = express();',
    },
    ["express server.ts:2"],
  ],
  [
    "Express, only in a comment",
    { "server.js": '// const app = require("express")();\nconst x = 1;' },
    [],
  ],
  [
    "Express as a dependency",
    { "package.json": '{\n "dependencies": {\n  "express": "5"\n }\n}' },
    ["express package.json:3"],
  ],
  [
    "Express as a development dependency",
    { "package.json": '{"devDependencies":{"express":"5"}}' },
    [],
  ],
  [
    "a manifest, and the application in a file of another name",
    {
      "package.json": '{"dependencies":{"koa":"3"}}',
      "server/boot.ts": 'import Koa from "koa";\nexport const app = new Koa();',
      "public/other.js": 'const Koa = require("koa");\nnew Koa();',
    },
    ["koa server/boot.ts:2"],
  ],
  ["a manifest that is no JSON", { "package.json": '{"dependencies": {"express"' }, []],
  [
    "two frameworks",
    { "manage.py": MANAGE, "api/main.py": "from fastapi import FastAPI\napp = FastAPI()" },
    ["django manage.py:3", "fastapi api/main.py:2"],
  ],
];

for (const [name, files, expected] of FRAMEWORKS)
  test(name, async () => {
    const { frameworks } = await applicationOf({ files });
    const shown = frameworks.map(({ framework, file, line }) => `${framework} ${file}:${line}`);
    assert.deepEqual(shown, expected);
  });

const MODULES: readonly (readonly [
  name: string,
  example: SourceExample,
  file: string | undefined,
  decidedBy?: RegExp,
])[] = [
  ["the only one", { files: { "config/settings.py": SETTINGS } }, "config/settings.py"],
  [
    "manage.py says",
    { files: { "manage.py": MANAGE, "site/settings.py": SETTINGS, "a/settings.py": SETTINGS } },
    "site/settings.py",
    /^manage\.py$/,
  ],
  [
    "below a directory",
    { files: { "backend/manage.py": MANAGE, "backend/site/settings.py": SETTINGS } },
    "backend/site/settings.py",
  ],
  [
    "wsgi before manage",
    {
      files: {
        "manage.py": MANAGE,
        "site/settings.py": SETTINGS,
        "site/wsgi.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.prod")',
        "site/prod.py": SETTINGS,
      },
    },
    "site/prod.py",
    /wsgi\.py/,
  ],
  [
    "the environment before all",
    {
      files: { "manage.py": MANAGE, "site/settings.py": SETTINGS, "site/live.py": SETTINGS },
      env: { DJANGO_SETTINGS_MODULE: "site.live" },
    },
    "site/live.py",
    /^DJANGO_SETTINGS_MODULE \(\.env:1\)$/,
  ],
  [
    "the command line",
    {
      files: { "manage.py": MANAGE, "site/settings.py": SETTINGS, "site/live.py": SETTINGS },
      commands: ["gunicorn site.wsgi --settings=site.live"],
    },
    "site/live.py",
  ],
  [
    "the image",
    {
      files: {
        "manage.py": MANAGE,
        "site/settings.py": SETTINGS,
        "site/live.py": SETTINGS,
        Dockerfile: "FROM x\nENV A=b DJANGO_SETTINGS_MODULE=site.live",
      },
    },
    "site/live.py",
    /^Dockerfile:2$/,
  ],
  [
    "a comment in the image",
    {
      files: {
        "manage.py": MANAGE,
        "site/settings.py": SETTINGS,
        "site/live.py": SETTINGS,
        Dockerfile: "FROM x\n# ENV DJANGO_SETTINGS_MODULE=site.live",
      },
    },
    "site/settings.py",
  ],
  [
    "uwsgi",
    {
      files: {
        "manage.py": MANAGE,
        "site/settings.py": SETTINGS,
        "site/live.py": SETTINGS,
        "uwsgi.ini": "[uwsgi]\nenv = DJANGO_SETTINGS_MODULE=site.live",
      },
    },
    "site/live.py",
  ],
  [
    "production over base and dev",
    {
      files: {
        "x/settings/base.py": SETTINGS,
        "x/settings/dev.py": SETTINGS,
        "x/settings/production.py": "from .base import *",
      },
    },
    "x/settings/production.py",
  ],
  [
    "a name made of the stage",
    {
      files: {
        "manage.py":
          'import os\ne = os.getenv("STAGE", "dev")\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", f"x.settings.{e}")',
        "x/settings/dev.py": SETTINGS,
        "x/settings/live.py": SETTINGS,
      },
      env: { STAGE: "live" },
    },
    "x/settings/live.py",
  ],
  [
    "a package",
    { files: { "manage.py": MANAGE, "site/settings/__init__.py": SETTINGS } },
    "site/settings/__init__.py",
  ],
  [
    "a configuration that the image's own settings read in",
    { files: { "configuration/configuration.py": SETTINGS, "configuration/plugins.py": "A = 1" } },
    "configuration/configuration.py",
  ],
  ["a module that is not there", { files: { "manage.py": MANAGE } }, undefined],
];

for (const [name, example, file, decidedBy] of MODULES)
  test(`settings module: ${name}`, async () => {
    const { settings } = await applicationOf(example);
    assert.equal(settings?.file, file);
    if (decidedBy !== undefined) assert.match(settings?.decidedBy ?? "", decidedBy);
  });

test("a static site has pages and no application", async () => {
  assert.equal((await applicationOf({ files: { "index.html": "<p>" } })).isStaticSite, true);
  const withApp = { "index.html": "<p>", "app.py": "from flask import Flask\nFlask('a')" };
  assert.equal((await applicationOf({ files: withApp })).isStaticSite, false);
  assert.equal((await applicationOf({ files: { "a.txt": "x" } })).isStaticSite, false);
});

test("one unreadable file is a problem and does not hide the others", async () => {
  const { frameworks, problems } = await applicationOf({
    files: { "settings.py": { unreadable: true }, "app.py": "from flask import Flask\nFlask('a')" },
  });
  assert.deepEqual(
    frameworks.map(({ framework }) => framework),
    ["flask"],
  );
  assert.deepEqual(
    problems.map(({ file }) => file),
    ["settings.py"],
  );
});

test("a manage.py of another tool does not count", async () => {
  const files = { "manage.py": "from flask_script import Manager\nManager().run()" };
  assert.equal((await applicationOf({ files })).hasManagePy, false);
  assert.equal((await applicationOf({ files: { "manage.py": MANAGE } })).hasManagePy, true);
});

const UNREAD: readonly (readonly [name: string, file: MemoryFile, code: string | undefined])[] = [
  ["may not be read", { unreadable: true }, "denied"],
  ["UTF-16", { bytes: Buffer.from("\ufeffimport os\nDEBUG = True\n", "utf16le") }, "malformed"],
  ["a link to nowhere", { link: "/gone.py" }, "unreachable"],
  ["not Python", { text: "from fastapi import FastAPI\napp = FastAPI((\n" }, undefined],
];
for (const [name, file, code] of UNREAD) {
  test(`the only source file, ${name}, is a problem`, async () => {
    const { frameworks, problems } = await applicationOf({ files: { "main.py": file } });
    assert.deepEqual(frameworks, []);
    assert.deepEqual(
      problems.map((problem) => [problem.file, problem.code]),
      [["main.py", code]],
    );
  });
}
