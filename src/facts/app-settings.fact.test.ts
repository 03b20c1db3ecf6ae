import assert from "node:assert/strict";
import { test } from "node:test";
import { type SourceExample, sourceFacts } from "../../test/source-facts.ts";
import { knownValue } from "../core/reading.ts";
import { type AppSetting, type Resolved, settingNamed } from "./app-settings.fact.ts";

async function settingsOf(example: SourceExample) {
  const value = knownValue((await sourceFacts(example)).settings);
  assert.ok(value !== undefined);
  return value;
}

async function settingOf(example: SourceExample, name: string): Promise<AppSetting> {
  const setting = settingNamed(await settingsOf(example), name);
  assert.ok(setting !== undefined, `${name} is not there`);
  return setting;
}

const DJANGO = `import os
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY")
DEBUG = os.environ.get("DJANGO_DEBUG", "1") in {"1", "true"}
ALLOWED_HOSTS = [h.strip() for h in os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",") if h.strip()]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SESSION_COOKIE_SECURE = True
HUB_URL = os.environ.get("HUB_URL", "")
CLUSTER_ENABLED = os.environ.get("CLUSTER_ENABLED", "0") == "1"
`;

function django(env: Readonly<Record<string, string>> = {}, more = ""): SourceExample {
  return { files: { "config/settings.py": DJANGO + more }, env };
}

test("a setting from the environment is resolved with its default, idiom and chain", async () => {
  assert.deepEqual(await settingOf(django({ DJANGO_DEBUG: "0" }), "DEBUG"), {
    name: "DEBUG",
    file: "config/settings.py",
    line: 3,
    column: 1,
    kind: "env",
    variables: ["DJANGO_DEBUG"],
    default: true,
    idiom: 'in {"1", "true"}',
    resolved: { state: "known", value: false, from: "env" },
    chain: 'DEBUG = False <- DJANGO_DEBUG="0" (.env:1) <- config/settings.py:3',
  });
});

test("what looks like a key in a switch's variable, or a URL's credentials, is not shown", async () => {
  const pasted = await settingOf(django({ DJANGO_DEBUG: `1\r${SECRET}` }), "DEBUG");
  assert.ok(!JSON.stringify(pasted).includes(SECRET.slice(0, 8)), pasted.chain);
  const origins = `\nCSRF_TRUSTED_ORIGINS = ["https://u:${SECRET}@a.test/?k=${SECRET}"]\n`;
  const literal = await settingOf(django({}, origins), "CSRF_TRUSTED_ORIGINS");
  assert.deepEqual(literal.value, ["https://a.test/"]);
  assert.ok(!JSON.stringify(literal).includes(SECRET.slice(0, 8)));
});

test("without the variable the default counts", async () => {
  const { resolved, chain } = await settingOf(django(), "DEBUG");
  assert.deepEqual(resolved, { state: "known", value: true, from: "default" });
  assert.equal(
    chain,
    'DEBUG = True <- DJANGO_DEBUG is not set, default "1" <- config/settings.py:3',
  );
});

test("a literal has its value and no variables", async () => {
  const { kind, value, variables, resolved } = await settingOf(django(), "SESSION_COOKIE_SECURE");
  assert.deepEqual(
    { kind, value, variables, resolved },
    {
      kind: "literal",
      value: true,
      variables: [],
      resolved: { state: "known", value: true, from: "literal" },
    },
  );
});

test("what nothing sets has Django's default and is absent", async () => {
  const { kind, resolved } = await settingOf(django(), "CSRF_COOKIE_SECURE");
  assert.equal(kind, "absent");
  assert.deepEqual(resolved, { state: "known", value: false, from: "default" });
});

const SECRET = "s3cr3t-and-quite-long-indeed-0123456789-abcdef";

test("secrets are measured and never shown", async () => {
  const example = django({
    DJANGO_SECRET_KEY: SECRET,
    HUB_URL: `https://u:${SECRET}@hub.test/?k=${SECRET}`,
  });
  const readings = await sourceFacts(example);
  assert.ok(!JSON.stringify(readings).includes(SECRET));
  const { resolved, chain, variables } = await settingOf(example, "SECRET_KEY");
  assert.ok(resolved.state === "known");
  assert.equal(resolved.secret?.length, SECRET.length);
  assert.equal(resolved.value, undefined);
  assert.deepEqual(variables, ["DJANGO_SECRET_KEY"]);
  assert.match(
    chain,
    /^SECRET_KEY = \(set, 46 chars, fp:[0-9a-f]{8}\) <- DJANGO_SECRET_KEY set, 46 chars/,
  );
  const hub = await settingOf(example, "HUB_URL");
  assert.deepEqual(hub.resolved, { state: "known", value: "https://hub.test/", from: "env" });
});

test("secrets as literals, defaults and fallbacks are not shown either", async () => {
  const sources = [
    `SECRET_KEY = "${SECRET}"\nALLOWED_HOSTS = []`,
    `import os\nSECRET_KEY = os.getenv("K", "${SECRET}")\nALLOWED_HOSTS = []`,
    `SECRET_KEY_FALLBACKS = ["${SECRET}"]\nALLOWED_HOSTS = []`,
    `SECRET_KEY = "a"\nif SECRET_KEY != "${SECRET}":\n    raise ValueError("${SECRET}")\nALLOWED_HOSTS = []`,
    `import os\nCLUSTER_NAME = os.getenv("API_TOKEN")\nALLOWED_HOSTS = []`,
    `import os\nDEBUG = os.getenv("API_TOKEN") == "${SECRET}"\nALLOWED_HOSTS = []`,
    `import x\nDEBUG = 1 if x.token() == "${SECRET}" else 2\nALLOWED_HOSTS = []`,
    `import x\nDEBUG = 1\nif x.token() == '${SECRET}':\n    DEBUG = 2\nALLOWED_HOSTS = []`,
    `from flask import Flask\napp = Flask("a")\napp.config["SECRET_KEY"] = "${SECRET}"\napp.secret_key = "${SECRET}"`,
    `from flask import Flask\napp = Flask("a")\napp.config.update(SECRET_KEY="${SECRET}")`,
  ];
  for (const source of sources) {
    const readings = await sourceFacts({
      files: { "settings.py": source },
      env: { API_TOKEN: SECRET },
    });
    assert.ok(!JSON.stringify(readings).includes(SECRET), source);
  }
});

test("a secret that is None is known and without measure", async () => {
  const { resolved } = await settingOf(django(), "SECRET_KEY");
  assert.deepEqual(resolved, { state: "known", value: null, from: "default" });
});

const OUTCOMES: readonly (readonly [
  name: string,
  source: string,
  env: Readonly<Record<string, string>>,
  resolved: Resolved,
])[] = [
  [
    "two variables, one set",
    "import os\nDEBUG = os.getenv('A', '0') == '1' or os.getenv('B') == '1'",
    { B: "1" },
    { state: "known", value: true, from: "mixed" },
  ],
  [
    "raises",
    "import os\nDEBUG = os.environ['A'] == '1'",
    {},
    { state: "raises", reason: "KeyError: A is not set" },
  ],
  [
    "does not cast",
    "import os\nDEBUG = bool(int(os.getenv('A')))",
    { A: "yes" },
    { state: "raises", reason: "the text is not an integer" },
  ],
  [
    "run-time list",
    "from .registry import lookup\nDEBUG = lookup()",
    {},
    { state: "unknown", reason: "the result of .registry.lookup() is only known at run time" },
  ],
  [
    "partly known list",
    "from x import h\nDEBUG = ['*', h()]",
    {},
    { state: "unknown", reason: "the result of x.h() is only known at run time", partial: ["*"] },
  ],
  [
    "depends on what is not known",
    "from x import h\nDEBUG = False\nif h():\n    DEBUG = True",
    {},
    { state: "unknown", reason: "it depends on h(), which is not known" },
  ],
];

for (const [name, source, env, expected] of OUTCOMES)
  test(`outcome: ${name}`, async () => {
    const files = { "settings.py": `${source}\nALLOWED_HOSTS = []` };
    assert.deepEqual((await settingOf({ files, env }, "DEBUG")).resolved, expected);
  });

test("a variable that an unreadable env file may set is unknown, its default is still told", async () => {
  const { resolved, default: fallback } = await settingOf(
    { ...django(), unreadable: "/etc/app/env" },
    "DEBUG",
  );
  assert.deepEqual(resolved, {
    state: "unknown",
    reason: "/etc/app/env could not be read and may set DJANGO_DEBUG",
  });
  assert.equal(fallback, true);
});

test("a settings file that is no Python: a problem, and nothing in it is certain", async () => {
  const files = { "config/settings.py": "DEBUG = False\nALLOWED_HOSTS = ['a']\ndef broken(:\n" };
  const settings = await settingsOf({ files });
  assert.equal(settingNamed(settings, "DEBUG")?.resolved.state, "unknown");
  assert.deepEqual(
    settings.problems.map(({ file, line }) => `${file}:${line}`),
    ["config/settings.py:3"],
  );
});

test("an unreadable settings file is a problem, not an absence", async () => {
  const manage = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")';
  const files = { "manage.py": manage, "config/settings.py": { unreadable: true } };
  const settings = await settingsOf({ files });
  assert.deepEqual(settings.settings, []);
  assert.equal(settings.problems[0]?.file, "config/settings.py");
  const alone = await settingsOf({ files: { "config/settings.py": { unreadable: true } } });
  assert.equal(alone.problems[0]?.file, "config/settings.py");
});

test("an unreadable star import makes what stood before it uncertain", async () => {
  const files = {
    "config/settings.py":
      "ALLOWED_HOSTS = ['a']\nDEBUG = False\nfrom .local import *\nCLUSTER_ENABLED = True",
    "config/local.py": { unreadable: true },
  };
  const settings = await settingsOf({ files });
  assert.equal(settingNamed(settings, "DEBUG")?.resolved.state, "unknown");
  assert.equal(settingNamed(settings, "CLUSTER_ENABLED")?.resolved.state, "known");
  assert.equal(settingNamed(settings, "SECURE_SSL_REDIRECT")?.resolved.state, "unknown");
});

test("what may set any name leaves the absent ones open", async () => {
  for (const line of [
    "from split_settings.tools import include\ninclude('parts/*.py')",
    "exec(open('/etc/app/conf').read())",
    "import heroku\nheroku.settings(locals())",
    "from company.settings import *",
  ]) {
    const settings = await settingsOf({ files: { "settings.py": `ALLOWED_HOSTS = []\n${line}` } });
    assert.equal(settingNamed(settings, "DEBUG")?.resolved.state, "unknown", line);
    assert.equal(settings.problems.length, 1, line);
  }
});

const INCLUDED: readonly [name: string, files: Record<string, string>, debug: string][] = [
  ["the last file wins", { "a.py": "DEBUG = True", "b.py": "DEBUG = False" }, "known false"],
  [
    "an optional one that is there",
    { "a.py": "DEBUG = False", "local.py": "DEBUG = True" },
    "known true",
  ],
  ["an optional one that is not", { "a.py": "DEBUG = False" }, "known false"],
  ["what stands before is seen", { "a.py": "DEBUG = not ON" }, "known false"],
];

for (const [name, parts, debug] of INCLUDED)
  test(`django-split-settings: ${name}`, async () => {
    const named = ["a.py", ...("b.py" in parts ? ["b.py"] : [])]
      .map((part) => `"${part}"`)
      .join(", ");
    const main = `from split_settings.tools import include, optional\nALLOWED_HOSTS = []\nON = True\ninclude(${named}, optional("local.py"))\n`;
    const files = Object.entries(parts).map(([file, text]) => [`config/${file}`, text]);
    const settings = await settingsOf({
      files: { "config/settings.py": main, ...Object.fromEntries(files) },
    });
    const { resolved } = settingNamed(settings, "DEBUG") ?? assert.fail();
    assert.equal(resolved.state === "known" ? `known ${resolved.value}` : resolved.state, debug);
  });

test("django-split-settings: a pattern may set again what stood before it", async () => {
  const source =
    "from split_settings.tools import include\nALLOWED_HOSTS = []\nDEBUG = False\ninclude('parts/*.py')";
  const settings = await settingsOf({ files: { "settings.py": source } });
  assert.equal(settingNamed(settings, "DEBUG")?.resolved.state, "unknown");
});

test("a program too long to follow is not known", async () => {
  const loops =
    "for a in range(500):\n    for b in range(500):\n        for c in range(500):\n            pass";
  const source = `DEBUG = True\nALLOWED_HOSTS = []\n${loops}\nDEBUG = False`;
  const settings = await settingsOf({ files: { "settings.py": source } });
  assert.equal(settingNamed(settings, "DEBUG")?.resolved.state, "unknown");
});

test("the last assignment wins across modules and says where it stands", async () => {
  const files = {
    "x/settings/base.py": "DEBUG = True\nALLOWED_HOSTS = ['*']\nMIDDLEWARE = ['a']",
    "x/settings/production.py": "from .base import *\nDEBUG = False\nMIDDLEWARE += ['b']",
  };
  const settings = await settingsOf({ files });
  const places = ["DEBUG", "ALLOWED_HOSTS", "MIDDLEWARE"].map((name) => {
    const setting = settingNamed(settings, name);
    return `${setting?.file}:${setting?.line} ${JSON.stringify(setting?.value)}`;
  });
  assert.deepEqual(places, [
    "x/settings/production.py:2 false",
    'x/settings/base.py:2 ["*"]',
    'x/settings/production.py:3 ["a","b"]',
  ]);
});

const FASTAPI = "from fastapi import FastAPI\n";
const FLASK = "from flask import Flask\nimport os\n";

const WEB: readonly (readonly [
  name: string,
  source: string,
  env: Readonly<Record<string, string>>,
  setting: string,
  expected: string,
])[] = [
  ["FastAPI without debug", `${FASTAPI}app = FastAPI()`, {}, "FastAPI.debug", "absent false 2"],
  [
    "FastAPI debug",
    `${FASTAPI}app = FastAPI(title='x', debug=True)`,
    {},
    "FastAPI.debug",
    "literal true 2",
  ],
  [
    "FastAPI in a factory",
    `${FASTAPI}def make():\n    return FastAPI(debug=True)`,
    {},
    "FastAPI.debug",
    "literal true 3",
  ],
  [
    "FastAPI debug from env",
    `${FASTAPI}import os\napp = FastAPI(debug=os.getenv('D') == '1')`,
    { D: "1" },
    "FastAPI.debug",
    "env true 3",
  ],
  [
    "FastAPI debug set later",
    `${FASTAPI}app = FastAPI()\napp.debug = True`,
    {},
    "FastAPI.debug",
    "literal true 3",
  ],
  [
    "Starlette",
    "from starlette.applications import Starlette\napp = Starlette(debug=True)",
    {},
    "Starlette.debug",
    "literal true 2",
  ],
  [
    "trusted hosts",
    `${FASTAPI}from starlette.middleware.trustedhost import TrustedHostMiddleware\napp = FastAPI()\napp.add_middleware(TrustedHostMiddleware, allowed_hosts=['*'])`,
    {},
    "TrustedHostMiddleware.allowed_hosts",
    'literal ["*"] 4',
  ],
  [
    "trusted hosts as Middleware",
    `${FASTAPI}from starlette.middleware import Middleware\nfrom starlette.middleware.trustedhost import TrustedHostMiddleware\napp = FastAPI(middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=['a'])])`,
    {},
    "TrustedHostMiddleware.allowed_hosts",
    'literal ["a"] 4',
  ],
  [
    "uvicorn reload",
    `${FASTAPI}import uvicorn\napp = FastAPI()\nif __name__ == '__main__':\n    uvicorn.run('app:app', reload=True)`,
    {},
    "uvicorn.run.reload",
    "literal true 5",
  ],
  ["Flask without debug", `${FLASK}app = Flask(__name__)`, {}, "Flask.DEBUG", "absent false 3"],
  [
    "Flask run",
    `${FLASK}app = Flask(__name__)\nif __name__ == '__main__':\n    app.run(debug=True)`,
    {},
    "app.run.debug",
    "literal true 5",
  ],
  [
    "Flask config item",
    `${FLASK}app = Flask(__name__)\napp.config['DEBUG'] = os.getenv('D', '0') == '1'`,
    {},
    "Flask.DEBUG",
    "env false 4",
  ],
  [
    "Flask attribute",
    `${FLASK}app = Flask(__name__)\napp.debug = True`,
    {},
    "Flask.DEBUG",
    "literal true 4",
  ],
  [
    "a subclass of Flask",
    `${FLASK}class Shop(Flask):\n    pass\ndef make():\n    app = Shop(__name__)\n    app.debug = True`,
    {},
    "Flask.DEBUG",
    "literal true 7",
  ],
  [
    "a subclass of FastAPI",
    `${FASTAPI}class Api(FastAPI):\n    pass\napp = Api(debug=True)`,
    {},
    "FastAPI.debug",
    "literal true 4",
  ],
  [
    "Flask config update",
    `${FLASK}app = Flask(__name__)\napp.config.update(TRUSTED_HOSTS=['a'])`,
    {},
    "Flask.TRUSTED_HOSTS",
    'literal ["a"] 4',
  ],
  [
    "Flask config from a class",
    `${FLASK}class Config:\n    DEBUG = True\ndef make():\n    app = Flask(__name__)\n    app.config.from_object(Config)\n    return app`,
    {},
    "Flask.DEBUG",
    "literal true 4",
  ],
];

for (const [name, source, env, setting, expected] of WEB)
  test(`web framework: ${name}`, async () => {
    const { kind, resolved, line } = await settingOf({ files: { "app.py": source }, env }, setting);
    assert.ok(resolved.state === "known");
    assert.equal(`${kind} ${JSON.stringify(resolved.value)} ${line}`, expected);
  });

test("what stands under __main__ does not run behind a server that imports the module", async () => {
  const source = `${FLASK}app = Flask(__name__)\nif __name__ == '__main__':\n    app.run(debug=True)`;
  const files = { "app.py": source };
  const names = async (commands: readonly string[]) =>
    (await settingsOf({ files, commands })).settings.map(({ name }) => name);
  assert.deepEqual(await names(["/srv/venv/bin/gunicorn app:app"]), ["Flask.DEBUG"]);
  assert.deepEqual(await names(["python app.py"]), ["Flask.DEBUG", "app.run.debug"]);
  assert.deepEqual(await names(["/venv/bin/python -u /app/main.py"]), ["Flask.DEBUG"]);
  const both = ["/venv/bin/python /app/main.py", "python3 /srv/app.py"];
  assert.deepEqual(await names(both), ["Flask.DEBUG", "app.run.debug"]);
});

test("a FastAPI setting that another module of the project makes", async () => {
  const files = {
    "core/config.py":
      "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    DEBUG: bool = False\nsettings = Settings()",
    "main.py": `${FASTAPI}from core.config import settings\napp = FastAPI(debug=settings.DEBUG)`,
  };
  const { resolved, variables } = await settingOf(
    { files, env: { DEBUG: "true" } },
    "FastAPI.debug",
  );
  assert.deepEqual(resolved, { state: "known", value: true, from: "env" });
  assert.deepEqual(variables, ["DEBUG"]);
});

test("development and test files never count", async () => {
  const files = {
    "app.py": `${FLASK}app = Flask(__name__)`,
    "run_dev.py": `${FLASK}app = Flask(__name__)\napp.run(debug=True)`,
    "tests/app.py": `${FLASK}app = Flask(__name__)\napp.debug = True`,
  };
  assert.deepEqual(
    (await settingsOf({ files })).settings.map(({ name, file }) => `${name} ${file}`),
    ["Flask.DEBUG app.py"],
  );
});

test("no application, no settings", async () => {
  assert.equal((await sourceFacts({ files: { ".env": "A=1" } })).settings.state, "absent");
});
