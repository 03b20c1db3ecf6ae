import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { systemdSecretEnvironmentConfig } from "./secret-environment-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["no unit", {}, "skip", []],
  [
    "a file",
    "[Service]\nEnvironmentFile=/etc/app.env\nExecStart=/srv/app/venv/bin/gunicorn a:a\n",
    "pass",
    [],
  ],
  [
    "a key",
    "[Service]\nEnvironment=DEBUG=0 SECRET_KEY=kX92vTq81LmPzWd0aB7cE3fG\nExecStart=/srv/app/venv/bin/gunicorn a:a\n",
    "fail",
    ["secret app.service SECRET_KEY deploy/app.service:2 fail"],
  ],
  [
    "a placeholder in the tree",
    '[Service]\nEnvironment="SECRET_KEY=change-me"\nExecStart=/srv/app/venv/bin/gunicorn a:a\n',
    "warn",
    ["placeholder app.service SECRET_KEY deploy/app.service:2 warn"],
  ],
  [
    "a credential's place",
    "[Service]\nLoadCredential=key:/etc/key\nEnvironment=SECRET_KEY_FILE=%d/key\nExecStart=/srv/app/venv/bin/gunicorn a:a\n",
    "pass",
    [],
  ],
  [
    "reset by a drop-in",
    {
      "deploy/app.service":
        "[Service]\nEnvironment=SECRET_KEY=kX92vTq81LmPzWd0aB7cE3fG\nExecStart=/srv/app/venv/bin/gunicorn a:a\n",
      "deploy/app.service.d/a.conf": "[Service]\nEnvironment=\n",
    },
    "pass",
    [],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`systemd.secret-environment: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      systemdSecretEnvironmentConfig,
      typeof files === "string" ? { "deploy/app.service": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
