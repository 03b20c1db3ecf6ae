import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeDefaultPasswordConfig } from "./default-password-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["no password at all", "services: {web: {image: 'a:1'}}", "skip", []],
  [
    "a secret file",
    "services: {db: {image: 'postgres:17', environment: {POSTGRES_PASSWORD_FILE: /run/secrets/p}}}",
    "skip",
    [],
  ],
  [
    "a password of its own",
    "services: {db: {image: 'postgres:17', environment: {POSTGRES_PASSWORD: 'kX92vTq81LmPzWd0'}}}",
    "pass",
    [],
  ],
  [
    "the account's name, not published",
    "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_USER: umami\n      POSTGRES_PASSWORD: umami\n",
    "warn",
    ["default-password db POSTGRES_PASSWORD compose.yaml:6 warn"],
  ],
  [
    "the same, published",
    "services:\n  db:\n    image: postgres:17\n    ports: ['5432:5432']\n    environment:\n      - POSTGRES_PASSWORD=postgres\n",
    "fail",
    ["default-password db POSTGRES_PASSWORD compose.yaml:6 fail"],
  ],
  [
    "published on loopback",
    "services:\n  db:\n    image: postgres:17\n    ports: ['127.0.0.1:5432:5432']\n    environment:\n      - POSTGRES_PASSWORD=postgres\n",
    "warn",
    ["default-password db POSTGRES_PASSWORD compose.yaml:6 warn"],
  ],
  [
    "trust and a port",
    "services:\n  db:\n    image: postgres:17\n    ports: ['15432:5432']\n    environment:\n      POSTGRES_HOST_AUTH_METHOD: trust\n",
    "fail",
    ["no-password db POSTGRES_HOST_AUTH_METHOD compose.yaml:6 fail"],
  ],
  [
    "a default of the file",
    `services:\n  db:\n    image: mariadb:11\n    environment:\n      MARIADB_ROOT_PASSWORD: \${DB_PASS:-changeme}\n`,
    "warn",
    ["default-password db MARIADB_ROOT_PASSWORD compose.yaml:5 warn"],
  ],
  [
    "a default that .env replaces",
    {
      "compose.yaml": `services:\n  db:\n    image: mariadb:11\n    environment:\n      MARIADB_ROOT_PASSWORD: \${DB_PASS:-changeme}\n`,
      ".env": "DB_PASS=kX92vTq81LmPzWd0\n",
    },
    "pass",
    [],
  ],
  [
    "a variable nobody sets",
    `services:\n  db:\n    image: mariadb:11\n    environment:\n      MARIADB_ROOT_PASSWORD: \${DB_PASS}\n`,
    "unknown",
    [],
  ],
  [
    "env_file is no place to take variables from",
    {
      "compose.yaml": `services:\n  db:\n    image: postgres:17\n    env_file: db.env\n    environment:\n      - POSTGRES_PASSWORD=$PW\n`,
      "db.env": "PW=postgres\n",
    },
    "unknown",
    [],
  ],
  [
    "the application repeats it: told once",
    "services:\n  web:\n    image: a:1\n    environment:\n      DATABASE_URL: postgresql://umami:umami@db:5432/umami\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: umami\n      POSTGRES_USER: umami\n",
    "warn",
    ["default-password db POSTGRES_PASSWORD compose.yaml:9 warn"],
  ],
  [
    "in a URL alone",
    "services:\n  web:\n    image: a:1\n    environment:\n      DATABASE_URL: postgresql://umami:umami@db:5432/umami\n",
    "warn",
    ["default-password web DATABASE_URL compose.yaml:5 warn"],
  ],
  [
    "a password in an env file of the service",
    {
      "compose.yaml": "services:\n  db:\n    image: postgres:17\n    env_file: db.env\n",
      "db.env": "# the database\nPOSTGRES_PASSWORD=postgres\n",
    },
    "warn",
    ["default-password db POSTGRES_PASSWORD db.env:2 warn"],
  ],
  [
    "environment: over env_file:",
    {
      "compose.yaml":
        "services:\n  db:\n    image: postgres:17\n    env_file: db.env\n    environment: {POSTGRES_PASSWORD: 'kX92vTq81LmPzWd0'}\n",
      "db.env": "POSTGRES_PASSWORD=postgres\n",
    },
    "pass",
    [],
  ],
  [
    "SQLite reads no password of a server",
    "services:\n  web:\n    image: a:1\n    environment: {DB_ENGINE: sqlite, POSTGRES_PASSWORD: mealie, POSTGRES_USER: mealie}\n",
    "skip",
    [],
  ],
  [
    "a comment",
    "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_DB: x\n      # POSTGRES_PASSWORD: postgres\n",
    "skip",
    [],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.default-password: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeDefaultPasswordConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
