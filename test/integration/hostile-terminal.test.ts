import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { atOnce, CLOCK, deploy, type Files } from "./hostile-deployments.ts";
import { createScratch, type Ended, plimsoll, type ReportJson } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());

/** A fixture that opens nothing. */
const CLUSTER_SECRET = "fixture-7f3d9a1c5e8b2d4f6a0c9e7b31";
/** Colour, window title, bidi override and isolate, zero width, line separator, C1, backspace, delete. */
const ESCAPE = "\u001b[31m\u001b]0;owned\u0007\u202e\u2066\u200b\u2028\u009b1m\b\u007f";
/** What a shell would obey where it is not quoted. */
const SHELL = "a'b\"c $(touch PWNED) `touch PWNED` ;touch PWNED;\n&|<>\\ *?[";
const OBEYED =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const FILES: Files = {
  ".env": `DJANGO_SECRET_KEY=${ESCAPE}changeme
DJANGO_DEBUG=1${ESCAPE}
DJANGO_ENV=prod${ESCAPE}
DJANGO_ALLOWED_HOSTS=*,a${ESCAPE}.test
HUB_URL=http://hub${ESCAPE}.test/${ESCAPE}
CLUSTER_ENABLED=1
WEBHOOK_SECRET_CLUSTER=x
A${ESCAPE}_SECRET=${CLUSTER_SECRET}
B_SECRET=${CLUSTER_SECRET}
${ESCAPE}
${ESCAPE}=1
`,
  ".env.bak": `A_SECRET=${CLUSTER_SECRET}\nB_SECRET=${CLUSTER_SECRET}\n`,
  [`.env.bak${ESCAPE}`]: `B_SECRET=${CLUSTER_SECRET}\n`,
  "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\n',
  "config/__init__.py": "",
  "config/settings.py": `import os
SECRET_KEY = "${ESCAPE}"
DEBUG = os.environ.get("DJANGO_DEBUG", "${ESCAPE}") in ("1", "${ESCAPE}")
ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "${ESCAPE}").split(",")
`,
  [`unit ${SHELL}.service`]: `[Service]
User=svc
WorkingDirectory=@ROOT@
ExecStart=/usr/bin/gunicorn -b 0.0.0.0:8000 config.wsgi
`,
  [`unit${ESCAPE}.service`]: `[Service]
User=s${ESCAPE}
WorkingDirectory=@ROOT@
EnvironmentFile=@ROOT@/etc${ESCAPE}.env
ExecStart=/usr/bin/gunicorn -b 0.0.0.0:8000 config.wsgi ${ESCAPE}
`,
  [`etc${ESCAPE}.env`]: `DJANGO_DEBUG=1\nX_SECRET=${CLUSTER_SECRET}\n`,
  "docker-compose.yml": `services:
  ${JSON.stringify(`web ${SHELL}`)}:
    build: .
    command: gunicorn -b 0.0.0.0:8000 config.wsgi
    env_file:
      - ${JSON.stringify(`./env ${SHELL}`)}
      - ${JSON.stringify(`./-R ${SHELL}`)}
      - ${JSON.stringify(`env${ESCAPE}`)}
    ports: ["8000:8000"]
    environment:
      ${JSON.stringify(`K_SECRET${ESCAPE}`)}: ${CLUSTER_SECRET}
`,
  [`env ${SHELL}`]: `DJANGO_DEBUG=1\nZ_SECRET=${CLUSTER_SECRET}\nY_SECRET=$(x)\n`,
  [`-R ${SHELL}`]: `Y_SECRET=${CLUSTER_SECRET}\n`,
  [`env${ESCAPE}`]: `Z_SECRET=${CLUSTER_SECRET}\n`,
  "nginx.conf": `events {}
http { server { listen 80; server_name a${ESCAPE}.test; location /${ESCAPE} { proxy_pass http://127.0.0.1:8000/${ESCAPE}; } } include ${ESCAPE}; ${ESCAPE} }
`,
  [`${ESCAPE}/Dockerfile`]: `FROM a\nENV X_SECRET=${CLUSTER_SECRET}\n`,
  Caddyfile: `a${ESCAPE}.test {\n reverse_proxy 127.0.0.1:8000 ${ESCAPE}\n ${ESCAPE}\n}\n`,
  "requirements.txt": `Django==3.2${ESCAPE}\n`,
};

const place = deploy(join(scratch.directory, "escapes"), FILES);
const record = (name: string, value: unknown) =>
  writeFileSync(join(place.recorded, name), JSON.stringify(value));
record("processes.json", [
  { pid: 20, name: `nginx${ESCAPE}`, user: `root${ESCAPE}`, command: `nginx: master ${ESCAPE}` },
  { pid: 10, name: "gunicorn", user: "svc", command: `gunicorn config.wsgi:application ${ESCAPE}` },
]);
record("net.json", {
  hub: { connect: "ok", tls: { verified: false, error: ESCAPE, names: [ESCAPE], daysLeft: -3 } },
});
record("commands.json", {
  "pip-audit": {
    exit: 1,
    stdout: JSON.stringify({
      dependencies: [
        {
          name: `dj${ESCAPE}${SHELL}`,
          version: `3${ESCAPE}`,
          vulns: [{ id: `CVE${ESCAPE}`, fix_versions: [`4${SHELL}`], description: ESCAPE }],
        },
      ],
    }),
    stderr: ESCAPE,
  },
});
execFileSync("git", ["init", "-q"], { cwd: place.directory });
execFileSync("git", ["add", "-A"], { cwd: place.directory });

const recorded = [place.directory, "--recorded", place.recorded, ...CLOCK];
const alone = [place.directory, "--no-host", "--offline"];

function assertObeysNothing({ stdout, stderr }: Ended, what: string): void {
  for (const text of [stdout, stderr]) {
    const found = OBEYED.exec(text);
    const near = found === null ? "" : text.slice(Math.max(0, found.index - 60), found.index + 20);
    assert.equal(found, null, `${what}: ${JSON.stringify(near)}`);
  }
}

test("escapes and bidi characters of files, names, records and peers never reach a terminal", async () => {
  const runs: readonly (readonly string[])[] = [
    ["audit", ...recorded, "-v"],
    ["audit", ...recorded, "--format", "json"],
    ["check-security", ...recorded, "--all"],
    ["check-security", ...recorded, "--all", "--json"],
    ["check-security", ...recorded, "--style=reference"],
    ["collect", ...recorded],
    ["audit", ...alone, "-v"],
    ["audit", join(place.directory, ESCAPE), "--no-host", "-v"],
    ["check-security", join(place.directory, ESCAPE), "--no-host"],
  ];
  await atOnce(runs, async (args) => {
    const ended = await plimsoll(args);
    assert.ok([0, 1, 2].includes(ended.exit ?? -1), `exit ${ended.exit}: ${ended.stderr}`);
    assertObeysNothing(ended, args.join(" ").slice(0, 60));
    if (/^[[{]"?/.test(ended.stdout)) JSON.parse(ended.stdout);
  });
});

test("nor those of the command line: 64 and one sentence", async () => {
  const mistakes: readonly (readonly string[])[] = [
    [ESCAPE],
    ["audit", join(place.directory, `no${ESCAPE}`)],
    ["audit", `--x${ESCAPE}`, "--debug"],
    ["audit", "--only", ESCAPE],
    ["audit", "--format", ESCAPE],
    ["audit", "--url", `http://${ESCAPE}`],
    ["audit", "--recorded", ESCAPE],
    ["audit", "--cacert", ESCAPE],
    ["judge", ESCAPE],
    ["explain", ESCAPE],
  ];
  await atOnce(mistakes, async (args) => {
    const ended = await plimsoll(args);
    assert.equal(ended.exit, 64);
    assert.equal(ended.stderr.trimEnd().split("\n").length, 1);
    assertObeysNothing(ended, args.join(" "));
  });
});

/** The commands of a fix: what follows `run:` or stands after `Run:`. */
function commandsOf(fix: string): readonly string[] {
  return [...fix.matchAll(/(?:^|[\s:,;])[Rr]un:? (.+)/gs)].flatMap(([, command]) => command ?? []);
}

test("a fix that is pasted into a shell runs nothing that a name put in it", async () => {
  const fixes: string[] = [];
  for (const args of [recorded, alone]) {
    const { stdout } = await plimsoll(["audit", ...args, "--format", "json"]);
    const { controls } = JSON.parse(stdout) as ReportJson;
    fixes.push(...controls.flatMap(({ findings }) => findings.map(({ fix }) => fix)));
  }
  const commands = [...new Set(fixes.flatMap(commandsOf))].filter((each) => each.includes("PWNED"));
  assert.ok(commands.length >= 4, String(commands.length));
  const sandbox = join(scratch.directory, "shell");
  execFileSync("mkdir", [sandbox]);
  for (const command of commands) {
    // No program is found but the one a name would run: every other word is only parsed.
    const programs = 'touch() { /usr/bin/touch "$@"; }; command_not_found_handle() { :; }';
    spawnSync("/bin/bash", ["-c", `${programs}\n${command}`], {
      cwd: sandbox,
      env: { PATH: "/nonexistent" },
    });
    assert.ok(!existsSync(join(sandbox, "PWNED")), command);
  }
});

test("the shell of that test does run what is not quoted", () => {
  const sandbox = join(scratch.directory, "shell");
  spawnSync("/bin/bash", ["-c", 'touch() { /usr/bin/touch "$@"; }\nchmod 600 $(touch PWNED)'], {
    cwd: sandbox,
    env: { PATH: "/nonexistent" },
  });
  assert.ok(existsSync(join(sandbox, "PWNED")));
});
