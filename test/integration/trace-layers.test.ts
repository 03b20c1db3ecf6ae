import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { djangoApplication, djangoMissing } from "./django-application.ts";
import { fastapiApplication, fastapiMissing } from "./fastapi-application.ts";
import { nginxMissing } from "./nginx-process.ts";
import { auditJson, controlOf, type ReportJson } from "./plimsoll.ts";
import {
  type Changes,
  type Deployment,
  NAME,
  startDeployment,
  type WebApplication,
} from "./web-deployment.ts";

/* Controls and layers: one layer of a real deployment is broken at a time, and the trace of each control names it. */

/** What breaks every control, wherever it is set. */
const BAD = {
  FRAME: "ALLOWALL",
  COOKIE_SECURE: "0",
  HSTS_SECONDS: "0",
  HSTS: "max-age=0",
  REFERRER: "unsafe-url",
  SSL_REDIRECT: "0",
  DJANGO_DEBUG: "1",
  ORIGINS: "*",
};

const SETTINGS = `
X_FRAME_OPTIONS = os.environ.get("FRAME", "DENY")
SESSION_COOKIE_SECURE = os.environ.get("COOKIE_SECURE", "1") == "1"
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", "31536000"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REFERRER_POLICY = os.environ.get("REFERRER", "same-origin")
SECURE_SSL_REDIRECT = os.environ.get("SSL_REDIRECT", "1") == "1"
`;
const DJANGO = djangoApplication(SETTINGS);
const DJANGO_BROKEN = djangoApplication(`
DEBUG = True
X_FRAME_OPTIONS = "ALLOWALL"
SESSION_COOKIE_SECURE = False
SECURE_REFERRER_POLICY = "unsafe-url"
`);

const HEAD = `import os

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
`;
const HOME = `

@app.get("/", response_class=HTMLResponse)
async def home(request: Request):
    request.session["seen"] = True
    return "<!doctype html><title>shop</title>"
`;
const FASTAPI = fastapiApplication(`${HEAD}
app.add_middleware(
    SessionMiddleware,
    secret_key=os.environ["DJANGO_SECRET_KEY"],
    https_only=os.getenv("COOKIE_SECURE", "1") == "1",
    same_site="strict",
    max_age=3600,
)
app.add_middleware(CORSMiddleware, allow_origins=os.getenv("ORIGINS", "https://a.test").split(","))


@app.middleware("http")
async def security_headers(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Frame-Options"] = os.getenv("FRAME", "DENY")
    response.headers["Referrer-Policy"] = os.getenv("REFERRER", "same-origin")
    response.headers["Strict-Transport-Security"] = os.getenv("HSTS", "max-age=31536000")
    return response
${HOME}`);
const FASTAPI_BROKEN = fastapiApplication(`${HEAD}
app.add_middleware(SessionMiddleware, secret_key=os.environ["DJANGO_SECRET_KEY"], https_only=False)
app.add_middleware(CORSMiddleware, allow_origins=["*"])


@app.middleware("http")
async def security_headers(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Frame-Options"] = "ALLOWALL"
    return response
${HOME}`);

/** Everything is left to the application, which clients elsewhere reach through nginx. */
const LEFT_TO_IT: Changes = {
  isHstsOfProxy: false,
  isListeningToAll: true,
  isRedirectOfProxy: false,
};
const BROKEN_LOCATION = [
  "proxy_hide_header X-Frame-Options;",
  "proxy_hide_header Referrer-Policy;",
  "proxy_hide_header Strict-Transport-Security;",
  "add_header Access-Control-Allow-Origin * always;",
  "server_tokens on;",
  "client_max_body_size 0;",
];

type Traces = Readonly<Record<string, string>>;

interface Case {
  readonly name: string;
  readonly application: WebApplication;
  readonly changes: Changes;
  /** `verdict: step, step`, each step by who says it. */
  readonly traces: Traces;
}

const AS_SET = "agrees: source sets, proxy passes-on, live sets";
const BY_ENV = "overridden: source sets, env sets, process sets, proxy passes-on, live sets";
const BY_UNIT = "overridden: source sets, unit sets, process sets, proxy passes-on, live sets";
const BY_PROCESS = "overridden: source sets, process sets, proxy passes-on, live sets";
const HIDDEN = "lost: source sets, proxy drops, live drops";
/** nginx runs with a file that it was not reloaded from. */
const STALE = "contradicted: source sets, proxy passes-on, live drops";
const NEVER = "never-set: proxy passes-on, live drops";

const CASES: readonly Case[] = [
  {
    name: "Django, sound",
    application: DJANGO,
    changes: LEFT_TO_IT,
    traces: {
      "env.debug": "agrees: source sets, env sets, process sets",
      "hsts.configured": AS_SET,
      "headers.x-frame-options": AS_SET,
      "headers.referrer-policy": AS_SET,
      "session.cookie-secure": "agrees: source sets, live sets",
      "tls.redirect": AS_SET,
      "csp.present": "agrees: proxy sets, live sets",
      "headers.disclosure": "agrees: proxy sets, live sets",
      "probe.cors": NEVER,
      "proxy.body-size": "agrees: proxy sets",
    },
  },
  {
    name: "Django, broken in source",
    application: DJANGO_BROKEN,
    changes: LEFT_TO_IT,
    traces: {
      "env.debug": "agrees: source sets, live sets",
      "hsts.configured": "never-set: source passes-on, proxy passes-on, live drops",
      "headers.x-frame-options": AS_SET,
      "headers.referrer-policy": AS_SET,
      "session.cookie-secure": "agrees: source sets, live sets",
      "tls.redirect": "never-set: source passes-on, proxy passes-on, live drops",
    },
  },
  {
    name: "Django, broken by its env file",
    application: DJANGO,
    changes: { ...LEFT_TO_IT, env: BAD },
    traces: {
      "env.debug": "overridden: source sets, env sets, process sets, live sets",
      "hsts.configured": "lost: source sets, env drops, process drops, proxy passes-on, live drops",
      "headers.x-frame-options": BY_ENV,
      "headers.referrer-policy": BY_ENV,
      "session.cookie-secure": "overridden: source sets, env sets, process sets, live sets",
      "tls.redirect": "lost: source sets, env drops, process drops, proxy passes-on, live drops",
    },
  },
  {
    name: "Django, broken by its unit",
    application: DJANGO,
    changes: { ...LEFT_TO_IT, unit: BAD },
    traces: {
      "env.debug": "overridden: source sets, env sets, unit sets, process sets, live sets",
      "hsts.configured":
        "lost: source sets, unit drops, process drops, proxy passes-on, live drops",
      "headers.x-frame-options": BY_UNIT,
      "headers.referrer-policy": BY_UNIT,
      "session.cookie-secure": "overridden: source sets, unit sets, process sets, live sets",
      "tls.redirect": "lost: source sets, unit drops, process drops, proxy passes-on, live drops",
    },
  },
  {
    name: "Django, started with other values than its files have",
    application: DJANGO,
    changes: { ...LEFT_TO_IT, startedWith: BAD },
    traces: {
      "env.debug": "overridden: source sets, env sets, process sets, live sets",
      "hsts.configured": "lost: source sets, process drops, proxy passes-on, live drops",
      "headers.x-frame-options": BY_PROCESS,
      "headers.referrer-policy": BY_PROCESS,
      "session.cookie-secure": "overridden: source sets, process sets, live sets",
      "tls.redirect": "lost: source sets, process drops, proxy passes-on, live drops",
    },
  },
  {
    name: "Django, broken at the proxy",
    application: DJANGO,
    changes: { ...LEFT_TO_IT, location: BROKEN_LOCATION },
    traces: {
      "hsts.configured": HIDDEN,
      "headers.x-frame-options": HIDDEN,
      "headers.referrer-policy": HIDDEN,
      "csp.present": "lost: source passes-on, proxy sets, proxy drops, live drops",
      "headers.disclosure": "agrees: proxy sets, live sets",
      "probe.cors": "agrees: proxy sets, live sets",
      "proxy.body-size": "agrees: proxy sets",
      "session.cookie-secure": "agrees: source sets, live sets",
    },
  },
  {
    name: "Django, nginx not reloaded",
    application: DJANGO,
    changes: { ...LEFT_TO_IT, staleLocation: BROKEN_LOCATION },
    traces: {
      "hsts.configured": STALE,
      "headers.x-frame-options": STALE,
      "headers.referrer-policy": STALE,
      "csp.present": "contradicted: proxy sets, live drops",
      "headers.disclosure": "contradicted: proxy sets, live sets",
    },
  },
  {
    name: "FastAPI, sound",
    application: FASTAPI,
    changes: LEFT_TO_IT,
    traces: {
      "hsts.configured": AS_SET,
      "headers.x-frame-options": AS_SET,
      "headers.referrer-policy": AS_SET,
      "session.cookie-secure": "agrees: source sets, live sets",
      "probe.cors": "never-set: source passes-on, proxy passes-on, live drops",
      "tls.redirect": NEVER,
    },
  },
  {
    name: "FastAPI, broken in source",
    application: FASTAPI_BROKEN,
    changes: LEFT_TO_IT,
    traces: {
      "hsts.configured": "never-set: source passes-on, proxy passes-on, live drops",
      "headers.x-frame-options": AS_SET,
      "session.cookie-secure": "agrees: source sets, live sets",
      "probe.cors": AS_SET,
    },
  },
  {
    name: "FastAPI, broken by its env file",
    application: FASTAPI,
    changes: { ...LEFT_TO_IT, env: BAD },
    traces: {
      "hsts.configured": BY_ENV,
      "headers.x-frame-options": BY_ENV,
      "headers.referrer-policy": BY_ENV,
      "session.cookie-secure": "agrees: source passes-on, env sets, process sets, live sets",
      "probe.cors": "agrees: source passes-on, env sets, process sets, proxy passes-on, live sets",
    },
  },
  {
    name: "FastAPI, broken by its unit",
    application: FASTAPI,
    changes: { ...LEFT_TO_IT, unit: BAD },
    traces: {
      "hsts.configured": BY_UNIT,
      "headers.x-frame-options": BY_UNIT,
      "session.cookie-secure": "agrees: source passes-on, unit sets, process sets, live sets",
      "probe.cors": "agrees: source passes-on, unit sets, process sets, proxy passes-on, live sets",
    },
  },
  {
    name: "FastAPI, broken at the proxy",
    application: FASTAPI,
    changes: { ...LEFT_TO_IT, location: BROKEN_LOCATION },
    traces: {
      "hsts.configured": HIDDEN,
      "headers.x-frame-options": HIDDEN,
      "headers.referrer-policy": HIDDEN,
      "probe.cors": "agrees: source passes-on, proxy sets, live sets",
    },
  },
  {
    name: "FastAPI, nginx not reloaded",
    application: FASTAPI,
    changes: { ...LEFT_TO_IT, staleLocation: BROKEN_LOCATION },
    traces: {
      "hsts.configured": STALE,
      "headers.x-frame-options": STALE,
      "headers.referrer-policy": STALE,
      "probe.cors": "contradicted: source passes-on, proxy passes-on, live sets",
    },
  },
];

const missing = (application: WebApplication) =>
  nginxMissing() ??
  ("shop/settings.py" in application.files ? djangoMissing() : fastapiMissing()) ??
  false;

for (const { name, application, changes, traces } of CASES) {
  describe(`trace: ${name}`, { skip: missing(application) }, () => {
    let deployment: Deployment | undefined;
    let report: ReportJson;

    before(async () => {
      deployment = await startDeployment(application, changes);
      const { directory, httpPort, httpsPort, caFile } = deployment;
      report = await auditJson(
        directory,
        ...["--url", `https://${NAME}:${httpsPort}/`, "--cacert", caFile],
        ...["--http-port", String(httpPort), "--https-port", String(httpsPort)],
        ...["--connect-to", "::127.0.0.1:"],
        ...Object.keys(traces).flatMap((id) => ["--only", id]),
      );
    });
    after(() => deployment?.stop());

    for (const [id, expected] of Object.entries(traces)) {
      test(id, () => {
        const { trace } = controlOf(report, id);
        const steps = (trace?.steps ?? []).map(({ layer, says, where }) =>
          [whoSays(layer, where), says].join(" "),
        );
        assert.equal(`${trace?.verdict}: ${steps.join(", ")}`, expected);
      });
    }
  });
}

/** A step by its layer, and where the environment speaks by who gives it. */
function whoSays(layer: string, where: string): string {
  if (where.startsWith(".env:")) return "env";
  if (where.startsWith("deploy/shop.service:")) return "unit";
  return where.startsWith("/proc/") ? "process" : layer;
}
