import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceFacts } from "../../../test/source-facts.ts";
import { knownValue } from "../../core/reading.ts";
import type { SourceSetting } from "../source-settings.fact.ts";

const HEAD = `import os, secrets
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
app = FastAPI()
`;

async function rowsOf(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly SourceSetting[]> {
  const source = knownValue((await sourceFacts({ files, env })).source);
  assert.ok(source !== undefined);
  return source.settings;
}

/** `property: value` of the row, with `@line`, its kind and its condition where it has one. */
async function told(
  body: string,
  wanted: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const rows = await rowsOf({ "app.py": HEAD + body }, env);
  return rows
    .filter(({ property }) => property !== undefined && wanted.test(property))
    .map((row) => {
      const { property, resolved, line, kind, condition } = row;
      const value =
        resolved.state === "known" ? JSON.stringify(resolved.value ?? null) : resolved.state;
      return `${property} ${value} ${kind}${line === null ? "" : ` @${line}`}${condition === undefined ? "" : ` if ${condition}`}`;
    });
}

const SESSION = 'app.add_middleware(SessionMiddleware, secret_key=os.environ["K"]';
const CSRF = `class CSRF(BaseHTTPMiddleware):
    def __init__(self, app, exempt=None, name="csrf_token"):
        super().__init__(app)
        self.exempt = exempt or ["/health"]
        self.name = name
    def _ok(self, request):
        return secrets.compare_digest(request.headers.get("x", ""), request.session["t"])
    async def dispatch(self, request, call_next):
        if any(request.url.path.startswith(p) for p in self.exempt):
            return await call_next(request)
        if request.method == "POST" and not self._ok(request):
            return Response(status_code=403)
        response = await call_next(request)
        self._set(response)
        return response
    def _set(self, response):
        response.set_cookie(self.name, "t", secure=True)
`;

const cases: readonly [
  name: string,
  body: string,
  wanted: RegExp,
  expected: readonly string[],
  env?: Readonly<Record<string, string>>,
][] = [
  [
    "a session's defaults",
    `${SESSION})\n`,
    /^session\.(?:cookie|life)/,
    [
      "session.cookie-secure false absent",
      'session.cookie-samesite "lax" absent',
      "session.lifetime-seconds 1209600 absent",
      "session.cookie-httponly true absent",
    ],
  ],
  [
    "arguments at their own lines",
    `${SESSION},\n  https_only=os.getenv("S", "0") == "1",\n  same_site="Strict",\n  max_age=3600)\n`,
    /^session\.(?:cookie-s|life)/,
    [
      "session.cookie-secure true env @7",
      'session.cookie-samesite "strict" literal @8',
      "session.lifetime-seconds 3600 literal @9",
    ],
    { S: "1" },
  ],
  [
    "arguments that are not known",
    `${SESSION}, **load())\n`,
    /^session\.cookie-secure/,
    ["session.cookie-secure unknown computed @6"],
  ],
  [
    "comments and docstrings",
    `"""${SESSION}, https_only=True)"""\n# ${SESSION})\n`,
    /^session/,
    [],
  ],
  [
    "a list of middleware",
    `from starlette.middleware import Middleware\napp = FastAPI(middleware=[Middleware(SessionMiddleware, secret_key="x", https_only=True)])\n`,
    /^session\.cookie-secure/,
    ["session.cookie-secure true literal @7"],
  ],
  ["no session, no CSRF", "", /^csrf/, []],
  ["a session alone", `${SESSION})\n`, /^csrf/, ["csrf.enabled false absent"]],
  ["defined and not registered", `${CSRF}${SESSION})\n`, /^csrf/, ["csrf.enabled false absent"]],
  [
    "registered before the session",
    `${CSRF}app.add_middleware(CSRF)\n${SESSION})\n`,
    /^csrf/,
    [
      "csrf.enabled true literal @23",
      "csrf.refuses true literal @23",
      'csrf.comparison "constant-time" literal @23',
      "csrf.bound true literal @23",
      'csrf.order "inside-session" literal @23',
      'csrf.exemptions ["/health"] literal @23',
      'csrf.exemption-match "prefix" literal @23',
      "csrf.cookie-secure true literal @22",
      "csrf.cookie-httponly false absent",
      'csrf.cookie-samesite "lax" absent',
    ],
  ],
  [
    "registered after it",
    `${CSRF}${SESSION})\napp.add_middleware(CSRF, exempt=["/"])\n`,
    /^csrf\.(?:order|exemptions)/,
    ['csrf.order "outside-session" literal @24', 'csrf.exemptions ["/"] literal @24'],
  ],
  [
    "prefixes that its own code lets through; refusals, narrowed and turned round ones are none",
    `${CSRF.replace(
      "        if any(",
      `        path = request.url.path
        if path.startswith("/api") or request.url.path.startswith(("/hooks/", "/health")):
            return await call_next(request)
        if path.startswith("/a") and request.method == "GET":
            return await call_next(request)
        if not path.startswith("/b"):
            return await call_next(request)
        if path.startswith("/c"):
            return Response(status_code=403)
        if any(`,
    )}app.add_middleware(CSRF, exempt=[])\n${SESSION})\n`,
    /^csrf\.exempt/,
    [
      'csrf.exemptions ["/health"] literal @32',
      'csrf.exemption-match "prefix" literal @32',
      'csrf.exemptions ["/api","/hooks/","/health"] literal @32',
      'csrf.exemption-match "prefix" literal @32',
    ],
  ],
  [
    "registered where a variable says so",
    `${CSRF}if os.getenv("CSRF_ON") == "1":\n    app.add_middleware(CSRF)\n${SESSION})\n`,
    /^csrf\.enabled/,
    ["csrf.enabled false absent"],
  ],
  [
    "registered by code that was not read",
    `from guard import add_csrf\nadd_csrf(app)\n${SESSION})\n`,
    /^csrf\.enabled/,
    ["csrf.enabled unknown absent"],
  ],
  [
    "headers of a function under a decorator, one of them under a condition",
    `@app.middleware("http")\nasync def headers(request, call_next):\n    response = await call_next(request)\n    response.headers.setdefault("X-Frame-Options", "DENY")\n    if request.url.path == "/":\n        response.headers["Referrer-Policy"] = "no-referrer"\n    return response\n`,
    /^header/,
    [
      'header.x-frame-options "DENY" literal @9',
      'header.referrer-policy "no-referrer" literal @11 if request.url.path == "…"',
      "header.strict-transport-security null absent",
      "header.content-security-policy null absent",
      "header.x-content-type-options null absent",
      "header.x-xss-protection null absent",
    ],
  ],
  [
    "headers of an ASGI middleware from a table",
    `from starlette.datastructures import MutableHeaders\nTABLE = {"X-Content-Type-Options": "nosniff"}\nclass Headers:\n    def __init__(self, app):\n        self.app = app\n    async def __call__(self, scope, receive, send):\n        async def wrapped(message):\n            headers = MutableHeaders(scope=message)\n            for k, v in TABLE.items():\n                headers[k] = v\n            await send(message)\n        await self.app(scope, receive, wrapped)\napp.add_middleware(Headers)\n`,
    /^header/,
    [
      'header.x-content-type-options "nosniff" literal @15',
      "header.strict-transport-security null absent",
      "header.content-security-policy null absent",
      "header.x-frame-options null absent",
      "header.referrer-policy null absent",
      "header.x-xss-protection null absent",
    ],
  ],
  [
    "CORS and hosts",
    `from fastapi.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)\n`,
    /^cors/,
    ['cors.origins ["*"] literal @7', "cors.credentials true literal @7"],
  ],
  ["pages of documentation", "", /^docs/, ["docs.exposed true absent"]],
  [
    "pages without their description",
    "app = FastAPI(openapi_url=None)\n",
    /^docs/,
    ["docs.exposed true absent", "docs.exposed false literal @6"],
  ],
];

for (const [name, body, wanted, expected, env] of cases) {
  test(name, async () => {
    assert.deepEqual(await told(body, wanted, { K: "k", ...env }), expected);
  });
}

test("a key is told by its measures, with what it falls back to", async () => {
  const KEY = "q8Zt3LxV0nWb5RkY2mHs7DfJ4pGc1EaU9oTiNyBvXwK";
  const body =
    'app.add_middleware(SessionMiddleware, secret_key=os.getenv("K", "dev-fallback-key"))\n';
  const rows = await rowsOf({ "app.py": HEAD + body }, { K: KEY });
  const keys = rows.filter(({ property }) => property?.startsWith("session.secret") === true);
  assert.deepEqual(
    keys.map(({ property, variables, resolved }) => [
      property,
      variables,
      resolved.state === "known" ? [resolved.from, resolved.secret?.length] : resolved.state,
    ]),
    [
      ["session.secret", ["K"], ["env", 43]],
      ["session.secret-fallback", ["K"], ["default", 16]],
    ],
  );
  const text = JSON.stringify(rows);
  assert.ok(!text.includes(KEY.slice(0, 8)));
  assert.ok(!text.includes("dev-fallback"));
});

test("a key that must be there and is not is told, and so are the flags beside it", async () => {
  const body = `key = os.getenv("K")\nif not key:\n    raise RuntimeError("no key")\napp.add_middleware(SessionMiddleware, secret_key=key, https_only=True)\n`;
  const rows = await rowsOf({ "app.py": HEAD + body });
  const states = rows
    .filter(({ property }) => property === "session.secret" || property === "session.cookie-secure")
    .map(({ resolved }) => resolved.state);
  assert.deepEqual(states, ["known", "raises"]);
});

test("a wrapper of the project's own around CORS is listed and decides nothing", async () => {
  const body = `class Rule:
    allow_origins: list = []
    allow_credentials: bool = False
app.add_middleware(Wrapper, rules=[Rule(allow_origins=["*"]), Rule(allow_credentials=True)])
`;
  const rows = await rowsOf({ "app.py": HEAD + body });
  const cors = rows.filter(({ slug }) => slug.startsWith("cors."));
  assert.deepEqual(
    cors.map(({ slug, property, line, kind }) => `${slug} ${property ?? "-"} ${kind}:${line}`),
    ["cors.allow_origins - literal:9"],
  );
});

test("middleware of another environment is listed and decides nothing", async () => {
  const body = `from starlette.middleware.cors import CORSMiddleware
if os.getenv("LIVE") != "1":
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
`;
  const rows = await rowsOf({ "app.py": HEAD + body }, { LIVE: "1" });
  const cors = rows.filter(({ slug, kind }) => slug === "cors.allow_origins" && kind !== "absent");
  assert.deepEqual(
    cors.map(({ property, line }) => `${property ?? "-"}:${line}`),
    ["-:8"],
  );
});

test("a server that the program starts: where it listens and whom it believes", async () => {
  const body = `import uvicorn
if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", forwarded_allow_ips=os.getenv("PROXY", "*"))
`;
  const rows = await rowsOf({ "app.py": HEAD + body });
  const told = rows.filter(({ subject }) => subject === "uvicorn");
  assert.deepEqual(
    told.map(({ slug, kind, value, line }) => `${slug} ${kind} ${value}:${line}`),
    ['bind.address literal "0.0.0.0":8', 'proxy.trusted env "*":8'],
  );
});
