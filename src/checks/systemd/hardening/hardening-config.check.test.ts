import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { systemdHardeningConfig } from "./hardening-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["no unit", {}, "skip", []],
  [
    "a starter of containers",
    "[Service]\nExecStart=/usr/bin/podman-compose -f /srv/app/c.yml up -d\n",
    "skip",
    [],
  ],
  [
    "a unit of a user's own manager",
    "[Service]\nNoNewPrivileges=true\nExecStart=/srv/app/venv/bin/gunicorn app:app\n[Install]\nWantedBy=default.target\n",
    "warn",
    ["few app.service deploy/app.service:3 warn"],
  ],
  [
    "root and bare",
    "[Service]\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
    "fail",
    ["root-bare app.service deploy/app.service:2 fail"],
  ],
  [
    "an account alone",
    "[Service]\nUser=www-data\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
    "fail",
    ["bare app.service deploy/app.service:2 fail"],
  ],
  [
    "some",
    "[Service]\nUser=www-data\nNoNewPrivileges=true\nPrivateTmp=yes\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
    "warn",
    ["few app.service deploy/app.service:2 warn"],
  ],
  [
    "five of eight",
    "[Service]\nUser=a\nNoNewPrivileges=true\nPrivateTmp=yes\nProtectHome=true\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
    "warn",
    ["few app.service deploy/app.service:2 warn"],
  ],
  [
    "six of eight",
    "[Service]\nUser=a\nNoNewPrivileges=true\nPrivateTmp=yes\nProtectHome=true\nProtectSystem=full\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
    "pass",
    [],
  ],
  [
    "all but the account",
    "[Service]\nNoNewPrivileges=true\nPrivateTmp=yes\nProtectHome=true\nProtectSystem=strict\nUMask=0077\nCapabilityBoundingSet=\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
    "warn",
    ["root-few app.service deploy/app.service:8 warn"],
  ],
  [
    "a dynamic user implies four",
    "[Service]\nDynamicUser=yes\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
    "pass",
    [],
  ],
  [
    "drop-ins",
    {
      "deploy/app.service": "[Service]\nUser=a\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
      "deploy/app.service.d/10.conf":
        "[Service]\nNoNewPrivileges=true\nPrivateTmp=yes\nProtectHome=true\nProtectSystem=full\n",
    },
    "pass",
    [],
  ],
  [
    "a drop-in that gives it back",
    {
      "deploy/app.service":
        "[Service]\nUser=a\nNoNewPrivileges=true\nPrivateTmp=yes\nProtectHome=true\nProtectSystem=full\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
      "deploy/app.service.d/10.conf": "[Service]\nProtectSystem=no\nUser=root\n",
    },
    "warn",
    ["root-few app.service deploy/app.service.d/10.conf:3 warn"],
  ],
  [
    "comments",
    "[Service]\nUser=a\n#NoNewPrivileges=true\n;PrivateTmp=yes\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
    "fail",
    ["bare app.service deploy/app.service:2 fail"],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`systemd.hardening: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      systemdHardeningConfig,
      typeof files === "string" ? { "deploy/app.service": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
