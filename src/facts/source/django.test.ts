import assert from "node:assert/strict";
import { test } from "node:test";
import { type SourceExample, sourceFacts } from "../../../test/source-facts.ts";
import { knownValue } from "../../core/reading.ts";
import type { SourceSetting } from "../source-settings.fact.ts";

async function rowsOf(example: SourceExample): Promise<readonly SourceSetting[]> {
  const found = knownValue((await sourceFacts(example)).source);
  assert.ok(found !== undefined);
  return found.settings;
}

function shown({ file, line, kind, resolved }: SourceSetting): string {
  const value = resolved.state === "known" ? JSON.stringify(resolved.value) : resolved.state;
  return `${file}:${line} ${kind} ${value}`;
}

const BASE = `import os
ALLOWED_HOSTS = ["a.test"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
`;
const django = (more = "", rest: Partial<SourceExample> = {}): SourceExample => ({
  files: { "shop/settings.py": BASE + more },
  ...rest,
});
const YEAR = "SECURE_HSTS_SECONDS = 31536000\n";
const BY_ENV = 'SECURE_HSTS_SECONDS = int(os.environ.get("HSTS", "31536000"))\n';

const CORS_OF_ITS_OWN: SourceExample = {
  files: {
    "shop/settings.py": `${BASE}MIDDLEWARE += ["shop.mw.Cors"]\n`,
    "shop/mw.py": `CORS_ALLOWED_ORIGINS = "*"
CORS_ALLOWED_CREDENTIALS = True
class Cors:
    def __init__(self, get_response):
        self.get_response = get_response
    def __call__(self, request):
        response = self.get_response(request)
        self.add(response)
        return response
    def add(self, response):
        response["Access-Control-Allow-Origin"] = CORS_ALLOWED_ORIGINS
        if CORS_ALLOWED_CREDENTIALS:
            response["Access-Control-Allow-Credentials"] = "true"
`,
  },
};

/** The rows of a slug. */
const CASES: readonly [name: string, example: SourceExample, slug: string, rows: string[]][] = [
  [
    "a literal",
    django("SESSION_COOKIE_SECURE = True\n"),
    "django.session_cookie_secure",
    ["shop/settings.py:8 literal true"],
  ],
  ["a default", django(), "django.session_cookie_secure", ["shop/settings.py:null absent false"]],
  [
    "commented out",
    django("# SESSION_COOKIE_SECURE = True\n"),
    "django.session_cookie_secure",
    ["shop/settings.py:null absent false"],
  ],
  [
    "by a variable",
    django('CSRF_COOKIE_SECURE = os.environ.get("S", "0") == "1"\n', { env: { S: "1" } }),
    "django.csrf_cookie_secure",
    ["shop/settings.py:8 env true"],
  ],
  [
    "SameSite in lower case",
    django('SESSION_COOKIE_SAMESITE = "Strict"\n'),
    "django.session_cookie_samesite",
    ['shop/settings.py:8 literal "strict"'],
  ],
  ["middleware", django(), "django.middleware.csrf", ["shop/settings.py:5 literal true"]],
  [
    "middleware inserted",
    django('MIDDLEWARE.insert(0, "x.Y")\n'),
    "django.middleware.csrf",
    ["shop/settings.py:5 literal true"],
  ],
  [
    "middleware that is taken away",
    django('MIDDLEWARE.remove("django.middleware.csrf.CsrfViewMiddleware")\n'),
    "django.middleware.csrf",
    ["shop/settings.py:null absent false"],
  ],
  [
    "middleware of which not all is known",
    { files: { "shop/settings.py": "import other\nALLOWED_HOSTS = []\nMIDDLEWARE = [other.X]\n" } },
    "django.middleware.csrf",
    ["shop/settings.py:null absent unknown"],
  ],
  [
    "HSTS",
    django(`${YEAR}SECURE_HSTS_INCLUDE_SUBDOMAINS = True\n`),
    "headers.hsts",
    ['shop/settings.py:8 literal "max-age=31536000; includeSubDomains"'],
  ],
  ["HSTS by default", django(), "headers.hsts", ["shop/settings.py:null absent null"]],
  [
    "HSTS by a variable",
    django(BY_ENV, { env: { HSTS: "60" } }),
    "headers.hsts",
    ['shop/settings.py:8 env "max-age=60"'],
  ],
  [
    "HSTS switched off by a variable",
    django(BY_ENV, { env: { HSTS: "0" } }),
    "headers.hsts",
    ["shop/settings.py:8 env null"],
  ],
  [
    "HSTS without SecurityMiddleware",
    { files: { "shop/settings.py": `ALLOWED_HOSTS = []\nMIDDLEWARE = []\n${YEAR}` } },
    "headers.hsts",
    ["shop/settings.py:null absent null"],
  ],
  [
    "seconds without SecurityMiddleware",
    { files: { "shop/settings.py": `ALLOWED_HOSTS = []\nMIDDLEWARE = []\n${YEAR}` } },
    "django.hsts_seconds",
    ["shop/settings.py:3 literal 0"],
  ],
  ["X-Frame-Options by default", django(), "headers.xfo", ['shop/settings.py:null absent "DENY"']],
  [
    "X-Frame-Options",
    django('X_FRAME_OPTIONS = "SAMEORIGIN"\n'),
    "headers.xfo",
    ['shop/settings.py:8 literal "SAMEORIGIN"'],
  ],
  [
    "X-Frame-Options by default before 3.0",
    { files: { "shop/settings.py": BASE, "requirements.txt": "Django==2.2.28\n" } },
    "headers.xfo",
    ['shop/settings.py:null absent "SAMEORIGIN"'],
  ],
  [
    "X-Frame-Options by default of 3.0",
    {
      files: {
        "shop/settings.py": BASE,
        "poetry.lock": '[[package]]\nname = "django"\nversion = "3.0"\n',
      },
    },
    "headers.xfo",
    ['shop/settings.py:null absent "DENY"'],
  ],
  [
    "Referrer-Policy by default",
    django(),
    "headers.referrer",
    ['shop/settings.py:null absent "same-origin"'],
  ],
  [
    "Referrer-Policy by default of 3.0",
    { files: { "shop/settings.py": BASE, "requirements.txt": "django~=3.0\n" } },
    "headers.referrer",
    ["shop/settings.py:null absent null"],
  ],
  [
    "a star import that was not read",
    django("from local import *\n"),
    "django.hsts_seconds",
    ["shop/settings.py:null absent unknown"],
  ],
  [
    "django-csp 3",
    django(
      'MIDDLEWARE += ["csp.middleware.CSPMiddleware"]\nCSP_DEFAULT_SRC = ("\'self\'",)\nCSP_OBJECT_SRC = ("\'none\'",)\n',
    ),
    "headers.csp",
    [`shop/settings.py:9 literal "default-src 'self'; object-src 'none'"`],
  ],
  [
    "django-csp 4",
    django(
      'from csp.constants import SELF, NONCE\nMIDDLEWARE += ["csp.middleware.CSPMiddleware"]\nCONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": [SELF], "script-src": [SELF, NONCE]}}\n',
    ),
    "headers.csp",
    [`shop/settings.py:10 computed "default-src 'self'; script-src 'self' 'nonce-{NONCE}'"`],
  ],
  [
    "CSP settings without middleware",
    django("CSP_DEFAULT_SRC = (\"'self'\",)\n"),
    "headers.csp",
    ["shop/settings.py:null absent null"],
  ],
  ["no CORS", django(), "cors.config", ["shop/settings.py:null absent null"]],
  [
    "CORS for all",
    django("CORS_ORIGIN_ALLOW_ALL = True\n"),
    "cors.allow_all",
    ['shop/settings.py:8 literal ["*"]'],
  ],
  [
    "CORS without a word of credentials",
    django("CORS_ORIGIN_ALLOW_ALL = True\n"),
    "cors.allow_credentials",
    ["shop/settings.py:null absent false"],
  ],
  [
    "CORS with credentials",
    django("CORS_ORIGIN_ALLOW_ALL = True\nCORS_ALLOW_CREDENTIALS = True\n"),
    "cors.allow_credentials",
    ["shop/settings.py:9 literal true"],
  ],
  [
    "a secret",
    django('SECRET_KEY = "abcdefghij"\n'),
    "django.secret_key",
    ["shop/settings.py:8 literal undefined"],
  ],
  [
    "a remote user by a variable",
    django('REMOTE_USER_HEADER = os.getenv("H")\n'),
    "auth.remote_user",
    ["shop/settings.py:8 env null"],
  ],
  [
    "middleware of the project",
    {
      files: {
        "shop/settings.py": `${BASE}MIDDLEWARE += ["shop.mw.headers"]\n`,
        "shop/mw.py":
          'from django.conf import settings\ndef headers(get_response):\n    def middleware(request):\n        response = get_response(request)\n        response["X-Frame-Options"] = "SAMEORIGIN"\n        return response\n    return middleware\n',
      },
    },
    "headers.xfo",
    ['shop/mw.py:5 literal "SAMEORIGIN"'],
  ],
  [
    "middleware of the project that lets foreign origins in",
    CORS_OF_ITS_OWN,
    "cors.allow_origins",
    ['shop/mw.py:1 literal "*"', 'shop/mw.py:11 literal "*"'],
  ],
  [
    "middleware of the project that takes cookies of foreign origins",
    CORS_OF_ITS_OWN,
    "cors.allow_credentials",
    ["shop/mw.py:2 literal true", "shop/mw.py:13 literal true"],
  ],
  ["CORS of the project's own is CORS", CORS_OF_ITS_OWN, "cors.config", []],
  [
    "middleware that was not read",
    django('MIDDLEWARE += ["secure_things.SecureHeadersMiddleware"]\n'),
    "headers.csp",
    ["shop/settings.py:null absent unknown"],
  ],
];

for (const [name, example, slug, expected] of CASES) {
  test(`Django's settings in source: ${name}`, async () => {
    const rows = (await rowsOf(example)).filter((row) => row.slug === slug);
    assert.deepEqual(rows.map(shown), expected);
  });
}

test("what the environment overrides has its default, the chain names the variable", async () => {
  const rows = await rowsOf(django(BY_ENV, { env: { HSTS: "60" } }));
  const row = rows.find(({ slug }) => slug === "headers.hsts");
  assert.equal(row?.default, "max-age=31536000");
  assert.deepEqual(row?.variables, ["HSTS"]);
  assert.equal(
    row?.chain,
    'Strict-Transport-Security = max-age=60 <- SECURE_HSTS_SECONDS = 60 <- HSTS="60" (.env:1) <- shop/settings.py:8',
  );
});

test("no CSRF cookie is judged where the token is kept in the session", async () => {
  const cookieOf = async (more: string) => {
    const rows = await rowsOf(django(more));
    return rows.flatMap(({ property, resolved }) =>
      property === "csrf.cookie-secure" ? [resolved.state] : [],
    );
  };
  assert.deepEqual(await cookieOf("CSRF_USE_SESSIONS = True\n"), []);
  assert.deepEqual(await cookieOf("CSRF_USE_SESSIONS = False\n"), ["known"]);
  assert.deepEqual(await cookieOf("import conf\nCSRF_USE_SESSIONS = conf.USE\n"), ["unknown"]);
});

test("no secret is in any row", async () => {
  const text = JSON.stringify(await rowsOf(django('SECRET_KEY = "kq8Lw2Rk5Tn9Vb3Xc7Md"\n')));
  assert.ok(!text.includes("kq8Lw2"));
});

test("every row is Django's: rows of one application are judged together", async () => {
  const rows = await rowsOf(django(YEAR));
  assert.deepEqual([...new Set(rows.map(({ framework }) => framework))], ["django"]);
});
