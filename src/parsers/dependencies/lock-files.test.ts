import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { holds } from "../../../test/fuzzing.ts";
import { INDENTED_DEPTH_MAX, parseIndented } from "./indented.ts";
import { boundedLock, LOCKED_MAX, type LockFile, type LockReader } from "./lock-file.ts";
import { readNpmLock } from "./npm-lock.ts";
import { readPnpmLock } from "./pnpm-lock.ts";
import { readPdmLock, readPipfileLock, readPoetryLock, readUvLock } from "./python-locks.ts";
import { readYarnLock } from "./yarn-lock.ts";

const POETRY = `[[package]]
name = "Django"
version = "4.2.1"
optional = false

[package.dependencies]
sqlparse = ">=0.3"

[[package]]
name = "sqlparse"
version = "0.4.4"
optional = false

[[package]]
name = "pytest"
version = "7.0.0"
optional = false

[[package]]
name = "own"
version = "0.1"
optional = true

[package.source]
type = "git"
url = "https://user:secret@example.test/own.git"

[metadata]
content-hash = "x"
`;
const PYPROJECT = '[tool.poetry.dependencies]\npython = "^3.11"\ndjango = "^4"\n';
const UV = `version = 1

[[package]]
name = "app"
source = { virtual = "." }
dependencies = [{ name = "django" }]

[package.optional-dependencies]
s3 = [{ name = "boto3" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "boto3"
version = "1.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "django"
version = "4.2.1"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "pytest"
version = "7.0.0"
source = { registry = "https://pypi.org/simple" }
`;
const PDM = `[metadata]
groups = ["default", "dev"]

[[package]]
name = "django"
version = "4.2.1"
groups = ["default"]
dependencies = ["sqlparse>=0.3", "tzdata; sys_platform == \\"win32\\""]

[[package]]
name = "sqlparse"
version = "0.4.4"
groups = ["default", "dev"]

[[package]]
name = "pytest"
version = "7.0.0"
groups = ["dev"]
`;
const PIPFILE = `{
    "_meta": {},
    "default": {
        "django": {
            "hashes": ["sha256:1"],
            "version": "==4.2.1"
        },
        "own": {
            "git": "https://example.test/own.git"
        },
        "win": {
            "markers": "sys_platform == 'win32'",
            "version": "===1.0"
        }
    },
    "develop": {
        "pytest": {
            "version": "==7.0.0"
        }
    }
}
`;
const NPM3 = `{
  "lockfileVersion": 3,
  "packages": {
    "": {
      "name": "app"
    },
    "node_modules/@a/b": {
      "version": "1.0.0"
    },
    "node_modules/@a/b/node_modules/c": {
      "version": "2.0.0",
      "dev": true
    },
    "node_modules/alias": {
      "name": "real",
      "version": "3.0.0"
    },
    "node_modules/g": {
      "version": "1.0.0",
      "resolved": "git+ssh://git@example.test/g.git#abc"
    },
    "node_modules/own": {
      "resolved": "packages/own",
      "link": true
    },
    "packages/own": {
      "version": "9.9.9"
    }
  }
}
`;
const NPM1 = `{
  "lockfileVersion": 1,
  "dependencies": {
    "a": {
      "version": "1.0.0",
      "dependencies": {
        "b": {
          "version": "2.0.0"
        }
      }
    },
    "b": {
      "version": "1.0.0",
      "dev": true
    },
    "short": {
      "version": "npm:@x/long@4.0.0"
    }
  }
}
`;
const CLASSIC = `# yarn lockfile v1


"@a/b@^1.0.0", "@a/b@^1.1.0":
  version "1.2.0"
  resolved "https://registry.yarnpkg.com/@a/b/-/b-1.2.0.tgz#1"
  dependencies:
    c "^2.0.0"

c@^2.0.0:
  version "2.0.1"

d@^1.0.0:
  version "1.0.0"

short@npm:real@^1.0.0:
  version "1.5.0"
`;
const PACKAGE =
  '{"dependencies":{"@a/b":"^1.0.0","short":"npm:real@^1.0.0"},"devDependencies":{"d":"^1.0.0"}}';
const BERRY = `__metadata:
  version: 8

"@a/b@npm:^1.0.0, @a/b@npm:^1.1.0":
  version: 1.2.0
  resolution: "@a/b@npm:1.2.0"
  dependencies:
    c: "npm:^2.0.0"
  languageName: node
  linkType: hard

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    "@a/b": "npm:^1.0.0"
    d: "npm:^1.0.0"
    short: "npm:real@^1.0.0"
  languageName: unknown
  linkType: soft

? "c@npm:^2.0.0"
:
  version: 2.0.1
  resolution: "c@npm:2.0.1"

"d@npm:^1.0.0":
  version: 1.0.0
  resolution: "d@npm:1.0.0"

"short@npm:real@^1.0.0":
  version: 1.5.0
  resolution: "real@npm:1.5.0"
`;
const PNPM9 = `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      '@a/b':
        specifier: ^1.0.0
        version: 1.2.0(c@2.0.1)
    devDependencies:
      d:
        specifier: ^1.0.0
        version: 1.0.0

packages:

  '@a/b@1.2.0':
    resolution: {integrity: sha512-1}
    deprecated: |-
      old: words
      "more

  c@2.0.1:
    resolution: {integrity: sha512-2}

  d@1.0.0:
    resolution: {integrity: sha512-3}

  g@https://codeload.github.com/x/g/tar.gz/abc:
    resolution: {tarball: https://codeload.github.com/x/g/tar.gz/abc}
    version: 1.0.0

snapshots:

  '@a/b@1.2.0(c@2.0.1)':
    dependencies:
      c: 2.0.1

  c@2.0.1: {}

  d@1.0.0: {}

  g@https://codeload.github.com/x/g/tar.gz/abc: {}
`;
const PNPM6 = `lockfileVersion: '6.0'

dependencies:
  '@a/b':
    specifier: ^1.0.0
    version: 1.2.0(c@2.0.1)

packages:

  /@a/b@1.2.0(c@2.0.1):
    resolution: {integrity: sha512-1}
    dependencies:
      c: 2.0.1
    dev: false

  /c@2.0.1:
    resolution: {integrity: sha512-2}
    dev: false

  /d@1.0.0:
    resolution: {integrity: sha512-3}
    dev: true
`;
const PNPM5 = `lockfileVersion: 5.4

specifiers:
  '@a/b': ^1.0.0

dependencies:
  '@a/b': 1.2.0_c@2.0.1

packages:

  /@a/b/1.2.0_c@2.0.1:
    resolution: {integrity: sha512-1}
    dependencies:
      c: 2.0.1
    dev: false

  /c/2.0.1:
    resolution: {integrity: sha512-2}
    dev: false
`;

function shown({ packages, skipped, problems }: LockFile): readonly string[] {
  return [
    ...packages.map(
      ({ name, version, line, group, condition }) =>
        `${line ?? "?"} ${name} ${version}${group ? ` ${group}` : ""}${condition ? ` ; ${condition}` : ""}`,
    ),
    ...skipped.map(({ name, reason, line }) => `${line ?? "?"} ${name} ${reason}`),
    ...problems.map(({ message, line }) => `! ${line ?? "?"} ${message}`),
  ];
}

const CASES: readonly (readonly [string, LockReader, string, string | undefined, string[]])[] = [
  [
    "poetry.lock with its manifest",
    readPoetryLock,
    POETRY,
    PYPROJECT,
    [
      "1 Django 4.2.1",
      "9 sqlparse 0.4.4",
      "14 pytest 7.0.0 development",
      "19 own from a repository or URL",
    ],
  ],
  [
    "poetry.lock alone",
    readPoetryLock,
    POETRY,
    undefined,
    ["1 Django 4.2.1", "9 sqlparse 0.4.4", "14 pytest 7.0.0", "19 own from a repository or URL"],
  ],
  [
    "poetry.lock 2 with groups",
    readPoetryLock,
    '[[package]]\nname = "a"\nversion = "1"\ngroups = ["dev"]\n[[package]]\nname = "b"\nversion = "1"\ngroups = ["main", "dev"]\n[[package]]\nname = "c"\nversion = "1"\ncategory = "dev"\n[[package]]\nname = "d"\nversion = "1"\nmarkers = "sys_platform == \'linux\'"\n[metadata]\n',
    undefined,
    ["1 a 1 development", "5 b 1", "9 c 1 development", "13 d 1 ; sys_platform == 'linux'"],
  ],
  [
    "uv.lock",
    readUvLock,
    UV,
    undefined,
    ["14 boto3 1.0 optional", "19 django 4.2.1", "24 pytest 7.0.0 development"],
  ],
  [
    "pdm.lock",
    readPdmLock,
    PDM,
    undefined,
    ["4 django 4.2.1", "10 sqlparse 0.4.4", "15 pytest 7.0.0 development"],
  ],
  [
    "Pipfile.lock",
    readPipfileLock,
    PIPFILE,
    undefined,
    [
      "4 django 4.2.1",
      "11 win 1.0 ; sys_platform == 'win32'",
      "17 pytest 7.0.0 development",
      "8 own from a repository or URL",
    ],
  ],
  [
    "package-lock 3",
    readNpmLock,
    NPM3,
    undefined,
    ["7 @a/b 1.0.0", "10 c 2.0.0 development", "14 real 3.0.0", "18 g from a repository"],
  ],
  [
    "package-lock 1",
    readNpmLock,
    NPM1,
    undefined,
    ["4 a 1.0.0", "7 b 2.0.0", "12 b 1.0.0 development", "16 @x/long 4.0.0"],
  ],
  [
    "package-lock of a version to come",
    readNpmLock,
    '{"lockfileVersion": 4}',
    undefined,
    ["! ? its lockfileVersion is none of 1, 2, 3"],
  ],
  [
    "yarn 1",
    readYarnLock,
    CLASSIC,
    PACKAGE,
    ["4 @a/b 1.2.0", "10 c 2.0.1", "13 d 1.0.0 development", "16 real 1.5.0"],
  ],
  [
    "yarn 4",
    readYarnLock,
    BERRY,
    PACKAGE,
    ["4 @a/b 1.2.0", "22 c 2.0.1", "27 d 1.0.0 development", "31 real 1.5.0"],
  ],
  [
    "pnpm 9",
    readPnpmLock,
    PNPM9,
    undefined,
    ["17 @a/b 1.2.0", "23 c 2.0.1", "26 d 1.0.0 development", "29 g not from a registry"],
  ],
  [
    "pnpm 6",
    readPnpmLock,
    PNPM6,
    undefined,
    ["10 @a/b 1.2.0", "16 c 2.0.1", "20 d 1.0.0 development"],
  ],
  ["pnpm 5", readPnpmLock, PNPM5, undefined, ["11 @a/b 1.2.0", "17 c 2.0.1"]],
  [
    "pnpm of a version to come",
    readPnpmLock,
    "lockfileVersion: '10.0'\n",
    undefined,
    ["! ? its lockfileVersion is none of 5, 6, 9"],
  ],
];
for (const [name, read, text, manifest, expected] of CASES) {
  test(`${name} is read`, () => {
    assert.deepEqual(shown(read(text, manifest)), expected);
    assert.deepEqual(shown(read(text.replaceAll("\n", "\r\n"), manifest)), expected);
  });
}

for (const [name, read, text, manifest] of CASES.filter(([, , text]) => text.length > 400)) {
  test(`${name}, cut off after any line, never gives fewer packages without a problem`, () => {
    const whole = read(text, manifest).packages.length;
    const lines = text.split("\n");
    for (let end = 0; end < lines.length; end++) {
      const { packages, problems } = read(lines.slice(0, end).join("\n"), manifest);
      if (end < 2 || packages.length === 0 || packages.length >= whole) continue;
      assert.ok(problems.length > 0, `after line ${end}: ${lines[end - 1]}`);
    }
  });
}

test("TOML that breaks off is told with its line", () => {
  assert.deepEqual(shown(readUvLock('[[package]]\nname = "a"\nversion = "1')), [
    "! 3 it is cut off or no TOML",
  ]);
  assert.deepEqual(shown(readPdmLock(`a = ${"[".repeat(5_000)}`)).length, 1);
});

test("an own index is a registry still", () => {
  const text =
    '[[package]]\nname = "a"\nversion = "1"\n[package.source]\ntype = "legacy"\nurl = "https://pypi.example.test/simple"\n[metadata]\n';
  assert.deepEqual(shown(readPoetryLock(text)), ["1 a 1"]);
});

test("packages of a lock file, and levels of indentation, up to their limits", () => {
  const lock = (count: number) =>
    boundedLock({
      packages: Array(count).fill({ name: "a", version: "1" }),
      skipped: [],
      problems: [],
    });
  assert.equal(lock(LOCKED_MAX).problems.length, 0);
  assert.equal(lock(LOCKED_MAX + 1).problems.length, 1);
  const nested = (depth: number) =>
    Array.from({ length: depth }, (_, level) => `${" ".repeat(level)}a:`).join("\n");
  assert.equal(parseIndented(nested(INDENTED_DEPTH_MAX)).ok, true);
  assert.equal(parseIndented(nested(INDENTED_DEPTH_MAX + 1)).ok, false);
});

test("no text makes a reader throw", () => {
  const readers = [
    readPoetryLock,
    readUvLock,
    readPdmLock,
    readPipfileLock,
    readNpmLock,
    readYarnLock,
    readPnpmLock,
  ];
  const piece = fc.constantFrom(
    "[[package]]\n",
    "name = ",
    '"a"',
    "\n",
    "  ",
    "a:",
    ": ",
    "- ",
    "? ",
    "{",
    "}",
    "packages:\n",
    "lockfileVersion: '9.0'\n",
    "|",
    "'",
    "1.0",
    "dependencies",
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((all) => all.join("")),
    fc.json(),
  );
  holds(
    fc.property(text, text, (lock, manifest) => {
      for (const read of readers) read(lock, manifest);
    }),
    400,
  );
});
