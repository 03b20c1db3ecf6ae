import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

type Files = Readonly<Record<string, string>>;

/** `slug value kind`, with `@file:line` where it has a line. */
async function told(
  files: Files,
  wanted: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const { settings } = await insideSource(files, env);
  return settings
    .filter(({ slug, property }) => wanted.test(slug) || wanted.test(property ?? ""))
    .map(({ slug, resolved, line, file, kind }) => {
      const value =
        resolved.state === "known" ? JSON.stringify(resolved.value ?? "secret") : resolved.state;
      return `${slug} ${value} ${kind}${line === null ? "" : ` @${file}:${line}`}`;
    });
}

const APP = "from flask import Flask\napp = Flask(__name__)\n";
const CLASSES = `import os
class Config:
    SECRET_KEY = os.environ["SECRET_KEY"]
    SESSION_COOKIE_SECURE = False
class DevelopmentConfig(Config):
    DEBUG = True
class ProductionConfig(Config):
    SESSION_COOKIE_SECURE = True
class TestingConfig(Config):
    SESSION_COOKIE_SECURE = False
config = {"dev": DevelopmentConfig, "prod": ProductionConfig, "testing": TestingConfig, "default": DevelopmentConfig}
`;
const FACTORY = `from flask import Flask
from config import config
def create_app(name):
    app = Flask(__name__)
    app.config.from_object(config[name])
    return app
`;
const LAUNCHER = `import os
from shop import create_app
app = create_app(os.getenv("FLASK_CONFIG") or "default")
`;

const cases: readonly [
  name: string,
  files: Files,
  wanted: RegExp,
  expected: readonly string[],
  env?: Readonly<Record<string, string>>,
][] = [
  [
    "keys by subscript, with the defaults of what is not set",
    { "app.py": `${APP}app.config["SESSION_COOKIE_SECURE"] = True\n` },
    /^session\.cookie/,
    [
      "flask.session_cookie_secure true literal @app.py:3",
      "flask.session_cookie_httponly true absent",
      'flask.session_cookie_samesite "secret" absent',
    ],
  ],
  [
    "update and from_mapping, each key at its own line",
    {
      "app.py": `${APP}app.config.update(
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Strict",
)
app.config.from_mapping({
    "SESSION_COOKIE_HTTPONLY": False,
})
`,
    },
    /^session\.cookie/,
    [
      "flask.session_cookie_secure true literal @app.py:4",
      'flask.session_cookie_samesite "strict" literal @app.py:5',
      "flask.session_cookie_httponly false literal @app.py:8",
    ],
  ],
  [
    "a lifetime as timedelta, by the application's attribute",
    {
      "app.py": `from datetime import timedelta\n${APP}app.permanent_session_lifetime = timedelta(days=7, hours=1)\n`,
    },
    /lifetime/,
    ["flask.permanent_session_lifetime 608400 literal @app.py:4"],
  ],
  [
    "a class by its dotted name, inherited keys at the base's lines",
    {
      "app.py": `${APP}app.config.from_object("config.ProductionConfig")\n`,
      "config.py": CLASSES,
    },
    /session_cookie_secure|secret_key/,
    [
      "flask.secret_key raises env @config.py:3",
      "flask.session_cookie_secure true literal @config.py:8",
      "flask.secret_key raises env @config.py:3",
      "flask.session_cookie_secure false literal @config.py:4",
      "flask.session_cookie_secure false literal @config.py:10",
    ],
  ],
  [
    "the launcher's default is for developers: production is judged",
    { "shop/__init__.py": FACTORY, "config.py": CLASSES, "wsgi.py": LAUNCHER },
    /session_cookie_secure/,
    [
      "flask.session_cookie_secure true literal @config.py:8",
      "flask.session_cookie_secure false literal @config.py:4",
      "flask.session_cookie_secure false literal @config.py:10",
    ],
  ],
  [
    "the class that FLASK_CONFIG names",
    {
      "shop/__init__.py": FACTORY,
      "config.py": `${CLASSES.replace('"default"', '"heroku": Config, "default"')}`,
      "wsgi.py": LAUNCHER,
    },
    /session_cookie_secure/,
    [
      "flask.session_cookie_secure false literal @config.py:4",
      "flask.session_cookie_secure true literal @config.py:8",
      "flask.session_cookie_secure false literal @config.py:10",
    ],
    { FLASK_CONFIG: "heroku" },
  ],
  [
    "a factory that nobody calls: the only class for production",
    { "app.py": FACTORY, "config.py": CLASSES },
    /session_cookie_secure/,
    [
      "flask.session_cookie_secure true literal @config.py:8",
      "flask.session_cookie_secure false literal @config.py:4",
      "flask.session_cookie_secure false literal @config.py:10",
    ],
  ],
  [
    "a file of settings, and one that is not there and need not be",
    {
      "app.py": `${APP}app.config.from_pyfile("settings.cfg")\napp.config.from_pyfile("local.cfg", silent=True)\n`,
      "settings.cfg": "SESSION_COOKIE_SECURE = True\n",
    },
    /session_cookie/,
    [
      "flask.session_cookie_secure true literal @settings.cfg:1",
      "flask.session_cookie_httponly true absent",
      'flask.session_cookie_samesite "secret" absent',
    ],
  ],
  [
    "a file that may set anything: nothing is certain",
    { "app.py": `${APP}app.config.from_pyfile("other.cfg")\n` },
    /session_cookie_secure/,
    ["flask.session_cookie_secure unknown absent"],
  ],
  [
    "variables with a prefix",
    { "app.py": `${APP}app.config.from_prefixed_env()\n` },
    /session_cookie_secure/,
    ["flask.session_cookie_secure true env @app.py:3"],
    { FLASK_SESSION_COOKIE_SECURE: "true" },
  ],
  [
    "keys read back decide further",
    {
      "app.py": `import os
${APP}app.config["FORCE"] = os.getenv("FORCE", "1") == "1"
app.config["SESSION_COOKIE_SECURE"] = app.config.get("FORCE", False)
`,
    },
    /session_cookie_secure/,
    ["flask.session_cookie_secure true env @app.py:5"],
  ],
  [
    "an INI file, with the fallbacks of what it does not hold",
    {
      "shop/__init__.py":
        'from flask import Flask\napp = Flask(__name__)\napp.config.from_object("shop.config.Config")\n',
      "shop/config.py": `import configparser, os
ini = configparser.ConfigParser()
ini.read(os.path.join(os.path.dirname(__file__), "shop.ini"))
class Config:
    SESSION_COOKIE_SECURE = ini["security"].getboolean("secure")
    SESSION_COOKIE_HTTPONLY = ini.getboolean("security", "httponly", fallback=False)
    SESSION_COOKIE_SAMESITE = ini["security"]["samesite"] or "Strict"
    PERMANENT_SESSION_LIFETIME = ini["security"].getint("lifetime")
`,
      "shop/shop.ini": "[security]\nsecure = yes\nsamesite =\nlifetime = 3600\n",
    },
    /^session\.(?:cookie|life)/,
    [
      "flask.session_cookie_secure true computed @shop/config.py:5",
      "flask.session_cookie_httponly false computed @shop/config.py:6",
      'flask.session_cookie_samesite "strict" computed @shop/config.py:7',
      "flask.permanent_session_lifetime 3600 computed @shop/config.py:8",
    ],
  ],
  [
    "an INI file of which an interpolation fills what is empty from the environment",
    {
      "app.py": `import configparser, os
from flask import Flask
class FromEnvironment(configparser.BasicInterpolation):
    def before_get(self, parser, section, option, value, defaults):
        return os.getenv(option) if value == "" else value
ini = configparser.ConfigParser(interpolation=FromEnvironment())
ini.read("shop.ini")
app = Flask(__name__)
app.config["SESSION_COOKIE_SAMESITE"] = ini["s"]["SAMESITE"]
`,
      "shop.ini": "[s]\nSAMESITE =\n",
    },
    /samesite/,
    ['flask.session_cookie_samesite "strict" env @app.py:9'],
    { SAMESITE: "Strict" },
  ],
  [
    "a class of the project's own, with what its constructor does",
    {
      "app.py": `from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
class Shop(Flask):
    def __init__(self):
        super().__init__(__name__)
        self.wsgi_app = ProxyFix(self.wsgi_app, x_for=2)
        self.config["SESSION_COOKIE_SECURE"] = True
app = Shop()
`,
    },
    /session_cookie_secure|proxyfix/,
    [
      "flask.session_cookie_secure true literal @app.py:7",
      'flask.proxyfix {"x_for":2} literal @app.py:6',
    ],
  ],
  [
    "SSLify, in force and not",
    {
      "app.py": `import os
from flask import Flask
from flask_sslify import SSLify
app = Flask(__name__)
SSLify(app, subdomains=True)
if os.getenv("MORE") == "1":
    SSLify(app, age=os.getenv("AGE"))
`,
    },
    /sslify|header\.str/,
    [
      "flask.sslify true literal @app.py:5",
      "flask.sslify unknown computed @app.py:7",
      'headers.hsts "max-age=31536000; includeSubDomains" literal @app.py:5',
    ],
  ],
  [
    "Talisman by default",
    { "app.py": `from flask_talisman import Talisman\n${APP}Talisman(app)\n` },
    /^(?:header\.(?:str|x-f|content-security-policy$|x-xss)|session\.cookie)/,
    [
      "flask.session_cookie_secure true literal @app.py:4",
      "flask.session_cookie_httponly true literal @app.py:4",
      'flask.session_cookie_samesite "lax" literal @app.py:4',
      'headers.hsts "max-age=31556926; includeSubDomains" literal @app.py:4',
      'headers.xfo "SAMEORIGIN" literal @app.py:4',
      "headers.csp \"default-src 'self'; object-src 'none'\" literal @app.py:4",
      'headers.xss "secret" absent',
    ],
  ],
  [
    "Talisman before 1.1 sends X-XSS-Protection",
    {
      "app.py": `from flask_talisman import Talisman\n${APP}Talisman(app)\n`,
      "requirements.txt": "flask-talisman==1.0.0\n",
    },
    /^header\.x-xss/,
    ['headers.xss "1; mode=block" literal @app.py:4'],
  ],
  [
    "Talisman with switches: the session's cookie is left to config",
    {
      "app.py": `from flask_talisman import Talisman
${APP}talisman = Talisman()
talisman.init_app(
    app,
    session_cookie_secure=False,
    strict_transport_security=False,
    frame_options="DENY",
    content_security_policy={"default-src": ["'self'", "cdn.test"], "script-src": "'self'"},
    content_security_policy_nonce_in=["script-src"],
)
`,
    },
    /^(?:header\.(?:str|x-f|content-security-policy$)|session\.cookie-secure)/,
    [
      'headers.xfo "DENY" literal @app.py:9',
      "headers.csp \"default-src 'self' cdn.test; script-src 'self' 'nonce-{NONCE}'\" literal @app.py:10",
      'headers.hsts "secret" absent',
    ],
  ],
  [
    "Talisman with nonces in directives that are not known",
    {
      "app.py": `from flask_talisman import Talisman
import lab
${APP}Talisman(app, content_security_policy="script-src 'self'", content_security_policy_nonce_in=lab.names())
`,
    },
    /^header\.content-security-policy$/,
    ["headers.csp unknown computed @app.py:5"],
  ],
  [
    "CSRFProtect",
    {
      "app.py": `from flask_wtf.csrf import CSRFProtect\n${APP}csrf = CSRFProtect()\ncsrf.init_app(app)\n`,
    },
    /^csrf\.enabled/,
    ["flask.csrf_protect true literal @app.py:5"],
  ],
  [
    "CSRFProtect that is switched off",
    {
      "app.py": `from flask_wtf import CSRFProtect\n${APP}app.config["WTF_CSRF_ENABLED"] = False\nCSRFProtect(app)\n`,
    },
    /^csrf\.enabled|^flask\.csrf$/,
    ["flask.csrf false literal @app.py:4", "flask.csrf_protect false literal @app.py:5"],
  ],
  [
    "CSRFProtect that checks nothing unless it is asked to, and is not",
    {
      "app.py": `from flask_wtf import CSRFProtect\n${APP}app.config["WTF_CSRF_CHECK_DEFAULT"] = False\nCSRFProtect(app)\n`,
    },
    /^csrf\.enabled/,
    ["flask.csrf_protect false literal @app.py:5"],
  ],
  [
    "sessions and nothing against forged requests",
    { "app.py": `from flask import session\n${APP}app.config["SECRET_KEY"] = "x"\n` },
    /^csrf\.enabled/,
    ["flask.csrf false absent"],
  ],
  ["no sessions: nothing that a forged request could use", { "app.py": APP }, /^csrf\.enabled/, []],
  [
    "a function of the project's own in front of requests",
    {
      "app.py": `from flask import session, abort, request
${APP}@app.before_request
def csrf():
    if request.form.get("nonce") != session["nonce"]:
        abort(403)
`,
    },
    /^csrf\.(?:enabled|refuses)/,
    ["flask.csrf true literal @app.py:5", "flask.csrf.refuses true literal @app.py:5"],
  ],
  [
    "Flask-CORS lets every origin in unless it is told",
    { "app.py": `from flask_cors import CORS\n${APP}CORS(app, supports_credentials=True)\n` },
    /^cors/,
    ['cors.allow_origins "*" literal @app.py:4', "cors.allow_credentials true literal @app.py:4"],
  ],
  [
    "Flask-CORS by resources",
    {
      "app.py": `from flask_cors import CORS\n${APP}CORS(app, resources={r"/api/*": {"origins": ["https://a.test"]}})\n`,
    },
    /^cors\.origins/,
    ['cors.allow_origins ["https://a.test"] literal @app.py:4'],
  ],
  [
    "a list that a helper makes of one variable is that variable's",
    {
      "app.py": `from flask import Flask\nimport settings\n${APP}print(settings.ALLOWED_ORIGINS)\n`,
      "settings.py": `import os
from helpers import listed
ALLOWED_ORIGINS = listed(os.environ.get("ORIGINS", ""))
CORS_ORIGINS = os.environ.get("OTHERS", "").split(",")
CORS_ALLOW_ORIGINS = [each.strip() for each in os.environ.get("ORIGINS", "a,b").split(",")]
ACCESS_CONTROL_ALLOW_ORIGIN = listed("https://a.test," + os.environ.get("ORIGINS", ""))
`,
      "helpers.py": 'def listed(text):\n    return set(text.split(","))\n',
    },
    /^cors/,
    [
      'cors.allow_origins [""] env @settings.py:3',
      'cors.allow_origins [""] env @settings.py:4',
      'cors.allow_origins ["a","b"] computed @settings.py:5',
      'cors.allow_origins ["https://a.test",""] computed @settings.py:6',
    ],
  ],
  [
    "settings of the project's own, through a helper of another module",
    {
      "shop/app.py": `from flask import Flask
from shop import settings
app = Flask(__name__)
app.config.from_object("shop.settings")
`,
      "shop/__init__.py": "",
      "shop/settings/__init__.py": `import os
from shop.settings.helpers import flag
FORCE_HTTPS = flag(os.environ.get("FORCE_HTTPS", "no"))
HSTS_ENABLED = flag(os.environ.get("HSTS") or str(FORCE_HTTPS))
DATASOURCE_SECRET_KEY = os.environ.get("DATA_KEY")
THROTTLE_LOGIN_PATTERN = os.environ.get("THROTTLE_LOGIN", "50/hour")
`,
      "shop/settings/helpers.py": 'def flag(text):\n    return text.lower() in ("yes", "true")\n',
    },
    /enforce_https|flask\.hsts$|_key$|login/,
    [
      "flask.enforce_https false env @shop/settings/__init__.py:3",
      "flask.hsts false computed @shop/settings/__init__.py:4",
      'flask.datasource_key "secret" env @shop/settings/__init__.py:5',
      'ratelimit.login "50/hour" env @shop/settings/__init__.py:6',
    ],
  ],
];

for (const [name, files, wanted, expected, env = {}] of cases)
  test(name, async () => {
    assert.deepEqual(await told(files, wanted, env), expected);
  });

test("a key of the application is measured, never told", async () => {
  const key = "0123456789abcdef0123456789abcdef";
  const source = `${APP}app.config["SECRET_KEY"] = "${key}"\napp.config["SECURITY_PASSWORD_SALT"] = "${key}"\n`;
  const { settings } = await insideSource({ "app.py": source });
  const row = settings.find(({ slug }) => slug === "flask.secret_key");
  assert.ok(row?.resolved.state === "known" && row.resolved.secret?.length === key.length);
  assert.ok(!JSON.stringify(settings).includes(key));
});

test("a sample and a compose file that set the variable are told, and decide nothing", async () => {
  const source = `import os\n${APP}app.config["SESSION_COOKIE_SECURE"] = os.getenv("COOKIE_SECURE", "0") == "1"\n`;
  const files = { "app.py": source, ".env.example": "# COOKIE_SECURE=0\nCOOKIE_SECURE=1\n" };
  assert.deepEqual(await told(files, /session_cookie_secure/), [
    "flask.session_cookie_secure false env @app.py:4",
    'flask.session_cookie_secure "1" literal @.env.example:2',
  ]);
});

test("what stands beside the settings in force decides nothing", async () => {
  const config = `import configparser
ini = configparser.ConfigParser()
ini.read("shop.ini")
class Config:
    SECRET_KEY = ini["a"]["SECRET_KEY"]
class TestingConfig(Config):
    DEBUG = True
    TRUSTED_HOSTS = [each for each in "a".split(",")]
    @classmethod
    def init_app(cls, app):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=2)
`;
  const files = {
    "app.py": `${APP}app.config.from_object("config.Config")\n`,
    "config.py": config,
    "shop.ini": "[a]\nSECRET_KEY = abc\n# DEBUG = true\nDEBUG =\n",
  };
  const { settings } = await insideSource(files);
  const beside = settings.filter(({ slug }) =>
    /^flask\.(?:debug|secret|trusted|proxyfix)/.test(slug),
  );
  assert.deepEqual(
    beside.map((row) => `${row.property ?? "-"} ${row.slug} ${row.kind} ${row.file}:${row.line}`),
    [
      "session.secret flask.secret_key computed config.py:5",
      "session.secret-fallback flask.secret_key computed config.py:5",
      "- flask.debug literal config.py:7",
      "- flask.trusted_hosts computed config.py:8",
      "- flask.proxyfix literal config.py:11",
      "- flask.secret_key literal shop.ini:2",
      "- flask.debug literal shop.ini:4",
    ],
  );
  assert.ok(!JSON.stringify(settings).includes("abc"));
});
