import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../test/inside-source.ts";
import { INCLUDED_FILES_MAX, withIncludes } from "../parsers/python/included.ts";
import { parsePython } from "../parsers/python/parse.ts";

const HEAD = "from split_settings.tools import include, optional\n";
const BASE = `INSTALLED_APPS = []
DEBUG = False
MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
`;

/** Rows of DEBUG and of middleware as `slug kind file:line state`. */
async function told(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { settings } = await insideSource({
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    ...files,
  });
  return settings
    .filter(({ slug }) => /django\.(?:debug|middleware\.(?:csrf|security))$/.test(slug))
    .map(({ slug, kind, file, line, resolved }) => {
      const value = resolved.state === "known" ? JSON.stringify(resolved.value) : resolved.state;
      return `${slug.replace("django.", "")} ${kind} ${file}:${line} ${value}`;
    });
}

test("files of an include run as parts of the module: they see its names and add to them", async () => {
  const rows = await told({
    "shop/settings/__init__.py": `${HEAD}include("components/*.py", optional("local.py"))\n`,
    "shop/settings/components/a.py": BASE,
    "shop/settings/components/b.py":
      'MIDDLEWARE += ["django.middleware.security.SecurityMiddleware"]\n',
  });
  assert.deepEqual(rows, [
    "debug literal shop/settings/components/a.py:2 false",
    "middleware.security literal shop/settings/components/b.py:1 true",
    "middleware.csrf literal shop/settings/components/a.py:3 true",
  ]);
});

test("a name with a dot, and an optional file that is there and sets it again", async () => {
  const rows = await told({
    "shop/settings.py": `${HEAD}include("settings.dist.py", optional("local.py"))\n`,
    "shop/settings.dist.py": BASE,
    "shop/local.py": "DEBUG = True\n",
  });
  assert.ok(rows.includes("debug literal shop/local.py:1 true"));
});

for (const named of ['"gone.py"', 'f"{stage}.py"', '"*a*b*c*d.py"'])
  test(`what include(${named}) sets is not known`, async () => {
    const { settings } = await insideSource({
      "shop/settings.py": `${HEAD}${BASE}stage = "x"\ninclude(${named})\n`,
    });
    const row = settings.find(({ slug }) => slug === "django.session_cookie_secure");
    assert.equal(row?.resolved.state, "unknown");
  });

for (const [count, expected] of [
  [INCLUDED_FILES_MAX, INCLUDED_FILES_MAX],
  [INCLUDED_FILES_MAX + 1, INCLUDED_FILES_MAX],
] as const)
  test(`of ${count} files that one pattern names ${expected} are run`, async () => {
    const parsed = await parsePython(`${HEAD}include("*.py")\n`);
    assert.ok(parsed.ok);
    const files = Array.from({ length: count }, (_, at) => `a${at}.py`);
    const { body } = withIncludes(parsed.module, () => files);
    const whole = body.filter((each) => each.kind === "import-from" && each.isStar);
    assert.equal(whole.length, expected);
  });
