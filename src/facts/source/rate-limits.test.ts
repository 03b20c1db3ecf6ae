import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

const APP = `from slowapi import Limiter
from slowapi.util import get_remote_address
limiter = Limiter(key_func=get_remote_address, default_limits=["1000 per hour"])
bare = Limiter(key_func=get_remote_address, enabled=False)
# other = Limiter(key_func=get_remote_address, default_limits=["1 per hour"])
`;
const DJANGO = `REST_FRAMEWORK = {
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": "100/hour"},
}
`;

test("limiters with their limits and what they count by; comments and tests give nothing", async () => {
  const { settings } = await insideSource({
    "web/app.py": APP,
    "config/settings.py": DJANGO,
    "tests/app.py": APP,
  });
  assert.deepEqual(
    settings
      .filter(({ slug }) => slug.startsWith("ratelimit."))
      .map(({ slug, file, line, value }) => `${slug} ${value} ${file}:${line}`),
    [
      'ratelimit.app ["100/hour"] config/settings.py:3',
      'ratelimit.app ["1000 per hour"] web/app.py:3',
      'ratelimit.storage "memory://" web/app.py:null',
      'ratelimit.client_key "slowapi.util.get_remote_address" web/app.py:3',
      "ratelimit.app [] web/app.py:4",
      "ratelimit.enabled false web/app.py:4",
      'ratelimit.storage "memory://" web/app.py:null',
      'ratelimit.client_key "slowapi.util.get_remote_address" web/app.py:4',
    ],
  );
});

test("whom forwarded addresses are believed from", async () => {
  const text = `from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)
`;
  const { settings } = await insideSource({ "app.py": text });
  const trusted = settings.filter(({ slug }) => slug === "proxy.trusted");
  assert.deepEqual(
    trusted.map(({ line }) => line),
    [4],
  );
});

const FLASK = `from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
app = Flask(__name__)
app.config["RATELIMIT_DEFAULT"] = "200 per day;50 per hour"
app.config["RATELIMIT_STORAGE_URI"] = "redis://:plimsoll-fixture-pw@cache:6379/0"
`;
const configured: readonly (readonly [
  name: string,
  text: string,
  env: Readonly<Record<string, string>>,
  expected: readonly string[],
])[] = [
  [
    "limits and store of config",
    `${FLASK}limiter = Limiter(get_remote_address, app=app)\n`,
    {},
    [
      'ratelimit.app "200 per day;50 per hour" :5 literal',
      'ratelimit.storage "redis://" :6 literal',
    ],
  ],
  [
    "the constructor before config, config before its switch",
    `${FLASK}app.config["RATELIMIT_ENABLED"] = False\nlimiter = Limiter(get_remote_address, app=app, default_limits=["9/minute"], storage_uri="memory://", enabled=True)\n`,
    {},
    [
      'ratelimit.app ["9/minute"] :8 literal',
      "ratelimit.enabled false :7 literal",
      'ratelimit.storage "memory://" :8 literal',
    ],
  ],
  [
    "limits of all routes together",
    `${FLASK.replace("RATELIMIT_DEFAULT", "RATELIMIT_OTHER")}limiter = Limiter(get_remote_address, app=app, application_limits=["9/minute"])\n`,
    {},
    ['ratelimit.app ["9/minute"] :7 literal', 'ratelimit.storage "redis://" :6 literal'],
  ],
  [
    "slowapi by the environment",
    "from fastapi import FastAPI\nfrom slowapi import Limiter\nfrom slowapi.util import get_remote_address\napp = FastAPI()\nlimiter = Limiter(key_func=get_remote_address)\n",
    { RATELIMIT_DEFAULT: "9/minute", RATELIMIT_ENABLED: "false" },
    [
      'ratelimit.app "9/minute" :5 env',
      'ratelimit.enabled "false" :5 env',
      'ratelimit.storage "memory://" :null absent',
    ],
  ],
];
for (const [name, text, env, expected] of configured) {
  test(`what a limiter is told besides its arguments: ${name}`, async () => {
    const { settings } = await insideSource({ "app.py": text }, env);
    const found = settings.filter(({ property = "" }) =>
      /^ratelimit\.(?:app|enabled|storage)$/.test(property),
    );
    assert.deepEqual(
      found.map(({ slug, line, value, kind }) => `${slug} ${value} :${line} ${kind}`),
      expected,
    );
    assert.ok(!JSON.stringify(settings).includes("plimsoll-fixture-pw"));
  });
}
test("a decorator of the project's own, where it is defined and at what signs in", async () => {
  const text = `from flask import Flask
app = Flask(__name__)
def ratelimit(method="POST", limit=50, interval=60 * 5):
    return lambda f: f
def rate_limit_text(limit):
    return limit
@app.route("/login", methods=["POST"])
@ratelimit(limit=10, interval=60)
def login():
    pass
`;
  const { settings } = await insideSource({ "app.py": text });
  assert.deepEqual(
    settings
      .filter(({ slug, line }) => slug.startsWith("ratelimit.") && line !== null)
      .map(({ slug, property, value, line }) => `${slug} ${property ?? "-"} ${value}:${line}`),
    ["ratelimit.app - 50 in 300 s unless told:3", "ratelimit.login ratelimit.login 10 in 60 s:8"],
  );
});

test("limiters that are told their rules by path, and those of single routes", async () => {
  const text = `from fastapi import FastAPI
from ratelimit import RateLimitMiddleware
from fastapi_limiter import FastAPILimiter
app = FastAPI()
app.add_middleware(RateLimitMiddleware, authenticate=f, backend=g, config={"/login": ["6/m"]})
def limited(app):
    return RateLimitMiddleware(app, f, g, rules_of_today())
FastAPILimiter.init(redis)
`;
  const { settings } = await insideSource({ "app.py": text });
  assert.deepEqual(
    settings
      .filter(({ slug }) => slug === "ratelimit.app")
      .map(({ subject, resolved, line }) => {
        const value = resolved.state === "known" ? JSON.stringify(resolved.value) : resolved.state;
        return `${subject} ${value}:${line}`;
      })
      .sort(),
    ["fastapi_limiter []:8", "ratelimit unknown:7", 'ratelimit {"/login":["6/m"]}:5'],
  );
});
const THROTTLES: readonly (readonly [name: string, body: string, rows: readonly string[]])[] = [
  [
    "a throttle of views that name a scope limits no other",
    '{"DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],\n "DEFAULT_THROTTLE_RATES": {"uploads": "20/day"}}',
    ["ratelimit.app [] :2"],
  ],
  [
    "rates without classes limit nothing by themselves, one for logging in is told",
    '{"DEFAULT_THROTTLE_RATES": {\n    "login": "5/min",\n    "burst": "60/min"}}',
    ["ratelimit.app [] :1", 'ratelimit.login "5/min" :2'],
  ],
  [
    "a rate of None is none",
    '{"DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle", "rest_framework.throttling.UserRateThrottle"],\n "DEFAULT_THROTTLE_RATES": {"anon": None, "user": "9/min", "login": None}}',
    ['ratelimit.app ["9/min"] :2'],
  ],
  [
    "throttles of the project's own, by any of the rates",
    '{"DEFAULT_THROTTLE_CLASSES": ["shop.throttles.Burst"],\n "DEFAULT_THROTTLE_RATES": {"burst": "9/min", "sustained": "90/day"}}',
    ['ratelimit.app ["9/min","90/day"] :2'],
  ],
  [
    "throttles of the project's own where some have no rate",
    '{"DEFAULT_THROTTLE_CLASSES": ["shop.throttles.Common"],\n "DEFAULT_THROTTLE_RATES": {"anon": None, "import": "1/min"}}',
    ["ratelimit.app unknown :2"],
  ],
];

for (const [name, body, expected] of THROTTLES)
  test(`REST framework: ${name}`, async () => {
    const { settings } = await insideSource({ "config/settings.py": `REST_FRAMEWORK = ${body}\n` });
    assert.deepEqual(
      settings
        .filter(({ slug }) => slug.startsWith("ratelimit."))
        .map(({ slug, line, value, resolved }) =>
          resolved.state === "known" ? `${slug} ${value} :${line}` : `${slug} unknown :${line}`,
        ),
      expected,
    );
  });
