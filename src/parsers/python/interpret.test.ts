import assert from "node:assert/strict";
import { test } from "node:test";
import { createMachine } from "./interpret.ts";
import { KEPT_IN_FILE } from "./kept-secret.ts";
import type { Project } from "./machine.ts";
import { parsePython } from "./parse.ts";
import type { Module } from "./syntax.ts";
import { jsonOf, originOf, type Value } from "./value.ts";

interface Program {
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly unknown?: readonly string[];
}

async function run({ files, env = {}, unknown = [] }: Program, main: string) {
  const modules = new Map<string, Module>();
  for (const [file, source] of Object.entries(files)) {
    const parsed = await parsePython(source);
    assert.ok(parsed.ok);
    modules.set(file, parsed.module);
  }
  const project: Project = {
    resolve(file, level, path) {
      const directory = file.split("/").slice(0, -1);
      const base = level === 0 ? [] : directory.slice(0, directory.length - level + 1);
      const stem = [...base, ...path.split(".").filter(Boolean)].join("/");
      return [`${stem}.py`, `${stem}/__init__.py`].find((each) => modules.has(each));
    },
    module: (file) => modules.get(file),
    exists: (path) => (path.startsWith("/") ? undefined : modules.has(path)),
    variable(name) {
      if (unknown.includes(name)) return { state: "unknown", reason: "not read" };
      const text = env[name];
      return text === undefined ? { state: "unset" } : { state: "set", text };
    },
    setting: () => undefined,
  };
  const machine = createMachine(project);
  const scope = machine.load(main);
  return { machine, scope };
}

/** The value of `X` in a one-file program: JSON, `raises EXCEPTION` or `unknown REASON`. */
function told(value: Value | undefined): unknown {
  if (value === undefined) return "not set";
  if (value.kind === "raises") return `raises ${value.exception}`;
  const json = jsonOf(value);
  if (json !== undefined) return json;
  return value.kind === "unknown" ? "unknown" : value.kind;
}

const ENVIRON = "import os\nimport environ\n";

type Row = readonly [
  name: string,
  source: string,
  env: Readonly<Record<string, string>>,
  expected: unknown,
];

const ROWS: readonly Row[] = [
  ["a literal", "X = True", {}, true],
  ["nothing", "Y = 1", {}, "not set"],
  ["the last assignment wins", "X = 1\nX = 2", {}, 2],
  ["chained assignment", "A = X = 'v'", {}, "v"],
  ["unpacking", "A, X = 1, 2", {}, 2],
  ["annotated", "X: list[str] = ['a']", {}, ["a"]],
  ["a comment is nothing", "X = 1\n# X = 2", {}, 1],
  ["a docstring is nothing", 'X = 1\n"""\nX = 2\n"""', {}, 1],
  ["adjacent strings", "X = 'a' 'b' \"c\"", {}, "abc"],
  ["escapes", String.raw`X = 'a\n\x41\u00e9\101' r'\n'`, {}, "a\nAéA\\n"],
  [
    "numbers",
    "X = [0x10, 0b11, 1_000, 60 * 60 * 24, 007 if False else 7]",
    {},
    [16, 3, 1000, 86400, 7],
  ],
  // Reading the environment
  ["environ get set", "import os\nX = os.environ.get('K', 'd')", { K: "v" }, "v"],
  ["environ get unset", "import os\nX = os.environ.get('K', 'd')", {}, "d"],
  ["environ get empty", "import os\nX = os.environ.get('K', 'd')", { K: "" }, ""],
  ["environ get default keyword", "import os\nX = os.getenv('K', default='d')", {}, "d"],
  ["getenv none", "import os\nX = os.getenv('K')", {}, null],
  ["getenv imported", "from os import getenv as g\nX = g('K')", { K: "v" }, "v"],
  ["environ imported", "from os import environ as env\nX = env['K']", { K: "v" }, "v"],
  ["subscript unset", "import os\nX = os.environ['K']", {}, "raises KeyError"],
  ["or default", "import os\nX = os.environ.get('K') or 'd'", { K: "" }, "d"],
  [
    "or falls to a second variable",
    "import os\nX = os.getenv('A') or os.getenv('B')",
    { B: "b" },
    "b",
  ],
  ["setdefault unset", "import os\nos.environ.setdefault('K', 'd')\nX = os.environ['K']", {}, "d"],
  [
    "setdefault set",
    "import os\nos.environ.setdefault('K', 'd')\nX = os.environ['K']",
    { K: "v" },
    "v",
  ],
  [
    "assignment into environ",
    "import os\nos.environ['K'] = '1'\nX = os.getenv('K') == '1'",
    {},
    true,
  ],
  ["in environ", "import os\nX = 'K' in os.environ", { K: "" }, true],
  ["not in environ", "import os\nX = 'K' not in os.environ", {}, true],
  [
    "dotenv_values",
    "from dotenv import dotenv_values\nc = dotenv_values('.env')\nX = c['K']",
    { K: "v" },
    "v",
  ],
  ["spread environment", "import os\nc = {**os.environ}\nX = c.get('K', 'd')", {}, "d"],
  // Truth
  ["in set, listed", "import os\nX = os.environ.get('K','1') in {'1','true'}", { K: "true" }, true],
  [
    "in set, other case",
    "import os\nX = os.environ.get('K','1') in {'1','true'}",
    { K: "TRUE" },
    false,
  ],
  ["in set, default", "import os\nX = os.environ.get('K','1') in {'1','true'}", {}, true],
  ["in set, blank after", "import os\nX = os.environ.get('K') in ('1', 'on')", { K: "on " }, false],
  ["in set of None", "import os\nX = os.environ.get('K') in ('1', 'on')", {}, false],
  ["equals 1", "import os\nX = os.getenv('K', '0') == '1'", { K: "1" }, true],
  ["equals 1 with true", "import os\nX = os.getenv('K', '0') == '1'", { K: "true" }, false],
  ["equals True with 1", "import os\nX = os.getenv('K', 'True') == 'True'", { K: "1" }, false],
  ["not equals", "import os\nX = os.getenv('K', '') != 'production'", {}, true],
  ["lower equals", "import os\nX = os.getenv('K','false').lower() == 'true'", { K: "TRUE" }, true],
  [
    "lower strip in",
    "import os\nX = os.getenv('K','').strip().lower() in ['yes','y']",
    { K: " Yes " },
    true,
  ],
  ["bool of text 0", "import os\nX = bool(os.getenv('K'))", { K: "0" }, true],
  ["bool of False text", "import os\nX = bool(os.environ.get('K', False))", { K: "False" }, true],
  ["bool of empty", "import os\nX = bool(os.getenv('K'))", { K: "" }, false],
  ["bool of unset", "import os\nX = bool(os.getenv('K'))", {}, false],
  ["bool int", "import os\nX = bool(int(os.getenv('K', '0')))", { K: "1" }, true],
  [
    "bool int of False",
    "import os\nX = bool(int(os.getenv('K', '0')))",
    { K: "False" },
    "raises ValueError",
  ],
  ["int default number", "import os\nX = int(os.getenv('K', 5))", {}, 5],
  ["int with underscore and blanks", "import os\nX = int(os.getenv('K'))", { K: " 1_000 " }, 1000],
  ["int of a fraction", "import os\nX = int(os.getenv('K'))", { K: "1.5" }, "raises ValueError"],
  ["float", "import os\nX = float(os.getenv('K', '2.5'))", {}, 2.5],
  ["not", "import os\nX = not os.getenv('K')", { K: "x" }, false],
  [
    "and",
    "import os\nX = os.getenv('A') == '1' and os.getenv('B') == '1'",
    { A: "1", B: "1" },
    true,
  ],
  ["chained comparison", "X = 1 < 2 < 2", {}, false],
  ["ternary", "import os\nX = True if os.getenv('K') == 'dev' else False", { K: "dev" }, true],
  [
    "str of a boolean",
    "import os\nP = os.getenv('E') == 'production'\nX = os.getenv('K', str(P)).lower() == 'true'",
    { E: "production" },
    true,
  ],
  [
    "strtobool",
    "from distutils.util import strtobool\nimport os\nX = bool(strtobool(os.getenv('K', 'no')))",
    { K: "Y" },
    true,
  ],
  [
    "strtobool other",
    "from distutils.util import strtobool\nimport os\nX = bool(strtobool(os.getenv('K', 'no')))",
    { K: "maybe" },
    "raises ValueError",
  ],
  [
    "literal_eval",
    "import ast, os\nX = ast.literal_eval(os.getenv('K', 'False'))",
    { K: "True" },
    true,
  ],
  [
    "json.loads",
    "import json, os\nX = json.loads(os.getenv('K', '[]'))",
    { K: '["a", true]' },
    ["a", true],
  ],
  ["eval is not run", "import os\nX = eval(os.getenv('K', 'False'))", { K: "True" }, "unknown"],
  // Lists
  ["split", "import os\nX = os.getenv('K', '').split(',')", { K: "a,b" }, ["a", "b"]],
  ["split of empty", "import os\nX = os.getenv('K', '').split(',')", {}, [""]],
  ["split at blanks", "import os\nX = os.getenv('K', '').split()", { K: " a  b " }, ["a", "b"]],
  [
    "comprehension",
    "import os\nX = [h.strip() for h in os.getenv('K','').split(',') if h.strip()]",
    { K: "a, ,b " },
    ["a", "b"],
  ],
  [
    "comprehension two steps",
    "import os\n_x = os.environ.get('K', '')\nX: list[str] = [h.strip() for h in _x.split(',') if h.strip()]",
    { K: "*" },
    ["*"],
  ],
  [
    "generator in list",
    "import os\nX = list(h for h in os.getenv('K','a b').split())",
    {},
    ["a", "b"],
  ],
  [
    "map strip",
    "import os\nX = list(map(str.strip, os.getenv('K','').split(',')))",
    { K: "a , b" },
    ["a", "b"],
  ],
  [
    "filter none",
    "import os\nX = list(filter(None, os.getenv('K','').split(',')))",
    { K: "a,,b" },
    ["a", "b"],
  ],
  ["map lambda", "X = list(map(lambda h: h + '.x', ['a']))", {}, ["a.x"]],
  ["plus equals", "X = ['a']\nX += ['b', 'c']", {}, ["a", "b", "c"]],
  [
    "list plus tuple of env",
    "import os\nX = ['a'] + os.getenv('K', 'b').split(',')",
    {},
    ["a", "b"],
  ],
  [
    "append extend insert remove",
    "X = ['b']\nX.append('d')\nX.extend(['e'])\nX.insert(0, 'a')\nX.remove('d')",
    {},
    ["a", "b", "e"],
  ],
  [
    "append under a condition",
    "import os\nX = ['a']\nif os.getenv('K') == '1':\n    X.append('b')",
    { K: "1" },
    ["a", "b"],
  ],
  ["spread", "A = ['a']\nX = [*A, 'b']", {}, ["a", "b"]],
  [
    "loop over split",
    "import os\nX = []\nfor h in os.getenv('K', '').split(';'):\n    h = h.strip()\n    if not h:\n        continue\n    X.append(h)",
    { K: "a; ;b" },
    ["a", "b"],
  ],
  ["slice and index", "X = ['a', 'b', 'c'][1:][0]", {}, "b"],
  [
    "dict look-up",
    "import os\nX = {'dev': True, 'prod': False}[os.getenv('E', 'prod')]",
    { E: "dev" },
    true,
  ],
  ["dict get", "X = {'a': 1}.get('b', 2)", {}, 2],
  ["missing key", "X = {'a': 1}['b']", {}, "raises KeyError"],
  // Text
  ["f-string", "import os\nX = f\"{os.getenv('K', 'a')}.example\"", { K: "b" }, "b.example"],
  ["f-string with a format", "X = f'{1:>3}'", {}, "unknown"],
  ["percent", "X = '%s-%d' % ('a', 2)", {}, "a-2"],
  ["format", "X = '{}-{b}'.format('a', b='c')", {}, "a-c"],
  ["concatenation", "import os\nX = 'https://' + os.getenv('K', 'a')", {}, "https://a"],
  ["removeprefix", "X = 'https://a'.removeprefix('https://')", {}, "a"],
  ["rsplit once", "X = 'a.b.c'.rsplit('.', 1)", {}, ["a.b", "c"]],
  ["join", "X = ','.join(['a', 'b'])", {}, "a,b"],
  // Branches
  ["if False", "X = 1\nif False:\n    X = 2", {}, 1],
  [
    "if on env",
    "import os\nX = 1\nif os.getenv('K') == 'p':\n    X = 2\nelse:\n    X = 3",
    { K: "p" },
    2,
  ],
  [
    "elif",
    "import os\ne = os.getenv('K')\nif e == 'a':\n    X = 1\nelif e == 'b':\n    X = 2\nelse:\n    X = 3",
    { K: "b" },
    2,
  ],
  [
    "walrus",
    "import os\nif v := os.getenv('K'):\n    X = v.split(',')\nelse:\n    X = ['d']",
    { K: "a" },
    ["a"],
  ],
  ["not known, branches differ", "import other\nX = 1\nif other.flag():\n    X = 2", {}, "unknown"],
  [
    "not known, branches agree",
    "import other\nif other.flag():\n    X = 2\nelse:\n    X = 2",
    {},
    2,
  ],
  [
    "not known, one branch raises",
    "import other\nX = 1\nif other.flag():\n    raise ValueError('no')",
    {},
    1,
  ],
  ["under test", "import sys\nX = 'test' in sys.argv", {}, false],
  ["under pytest", "import sys\nX = 'pytest' in sys.modules", {}, false],
  ["first argument", "import sys\nX = len(sys.argv) > 1 and sys.argv[1] == 'test'", {}, false],
  ["type checking", "from typing import TYPE_CHECKING\nX = 1\nif TYPE_CHECKING:\n    X = 2", {}, 1],
  ["main guard", "X = 1\nif __name__ == '__main__':\n    X = 2", {}, 1],
  ["try import missing", "try:\n    from .local import *\nexcept ImportError:\n    X = 1", {}, 1],
  [
    "try key error",
    "import os\ntry:\n    X = os.environ['K']\nexcept KeyError:\n    X = 'd'",
    {},
    "d",
  ],
  [
    "try value error",
    "import os\ntry:\n    X = int(os.getenv('K', 'x'))\nexcept (TypeError, ValueError):\n    X = 0",
    {},
    0,
  ],
  [
    "try else finally",
    "try:\n    A = 1\nexcept Exception:\n    A = 2\nelse:\n    A = 3\nfinally:\n    X = A",
    {},
    3,
  ],
  [
    "try wrong handler",
    "import os\ntry:\n    X = os.environ['K']\nexcept ValueError:\n    X = 'd'",
    {},
    "not set",
  ],
  [
    "file that is missing",
    "try:\n    with open('key.txt') as f:\n        X = f.read()\nexcept FileNotFoundError:\n    X = 'd'",
    {},
    "d",
  ],
  [
    "file that the program makes itself",
    "try:\n    with open('key.txt', 'x') as f:\n        f.write(make())\nexcept FileExistsError:\n    pass\nwith open('key.txt') as f:\n    X = f.read()",
    {},
    "unknown",
  ],
  ["while", "X = 1\nwhile X < 3:\n    X += 1", {}, "unknown"],
  ["deleted", "X = 1\ndel X", {}, "not set"],
  // Functions of the project
  [
    "one-line helper",
    "import os\ndef env_bool(n, d='0'):\n    return os.getenv(n, d).lower() in ('1','true')\nX = env_bool('K')",
    { K: "True" },
    true,
  ],
  [
    "helper with branches",
    "import os\ndef flag(name, default=False):\n    value = os.environ.get(name)\n    if value is None:\n        return default\n    return value.strip().lower() in {'1', 'yes'}\nX = flag('K', True)",
    {},
    true,
  ],
  [
    "helper that refuses",
    "import os\ndef flag(n, d):\n    v = os.getenv(n, d)\n    if v not in ('', 'True', 'False'):\n        raise ValueError(f'bad {n}')\n    return v == 'True'\nX = flag('K', 'True')",
    { K: "1" },
    "raises ValueError",
  ],
  [
    "helper with keyword",
    "import os\ndef e(name, *, default=None, cast=str):\n    v = os.getenv(name)\n    return default if v is None else cast(v)\nX = e('K', cast=int)",
    { K: "7" },
    7,
  ],
  ["helper recursion ends", "def f(n):\n    return f(n)\nX = f(1)", {}, "unknown"],
  ["lambda", "import os\nb = lambda n: os.getenv(n) == '1'\nX = b('K')", { K: "1" }, true],
  [
    "secret from a file",
    "import os\nfrom pathlib import Path\ndef secret(s, d=None):\n    if p := os.getenv(s + '_FILE'):\n        return Path(p).read_text().strip()\n    return os.getenv(s, d)\nX = secret('K', '-')",
    { K_FILE: "/run/secrets/k" },
    "unknown",
  ],
  [
    "secret not from a file",
    "import os\nfrom pathlib import Path\ndef secret(s, d=None):\n    if p := os.getenv(s + '_FILE'):\n        return Path(p).read_text().strip()\n    return os.getenv(s, d)\nX = secret('K', '-')",
    {},
    "-",
  ],
  [
    "random key",
    "from django.core.management.utils import get_random_secret_key\nX = get_random_secret_key()",
    {},
    "unknown",
  ],
  // Libraries
  [
    "django-environ scheme default",
    `${ENVIRON}env = environ.Env(DEBUG=(bool, False))\nX = env('DEBUG')`,
    {},
    false,
  ],
  [
    "django-environ scheme cast",
    `${ENVIRON}env = environ.Env(DEBUG=(bool, False))\nX = env('DEBUG')`,
    { DEBUG: "On" },
    true,
  ],
  [
    "django-environ other text is false",
    `${ENVIRON}env = environ.Env()\nX = env.bool('DEBUG', True)`,
    { DEBUG: "enabled" },
    false,
  ],
  [
    "django-environ unset",
    `${ENVIRON}env = environ.Env()\nX = env('K')`,
    {},
    "raises ImproperlyConfigured",
  ],
  [
    "django-environ list",
    `${ENVIRON}env = environ.Env()\nX = env.list('K', default=[])`,
    { K: "a, b" },
    ["a", " b"],
  ],
  ["django-environ default", `${ENVIRON}env = environ.Env()\nX = env.int('K', default=3)`, {}, 3],
  [
    "django-environ read_env",
    `${ENVIRON}env = environ.Env()\nenviron.Env.read_env('.env')\nX = env.str('K')`,
    { K: "v" },
    "v",
  ],
  [
    "environs",
    "from environs import Env\nenv = Env()\nenv.read_env()\nX = env.bool('K', False)",
    { K: "yes" },
    true,
  ],
  [
    "environs other text",
    "from environs import Env\nenv = Env()\nX = env.bool('K', False)",
    { K: "maybe" },
    "raises ValueError",
  ],
  [
    "decouple",
    "from decouple import config\nX = config('K', default=False, cast=bool)",
    { K: "on" },
    true,
  ],
  [
    "decouple default text is cast",
    "from decouple import config\nX = config('K', default='True', cast=bool)",
    {},
    true,
  ],
  [
    "decouple Csv",
    "from decouple import config, Csv\nX = config('K', default='', cast=Csv())",
    { K: "a, b" },
    ["a", "b"],
  ],
  [
    "decouple lambda",
    "from decouple import config\nX = config('K', cast=lambda v: [s.strip() for s in v.split(',')])",
    { K: "a , b" },
    ["a", "b"],
  ],
  [
    "decouple unset",
    "from decouple import config\nX = config('K')",
    {},
    "raises UndefinedValueError",
  ],
  [
    "starlette",
    "from starlette.config import Config\nc = Config('.env')\nX = c('K', cast=bool, default=False)",
    { K: "true" },
    true,
  ],
  [
    "pydantic",
    "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    debug: bool = False\ns = S()\nX = s.debug",
    { DEBUG: "1" },
    true,
  ],
  [
    "pydantic default",
    "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    DEBUG: bool = True\nX = S().DEBUG",
    {},
    true,
  ],
  [
    "pydantic required",
    "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    KEY: str\nX = S().KEY",
    {},
    "raises ValidationError",
  ],
  [
    "pydantic, given to the constructor",
    "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    KEY: str\n    A: bool = False\nmore = {'A': True}\ns = S(KEY='k', **more)\nX = (s.KEY, s.A)",
    { A: "0" },
    ["k", true],
  ],
  [
    "pydantic with a directory of secrets",
    "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    KEY: str\nX = S(_secrets_dir='/run/secrets').KEY",
    {},
    "unknown",
  ],
  [
    "pydantic prefix",
    "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_')\n    DEBUG: bool = False\nX = S().DEBUG",
    { APP_DEBUG: "true", DEBUG: "0" },
    true,
  ],
  [
    "class attribute",
    "class Base:\n    X = 1\nclass Prod(Base):\n    Y = 2\nX = (Prod.X, Prod.Y)",
    {},
    [1, 2],
  ],
  [
    "property and method of an object",
    "class A:\n    N = 2\n    @property\n    def n(self): return self.N\n    def add(self, m): return self.n + m\n    @staticmethod\n    def s(m): return m\n    @classmethod\n    def c(cls, m): return cls.N + m\na = A()\nX = (a.n, a.add(1), a.s(5), A.c(1), A.add(a, 2))",
    {},
    [2, 3, 5, 3, 4],
  ],
  [
    "what a method sets on its object",
    "class A:\n    k: str = ''\n    n: int = 1\n    def fill(self):\n        if self.k: return\n        self.k = 'made'\n    def other(self): return self.n\na = A()\na.fill()\na.other()\nX = (a.k, a.n)",
    {},
    ["made", 1],
  ],
  [
    "fields given to a dataclass",
    "class A:\n    a: int = 1\n    b: int = 2\no = A(b=3)\nX = (o.a, o.b)",
    {},
    [1, 3],
  ],
  [
    "a field without a default",
    "from pydantic import Field\nfrom pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    A: str = Field(...)\nX = S().A",
    {},
    "raises ValidationError",
  ],
  [
    "a field whose default is made",
    "from pydantic import Field\nfrom pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    A: list = Field(default_factory=list)\nX = S().A",
    {},
    "unknown",
  ],
  [
    "constructor arguments over the environment",
    "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    KEY: str\nX = S(KEY='a').KEY",
    { KEY: "b" },
    "a",
  ],
  [
    "what follows a missing variable in a function",
    "import os\ndef f():\n    k = os.environ['K']\n    print(k)\n    if k: pass\n    return 1\nX = f()",
    {},
    1,
  ],
  [
    "what a function returns of a missing variable",
    "import os\ndef f():\n    k = os.environ['K']\n    return k\nX = f()",
    {},
    "raises KeyError",
  ],
  [
    "a function that refuses ends",
    "import os\ndef f():\n    k = os.getenv('K')\n    if not k:\n        raise ValueError()\n    return k\ndef g():\n    f()\n    return 1\nX = g()",
    {},
    "raises ValueError",
  ],
  [
    "a function with arguments given already",
    "from functools import partial\ndef f(a, b, c=1): return [a, b, c]\nX = (partial(f, 2)(3), partial(f, b=4, c=5)(6))",
    {},
    [
      [2, 3, 1],
      [6, 4, 5],
    ],
  ],
  [
    "getattr of a module outside",
    "import site_config\nX = getattr(site_config, 'DEBUG', False)",
    {},
    "external",
  ],
];

for (const [name, source, env, expected] of ROWS)
  test(name, async () => {
    const { scope } = await run({ files: { "settings.py": source }, env }, "settings.py");
    assert.deepEqual(told(scope?.bindings.get("X")?.value), expected);
  });

test("a variable that is not known makes the value unknown and is named", async () => {
  const source = "import os\nX = os.getenv('K', '1') == '1'";
  const { scope } = await run({ files: { "settings.py": source }, unknown: ["K"] }, "settings.py");
  const value = scope?.bindings.get("X")?.value;
  assert.equal(value?.kind, "unknown");
  assert.deepEqual(originOf(value).reads, [
    { variable: "K", state: "unknown", fallback: undefined },
  ]);
});

test("imports: relative, absolute, star in order, package and submodule", async () => {
  const files = {
    "conf/__init__.py": "",
    "conf/base.py":
      "import os\nDEBUG = True\nHOSTS = ['*']\n_PRIVATE = 1\nNAME = os.getenv('NAME', 'base')",
    "conf/prod.py":
      "from .base import *\nfrom conf import extra\nimport conf.base as b\nDEBUG = False\nHOSTS = HOSTS + [extra.HOST]\nOLD = b.DEBUG",
    "conf/extra.py": "HOST = 'b'",
  };
  const { scope } = await run({ files, env: { NAME: "n" } }, "conf/prod.py");
  const get = (name: string): unknown => told(scope?.bindings.get(name)?.value);
  assert.equal(get("DEBUG"), false);
  assert.deepEqual(get("HOSTS"), ["*", "b"]);
  assert.equal(get("OLD"), true);
  assert.equal(get("NAME"), "n");
  assert.equal(get("_PRIVATE"), "not set");
  assert.equal(scope?.bindings.get("NAME")?.file, "conf/base.py");
});

test("a star import at the end overrides, also behind an existence test", async () => {
  const files = {
    "hc/settings.py":
      "from pathlib import Path\nBASE = Path(__file__).resolve().parent.parent\nDEBUG = True\nif (BASE / 'hc/local.py').exists():\n    from .local import *",
    "hc/local.py": "DEBUG = False",
  };
  const { scope } = await run({ files }, "hc/settings.py");
  assert.equal(told(scope?.bindings.get("DEBUG")?.value), false);
});

test("a guard in front of a raise makes what it looks at raise", async () => {
  const source =
    "import os\nKEY = os.getenv('KEY')\nif not KEY:\n    raise RuntimeError('set it')\nDEBUG = False";
  const { scope, machine } = await run({ files: { "settings.py": source } }, "settings.py");
  assert.equal(told(scope?.bindings.get("KEY")?.value), "raises RuntimeError");
  assert.equal(told(scope?.bindings.get("DEBUG")?.value), false);
  assert.deepEqual(machine.raised, [
    { file: "settings.py", line: 4, reason: "the code raises RuntimeError (settings.py:4)" },
  ]);
});

test("a list of which one element hangs on something unknown keeps the others", async () => {
  const source = "import other\nX = ['a']\nif other.flag():\n    X.append('b')\nX += ['c']";
  const { scope } = await run({ files: { "settings.py": source } }, "settings.py");
  const value = scope?.bindings.get("X")?.value;
  assert.ok(value?.kind === "list");
  assert.deepEqual(value.items.map(told), ["a", "unknown", "c"]);
});

test("idioms are told in the code's own words", async () => {
  const rows: readonly (readonly [string, string])[] = [
    ["X = os.getenv('K', '1') in {'1', 'on'}", "in {'1', 'on'}"],
    ["X = os.getenv('K', '').lower() == 'true'", ".lower() == 'true'"],
    ["X = bool(os.getenv('K'))", "bool()"],
    ["X = bool(int(os.getenv('K', '0')))", "bool(int())"],
  ];
  for (const [line, expected] of rows) {
    const { scope } = await run(
      { files: { "s.py": `import os\n${line}` }, env: { K: "1" } },
      "s.py",
    );
    const value = scope?.bindings.get("X")?.value;
    assert.ok(value !== undefined);
    assert.equal(value.origin.idiom, expected);
  }
});

test("endless and huge programs end", async () => {
  const programs = [
    "X = 'a'\nfor i in range(400):\n    X = X + X",
    "def f(n):\n    return [f(n), f(n)]\nX = f(1)",
    "X = [[a for a in range(500)] for b in range(500)]",
    `X = ${"(".repeat(150)}1${")".repeat(150)}`,
    "X = 'a' * 10 ** 9",
    `X = {}\n${"X = [X, X]\n".repeat(60)}Y = str(X) == X\nZ = X + X\n`,
    `X = 1\n${"X = {'a': X, 'b': X}\n".repeat(60)}Y = X == X\n`,
    `X = []\n${"X.append(X)\nX.extend(X)\n".repeat(60)}Y = sorted(X)\n`,
    `X = 1\n${"X = [X]\n".repeat(15_000)}`,
  ];
  for (const source of programs) {
    const started = performance.now();
    const { scope } = await run({ files: { "s.py": source } }, "s.py");
    for (const { value } of scope?.bindings.values() ?? []) jsonOf(value);
    assert.ok(performance.now() - started < 4_000, source.slice(0, 40));
  }
});

test("a key that is made once and written to a file is told as kept, one that is not as random", async () => {
  const made = (write: string) =>
    `import os\ndef key():\n    try:\n        return open("k").read()\n    except OSError:\n        made = os.urandom(32)\n        ${write}\n        return made\nX = key()`;
  const reason = async (write: string) => {
    const { scope } = await run({ files: { "settings.py": made(write) } }, "settings.py");
    const value = scope?.bindings.get("X")?.value;
    return value?.kind === "unknown" ? value.reason : value?.kind;
  };
  assert.equal(await reason('open("k", "wb").write(made)'), KEPT_IN_FILE);
  assert.notEqual(await reason("pass"), KEPT_IN_FILE);
});
