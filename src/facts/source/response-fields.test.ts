import assert from "node:assert/strict";
import { test } from "node:test";
import { type SourceExample, sourceFacts } from "../../../test/source-facts.ts";
import { knownValue } from "../../core/reading.ts";

/** `slug place value` of each field, `if` what it depends on. */
async function fieldsOf(example: SourceExample): Promise<readonly string[]> {
  const found = knownValue((await sourceFacts(example)).source);
  assert.ok(found !== undefined);
  return found.settings
    .filter(({ slug, kind }) => slug.startsWith("headers.") && kind !== "absent")
    .map(({ slug, file, line, resolved, condition, isOff }) => {
      const value = resolved.state === "known" ? String(resolved.value) : resolved.state;
      const under = condition === undefined ? "" : ` if ${condition}`;
      return `${slug} ${file}:${line} ${value}${isOff ? " off" : ""}${under}`;
    });
}

const APP = "from fastapi import FastAPI\nfrom .security import add_headers\napp = FastAPI()\n";
const CLASS = `from starlette.middleware.base import BaseHTTPMiddleware
class Headers(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
`;
const ADD = "def add_headers(app):\n    app.add_middleware(Headers)\n";

function seed(body: string, rest: Partial<SourceExample> = {}, call = "add_headers(app)\n") {
  const text = `${CLASS}${body}        return response\n${ADD}`;
  return { files: { "web/app.py": APP + call, "web/security.py": text }, ...rest };
}

const HSTS = '        response.headers["Strict-Transport-Security"] = "max-age=1"\n';

/** Middleware without a base class that hands a method of its own on. */
function plain(handing: string): SourceExample {
  const text = `import functools
class Headers:
    def __init__(self, app):
        self.app = app
    async def __call__(self, scope, receive, send):
${handing}
    async def write(self, message, send=None):
        headers = MutableHeaders(scope=message)
        headers["X-Frame-Options"] = "DENY"
        await send(message)
${ADD}`;
  return { files: { "web/app.py": `${APP}add_headers(app)\n`, "web/security.py": text } };
}

const CASES: readonly [name: string, example: SourceExample, expected: readonly string[]][] = [
  ["set in a class", seed(HSTS), ["headers.hsts web/security.py:5 max-age=1"]],
  [
    "in any letter case",
    seed('        response.headers["x-frame-options"] = "DENY"\n'),
    ["headers.xfo web/security.py:5 DENY"],
  ],
  [
    "in a method with an argument given already",
    plain(
      "        send = functools.partial(self.write, send=send)\n        await self.app(scope, receive, send)",
    ),
    ["headers.xfo web/security.py:10 DENY"],
  ],
  [
    "in a method that is handed on",
    plain("        await self.app(scope, receive, self.write)"),
    ["headers.xfo web/security.py:9 DENY"],
  ],
  ["in a method that nobody calls", plain("        await self.app(scope, receive, send)"), []],
  ["commented out", seed(`        #${HSTS.trim()}\n`), []],
  ["in a docstring", seed(`        """${HSTS.trim().replaceAll('"', "'")}"""\n`), []],
  ["the middleware is not added", seed(HSTS, {}, ""), []],
  ["the call is commented out", seed(HSTS, {}, "# add_headers(app)\n"), []],
  ["after the return", seed(`        return response\n${HSTS}`), []],
  ["in a dead branch", seed(`        if False:\n    ${HSTS}`), []],
  [
    "overwritten",
    seed(`${HSTS}${HSTS.replace("=1", "=2")}`),
    ["headers.hsts web/security.py:6 max-age=2"],
  ],
  [
    "under a condition",
    seed(`        if request.url.path == "/":\n    ${HSTS}`),
    ['headers.hsts web/security.py:6 max-age=1 if request.url.path == "…"'],
  ],
  [
    "for pages only",
    seed(`        if "text/html" in response.headers.get("content-type", ""):\n    ${HSTS}`),
    ["headers.hsts web/security.py:6 max-age=1"],
  ],
  [
    "for pages only, by a name",
    seed(
      `        content_type = response.headers["content-type"]\n        if content_type.startswith("text/html"):\n    ${HSTS}`,
    ),
    ["headers.hsts web/security.py:7 max-age=1"],
  ],
  [
    "for other types only",
    seed(`        if "text/html" not in content_type:\n    ${HSTS}`),
    ['headers.hsts web/security.py:6 max-age=1 if "…" not in content_type'],
  ],
  [
    "behind an early return",
    seed(`        if request.url.path == "/x":\n            return response\n${HSTS}`),
    ['headers.hsts web/security.py:7 max-age=1 if not (request.url.path == "…")'],
  ],
  [
    "unless it is there",
    seed(`        if "Strict-Transport-Security" not in response.headers:\n    ${HSTS}`),
    ["headers.hsts web/security.py:6 max-age=1"],
  ],
  [
    "on by a variable",
    {
      ...seed(`        import os\n        if os.getenv("HTTPS_ON", "0") == "1":\n    ${HSTS}`),
      env: { HTTPS_ON: "1" },
    },
    ["headers.hsts web/security.py:7 max-age=1"],
  ],
  [
    "off by a variable",
    seed(`        import os\n        if os.getenv("HTTPS_ON", "0") == "1":\n    ${HSTS}`),
    ['headers.hsts web/security.py:7 null off if os.getenv("…", "…") == "…"'],
  ],
  [
    "a table of fields",
    seed(
      '        for k, v in {"X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"}.items():\n            response.headers[k] = v\n',
    ),
    ["headers.xfo web/security.py:6 DENY", "headers.referrer web/security.py:6 no-referrer"],
  ],
  [
    "update",
    seed('        response.headers.update({"X-Frame-Options": "DENY"})\n'),
    ["headers.xfo web/security.py:5 DENY"],
  ],
  [
    "setdefault after it is set",
    seed(
      '        response.headers["X-Frame-Options"] = "DENY"\n        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")\n',
    ),
    ["headers.xfo web/security.py:5 DENY"],
  ],
  [
    "taken away",
    seed('        del response.headers["Server"]\n'),
    ["headers.server web/security.py:5 null"],
  ],
  [
    "a policy with a nonce",
    seed(
      "        nonce = make()\n        csp = f\"script-src 'nonce-{nonce}'; base-uri 'self'\"\n        response.headers[\"Content-Security-Policy\"] = csp\n",
    ),
    ["headers.csp web/security.py:7 script-src 'nonce-{NONCE}'; base-uri 'self'"],
  ],
  [
    "a value that is made of what is not known",
    seed('        response.headers["Content-Security-Policy"] = make()\n'),
    ["headers.csp web/security.py:5 unknown"],
  ],
  [
    "by a helper function",
    {
      files: {
        "web/app.py": `${APP}add_headers(app)\n`,
        "web/security.py": `${CLASS}        put(response, "X-Frame-Options", "DENY")\n        return response\ndef put(answer, name, value):\n    answer.headers[name] = value\n${ADD}`,
      },
    },
    ["headers.xfo web/security.py:8 DENY"],
  ],
  [
    "by a value of the middleware's constructor",
    {
      files: {
        "app.py":
          'from fastapi import FastAPI\nclass M:\n    def __init__(self, app, frame="SAMEORIGIN"):\n        self.frame = frame\n    async def dispatch(self, request, call_next):\n        response = await call_next(request)\n        response.headers["X-Frame-Options"] = self.frame\n        return response\napp = FastAPI()\napp.add_middleware(M, frame="DENY")\n',
      },
    },
    ["headers.xfo app.py:7 DENY"],
  ],
  [
    "a decorated function",
    {
      files: {
        "app.py":
          'from fastapi import FastAPI\napp = FastAPI()\n@app.middleware("http")\nasync def headers(request, call_next):\n    response = await call_next(request)\n    response.headers["X-Frame-Options"] = "DENY"\n    return response\n',
      },
    },
    ["headers.xfo app.py:6 DENY"],
  ],
  [
    "Flask's after_request in a factory",
    {
      files: {
        "app.py":
          'from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n    @app.after_request\n    def headers(response):\n        response.headers["X-Frame-Options"] = "DENY"\n        return response\n    return app\n',
      },
    },
    ["headers.xfo app.py:6 DENY"],
  ],
  [
    "a route's own is not the application's",
    {
      files: {
        "app.py":
          'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/")\ndef home(response):\n    response.headers["X-Frame-Options"] = "DENY"\n',
      },
    },
    [],
  ],
  [
    "ASGI",
    {
      files: {
        "app.py":
          'from fastapi import FastAPI\nfrom starlette.datastructures import MutableHeaders\nclass M:\n    def __init__(self, app):\n        self.app = app\n    async def __call__(self, scope, receive, send):\n        if scope["type"] != "http":\n            return await self.app(scope, receive, send)\n        async def wrapped(message):\n            if message["type"] == "http.response.start":\n                headers = MutableHeaders(scope=message)\n                headers["X-Frame-Options"] = "DENY"\n            await send(message)\n        await self.app(scope, receive, wrapped)\napp = FastAPI()\napp.add_middleware(M)\n',
      },
    },
    ["headers.xfo app.py:12 DENY"],
  ],
];

for (const [name, example, expected] of CASES) {
  test(`fields of answers in source: ${name}`, async () => {
    assert.deepEqual(await fieldsOf(example), expected);
  });
}

test("fields of a dictionary that stands in a module of constants", async () => {
  const app = `from fastapi import FastAPI
from .constants import SECURITY
app = FastAPI()
@app.middleware("http")
async def secure(request, call_next):
    response = await call_next(request)
    response.headers.update(SECURITY)
    return response
`;
  const files = {
    "web/app.py": app,
    "web/constants.py": 'SECURITY = {\n    "X-Frame-Options": "DENY",\n}\n',
  };
  const fields = await fieldsOf({ files });
  assert.equal(fields.length, 1);
  assert.match(fields[0] ?? "", /^headers\.\w+ web\/\w+\.py:\d+ DENY$/);
});
