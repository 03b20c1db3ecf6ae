import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

/** `slug value kind`, with its place where it has a line, of every row of these slugs. */
async function told(
  files: Readonly<Record<string, string>>,
  wanted: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const { settings } = await insideSource(files, env);
  return settings
    .filter(({ slug }) => wanted.test(slug))
    .map(({ slug, resolved, kind, file, line }) => {
      const value =
        resolved.state === "known" ? JSON.stringify(resolved.value ?? null) : resolved.state;
      return `${slug} ${value} ${kind}${line === null ? "" : ` @${file}:${line}`}`;
    });
}

const SETTINGS = `from pydantic_settings import BaseSettings, SettingsConfigDict
class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="SHOP_",
        env_file="../.env",
    )
    SECRET_KEY: str
    ACCESS_TOKEN_EXPIRE_MINUTES: int = 60 * 24
    HOST: str = "http://a.test"
    def check(self, value):
        if value == "changethis":
            raise ValueError(value)
    def other(self, value):
        if value == "a":
            raise ValueError(value)
settings = Settings()
`;
const APP = `from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from shop.config import settings
app = FastAPI(openapi_url=f"{settings.HOST}/openapi.json")
app.add_middleware(
    CORSMiddleware,
    allow_origins=[settings.HOST],
)
`;

test("fields of settings, the file they come from and the function that refuses a placeholder", async () => {
  const files = { "shop/config.py": SETTINGS, "shop/main.py": APP };
  assert.deepEqual(
    await told(files, /^fastapi\.|^cors|guard/, { SHOP_SECRET_KEY: "k".repeat(40) }),
    [
      'cors.allow_origins ["http://a.test"] env @shop/main.py:7',
      "cors.allow_credentials false absent",
      "fastapi.docs true absent",
      'fastapi.openapi "http://a.test/openapi.json" computed @shop/main.py:4',
      "fastapi.session null absent",
      "fastapi.trusted_host null absent",
      "fastapi.secret_key null env @shop/config.py:7",
      "fastapi.token_lifetime 1440 computed @shop/config.py:8",
      'fastapi.env_prefix "SHOP_" literal @shop/config.py:4',
      'fastapi.env_file "../.env" literal @shop/config.py:5',
      "secret.guard unknown computed @shop/config.py:11",
    ],
  );
});

test("documentation pages that are switched off, each way", async () => {
  const app = (given: string) => ({
    "main.py": `from fastapi import FastAPI\napp = FastAPI(\n    title="a",\n    ${given}\n)\n`,
  });
  const docs = (given: string) => told(app(given), /^fastapi\.docs$/);
  assert.deepEqual(await docs("openapi_url=None"), ["fastapi.docs false literal @main.py:4"]);
  assert.deepEqual(await docs("docs_url=None, redoc_url=None"), [
    "fastapi.docs false literal @main.py:4",
  ]);
  assert.deepEqual(await docs("docs_url=None"), ["fastapi.docs true literal @main.py:4"]);
  assert.deepEqual(await docs('openapi_url="/x.json"'), ["fastapi.docs true absent"]);
});

test("an application that another file makes is read where it is put together", async () => {
  const files = {
    "shop/factory.py":
      "from fastapi import FastAPI\ndef create_app():\n    return FastAPI(docs_url=None, redoc_url=None)\n",
    "shop/main.py": `import os
from fastapi import Request
from starlette.middleware.cors import CORSMiddleware
from shop.factory import create_app
app = create_app()
if os.getenv("ORIGINS"):
    origins = [each for each in os.getenv("ORIGINS").split(",")]
else:
    origins = ["http://a.test"]
app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
@app.middleware("http")
async def fields(request: Request, call_next):
    response = await call_next(request)
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
`,
  };
  assert.deepEqual(await told(files, /cors|nosniff|docs|headers\.hsts/), [
    'headers.nosniff "nosniff" literal @shop/main.py:15',
    "headers.hsts null absent",
    'cors.allow_origins ["http://a.test"] computed @shop/main.py:10',
    "cors.allow_credentials true literal @shop/main.py:10",
    "fastapi.docs false literal @shop/factory.py:3",
    'cors.allow_origins ["http://a.test"] computed @shop/main.py:9',
  ]);
});

test("cookies of handlers and of functions that are handed an answer", async () => {
  const files = {
    "main.py": `from fastapi import FastAPI, Response
app = FastAPI()
@app.post("/login")
def login(response: Response):
    response.set_cookie("session_id", "x", secure=True, httponly=True, samesite="strict")
class Views:
    def get(self, response):
        response.set_cookie("csrf_token", "t")
def mark(response, key, secure=False):
    response.set_cookie(key, "x", secure=secure)
def bye(response):
    response.set_cookie("session_id", "", max_age=0)
`,
  };
  assert.deepEqual(await told(files, /^cookie\.(?:session|csrf|other|helper)/), [
    'cookie.session {"secure":true,"httponly":true,"samesite":"strict"} literal @main.py:5',
    "cookie.session.secure true literal @main.py:5",
    "cookie.session.httponly true literal @main.py:5",
    'cookie.session.samesite "strict" literal @main.py:5',
    "cookie.csrf {} literal @main.py:8",
    "cookie.csrf.secure false absent",
    "cookie.csrf.httponly false absent",
    'cookie.csrf.samesite "lax" absent',
    "cookie.other unknown computed @main.py:10",
    "cookie.other.secure unknown computed @main.py:10",
    "cookie.other.httponly false absent",
    'cookie.other.samesite "lax" absent',
    "cookie.helper false literal @main.py:9",
  ]);
});

const OWN_SETTINGS = `import secrets
from pydantic_settings import BaseSettings
class Base(BaseSettings):
    PRODUCTION: bool
class Settings(Base):
    ENABLE_DOCS: bool = True
    SESSION_SECRET: str
    ALLOWED_ORIGINS: list[str] = []
    TOKEN_TIME: int = 48
    LOG_LEVEL: str = "info"
    MAX_LOGIN_ATTEMPTS: int = 5
    @property
    def DOCS_URL(self):
        return "/docs" if self.ENABLE_DOCS else None
    def is_live(self):
        return self.PRODUCTION
    class Config:
        env_prefix = "SHOP_"
def make():
    return Settings(**{"SESSION_SECRET": secrets.token_hex(32)})
settings = make()
`;
const OWN_APP = `from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.cors import CORSMiddleware
from shop.config import settings
app = FastAPI(docs_url=settings.DOCS_URL, redoc_url=None)
app.add_middleware(SessionMiddleware, secret_key=settings.SESSION_SECRET, https_only=settings.is_live())
if not settings.PRODUCTION:
    app.add_middleware(CORSMiddleware, allow_origins=["http://a.test"])
`;

test("properties, methods and constructor arguments of settings, with and without what must be set", async () => {
  const files = { "shop/config.py": OWN_SETTINGS, "shop/main.py": OWN_APP };
  const wanted = /^(?:fastapi\.(?:docs|session|token|env)|cors|logging\.l|ratelimit\.l)/;
  const fields = [
    "fastapi.docs true env @shop/config.py:6",
    "cors.allow_origins [] env @shop/config.py:8",
    "fastapi.token_lifetime 48 env @shop/config.py:9",
    'logging.level "info" env @shop/config.py:10',
    "ratelimit.login 5 env @shop/config.py:11",
    'fastapi.env_prefix "SHOP_" literal @shop/config.py:18',
  ];
  const session = (secure: string): readonly string[] => [
    `fastapi.session.https_only ${secure} env @shop/main.py:6`,
    'fastapi.session.same_site "lax" absent',
    "fastapi.session.max_age 1209600 absent",
    "fastapi.session.httponly true absent",
    "fastapi.session.secret unknown computed @shop/main.py:6",
  ];
  const rest = [
    "fastapi.session.secret unknown computed @shop/main.py:6",
    "fastapi.docs true computed @shop/main.py:5",
  ];
  assert.deepEqual(await told(files, wanted), [
    ...session("raises"),
    'cors.allow_origins ["http://a.test"] literal @shop/main.py:8',
    "cors.allow_credentials false absent",
    ...rest,
    ...fields,
  ]);
  assert.deepEqual(await told(files, wanted, { SHOP_PRODUCTION: "true" }), [
    ...session("true"),
    ...rest,
    // Added under another environment only.
    'cors.allow_origins ["http://a.test"] literal @shop/main.py:8',
    "cors.config null absent",
    ...fields,
  ]);
});

test("models that settings are put together of", async () => {
  const text = `from fastapi import FastAPI
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings
class Log(BaseModel):
    log_level: str = Field(default="info")
class Session(BaseModel):
    session_ttl: int = 5
class Other(BaseModel):
    debug: bool = True
class Mixed(Log, Session):
    pass
class Settings(Mixed, BaseSettings):
    pass
settings = Settings()
app = FastAPI()
`;
  assert.deepEqual(await told({ "app.py": text }, /^(?:logging|fastapi\.(?:session\.m|debug))/), [
    'logging.level "info" env @app.py:5',
    "fastapi.session.max_age 5 env @app.py:7",
  ]);
});
