import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { djangoMissing } from "./django-application.ts";
import { fastapiMissing } from "./fastapi-application.ts";
import { createScratch, plimsoll, type Scratch } from "./plimsoll.ts";
import { PYTHON } from "./web-deployment.ts";

/* What a program has where nobody sets anything, beside what the framework that Debian ships says of itself. */

interface Framework {
  readonly name: string;
  readonly missing: string | undefined;
  /** Prints the defaults by the report's slugs, as JSON. */
  readonly asks: string;
  /** A program that sets none of them. */
  readonly files: Readonly<Record<string, string>>;
}

const FRAMEWORKS: readonly Framework[] = [
  {
    name: "Django",
    missing: djangoMissing(),
    asks: `
import json
import django
from django.conf import global_settings as g
names = {
    "django.debug": "DEBUG",
    "django.allowed_hosts": "ALLOWED_HOSTS",
    "django.session_cookie_secure": "SESSION_COOKIE_SECURE",
    "django.session_cookie_httponly": "SESSION_COOKIE_HTTPONLY",
    "django.session_cookie_samesite": "SESSION_COOKIE_SAMESITE",
    "django.session_cookie_age": "SESSION_COOKIE_AGE",
    "django.csrf_cookie_secure": "CSRF_COOKIE_SECURE",
    "django.csrf_cookie_httponly": "CSRF_COOKIE_HTTPONLY",
    "django.csrf_cookie_samesite": "CSRF_COOKIE_SAMESITE",
    "django.hsts_seconds": "SECURE_HSTS_SECONDS",
    "django.hsts_include_subdomains": "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "django.hsts_preload": "SECURE_HSTS_PRELOAD",
    "django.ssl_redirect": "SECURE_SSL_REDIRECT",
    "django.proxy_ssl_header": "SECURE_PROXY_SSL_HEADER",
    "django.nosniff": "SECURE_CONTENT_TYPE_NOSNIFF",
    "django.referrer_policy": "SECURE_REFERRER_POLICY",
    "django.use_x_forwarded_host": "USE_X_FORWARDED_HOST",
    "django.xfo": "X_FRAME_OPTIONS",
}
values = {slug: getattr(g, name) for slug, name in names.items()}
print(json.dumps({"version": django.get_version(), "values": values}))
`,
    files: {
      "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
      "shop/settings.py":
        'SECRET_KEY = "x"\nMIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]\n',
      "requirements.txt": "Django==VERSION\n",
    },
  },
  {
    name: "FastAPI and Starlette",
    missing: fastapiMissing(),
    asks: `
import inspect, json
import fastapi
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import Response
def of(function):
    return {name: one.default for name, one in inspect.signature(function).parameters.items()}
session, cookie, cors = of(SessionMiddleware.__init__), of(Response.set_cookie), of(CORSMiddleware.__init__)
probe = SessionMiddleware(None, secret_key="x")
values = {
    "fastapi.session.https_only": session["https_only"],
    "fastapi.session.same_site": session["same_site"],
    "fastapi.session.max_age": session["max_age"],
    "fastapi.session.httponly": "httponly" in probe.security_flags,
    "fastapi.docs": FastAPI().docs_url is not None,
    "cors.allow_credentials": cors["allow_credentials"],
    "cookie.csrf.secure": cookie["secure"],
    "cookie.csrf.httponly": cookie["httponly"],
    "cookie.csrf.samesite": cookie["samesite"],
}
print(json.dumps({"version": fastapi.__version__, "values": values}))
`,
    files: {
      "app.py": `from fastapi import FastAPI, Response
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="x")
app.add_middleware(CORSMiddleware, allow_origins=["https://a.test"])


@app.get("/")
async def home(response: Response):
    response.set_cookie("csrf_token", "x")
    return {}
`,
      "requirements.txt": "fastapi==VERSION\n",
    },
  },
];

interface Row {
  readonly slug: string;
  readonly kind: string;
  readonly resolved: { readonly state: string; readonly value?: unknown };
}

for (const { name, missing, asks, files } of FRAMEWORKS) {
  describe(`defaults of ${name}`, { skip: missing ?? false }, () => {
    let scratch: Scratch;
    let said: Readonly<Record<string, unknown>>;
    let rows: readonly Row[];

    before(async () => {
      scratch = createScratch();
      const answer = JSON.parse(execFileSync(PYTHON, ["-c", asks], { encoding: "utf8" })) as {
        readonly version: string;
        readonly values: typeof said;
      };
      said = answer.values;
      for (const [path, text] of Object.entries(files))
        scratch.write(path, text.replace("VERSION", answer.version));
      const { stdout } = await plimsoll(["collect", scratch.directory, "--no-host", "-q"]);
      const { facts } = JSON.parse(stdout) as {
        readonly facts: Readonly<
          Record<string, { readonly value: { readonly settings: readonly Row[] } }>
        >;
      };
      rows = facts["source-settings"]?.value.settings ?? [];
    });
    after(() => scratch.remove());

    test("are what the framework's own source says", () => {
      const read = Object.keys(said).map((slug) => {
        const row = rows.find((one) => one.slug === slug);
        return [slug, row?.kind, row?.resolved.value];
      });
      assert.deepEqual(
        read,
        Object.entries(said).map(([slug, value]) => [
          slug,
          "absent",
          /samesite$|same_site$/.test(slug) ? String(value).toLowerCase() : value,
        ]),
      );
    });
  });
}
