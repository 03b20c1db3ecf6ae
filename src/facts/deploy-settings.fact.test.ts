import assert from "node:assert/strict";
import { test } from "node:test";
import { gathererOf } from "../../test/deploy-outcome.ts";
import { DEPLOY_FILES_MAX, deploySettings } from "./deploy-settings.fact.ts";

async function rowsOf(files: Readonly<Record<string, string>>) {
  const reading = await gathererOf(files).read(deploySettings);
  assert.ok(reading.state === "known");
  return reading.value;
}

/** `slug line kind value` of each row. */
async function toldOf(file: string, text: string): Promise<readonly string[]> {
  const { settings } = await rowsOf({ [file]: text });
  return settings.map(({ slug, line, kind, value }) => `${slug} ${line} ${kind} ${value}`);
}

type Case = readonly [name: string, file: string, text: string, rows: readonly string[]];

const COMPOSE: readonly Case[] = [
  [
    "ports, short and long, commented and of a variable",
    "compose.yaml",
    `services:\n  web:\n    ports:\n      - "8000:8000"\n      - "\${PORT:-80}:80"\n      - 127.0.0.1:9:9\n      # - "2525:2525"\n      - name: smtp\n        target: 25\n        published: 25\n`,
    [
      "compose.port 4 literal 8000:8000 on all interfaces",
      `compose.port 5 env \${PORT}:80 on all interfaces`,
      "compose.port 6 literal 127.0.0.1:9:9",
      "compose.port_long 10 literal 25:25 on all interfaces",
      "compose.port.commented 7 literal commented out",
    ],
  ],
  [
    "a development file",
    "docker-compose-dev.yml",
    "services:\n  web:\n    ports: ['80:80']\n",
    [
      "compose.dev 1 literal by its name",
      "compose.port 3 literal 80:80 on all interfaces",
      "compose.dev_port 3 literal 80:80 on all interfaces",
    ],
  ],
  [
    "a file that says it is for development",
    "compose.yaml",
    "# My project\n# This is for local development.\nservices: {}\n",
    ["compose.dev 2 literal says it is for development"],
  ],
  [
    "passwords",
    "compose.yaml",
    `services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: umami\n      MYSQL_PASSWORD: \${PW}\n      DATABASE_URL: postgres://a:b@db/x\n      PG_URL: postgres://a:\${PW}@db/x\n      REDIS_PASSWORD:\n      POSTGRES_HOST_AUTH_METHOD: trust\n      MYSQL_ROOT_PASSWORD_FILE: /run/secrets/p\n    command: ["redis-server", "--requirepass", "abc"]\n`,
    [
      "compose.db_password 4 literal written in the file, 5 characters",
      `compose.db_password 5 env from \${PW}`,
      "compose.db_url_password 6 literal written in the file, 1 characters",
      `compose.db_url_password 7 env from \${PW}`,
      "compose.db_password 8 env from the environment compose is started in",
      "compose.db_trust 9 literal trust",
      "compose.secrets_file 10 computed secret file /run/secrets/p",
      "compose.db_password 11 literal written in the file, 3 characters",
    ],
  ],
  [
    "passwords that hold where nobody sets the variable",
    "compose.yaml",
    "services:\n  app:\n    environment:\n      ADMIN_PASSWORD: ${ADMIN:-admin}\n      API_TOKEN: ${TOKEN:-}\n      APP_SECRET: ${SECRET}\n      TITLE: ${TITLE:-hello}\n      SECRET_KEY_FILE: ${F:-/run/secrets/k}\n",
    [`compose.default_password 4 env \${ADMIN}, else one of 5 characters`],
  ],
  [
    "top-level secrets and required variables",
    "compose.yaml",
    `services:\n  web:\n    environment:\n      KEY: \${KEY:?is not set}\nsecrets:\n  a:\n    file: ./a.txt\n  b:\n    environment: "B"\n  c:\n    external: true\n`,
    [
      "compose.secrets_source 7 literal ./a.txt",
      "compose.secrets_env 9 env from the variable B",
      "compose.secrets_external 11 literal true",
      "compose.required_var 4 env refuses to start without KEY",
    ],
  ],
  [
    "images, sockets, rights",
    "compose.yaml",
    "services:\n  web:\n    image: a/b:1.2\n    privileged: true\n    user: '1'\n    cap_add: [NET_ADMIN]\n    volumes:\n      - /var/run/docker.sock:/s:ro\n  x:\n    image: redis:alpine\n    healthcheck: {disable: true}\n    mem_limit: 1g\n",
    [
      "compose.pinned_image 3 literal a/b:1.2",
      "compose.docker_socket 8 literal /var/run/docker.sock:/s:ro",
      "compose.privileged 4 literal true",
      "compose.user 5 literal 1",
      "compose.cap_add 6 literal NET_ADMIN",
      "compose.image_floating 10 literal redis:alpine",
      "compose.healthcheck 11 literal disabled",
      "compose.limits 12 literal given",
    ],
  ],
  [
    "Traefik",
    "compose.yaml",
    "services:\n  p:\n    command:\n      - --api.insecure=true\n      - --entrypoints.http.http.redirections.entrypoint.to=https\n  q:\n    command: >-\n      --api\n      --api.insecure\n  adminer:\n    labels:\n      - traefik.http.routers.a.rule=Host(`a`)\n      - traefik.http.middlewares.r.redirectscheme.scheme=https\n",
    [
      "traefik.insecure 4 literal API and dashboard without login",
      "tls.redirect 5 literal --entrypoints.http.http.redirections.entrypoint.to=https",
      "traefik.insecure 9 literal API and dashboard without login",
      "compose.adminer 12 literal traefik.http.routers.a.rule=Host(`a`)",
      "tls.redirect 13 literal traefik.http.middlewares.r.redirectscheme.scheme=https",
    ],
  ],
  [
    "an anchor says its thing once, at its own line",
    "compose.yaml",
    "x-e: &e\n  APP_RATELIMIT_ENABLED: 'false'\n  APP_ENV: production\nservices:\n  a:\n    environment:\n      <<: *e\n  b:\n    environment: *e\n",
    ["ratelimit.app 2 literal false", "env.mode 3 literal production"],
  ],
  [
    "TLS in a comment, not that of mail",
    "compose.override.yaml.example",
    'services:\n  web:\n    environment:\n      A: "1"\n      # CERTIFICATES: "certbot"\n      # SETTING_EMAIL_USE_TLS: True\n      ## Use TLS: it is better\n',
    ["compose.dev 1 literal by its name", "compose.tls_commented 5 literal commented out"],
  ],
  ["no YAML", "compose.yaml", "services:\n\tx: {}\n", []],
];

const OTHERS: readonly Case[] = [
  [
    "a Dockerfile",
    "Dockerfile",
    'ARG V\nFROM python:3.12 AS build\nUSER a\nARG NPM_TOKEN\nFROM debian\nENV X=1 \\\n    DJANGO_SETTINGS_MODULE=a.b \\\n    SECRET_KEY=abc\nADD https://u:p@h/x?t=1 /x\nEXPOSE 80\nCMD ["gunicorn", "a", "--bind", "0.0.0.0:8000"]\n',
    [
      "docker.user 3 literal a",
      "docker.user null absent root",
      "docker.secret_arg 4 literal no default",
      "django.settings_module 7 literal a.b",
      "docker.secret_env 8 literal 3 characters",
      "bind.address 11 literal 0.0.0.0:8000",
      "docker.pinned_image 2 literal python:3.12",
      "docker.image_floating 5 literal debian",
      "docker.add_url 9 literal https://h/x /x",
      "docker.expose 10 literal 80",
    ],
  ],
  [
    "a unit",
    "deploy/a.service",
    '[Unit]\nUser=no\n[Service]\nUser=www\nEnvironmentFile=/etc/a\nLoadCredential=k:/etc/k\nEnvironment="SECRET_KEY=abc" APP_ENV=production\nNoNewPrivileges=true\nExecStart=/v/gunicorn a \\\n    --bind unix:/run/a.sock \\\n    --workers 3\n',
    [
      "systemd.user 4 literal www",
      "systemd.hardening 8 literal NoNewPrivileges=true",
      "systemd.envfile 5 literal /etc/a",
      "systemd.credential 6 literal k:/etc/k",
      "systemd.secret_env 7 literal 3 characters",
      "env.mode 7 literal production",
      "bind.address 10 literal unix socket /run/a.sock",
    ],
  ],
  [
    "a unit that says nothing",
    "a.service",
    "[Service]\nExecStart=/bin/true\n",
    ["systemd.user null absent root", "systemd.hardening null absent none"],
  ],
  [
    "a drop-in says what it says, and nothing is absent from it",
    "a.service.d/x.conf",
    "[Service]\nPrivateTmp=yes\n",
    ["systemd.hardening 2 literal PrivateTmp=yes"],
  ],
  [
    "uwsgi.ini",
    "uwsgi.ini",
    "[uwsgi]\nenv = DJANGO_SETTINGS_MODULE=a.prod\nroute = ^/static/ addheader:Content-Security-Policy: sandbox\nadd-header = X-Frame-Options: DENY\nhttp-socket = :8000\n;uid = x\nuid = www-data\n",
    [
      "django.settings_module 2 literal a.prod",
      "headers.static_csp 3 literal sandbox",
      "headers.frame_options 4 literal DENY",
      "bind.address 5 literal *:8000",
      "uwsgi.user 7 literal www-data",
    ],
  ],
  [
    "supervisord",
    "supervisord.conf",
    "[supervisord]\nuser=root\n[program:web]\nuser=www\ncommand=gunicorn a\n  --bind 0.0.0.0:80\n",
    [
      "supervisor.user 2 literal root",
      "supervisor.user 4 literal www",
      "bind.address 6 literal 0.0.0.0:80",
    ],
  ],
  [
    "a Procfile",
    "Procfile",
    "web: uvicorn a --host 0.0.0.0 --port 80\n",
    ["bind.address 1 literal 0.0.0.0:80"],
  ],
  [
    "gunicorn.conf.py",
    "gunicorn.conf.py",
    'bind = "0.0.0.0:8000"\nworkers = cpu()\nforwarded_allow_ips = "*"\n# reload = True\n',
    [
      "bind.address 1 literal 0.0.0.0:8000",
      "gunicorn.workers 2 computed computed",
      "proxy.trusted 3 literal *",
    ],
  ],
  [
    "an env file",
    ".env.example",
    "DEBUG=1\n# DEBUG=0\nAPP_ENV=development\nAPP_HOST=127.0.0.1\nDB_HOST=127.0.0.1\nB=$A\nURL='x${A}'\nC=http://${A}/\n",
    [
      "env.debug 1 literal 1",
      "env.mode 3 literal development",
      "bind.address 4 literal 127.0.0.1",
      "env.interpolation 8 computed made of ${A}",
    ],
  ],
  [
    "nginx",
    "nginx.conf",
    "server {\n  listen 80;\n  # listen 443 ssl;\n  # listen 81;\n}\nserver { \n listen 443 ssl;\n}\n",
    [
      "nginx.tls 2 literal HTTP only on 80",
      "nginx.tls 3 literal commented",
      "nginx.tls 7 literal TLS on 443 ssl",
    ],
  ],
  [
    "a script that takes the first duplicate",
    "check.sh",
    'v=$(grep "^${key}=" "$f" | head -1)\n# grep "^x=" | head -1\na=$(_val "CLUSTER_ENABLED")\n',
    [
      "seed.env_first_wins 1 computed first duplicate key wins",
      "seed.env_name 3 computed hub mode comes from CLUSTER_ENABLED",
    ],
  ],
  [
    "who loads an env file",
    "config/env.py",
    "from dotenv import load_dotenv\n# load_dotenv()\nload_dotenv(path, override=False)\n",
    ["env.load 3 computed loads (path, override=False)"],
  ],
];

for (const [name, file, text, rows] of [...COMPOSE, ...OTHERS]) {
  test(`deployment rows: ${name}`, async () => assert.deepEqual(await toldOf(file, text), rows));
}

test("a variable's row has the slug of the setting that reads it", async () => {
  const { settings } = await rowsOf({
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.settings")\n',
    "app/settings.py":
      'import os\nDEBUG = os.environ.get("MY_SWITCH") == "1"\nINSTALLED_APPS = []\nSECRET_KEY = os.environ["SECRET_KEY"]\n',
    ".env.sample": "MY_SWITCH=1\nSECRET_KEY=abc\n",
  });
  assert.deepEqual(
    settings.map(({ slug, file, line, value }) => `${slug} ${file}:${line} ${value}`),
    ["django.debug .env.sample:1 set, 1 characters"],
  );
});

test("no row holds a secret", async () => {
  const canary = "kX92vTq81LmPzWd0";
  const files = {
    "compose.yaml": `services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: ${canary}\n      URL: postgres://a:${canary}@db/x\n      API_TOKEN: ${canary}\n    command: redis-server --requirepass ${canary}\n    healthcheck: {test: "curl -u ${canary}"}\n`,
    Dockerfile: `FROM a:1\nENV SECRET_KEY=${canary}\nARG TOKEN=${canary}\nADD https://u:${canary}@h/?t=${canary} /x\nHEALTHCHECK CMD curl -H ${canary}\n`,
    "a.service": `[Service]\nEnvironment=SECRET_KEY=${canary}\nSetCredential=k:${canary}\nExecStart=/bin/a --token ${canary}\n`,
    ".env": `SECRET_KEY=${canary}\nDATABASE_URL=postgres://a:${canary}@h/\nAPP_KEY=${canary}-\${X}\n`,
    "uwsgi.ini": `[uwsgi]\nenv = SECRET_KEY=${canary}\n`,
  };
  assert.doesNotMatch(JSON.stringify(await rowsOf(files)), new RegExp(canary));
});

test("files are read up to a limit, those near the root first", async () => {
  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`d/${index}/Dockerfile`, "FROM a:1\nUSER b\n"]),
    );
  const within = await rowsOf({ ...many(DEPLOY_FILES_MAX - 1), Dockerfile: "FROM a:1\nUSER c\n" });
  const beyond = await rowsOf({ ...many(DEPLOY_FILES_MAX), Dockerfile: "FROM a:1\nUSER c\n" });
  assert.deepEqual([within.isTruncated, beyond.isTruncated], [false, true]);
  assert.ok(beyond.settings.some(({ file }) => file === "Dockerfile"));
});

test("a file that cannot be read is a problem, and nothing else is lost", async () => {
  const { settings, problems } = await rowsOf({
    "compose.yaml": "services: {a: {privileged: true}}",
    Dockerfile: `FROM a:1\nUSER b\n#${"x".repeat(262_144)}`,
  });
  assert.deepEqual(
    [settings.map(({ slug }) => slug), problems.map(({ file }) => file)],
    [["compose.privileged"], ["Dockerfile"]],
  );
});
