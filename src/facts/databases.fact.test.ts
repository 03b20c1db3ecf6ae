import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../test/inside-source.ts";
import type { CollectContext } from "../core/fact.ts";
import { absent, knownValue } from "../core/reading.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import { type DatabaseAddress, isListedPair, readDatabaseUrl, sqliteAt } from "./database-url.ts";
import { databases } from "./databases.fact.ts";

const cases: readonly (readonly [string, Partial<DatabaseAddress> | undefined])[] = [
  [
    "postgresql://user:pass@localhost/agentos",
    { engine: "postgresql", user: "user", password: "pass", isLocal: true, isSocket: false },
  ],
  [
    "postgresql+asyncpg://u:p%40ss@db.test:6432/a?sslmode=Verify-Full",
    { password: "p@ss", host: "db.test", port: "6432", tlsMode: "verify-full", isLocal: false },
  ],
  ["postgres://u:a@b@db.test/a", { user: "u", password: "a@b", host: "db.test" }],
  ["postgresql:///app", { isSocket: true, password: undefined }],
  ["postgresql://u@/app?host=/run/postgresql", { isSocket: true, host: "/run/postgresql" }],
  ["mysql://root:@[::1]:3306/a", { engine: "mysql", password: "", isLocal: true }],
  ["mongodb://u:p@m.test/a", { engine: "other" }],
  ["sqlite:///data/a.sqlite", { engine: "sqlite", path: "data/a.sqlite" }],
  ["sqlite+aiosqlite:////var/lib/a.sqlite", { path: "/var/lib/a.sqlite" }],
  ["sqlite://", { path: undefined }],
  ["not a url", undefined],
];

for (const [text, expected] of cases) {
  test(`database ${text}`, () => {
    const address = readDatabaseUrl(text);
    if (expected === undefined) return assert.equal(address, undefined);
    assert.ok(address !== undefined);
    for (const [name, value] of Object.entries(expected))
      assert.equal(address[name as keyof DatabaseAddress], value, name);
    const { password } = address;
    if (password !== undefined && password !== "") assert.ok(!address.shown.includes(password));
  });
}

test("pairs of images and tutorials", () => {
  assert.ok(isListedPair("user", "pass"));
  assert.ok(isListedPair("postgres", "Postgres"));
  assert.ok(isListedPair("taiga", "taiga"));
  assert.ok(!isListedPair("app", "b7Jq0vR1w9Zs"));
  assert.ok(!isListedPair("", ""));
  assert.equal(sqliteAt(":memory:").path, undefined);
});

test("pools are found in source with their values, not in comments", async () => {
  const files = {
    "web/db.py": [
      "import os",
      "from sqlalchemy import create_engine",
      "# create_engine(url, pool_size=5)",
      'engine = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.getenv("POOL", "7")))',
    ].join("\n"),
    "web/settings.py": 'DATABASES = {\n  "default": {\n    "CONN_MAX_AGE": 60,\n  }\n}\n',
    "web/conf.py": 'DATABASE = {\n  "HOST": "db",\n  "CONN_MAX_AGE": 300,\n}\n',
    "web/plain.py": "from sqlalchemy import create_engine\nengine = create_engine('sqlite://')\n",
  };
  const { settings } = await insideSource(files, { DATABASE_URL: "postgresql://localhost/a" });
  assert.deepEqual(
    settings
      .filter(({ slug }) => slug === "db.pooling")
      .map(({ subject, file, line, value }) => `${subject} ${value} ${file}:${line}`),
    [
      "CONN_MAX_AGE 300 web/conf.py:3",
      "pool_size 7 web/db.py:4",
      "CONN_MAX_AGE 60 web/settings.py:3",
    ],
  );
});

const parts: readonly (readonly [string, Readonly<Record<string, string>>, true | undefined])[] = [
  ["a host alone", { SETTING_REMOTE_POSTGRES_HOST: "database" }, true],
  ["a user and no password", { DB_HOST: "db.test", DB_USER: "app" }, undefined],
  ["a password", { DB_HOST: "db.test", DB_PASSWORD: "b7Jq0vR1w9Zs" }, undefined],
  [
    "a password in a file",
    { DB_HOST: "db.test", DB_USER: "app", DB_PASSWORD_FILE: "/run/secrets/db" },
    true,
  ],
];

for (const [name, env, expected] of parts) {
  test(`${name}: ${expected ? "what opens it is elsewhere" : "what opens it is told"}`, async () => {
    const assignments = Object.entries(env).map(
      ([key, value]) =>
        ({ key, value, layer: "dotenv", file: ".env", line: 1, reader: "python-dotenv" }) as const,
    );
    const context: CollectContext = {
      host: createMemoryHost({ files: {} }),
      target: { directory: "/srv/app", urls: [], mode: "auto", compat: false, hostFacts: false },
      nowMs: 0,
      fingerprintKey: "example",
      signal: new AbortController().signal,
    };
    const values = { assignments, unreadable: [], isProcessSeen: false, samples: [] };
    const none = absent("none");
    const reading = await databases.collect(
      context,
      { environmentValues: values },
      { composeFiles: none, services: none },
    );
    const [found] = knownValue(reading) ?? [];
    assert.ok(found !== undefined);
    assert.equal(found.isPasswordElsewhere, expected);
  });
}
