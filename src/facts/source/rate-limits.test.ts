import assert from "node:assert/strict";
import { before, test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";
import { provideRuntime } from "../../../test/source-facts.ts";

before(provideRuntime);

const APP = `from slowapi import Limiter
from slowapi.util import get_remote_address
limiter = Limiter(key_func=get_remote_address, default_limits=["1000 per hour"])
bare = Limiter(key_func=get_remote_address)
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
      'ratelimit.client_key "slowapi.util.get_remote_address" web/app.py:3',
      "ratelimit.app [] web/app.py:4",
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
