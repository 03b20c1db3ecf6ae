import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "./host-certificates.ts";
import {
  freePorts,
  makePrefix,
  removePrefix,
  startNginx,
  stopNginx,
  writeFiles,
} from "./nginx-process.ts";

/* A Django application under gunicorn behind nginx, as one finds it on a small server. */

/** Debian's own, as its packages are for it alone. */
const PYTHON = "/usr/bin/python3";
const START_MS_MAX = 15_000;
export const NAME = "shop.example.test";

/** Why a deployment cannot run here; in CI an error, as a test nobody runs is none. */
export function djangoMissing(): string | undefined {
  try {
    execFileSync(PYTHON, ["-c", "import django, gunicorn"], { stdio: "ignore" });
    return undefined;
  } catch (cause) {
    const what = `${PYTHON} has no Django or gunicorn (python3-django, gunicorn)`;
    if (process.env["CI"]) throw new Error(`${what}, and this is CI`, { cause });
    return what;
  }
}

/** What is different from the sound deployment. */
export interface Changes {
  /** Over `.env`, which the application is started with. */
  readonly env?: Readonly<Record<string, string>>;
  /** Over what the application is started with, which `.env` does not tell. */
  readonly startedWith?: Readonly<Record<string, string>>;
  /** Lines that come last in the settings. */
  readonly settings?: string;
  /** Lines of `location /`, in the place of those of the same directive. */
  readonly location?: readonly string[];
  readonly tls?: { readonly protocols: string; readonly ciphers: string };
  /** `false`: the proxy sets no Strict-Transport-Security of its own. */
  readonly isHstsOfProxy?: boolean;
  /** A proxy on the loopback alone has no clients elsewhere, and is not judged. */
  readonly isListeningToAll?: boolean;
  /** Sends every name to the application, with the name it knows. */
  readonly isAnyHostTaken?: boolean;
}

export interface Deployment {
  readonly directory: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Of gunicorn, on the loopback. */
  readonly appPort: number;
  /** For `--cacert`. */
  readonly caFile: string;
  stop(): Promise<void>;
}

const ENV: Readonly<Record<string, string>> = {
  DJANGO_SECRET_KEY: "test-fixture-Zq8Lw2Rk5Tn9Vb3Xc7Md1Pf6Hj4Gs0Yu_Ea-Io8Bt5Wx2Kz",
  DJANGO_DEBUG: "0",
  DJANGO_ENV: "production",
  DJANGO_ALLOWED_HOSTS: NAME,
  CLUSTER_ENABLED: "1",
  CLUSTER_SECRET: "test-fixture-Wk7Rm2Tq9Vb4Xz1Nc8Lp5Hj3Gs6Fd0Ya-Uo2Ie9Bt4Wx7Kz",
};

export async function startDeployment(changes: Changes = {}): Promise<Deployment> {
  const keys = mkdtempSync(join(tmpdir(), "plimsoll-ca-"));
  const authority = createAuthority(keys);
  const { cert, key } = authority.issue("shop", { names: `DNS:${NAME}` });
  const [httpPort = 0, httpsPort = 0, appPort = 0] = await freePorts(3);
  const directory = makePrefix({});
  chmodSync(directory, 0o755);
  const env = { ...ENV, ...changes.env };
  writeFiles(directory, {
    ...applicationFiles(changes),
    ".env": Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
    "deploy/shop.pem": cert,
    "deploy/shop.key": key,
    "deploy/nginx.conf": nginxConf({ httpPort, httpsPort, appPort }, changes),
  });
  for (const secret of [".env", "deploy/shop.key"]) chmodSync(join(directory, secret), 0o600);
  const children: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(children.map(stopNginx));
    removePrefix(directory);
    rmSync(keys, { recursive: true, force: true });
  };
  try {
    const gunicorn = startGunicorn(directory, appPort, { ...env, ...changes.startedWith });
    children.push(gunicorn);
    await listening(appPort, gunicorn);
    children.push(await startNginx(join(directory, "deploy"), httpsPort));
  } catch (error) {
    await stop();
    throw error;
  }
  return { directory, httpPort, httpsPort, appPort, caFile: authority.caFile, stop };
}

function startGunicorn(
  directory: string,
  port: number,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const args = ["-m", "gunicorn", "--bind", `127.0.0.1:${port}`, "--workers", "1"];
  return spawn(PYTHON, [...args, "shop.wsgi:application"], {
    cwd: directory,
    env: { PATH: "/usr/bin:/bin", PYTHONDONTWRITEBYTECODE: "1", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += String(chunk);
  });
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline && child.exitCode === null) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`gunicorn does not listen on ${port}: ${stderr}`);
}

const GOOD_TLS = {
  protocols: "TLSv1.2 TLSv1.3",
  ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384",
};

interface Ports {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly appPort: number;
}

/** The lines are those the tests name: changes stand where the sound deployment has its own. */
function nginxConf({ httpPort, httpsPort, appPort }: Ports, changes: Changes): string {
  const { location = [], tls = GOOD_TLS, isAnyHostTaken = false, isHstsOfProxy = true } = changes;
  const address = changes.isListeningToAll === true ? "" : "127.0.0.1:";
  const other = isAnyHostTaken
    ? [`location / { proxy_pass http://127.0.0.1:${appPort}; proxy_set_header Host ${NAME}; }`]
    : ["return 444;"];
  const pair = ["ssl_certificate shop.pem;", "ssl_certificate_key shop.key;"];
  const blocks = [
    [`listen ${address}${httpPort} default_server;`, "server_name _;", "return 444;"],
    [
      `listen ${address}${httpPort};`,
      `server_name ${NAME};`,
      `return 301 https://$host:${httpsPort}$request_uri;`,
    ],
    [
      `listen ${address}${httpsPort} ssl http2 default_server;`,
      "server_name _;",
      ...pair,
      ...other,
    ],
    [
      `listen ${address}${httpsPort} ssl http2;`,
      `server_name ${NAME};`,
      ...pair,
      ...(isHstsOfProxy
        ? ['add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;']
        : []),
      "add_header Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'\" always;",
      `location / { proxy_pass http://127.0.0.1:${appPort}; proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $host; ${location.join(" ")} }`,
    ],
  ];
  const servers = blocks.map((lines) => `server {\n  ${lines.join("\n  ")}\n}`);
  return [
    "events {}",
    "http {",
    "access_log off;",
    ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${name}_temp;`,
    ),
    "server_tokens off;",
    `ssl_protocols ${tls.protocols};`,
    `ssl_ciphers ${tls.ciphers};`,
    ...servers,
    "}\n",
  ].join("\n");
}

function applicationFiles({ settings = "" }: Changes): Readonly<Record<string, string>> {
  return {
    "shop/__init__.py": "",
    "shop/settings.py": `${SETTINGS}${settings}`,
    "shop/urls.py": URLS,
    "shop/wsgi.py": WSGI,
    "templates/home.html": PAGE,
    "requirements.txt": "django\ngunicorn\n",
  };
}

const SETTINGS = `import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
DEBUG = os.environ.get("DJANGO_DEBUG", "0").lower() in {"1", "true", "yes", "on"}
ALLOWED_HOSTS = [h for h in os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",") if h]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "shop.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
    }
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = 3600
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
USE_TZ = True
`;

const URLS = `from django.shortcuts import render
from django.urls import path


def home(request):
    request.session["seen"] = True
    return render(request, "home.html")


urlpatterns = [path("", home)]
`;

const WSGI = `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
`;

const PAGE = `<!doctype html>
<title>shop</title>
<form method="post" action="/">{% csrf_token %}<button>buy</button></form>
`;
