import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

const HEAD = 'import os\nINSTALLED_APPS = []\nROOT_URLCONF = "shop.urls"\n';

/** `slug kind @file:line` of every row of these slugs that has a line. */
async function told(
  files: Readonly<Record<string, string>>,
  wanted: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const { settings } = await insideSource(files, env);
  return settings
    .filter(({ slug, line }) => wanted.test(slug) && line !== null)
    .map(({ slug, kind, file, line }) => `${slug} ${kind} @${file}:${line}`);
}

const cases: readonly [name: string, body: string, wanted: RegExp, expected: readonly string[]][] =
  [
    [
      "both branches, the one in force first",
      `if host := os.getenv("HOST"):
    ALLOWED_HOSTS = [host]
else:
    ALLOWED_HOSTS = ["*"]
`,
      /allowed_hosts/,
      [
        "django.allowed_hosts literal @shop/settings.py:7",
        "django.allowed_hosts env @shop/settings.py:5",
      ],
    ],
    [
      "one variable that is cast is one variable, a comprehension is computed",
      `DEBUG = os.environ.get("DEBUG", "1") in {"1", "yes"}
ALLOWED_HOSTS = [h.strip() for h in os.getenv("HOSTS", "a.test").split(",")]
`,
      /debug|allowed_hosts/,
      ["django.debug env @shop/settings.py:4", "django.allowed_hosts computed @shop/settings.py:5"],
    ],
    [
      "what a later statement lays another over is computed",
      `SECRET_KEY = os.getenv("KEY", "")
if not SECRET_KEY:
    SECRET_KEY = make()
`,
      /secret_key/,
      [
        "django.secret_key computed @shop/settings.py:6",
        "django.secret_key computed @shop/settings.py:4",
      ],
    ],
    [
      "a branch that is not taken",
      `if os.getenv("PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = (os.getenv("HEADER", "HTTP_X"), "https")
`,
      /proxy_ssl/,
      ["django.proxy_ssl_header computed @shop/settings.py:5"],
    ],
    [
      "changes of the list of middleware",
      `MIDDLEWARE = []
if os.getenv("GZIP"):
    MIDDLEWARE.append("a.B")
MIDDLEWARE += ["c.D"]
MIDDLEWARE.insert(0, "e.F")
OTHER = []
OTHER.append("g")
`,
      /dynamic/,
      [
        "django.middleware.dynamic computed @shop/settings.py:6",
        "django.middleware.dynamic computed @shop/settings.py:7",
        "django.middleware.dynamic computed @shop/settings.py:8",
      ],
    ],
    [
      "middleware put into a list that holds the former, and changes by a function that the module calls",
      `MIDDLEWARE = ["a.B"]
if os.getenv("METRICS"):
    MIDDLEWARE = ["c.D", *MIDDLEWARE]
def extend():
    MIDDLEWARE.append("e.F")
    enable = os.getenv("SHOP_ENABLE_HTTP_REMOTE_USER")
    return enable
def never():
    MIDDLEWARE.append("g.H")
extend()
`,
      /dynamic|remote_user/,
      [
        "django.middleware.dynamic computed @shop/settings.py:6",
        "django.middleware.dynamic computed @shop/settings.py:8",
        "auth.remote_user env @shop/settings.py:9",
      ],
    ],
    [
      "hosts that are added to the list",
      `ALLOWED_HOSTS = os.getenv("HOSTS", "a.test").split(" ")
if "*" not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append("localhost")
`,
      /allowed_hosts/,
      [
        "django.allowed_hosts computed @shop/settings.py:6",
        "django.allowed_hosts computed @shop/settings.py:4",
      ],
    ],
    [
      "what a test binds, a sum, and how long a session lasts by a variable",
      `if CORS_ORIGIN_ALLOW_ALL := os.getenv("ALL") is not None:
    pass
SESSION_COOKIE_AGE = 60 * 60 * 24
CSRF_COOKIE_AGE = 60
`,
      /cors|_age/,
      [
        "cors.allow_all env @shop/settings.py:4",
        "django.session_cookie_age computed @shop/settings.py:6",
      ],
    ],
    [
      "one of two literals, by something else; one variable or nothing",
      `DEBUG = os.getenv("DEBUG") == "1"
X_FRAME_OPTIONS = "ANY" if DEBUG else "SAMEORIGIN"
SECURE_PROXY_SSL_HEADER = (os.environ["P"], "https") if "P" in os.environ else None
`,
      /xfo|proxy_ssl/,
      [
        "django.xfo computed @shop/settings.py:5",
        "django.proxy_ssl_header env @shop/settings.py:6",
      ],
    ],
    [
      "a key that the program refuses to start with",
      `SECRET_KEY = os.getenv("KEY", "")
if len(SECRET_KEY) < 50:
    raise ValueError("too short")
if SECRET_KEY == "changeme":
    print("change it")
`,
      /secret\.guard/,
      ["secret.guard computed @shop/settings.py:5"],
    ],
    [
      "headers that name the user, and what counts as the client behind proxies",
      `REMOTE_AUTH_ENABLED = os.getenv("REMOTE_AUTH_ENABLED") == "true"
REMOTE_AUTH_GROUPS = []
AUTO_LOGIN_USERNAME = os.getenv("AUTO")
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.getenv("COUNT", "1"))
ACCOUNT_RATE_LIMITS = {"login": "5/m/ip"}
`,
      /^auth|ratelimit\.(?:login|proxy)/,
      [
        "auth.remote_user env @shop/settings.py:4",
        "auth.auto_login env @shop/settings.py:6",
        "ratelimit.proxy_key env @shop/settings.py:7",
        "ratelimit.login literal @shop/settings.py:8",
      ],
    ],
    [
      "the statement, and the hasher in use, which stands first",
      'PASSWORD_HASHERS = [\n    "a.Argon2",\n    "b.Md5",\n]\n',
      /hashers/,
      [
        "password.hashers literal @shop/settings.py:4",
        "password.hashers literal @shop/settings.py:5",
      ],
    ],
    [
      "limits on logging in, and switches of the project's own",
      `AXES_FAILURE_LIMIT = int(os.getenv("AXES", "10"))
RATE_LIMIT_ENABLED = os.getenv("LIMIT") == "1"
API_KEY_AUTH_ENABLED = os.getenv("AUTH", "1") == "1"
SHELL_ENABLED = False
`,
      /ratelimit|api_key|shell/,
      [
        "ratelimit.login env @shop/settings.py:4",
        "ratelimit.app env @shop/settings.py:5",
        "auth.api_key_enabled env @shop/settings.py:6",
        "shell.integration literal @shop/settings.py:7",
      ],
    ],
  ];

for (const [name, body, wanted, expected] of cases)
  test(name, async () => {
    assert.deepEqual(await told({ "shop/settings.py": HEAD + body }, wanted), expected);
  });

test("modules that are taken in whole, cyclic ones and one that is not there", async () => {
  const files = {
    "shop/settings/base.py": `${HEAD}from .prod import *\nSECRET_KEY = "a-key-of-the-base"\n`,
    "shop/settings/prod.py":
      'import os\nfrom .base import *\nSECRET_KEY = os.environ["KEY"]\nfrom .custom import *\n',
    "uwsgi.ini":
      "[uwsgi]\nenv = DJANGO_SETTINGS_MODULE=shop.settings.prod\nroute = ^/static/ addheader:Content-Security-Policy: sandbox\n",
  };
  assert.deepEqual(await told(files, /star_import|overridden|module$|static_csp/), [
    "django.settings.star_import computed @shop/settings/prod.py:2",
    "django.settings.star_import computed @shop/settings/prod.py:4",
    "django.settings.star_import computed @shop/settings/base.py:4",
    "secret.overridden literal @shop/settings/base.py:5",
    "django.settings_module literal @uwsgi.ini:2",
    "headers.static_csp literal @uwsgi.ini:3",
  ]);
});

test("limits of the project's own, and decorators, on functions for logging in", async () => {
  const files = {
    "shop/settings.py": HEAD,
    "shop/models.py": `class TokenBucket:
    def authorize_login(self, email):
        return TokenBucket.authorize(f"pw-{email}", 20, 3600 * 24)
    def authorize_invite(self, user):
        return TokenBucket.authorize(user, 20, 3600)
`,
    "shop/views.py": `from django_ratelimit.decorators import ratelimit
@ratelimit(key="ip", rate="5/m")
def login(request):
    pass
@ratelimit(key="ip", rate="5/m")
def search(request):
    pass
`,
  };
  assert.deepEqual(await told(files, /^ratelimit\./), [
    "ratelimit.app literal @shop/models.py:3",
    "ratelimit.login literal @shop/views.py:2",
  ]);
});

test("a sample of an env file: what it shows for a setting, not what is commented out", async () => {
  const files = {
    "shop/settings.py": `${HEAD}DEBUG = os.getenv("SHOP_DEBUG", "0") == "1"\nSECRET_KEY = os.getenv("SHOP_KEY")\n`,
    ".env.sample": "#SHOP_DEBUG=0\nSHOP_DEBUG=1\nSHOP_KEY=abcdefgh\n",
  };
  assert.deepEqual(await told(files, /debug|secret/), [
    "django.debug env @shop/settings.py:4",
    "django.secret_key env @shop/settings.py:5",
    "django.debug literal @.env.sample:2",
  ]);
});

test("what a file that settings read in does not set is not known; a settings module of that name is whole", async () => {
  const absentOf = async (file: string, text: string) => {
    const { settings } = await insideSource({ [file]: text });
    const row = settings.find(({ slug }) => slug === "django.session_cookie_secure");
    assert.equal(row?.kind, "absent");
    return row.resolved;
  };
  const body = 'SECRET_KEY = "x"\nALLOWED_HOSTS = ["a.test"]\nDEBUG = False\n';
  assert.deepEqual(await absentOf("configuration/configuration.py", body), {
    state: "unknown",
    reason:
      "the settings module that reads configuration/configuration.py in is not among the files",
  });
  const whole = await absentOf("shop/config.py", `${body}INSTALLED_APPS = []\n`);
  assert.deepEqual(whole, { state: "known", value: false, from: "default" });
});
