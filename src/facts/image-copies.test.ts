import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../test/inside-source.ts";
import { COPYING_DOCKERFILES_MAX } from "./image-copies.ts";

const LIVE = "from .common import *\nDEBUG = False\n";
const TREE = {
  "shop/settings/common.py": 'SECRET_KEY = "x"\nALLOWED_HOSTS = ["a.test"]\nDEBUG = True\n',
  "shop/settings/__init__.py": "",
  "shop/wsgi.py":
    'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.common")\n',
  "docker/live.py": LIVE,
};
const STAGE = "ENV DJANGO_SETTINGS_MODULE=shop.settings.live\n";

async function told(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { settings } = await insideSource({ ...TREE, ...files }, {});
  return settings
    .filter(({ slug, line }) => /django\.(?:debug|allowed_hosts)/.test(slug) && line !== null)
    .map(({ slug, file, line }) => `${slug} ${file}:${line}`);
}

const IN_IMAGE = [
  "django.allowed_hosts shop/settings/common.py:2",
  "django.debug docker/live.py:2",
  "django.debug shop/settings/common.py:3",
];
const IN_TREE = [
  "django.allowed_hosts shop/settings/common.py:2",
  "django.debug shop/settings/common.py:3",
];

const cases: readonly [name: string, files: Readonly<Record<string, string>>, readonly string[]][] =
  [
    [
      "COPY puts it there",
      {
        Dockerfile: `FROM x\nCOPY . /app\nCOPY docker/live.py /app/shop/settings/live.py\n${STAGE}`,
      },
      IN_IMAGE,
    ],
    [
      "cp puts it there, of a part of the tree",
      {
        "docker/Dockerfile": `FROM x\nWORKDIR /srv\nCOPY shop /srv/shop\nCOPY docker/ /srv/docker\nRUN cp docker/live.py shop/settings/live.py\n${STAGE}`,
      },
      IN_IMAGE,
    ],
    ["nothing puts it there", { Dockerfile: `FROM x\nCOPY . /app\n${STAGE}` }, IN_TREE],
    [
      "it lies in the tree already",
      {
        Dockerfile: `FROM x\nCOPY . /app\nCOPY docker/live.py /app/shop/settings/live.py\n${STAGE}`,
        "shop/settings/live.py": "from .common import *\n",
      },
      IN_TREE,
    ],
  ];

for (const [name, files, expected] of cases)
  test(`a settings module that only the image has: ${name}`, async () => {
    assert.deepEqual([...(await told(files))].sort(), expected);
  });

for (const [count, expected] of [
  [COPYING_DOCKERFILES_MAX, IN_IMAGE],
  [COPYING_DOCKERFILES_MAX + 1, IN_TREE],
] as const)
  test(`the last of ${count} Dockerfiles copies it`, async () => {
    const copy = `FROM x\nCOPY . /app\nCOPY docker/live.py /app/shop/settings/live.py\n${STAGE}`;
    const others = Array.from({ length: count - 1 }, (_, at) => [`Dockerfile.a${at}`, "FROM x\n"]);
    const files = { ...Object.fromEntries(others), "Dockerfile.z": copy };
    assert.deepEqual([...(await told(files))].sort(), expected);
  });
