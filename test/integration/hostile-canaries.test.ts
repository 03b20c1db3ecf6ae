import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { atOnce, CLOCK, deploy, type Files } from "./hostile-deployments.ts";
import { createScratch, type Ended, plimsoll } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());

/** What may never come out, by the place it was hidden in. */
const canaries = new Map<string, string>();
/** Any piece of this length of a canary is a leak. */
const PIECE = 8;

/** A secret that occurs in one place only, unless that place is named twice. */
function hide(place: string): string {
  const made = createHash("sha256").update(place).digest("base64url").replace(/[-_]/g, "x");
  canaries.set(place, made.slice(0, 40));
  return made.slice(0, 40);
}

const FILES: Files = {
  ".env": `DJANGO_SECRET_KEY=${hide("env file")}
export SESSION_SECRET_KEY="${hide("export line")}"
DATABASE_URL=postgres://app:${hide("DATABASE_URL")}@db.example.test/app?sslpassword=${hide("DATABASE_URL query")}
REDIS_URL=redis://:${hide("REDIS_URL")}@r:6379/0
SENTRY_DSN=https://${hide("SENTRY_DSN")}@o1.ingest.sentry.test/42
HUB_URL=http://agent:${hide("HUB_URL userinfo")}@hub.example.test/?token=${hide("HUB_URL query")}#${hide("HUB_URL fragment")}
WEBHOOK_SECRET_CLUSTER='${hide("single quotes")}'
STRIPE=${hide("a name that says nothing")}
CERTIFICATE="line
${hide("second line of a value")}
line"
${hide("a line that is no assignment")}
=${hide("a line without a name")}
OPEN="${hide("a quote that is not closed")}
DJANGO_DEBUG=${hide("a switch")}
DJANGO_ENV=${hide("a stage")}
CLUSTER_ENABLED=${hide("another switch")}
A_TOKEN=$(echo ${hide("a command")})
B_TOKEN=Ab\${${hide("a braced piece of a password")}}
#OLD_SECRET=${hide("a comment")}
TWICE_SECRET=${hide("the first of two")}
TWICE_SECRET=${hide("the second of two")}
HTTPS_PROXY=http://p:${hide("HTTPS_PROXY")}@proxy.test:3128
`,
  ".env.bak": `DJANGO_SECRET_KEY=${hide("env file")}\nOLD_SECRET=${hide(".env.bak")}\n`,
  ".env.sample": `DJANGO_SECRET_KEY=${hide(".env.sample")}\n`,
  "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\n',
  "config/__init__.py": "",
  "config/settings.py": `import os
SECRET_KEY = "${hide("literal key")}"
SECRET_KEY_FALLBACKS = ["${hide("literal fallback")}"]
DEBUG = os.environ.get("DJANGO_DEBUG", "${hide("default of a switch")}") == "1"
DATABASES = {"default": {"PASSWORD": "${hide("literal in DATABASES")}"}}
HUB_TOKEN = os.environ.get("HUB_TOKEN", "${hide("default of a secret")}")
CSRF_TRUSTED_ORIGINS = ["https://u:${hide("userinfo in a list")}@a.test"]
raise ValueError("${hide("exception")}")
`,
  "monitor.service": `[Service]
User=svc
WorkingDirectory=@ROOT@
EnvironmentFile=@ROOT@/.env
Environment="UNIT_SECRET=${hide("Environment=")}" PLAIN=${hide("Environment= with a plain name")}
ExecStartPre=/bin/sh -c "curl -u me:${hide("curl -u")} -H 'Authorization: Bearer ${hide("header")}' http://x"
ExecStart=/usr/bin/gunicorn --env API_TOKEN=${hide("--env")} -b 0.0.0.0:8000 config.wsgi --password=${hide("--password=")} --token ${hide("--token")}
`,
  "docker-compose.yml": `services:
  web:
    build: .
    command: gunicorn -b 0.0.0.0:8000 config.wsgi --secret ${hide("compose command")}
    env_file: .env
    ports: ["8000:8000"]
    environment:
      API_TOKEN: ${hide("compose environment")}
      PLAIN: ${hide("compose environment with a plain name")}
    labels:
      - "traefik.http.middlewares.a.basicauth.users=me:${hide("label")}"
  db:
    image: redis
    entrypoint: redis-server --requirepass ${hide("--requirepass")}
`,
  Dockerfile: `FROM python:3.12
ENV API_TOKEN=${hide("compose environment")} OTHER_SECRET=${hide("Dockerfile ENV")}
ARG PIP_INDEX_URL=https://u:${hide("Dockerfile ARG")}@pypi.test/simple
`,
  "nginx.conf": `events {}
http {
  server {
    listen 80;
    server_name monitor.example.test;
    location / {
      proxy_set_header Authorization "Bearer ${hide("nginx header")}";
      proxy_pass http://u:${hide("nginx proxy_pass")}@127.0.0.1:8000;
    }
    return 301 https://$host/?k=${hide("nginx return")};
  }
  ${hide("nginx garbage")}
}
`,
  Caddyfile: `monitor.example.test {
  basicauth {
    me ${hide("Caddy basicauth")}
  }
  reverse_proxy 127.0.0.1:8000 {
    header_up Authorization "Basic ${hide("Caddy header")}"
  }
  ${hide("Caddy garbage")}
}
`,
  "requirements.txt": `--index-url https://user:${hide("index URL")}@pypi.example.test/simple
Django==3.2
git+https://${hide("git URL")}@github.com/x/y.git
`,
  "package.json": `{"dependencies":{"express":"4","y":"git+https://${hide("package.json")}@github.com/x/y.git"},"scripts":{"start":"TOKEN=${hide("npm script")} node server.js"}}`,
  ".npmrc": `//registry.test/:_authToken=${hide(".npmrc")}\n`,
  "app/client.js": `const apiKey = "${hide("a key in JavaScript")}", u = "amqp://a:${hide("a URL in JavaScript")}@q/";\n`,
  "app/issued.py": `TOKEN = "ghp_${hide("a token in its issuer's form").slice(0, 36)}"  # ${hide("a comment in Python")}\n`,
  "gunicorn.conf.py": `raw_env = ["A_SECRET=${hide("gunicorn.conf.py")}"]\n`,
};

const place = deploy(join(scratch.directory, "canaries"), FILES);
const record = (name: string, value: unknown) =>
  writeFileSync(join(place.recorded, name), JSON.stringify(value));
record("processes.json", [
  {
    pid: 10,
    name: "gunicorn",
    user: "svc",
    command: `gunicorn config.wsgi:application -b 0.0.0.0:8000 --password ${hide("process --password")} --token=${hide("process --token=")} https://u:${hide("process URL")}@x.test?a=${hide("process query")} API_TOKEN=${hide("process assignment")} ${hide("process word")}`,
  },
]);
record("listeners.json", [
  {
    proto: "tcp",
    address: "0.0.0.0",
    port: 8000,
    pid: 10,
    command: `gunicorn --password ${hide("listener")}`,
  },
]);
record("commands.json", {
  "pip-audit": {
    available: true,
    exit: 1,
    stdout: `not JSON https://u:${hide("auditor stdout URL")}@x ${hide("auditor stdout")}`,
    stderr: `cannot fetch https://u:${hide("auditor stderr URL")}@pypi.test/simple ${hide("auditor stderr")}`,
  },
  npm: { available: true, exit: 1, stdout: `{"error":{"summary":"${hide("npm stdout")}"}}` },
});
execFileSync("git", ["init", "-q"], { cwd: place.directory });
execFileSync("git", ["add", "-A"], { cwd: place.directory });

const recorded = [place.directory, "--recorded", place.recorded, ...CLOCK];
const target = `http://u:${hide("--url userinfo")}@127.0.0.1:1/?q=${hide("--url query")}`;
const alone = [place.directory, "--no-host", "--offline"];
const RUNS: readonly (readonly string[])[] = [
  ["audit", ...recorded],
  ["audit", ...recorded, "-v", "--debug"],
  ["audit", ...recorded, "--format", "json"],
  ["check-security", ...recorded, "--all"],
  ["check-security", ...recorded, "--all", "--json"],
  ["check-security", ...recorded, "--style=reference"],
  ["collect", ...recorded],
  ["audit", ...alone, "-v"],
  ["audit", ...alone, "-v", "--deep", "--only", "secret", "--only", "env.secret-in-vcs"],
  ["audit", ...alone, "--format", "json"],
  ["audit", place.directory, "--format", "json", "--offline"],
  ["audit", place.directory, "--no-host", "--url", target, "-v"],
  ["audit", place.directory, "--no-host", "--url", target, "--format", "json"],
  ["collect", ...alone, "--url", target],
  ["audit", place.directory, "--url", target.replace("http", "ftp")],
];

/** Where pieces of a canary came out, with what stands before them. */
function leaksIn({ stdout, stderr }: Ended): readonly string[] {
  const text = stdout + stderr;
  return [...canaries].flatMap(([hidden, canary]) => {
    for (let from = 0; from + PIECE <= canary.length; from += 1) {
      const at = text.indexOf(canary.slice(from, from + PIECE));
      if (at >= 0) return [`${hidden}: ${text.slice(Math.max(0, at - 80), at)}`];
    }
    return [];
  });
}

async function assertSilent(args: readonly string[]): Promise<Ended> {
  const ended = await plimsoll(args);
  assert.notEqual(ended.exit, 70, ended.stderr);
  assert.ok(ended.stdout.length > 0 || ended.exit === 64);
  assert.deepEqual(leaksIn(ended), [], args.join(" "));
  if (ended.stdout.startsWith("{") || ended.stdout.startsWith("[{")) JSON.parse(ended.stdout);
  return ended;
}

test("no secret comes out of any output, whatever place it stands in", async () => {
  assert.ok(canaries.size > 70);
  await atOnce(RUNS, async (args) => void (await assertSilent(args)));
});

test("nor out of the running process's environment, and facts judged later", async () => {
  record("process-env.json", {
    DJANGO_SECRET_KEY: hide("process environment"),
    SOMETHING: hide("process environment with a plain name"),
    HUB_URL: `http://u:${hide("HUB_URL of the process")}@hub.example.test?x=${hide("its query")}`,
    DJANGO_DEBUG: hide("DJANGO_DEBUG of the process"),
  });
  const { stdout } = await assertSilent(["collect", ...recorded]);
  const facts = scratch.write("facts.json", stdout);
  await atOnce(
    [
      ["judge", facts, "-v"],
      ["judge", facts, "--format", "json"],
      ["audit", ...recorded, "-v"],
      ["audit", ...recorded, "--format", "json"],
      ["check-security", ...recorded, "--all", "--json"],
    ],
    async (args) => void (await assertSilent(args)),
  );
  rmSync(join(place.recorded, "process-env.json"));
});

test("what is looked for would be found: a fingerprint and a length do come out", async () => {
  const { stdout } = await plimsoll(["audit", ...recorded, "-v"]);
  assert.match(stdout, /DJANGO_SECRET_KEY.*set, 40 chars, fp:[0-9a-f]{8}/);
  assert.deepEqual(
    leaksIn({ exit: 0, stdout: hide("env file").slice(5, 13), stderr: "" }).length,
    1,
  );
});
