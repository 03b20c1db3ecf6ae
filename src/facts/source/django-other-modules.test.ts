import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";
import { OTHER_MODULES_MAX } from "./django-other-modules.ts";

const HEAD = 'import os\nINSTALLED_APPS = []\nROOT_URLCONF = "shop.urls"\n';

/** `kind file:line` of every row of DEBUG. */
async function told(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { settings } = await insideSource(files);
  return settings
    .filter(({ slug, line }) => slug === "django.debug" && line !== null)
    .map(({ kind, file, line }) => `${kind} ${file}:${line}`);
}

test("settings modules beside the one in use are told and decide nothing", async () => {
  const files = {
    "shop/settings/prod.py": `${HEAD}DEBUG = False\n`,
    "shop/settings/local_dev.py": "DEBUG = True  # here\n# DEBUG = 1\nif 1:\n    DEBUG = False\n",
    "shop/settings/urls.py": "DEBUG = True\n",
    "uwsgi.ini": "[uwsgi]\nenv = DJANGO_SETTINGS_MODULE=shop.settings.prod\n",
  };
  assert.deepEqual(await told(files), [
    "literal shop/settings/prod.py:4",
    "literal shop/settings/local_dev.py:1",
  ]);
  const { settings } = await insideSource(files);
  const other = settings.find(({ file }) => file.endsWith("local_dev.py"));
  assert.equal(
    other?.condition,
    "shop/settings/local_dev.py is not in use, shop/settings/prod.py is",
  );
});

for (const [count, expected] of [
  [OTHER_MODULES_MAX, OTHER_MODULES_MAX],
  [OTHER_MODULES_MAX + 1, OTHER_MODULES_MAX],
] as const)
  test(`of ${count} other settings modules ${expected} are looked at`, async () => {
    const others = Array.from({ length: count }, (_, at) => [
      `shop/settings_${at}.py`,
      "DEBUG = True\n",
    ]);
    const files = {
      "shop/settings.py": HEAD,
      ...Object.fromEntries(others),
      "uwsgi.ini": "[uwsgi]\nenv = DJANGO_SETTINGS_MODULE=shop.settings\n",
    };
    assert.equal((await told(files)).length, expected);
  });
