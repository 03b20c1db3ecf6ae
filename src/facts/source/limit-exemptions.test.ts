import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

const FLASK = `from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
app = Flask(__name__)
limiter = Limiter(get_remote_address, app=app, default_limits=["100 per minute"])
OFFICE = ["10.1.2.3", "10.1.3.0/24"]
`;

type Case = readonly [name: string, text: string, expected: readonly string[]];
const cases: readonly Case[] = [
  [
    "a filter of Flask-Limiter",
    '@limiter.request_filter\ndef office():\n    return request.remote_addr == "127.0.0.1"\n',
    ['address ["127.0.0.1"] :9'],
  ],
  [
    "a list of the module",
    "@limiter.request_filter\ndef office():\n    return request.remote_addr in OFFICE\n",
    ['address ["10.1.2.3","10.1.3.0/24"] :9'],
  ],
  [
    "exempt_when with a lambda",
    'x = limiter.limit("1/minute", exempt_when=lambda: request.remote_addr.startswith("10."))\n',
    ['address ["10."] :7'],
  ],
  [
    "exempt_when with a function, a network and a name of its own",
    'import ipaddress\ndef inside():\n    ip = ipaddress.ip_address(request.remote_addr)\n    return ip in ipaddress.ip_network("10.0.0.0/8")\nx = limiter.limit("1/minute", exempt_when=inside)\n',
    ['address ["10.0.0.0/8"] :10'],
  ],
  [
    "a field with a literal",
    '@limiter.request_filter\ndef test_run():\n    return request.headers.get("X-Test") == "let-me-in"\n',
    ["X-Test true :9"],
  ],
  [
    "a claimed address",
    '@limiter.request_filter\ndef f():\n    ip = request.headers.get("X-Forwarded-For", request.remote_addr)\n    return ip in OFFICE\n',
    ["X-Forwarded-For true :10"],
  ],
  [
    "a token that nobody sets, and another that is set",
    'import os\nA = os.getenv("UNSET_TOKEN")\nB = os.getenv("SET_TOKEN", "")\ndef should_bypass_rate_limit(request):\n    token = request.headers["X-Test"]\n    return token == A or token == B\n',
    ["X-Test false :12", "X-Test true :12"],
  ],
  [
    "names that say it; other lists, comments and texts do not",
    'RATE_LIMIT_WHITELIST = ["192.0.2.1"]\nRATE_LIMIT_EXEMPT_PATHS = ["/health"]\n# THROTTLE_WHITELIST = ["0.0.0.0/0"]\nTEXT = "RATE_LIMIT_WHITELIST = 1"\n',
    ['RATE_LIMIT_WHITELIST ["192.0.2.1"] :7'],
  ],
  [
    "a function that lets nobody past",
    'def allowed():\n    return request.remote_addr == "127.0.0.1"\n# request_filter\n',
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`exemptions from limits: ${name}`, async () => {
    const { settings } = await insideSource(
      { "app.py": FLASK + text },
      { SET_TOKEN: "plimsoll-fixture-0123456789" },
    );
    const found = settings.filter(({ slug }) => slug.startsWith("ratelimit.trusted"));
    assert.deepEqual(
      found.map(({ subject, line, value }) => `${subject} ${value} :${line}`).sort(),
      [...expected].sort(),
    );
    assert.ok(!JSON.stringify(found).includes("plimsoll-fixture"));
  });
}

test("exemptions from limits: django-axes, by the settings and the environment", async () => {
  const { settings } = await insideSource(
    {
      "manage.py":
        'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\n',
      "config/settings.py":
        'import os\nSECRET_KEY = "x"\nAXES_NEVER_LOCKOUT_WHITELIST = True\nAXES_IP_WHITELIST = os.environ.get("OFFICE", "10.0.0.1").split(",")\n',
    },
    { OFFICE: "10.0.0.0/8,192.0.2.7" },
  );
  const found = settings.filter(({ slug }) => slug === "ratelimit.trusted_ips");
  assert.deepEqual(
    found.map(({ kind, value, line, variables }) => [kind, value, line, variables]),
    [["computed", '["10.0.0.0/8","192.0.2.7"]', 4, ["OFFICE"]]],
  );
});

const EXPRESS = `const express = require("express");
const { rateLimit } = require("express-rate-limit");
const app = express();
const OFFICE = ["192.0.2.1", "10.0.0.0/8"];
`;
const scripts: readonly Case[] = [
  [
    "one address",
    'app.use(rateLimit({ limit: 9, skip: (req) => req.ip === "127.0.0.1" }));\n',
    ['skip ["127.0.0.1"] :5'],
  ],
  [
    "a list of the module, in a function",
    "app.use(rateLimit({ skip(req) { return OFFICE.includes(req.ip); } }));\n",
    ['skip ["192.0.2.1","10.0.0.0/8"] :5'],
  ],
  [
    "a set",
    'app.use(rateLimit({ skip: (req) => new Set(["192.0.2.9"]).has(req.socket.remoteAddress) }));\n',
    ['skip ["192.0.2.9"] :5'],
  ],
  [
    "a field that is compared with a variable, set or not",
    'app.use(rateLimit({ skip: (req) => req.headers["x-test"] === process.env.SET_TOKEN || req.get("x-b") === process.env.UNSET }));\n',
    ["x-test true :5", "x-b false :5"],
  ],
  ["a path", 'app.use(rateLimit({ skip: (req) => req.path === "/health" }));\n', []],
];
for (const [name, text, expected] of scripts) {
  test(`exemptions from limits of Node: ${name}`, async () => {
    const { settings } = await insideSource(
      { "package.json": '{"main":"app.js"}', "app.js": `${EXPRESS}${text}app.listen(3000);\n` },
      { SET_TOKEN: "plimsoll-fixture-0123456789" },
    );
    const found = settings.filter(({ slug }) => slug.startsWith("ratelimit.trusted"));
    assert.deepEqual(
      found.map(({ subject, line, value }) => `${subject} ${value} :${line}`).sort(),
      [...expected].sort(),
    );
    assert.ok(!JSON.stringify(found).includes("plimsoll-fixture"));
  });
}

test("exemptions from limits of Node: a list of @fastify/rate-limit", async () => {
  const text =
    'const fastify = require("fastify");\nconst app = fastify();\napp.register(require("@fastify/rate-limit"), { max: 9, allowList: ["10.0.0.0/8"] });\napp.listen({ port: 3000 });\n';
  const { settings } = await insideSource({ "package.json": '{"main":"app.js"}', "app.js": text });
  const found = settings.filter(({ slug }) => slug === "ratelimit.trusted_ips");
  assert.deepEqual(
    found.map(({ value, line, framework }) => [value, line, framework]),
    [['["10.0.0.0/8"]', 3, "fastify"]],
  );
});
