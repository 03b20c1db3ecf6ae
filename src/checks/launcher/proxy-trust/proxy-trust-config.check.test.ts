import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { launcherProxyTrustConfig } from "./proxy-trust-config.check.ts";

type Files = Readonly<Record<string, string>>;

const EXPRESS = {
  "package.json": '{"dependencies":{"express":"5"}}',
  "server.js": 'const app = require("express")();\napp.set("trust proxy", true);\n',
};
const WEB = "services:\n  web:\n    build: .\n    command: node server.js\n";

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["no server", {}, "skip", []],
  [
    "the default",
    "[Service]\nExecStart=/srv/app/venv/bin/uvicorn a:a --host 0.0.0.0\n",
    "pass",
    [],
  ],
  [
    "everybody, on every address",
    "[Service]\nExecStart=/srv/app/venv/bin/uvicorn a:a --host 0.0.0.0 --forwarded-allow-ips='*'\n",
    "warn",
    ["trusts-everybody deploy/app.service:2 warn"],
  ],
  [
    "everybody, behind a socket",
    "[Service]\nExecStart=/srv/app/venv/bin/gunicorn a:a -b unix:/run/a.sock --forwarded-allow-ips=*\n",
    "pass",
    [],
  ],
  [
    "the variable, published",
    {
      "compose.yaml":
        "services:\n  web:\n    image: a:1\n    command: gunicorn a:a -b :8000\n    ports: ['8000:8000']\n    environment:\n      FORWARDED_ALLOW_IPS: '*'\n",
    },
    "warn",
    ["trusts-everybody compose.yaml:7 warn"],
  ],
  [
    "the variable, not published",
    {
      "compose.yaml":
        "services:\n  web:\n    image: a:1\n    command: gunicorn a:a -b :8000\n    environment:\n      FORWARDED_ALLOW_IPS: '*'\n",
    },
    "pass",
    [],
  ],
  [
    "gunicorn.conf.py",
    {
      "deploy/app.service": "[Service]\nExecStart=/srv/app/venv/bin/gunicorn a:a -b 0.0.0.0:80\n",
      "gunicorn.conf.py": "forwarded_allow_ips = '*'\n",
    },
    "warn",
    ["trusts-everybody gunicorn.conf.py:1 warn"],
  ],
  [
    "Express that trusts everybody, published",
    { ...EXPRESS, "compose.yaml": `${WEB}    ports: ['3000:3000']\n` },
    "warn",
    ["trusts-everybody server.js:2 warn"],
  ],
  ["Express that trusts everybody, not published", { ...EXPRESS, "compose.yaml": WEB }, "pass", []],
  [
    "Express that trusts everybody, beside a database",
    { ...EXPRESS, "compose.yaml": "services:\n  db:\n    image: postgres:17\n" },
    "unknown",
    [],
  ],
  [
    "Express that trusts one proxy",
    {
      ...EXPRESS,
      "server.js": 'const app = require("express")();\napp.set("trust proxy", 1);\n',
      "compose.yaml": `${WEB}    ports: ['3000:3000']\n`,
    },
    "skip",
    [],
  ],
  [
    "Express that trusts everybody where a variable says so, and it does not",
    {
      ...EXPRESS,
      "server.js":
        'const app = require("express")();\nif (process.env.TRUST) app.set("trust proxy", true);\n',
      "compose.yaml": `${WEB}    ports: ['3000:3000']\n`,
    },
    "skip",
    [],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`launcher.proxy-trust: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      launcherProxyTrustConfig,
      typeof files === "string" ? { "deploy/app.service": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
