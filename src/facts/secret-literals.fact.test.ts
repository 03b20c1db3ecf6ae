import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { absent, known, type Reading } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import type { EnvironmentValues } from "./environment-values.fact.ts";
import type { Repository } from "./repository.fact.ts";
import { type SecretLiterals, secretLiterals } from "./secret-literals.fact.ts";
import { LITERALS_MAX, SCANNED_FILES_MAX } from "./secret-scan.ts";
import { TREE_TEXT_BYTES_MAX } from "./tree-text.ts";

const ROOT = "/srv/app";
const SECRET = "k3yQ9zXw7LmN2pRt5VbC8dFgH4jK6s";
/** The key that netbox-docker ships in its env/netbox.env; everyone has it. */
const SHIPPED = "r(m)9nLGnz$(_q3N4z1k(EFsMCjjjzx08x9VhNVcfd%6RF#r!6DE@+V5Zk2X";

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly tracked?: readonly string[];
  readonly published?: readonly string[];
  readonly isTruncated?: boolean;
  /** Files that the tree lists besides. */
  readonly listed?: readonly string[];
}

async function collect(
  files: Readonly<Record<string, string | MemoryFile>>,
  { env = {}, tracked, published = [], isTruncated = false, listed = [] }: Given = {},
): Promise<SecretLiterals> {
  const placed = Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text] as const);
  const assignments = Object.entries(env).map(([key, value], at) => ({
    key,
    value,
    layer: "dotenv" as const,
    file: ".env",
    line: at + 1,
    reader: "python-dotenv",
  }));
  const values: EnvironmentValues = {
    assignments,
    unreadable: [],
    isProcessSeen: false,
    published,
  };
  const repository: Reading<Repository> =
    tracked === undefined
      ? absent("no git")
      : known({ root: ROOT, tracked, ignoredEnvFiles: [], dockerIgnoredEnvFiles: undefined });
  const reading = await secretLiterals.collect(
    {
      host: createMemoryHost({ files: Object.fromEntries(placed) }),
      target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts: true },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {
      deploymentTree: {
        files: [...Object.keys(files), ...listed].map((path) => ({ path, kind: "file" as const })),
        directories: [],
        isTruncated,
        unreadable: [],
      },
    },
    {
      environmentValues: known(values),
      repository,
      application: absent("none"),
      appSettings: absent("none"),
      sourceSettings: absent("none"),
      composeFiles: absent("none"),
    },
  );
  const value = reading.state === "known" ? reading.value : assert.fail();
  assert.ok(!JSON.stringify(value).includes(SECRET));
  return value;
}

async function rows(files: Readonly<Record<string, string>>, given?: Given) {
  const { literals } = await collect(files, given);
  return literals.map(({ slug, file, line }) => `${slug} ${file}:${line}`).sort();
}

describe("what a literal is worth where it stands", () => {
  const assigned = `SECRET_KEY = "${SECRET}"\n`;
  const cases: readonly (readonly [string, Record<string, string>, readonly string[], Given?])[] = [
    ["settings", { "settings.py": assigned }, ["secret.literal settings.py:1"]],
    ["a shipped key", { "app.py": `SECRET_KEY = "${SHIPPED}"\n` }, ["secret.default app.py:1"]],
    ["tests", { "tests/conf.py": assigned }, ["secret.fixture tests/conf.py:1"]],
    ["development", { "settings/dev.py": assigned }, ["secret.dev_settings settings/dev.py:1"]],
    ["a sample", { ".env.example": `API_KEY=${SECRET}\n` }, ["secret.sample .env.example:1"]],
    [
      "a sample for a stage",
      { "conf.py.prod.example": assigned },
      ["secret.sample conf.py.prod.example:1"],
    ],
    ["a comment", { ".env": `# API_KEY=${SECRET}\n` }, ["secret.commented .env:1"]],
    ["a docstring", { "a.py": `"""\n${assigned}"""\n` }, ["secret.doc_example a.py:2"]],
    ["a message", { "a.py": `print("API_KEY='${SECRET}'")\n` }, ["secret.text a.py:1"]],
    ["a denylist", { "a.py": `WEAK_KEYS = {"${SECRET}"}\n` }, ["secret.denylist a.py:1"]],
    ["an empty sample", { ".env.sample": "API_KEY=\n" }, ["secret.placeholder .env.sample:1"]],
    ["a word", { "app.yml": "db_password: hunterson\n" }, ["secret.weak app.yml:1"]],
    [
      "the name of its own account",
      { ".env": "DB_USER=shopper # who\nDB_PASSWORD=shopper\n" },
      ["secret.placeholder .env:2"],
    ],
    [
      "another's name",
      { ".env": "# DB_USER=hunterson\nDB_PASSWORD=hunterson\nDB_USER=shopper\n" },
      ["secret.weak .env:2"],
    ],
    ["a cookie of Erlang", { ".env": "RABBITMQ_ERLANG_COOKIE=crumbly\n" }, ["secret.weak .env:1"]],
    [
      "a build step",
      { Dockerfile: `RUN SECRET_KEY=${SECRET} ./manage.py collectstatic\n` },
      ["secret.build_time Dockerfile:1"],
    ],
    ["an env file without git", { ".env": `API_KEY=${SECRET}\n` }, ["secret.local .env:1"]],
    [
      "an env file under version control",
      { ".env": `API_KEY=${SECRET}\n` },
      ["secret.literal .env:1"],
      { tracked: [".env"] },
    ],
    [
      "settings beside version control",
      { "local_settings.py": assigned, "settings.py": assigned },
      ["secret.local local_settings.py:1", "secret.literal settings.py:1"].sort(),
      { tracked: ["settings.py"] },
    ],
  ];
  for (const [name, files, expected, given] of cases) {
    test(name, async () => assert.deepEqual(await rows(files, given), expected));
  }
});

describe("a literal that is overridden", () => {
  const base = `SECRET_KEY = "${SECRET}"\n`;
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    [
      "by settings that take all of it",
      { "s/base.py": base, "s/prod.py": 'from .base import *\nSECRET_KEY = os.environ["K"]\n' },
      "secret.overridden s/base.py:1",
    ],
    [
      "through a module between",
      {
        "s/base.py": base,
        "s/common.py": "from s.base import *\n",
        "s/prod.py":
          "from .common import *\ntry:\n    SECRET_KEY = read()\nexcept OSError:\n    pass\n",
      },
      "secret.overridden s/base.py:1",
    ],
    ["later in the file", { "s.py": `${base}SECRET_KEY = load()\n` }, "secret.overridden s.py:1"],
    [
      "not by settings for development",
      { "s/base.py": base, "s/dev.py": 'from .base import *\nSECRET_KEY = "x"\n' },
      "secret.literal s/base.py:1",
    ],
    [
      "not by a module that takes nothing of it",
      { "s/base.py": base, "s/prod.py": "SECRET_KEY = load()\n" },
      "secret.literal s/base.py:1",
    ],
    [
      "not by one that assigns another name",
      { "s/base.py": base, "s/prod.py": "from .base import *\nDEBUG = False\n" },
      "secret.literal s/base.py:1",
    ],
  ];
  for (const [name, files, expected] of cases) {
    test(name, async () => assert.ok((await rows(files)).includes(expected)));
  }
});

describe("secrets in force that others publish", () => {
  const told = async (env: Record<string, string>, published: readonly string[] = []) =>
    (await collect({}, { env, published })).published.map(
      ({ key, how, of }) => `${key} ${how} ${of}`,
    );

  const cases: readonly (readonly [
    string,
    Record<string, string>,
    readonly string[],
    string[]?,
  ])[] = [
    ["a shipped key", { SECRET_KEY: SHIPPED }, ["SECRET_KEY published netbox-docker's netbox.env"]],
    [
      "an image's default",
      { MINIO_ROOT_PASSWORD: "minioadmin" },
      ["MINIO_ROOT_PASSWORD published MinIO"],
    ],
    [
      "the password of a URL",
      { DATABASE_URL: "postgres://app:postgres@db/app" },
      ["DATABASE_URL published the postgres image's examples"],
    ],
    [
      "the sample's own",
      { API_KEY: SECRET },
      ["API_KEY sample a sample or the README of this deployment"],
      [SECRET],
    ],
    ["the user's name", { DB_USER: "shop", DB_PASSWORD: "shop" }, ["DB_PASSWORD name DB_USER"]],
    [
      "the user's name in a URL",
      { DATABASE_URL: "mysql://shop:shop@db/x" },
      ["DATABASE_URL name the user's name"],
    ],
    ["its own", { SECRET_KEY: SECRET, DB_USER: "shop", DB_PASSWORD: "s8fjK2mQ" }, []],
    ["another's user", { MAIL_USER: "shop", DB_PASSWORD: "shop" }, []],
    [
      "an address that the sample shows",
      { REDIS_URL: "redis://cache:6379/0" },
      [],
      ["redis://cache:6379/0"],
    ],
    ["no secret's name", { THEME: "postgres" }, []],
    ["nothing set", { SECRET_KEY: "" }, []],
  ];
  for (const [name, env, expected, published] of cases) {
    test(name, async () => assert.deepEqual(await told(env, published), expected));
  }
});

describe("limits", () => {
  test("a file is looked through up to its size", async () => {
    const line = `SECRET_KEY = "${SECRET}"\n`;
    const fill = "x = 1\n".repeat(Math.floor((TREE_TEXT_BYTES_MAX - line.length) / 6));
    assert.equal((await rows({ "a.py": line + fill })).length, 1);
    assert.equal((await rows({ "a.py": `${line}${fill}${"#".repeat(100)}\n` })).length, 0);
  });

  test("so many files, and then it says that there are more", async () => {
    const listed = Array.from({ length: SCANNED_FILES_MAX }, (_, at) => `f${at}.py`);
    assert.equal((await collect({}, { listed })).isTruncated, false);
    assert.equal((await collect({ "z.py": "" }, { listed })).isTruncated, true);
    assert.equal((await collect({}, { isTruncated: true })).isTruncated, true);
  });

  test("so many rows, of which the findings are the last to go", async () => {
    const empty = Array.from({ length: 150 }, (_, at) => `A${at}_API_KEY=`).join("\n");
    const samples = Array.from({ length: 14 }, (_, at) => [`a${at}/.env.sample`, empty]);
    const files = { ...Object.fromEntries(samples), "z.py": `API_KEY = "${SECRET}"\n` };
    const { literals } = await collect(files);
    assert.equal(literals.length, LITERALS_MAX);
    assert.ok(literals.some(({ slug }) => slug === "secret.literal"));
  });

  test("binary files and links to nowhere are not looked through", async () => {
    const files = { "a.py": "\0".repeat(100), "b.py": "x = 1\n" };
    const { unread, filesScanned } = await collect(files, { listed: ["c.py"] });
    assert.deepEqual([unread, filesScanned], [[], 1]);
  });

  test("a file that may not be read is told", async () => {
    const { unread } = await collect({ "a.py": { text: "", unreadable: true } });
    assert.deepEqual(
      unread.map(({ file, code }) => `${file} ${code}`),
      ["a.py denied"],
    );
  });
});
