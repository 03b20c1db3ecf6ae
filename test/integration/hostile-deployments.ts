import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { type Ended, plimsoll, type ReportJson } from "./plimsoll.ts";

/** Text or bytes of a file, or what makes something else at its path. `@ROOT@` in text is the audited directory. */
export type Content = string | Uint8Array | ((path: string) => void);
export type Files = Readonly<Record<string, Content>>;

/** A fixture that opens nothing. */
const KEY = "test-fixture-Zq8Lw2Rk5Tn9Vb3Xc7Md1Pf6Hj4Gs0Yu_Ea-Io8Bt5Wx2Kz";

export const SOUND_ENV = `DJANGO_SECRET_KEY=${KEY}
DJANGO_DEBUG=0
DJANGO_ENV=production
DJANGO_ALLOWED_HOSTS=monitor.example.test
`;

const MANAGE = `import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
`;
const SETTINGS = `import os
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
DEBUG = os.environ.get("DJANGO_DEBUG", "0") == "1"
ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")
`;
const DJANGO: Files = {
  "manage.py": MANAGE,
  "config/__init__.py": "",
  "config/settings.py": SETTINGS,
};

/** Each has faults that only one file shows: where that file cannot be read, they are not told. */
export const FAULTY = {
  settings: {
    ...DJANGO,
    ".env": "DJANGO_ENV=production\n",
    "config/settings.py": `from .base import *
SECRET_KEY = "django-insecure-abc"
ALLOWED_HOSTS = ["*"]
`,
    "config/base.py": "DEBUG = True\nROOT_URLCONF = 'config.urls'\n",
  },
  compose: {
    ...DJANGO,
    ".env": SOUND_ENV,
    "docker-compose.yml": `services:
  web:
    build: .
    command: gunicorn config.wsgi
    env_file: deploy/prod.env
    environment:
      DJANGO_DEBUG: "1"
`,
    "deploy/prod.env": "DJANGO_SECRET_KEY=changeme\nHUB_URL=http://hub.example.test\n",
  },
  unit: {
    ...DJANGO,
    ".env": SOUND_ENV,
    "monitor.service": `[Service]
User=svc
WorkingDirectory=@ROOT@
EnvironmentFile=@ROOT@/etc/app.env
Environment=DJANGO_DEBUG=1 CLUSTER_ENABLED=1 WEBHOOK_SECRET_CLUSTER=short
ExecStart=/usr/bin/gunicorn -b 0.0.0.0:8000 config.wsgi:application
`,
    "etc/app.env": "DJANGO_ALLOWED_HOSTS=*\nDJANGO_SECRET_KEY=changeme\n",
  },
  flask: {
    ".env": `SECRET_KEY=${KEY}\nAPP_ENV=production\n`,
    "app.py": `from flask import Flask
import conf
app = Flask(__name__)
app.config.from_object(conf)
`,
    "conf.py": "DEBUG = True\n",
  },
  fastapi: {
    ".env": `SESSION_SECRET_KEY=${KEY}\nAGENTOS_ENV=production\n`,
    "main.py": "from fastapi import FastAPI\napp = FastAPI(debug=True)\n",
  },
  hub: {
    ".env": `${SOUND_ENV}CLUSTER_ENABLED=1\nWEBHOOK_SECRET_CLUSTER=short\n`,
    "nginx.conf": "events {}\nhttp {\n  include @ROOT@/conf.d/*.conf;\n}\n",
    "conf.d/app.conf":
      "server { listen 80; server_name monitor.example.test; location / { proxy_pass http://127.0.0.1:8000; } }\n",
  },
} as const satisfies Readonly<Record<string, Files>>;

const listenersWith = (proxy: string) => [
  { proto: "tcp", address: "127.0.0.1", port: 8000, pid: 10, command: "gunicorn" },
  { proto: "tcp", address: "0.0.0.0", port: 80, pid: 20, command: proxy },
];
const processesWith = (proxy: string) => [
  { pid: 20, command: `${proxy}: master process /usr/sbin/${proxy}`, name: proxy, user: "root" },
  { pid: 10, command: "gunicorn config.wsgi:application", name: "gunicorn", user: "svc" },
];

export interface Deployed {
  readonly directory: string;
  readonly recorded: string;
}

interface Machine {
  /** Paths that may not be read. */
  readonly closed?: readonly string[];
  /** The reverse proxy that runs. */
  readonly proxy?: string;
}

/** Lays out a deployment and its recorded facts anew. */
export function deploy(
  base: string,
  files: Files,
  { closed = [], proxy = "nginx" }: Machine = {},
): Deployed {
  rmSync(base, { recursive: true, force: true });
  const directory = join(base, "deployment");
  const recorded = join(base, "recorded");
  mkdirSync(directory, { recursive: true });
  mkdirSync(recorded);
  for (const [path, content] of Object.entries(files)) place(directory, path, content);
  const record = (name: string, value: unknown) =>
    writeFileSync(join(recorded, name), JSON.stringify(value));
  const shut = closed.map((path) => [path, { mode: "0644", readable: false }] as const);
  record("meta.json", { files: { ".env": { mode: "0600" }, ...Object.fromEntries(shut) } });
  record("listeners.json", listenersWith(proxy));
  record("processes.json", processesWith(proxy));
  return { directory, recorded };
}

function place(directory: string, path: string, content: Content): void {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  if (typeof content === "function") content(file);
  else if (typeof content !== "string") writeFileSync(file, content);
  else writeFileSync(file, content.replaceAll("@ROOT@", directory), { mode: 0o600 });
}

/** What else can stand at a path. */
export const fifo = (path: string): void => void execFileSync("mkfifo", [path]);
export const linkTo =
  (target: string) =>
  (path: string): void =>
    symlinkSync(target, path);
export const loop = (path: string): void => symlinkSync(path, path);

export const CLOCK = ["--now", "2026-11-22T00:00:00Z"] as const;

/** Audits a deployment with its recorded facts, and parses the report. */
export async function auditRecorded(
  { directory, recorded }: Deployed,
  ...more: readonly string[]
): Promise<ReportJson & Ended> {
  const args = ["audit", directory, "--recorded", recorded, ...CLOCK, "--format", "json", ...more];
  const ended = await plimsoll(args);
  return { ...(JSON.parse(ended.stdout) as ReportJson), ...ended };
}

/** Runs as many at once as the machine has cores to spare, each with a number of its own. */
export async function atOnce<T>(
  items: readonly T[],
  run: (item: T, worker: number) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const work = async (worker: number): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift())
      await run(item, worker);
  };
  await Promise.all([work(0), work(1)]);
}
