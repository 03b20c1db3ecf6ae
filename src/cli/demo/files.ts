import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { DemoServers } from "./server.ts";

interface DemoFile {
  readonly text: string;
  readonly mode?: number;
}

/** Writes the flawed deployment: each file looks reasonable alone, the flaws show when they are joined. */
export function writeDeployment(
  directory: string,
  { applicationPort, tlsPort }: DemoServers,
): void {
  for (const [path, { text, mode }] of Object.entries(files(applicationPort, tlsPort))) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode ?? 0o644); // Not left to the umask: the modes are part of the sample.
  }
}

function files(applicationPort: number, tlsPort: number): Readonly<Record<string, DemoFile>> {
  return {
    "manage.py": { text: MANAGE, mode: 0o755 },
    "config/settings.py": { text: SETTINGS },
    "config/urls.py": { text: "urlpatterns = []\n" },
    "requirements.txt": { text: "django==4.2.1\ngunicorn==21.2.0\n" },
    ".env": { text: env(tlsPort), mode: 0o644 },
    ".env.bak": { text: env(tlsPort), mode: 0o644 },
    "deploy/monitor.service": { text: unit(applicationPort) },
    "deploy/nginx.conf": { text: nginx(applicationPort) },
  };
}

const MANAGE = `#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
`;

const SETTINGS = `import os
from pathlib import Path

from dotenv import load_dotenv

BASE_DIR = Path(__file__).resolve().parent.parent
load_dotenv(BASE_DIR / ".env")

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "")
DEBUG = os.environ.get("DJANGO_DEBUG", "1") in {"1", "true", "yes", "on"}
ALLOWED_HOSTS = [h.strip() for h in os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",") if h.strip()]
CLUSTER_ENABLED = os.environ.get("CLUSTER_ENABLED", "0") == "1"
ROOT_URLCONF = "config.urls"
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
`;

function env(tlsPort: number): string {
  return `# Production settings
DJANGO_ENV=production
DJANGO_SECRET_KEY=changeme-changeme-changeme-changeme-changeme-changeme
DJANGO_DEBUG=0
DJANGO_ALLOWED_HOSTS=monitor.example.test,*
CLUSTER_ENABLED=1
WEBHOOK_SECRET_CLUSTER=demo-9f2c41d07be85a36c1e4f7082b9d6a53
HUB_URL=https://localhost:${tlsPort}
`;
}

function unit(applicationPort: number): string {
  return `[Unit]
Description=Monitor

[Service]
User=monitor
WorkingDirectory=/srv/monitor
EnvironmentFile=-/srv/monitor/local.env
# left over from last night's debugging
Environment=DJANGO_DEBUG=1
ExecStart=/usr/bin/gunicorn config.wsgi --bind 0.0.0.0:${applicationPort}

[Install]
WantedBy=multi-user.target
`;
}

function nginx(applicationPort: number): string {
  return `server {
    listen 80;
    server_name monitor.example.test;
    location / {
        proxy_pass http://127.0.0.1:${applicationPort};
        proxy_set_header Host $host;
    }
}
server {
    # the certificate is here, the route to the application is not
    listen 443 ssl;
    server_name www.example.test;
    ssl_certificate     /etc/ssl/monitor.pem;
    ssl_certificate_key /etc/ssl/monitor.key;
    root /srv/www;
}
`;
}
