import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, type Reading } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import { parseCompose } from "../parsers/compose.ts";
import { BACKUP_FILES_MAX, type Backups, backups } from "./backups.fact.ts";
import type { ComposeFiles } from "./compose-files.fact.ts";
import type { Database } from "./databases.fact.ts";
import type { EnvironmentValues } from "./environment-values.fact.ts";

type Files = Readonly<Record<string, string | MemoryFile>>;

const SHOP: Database = {
  ...{ key: "DATABASE_URL", file: ".env", engine: "postgresql", shown: "postgresql://db/shop" },
  ...{ host: "db", port: "", isLocal: true, isSocket: false, user: "" },
  ...{ tlsMode: undefined, isListedPair: false, isComposeService: false },
};
const LITE: Database = {
  ...{ ...SHOP, engine: "sqlite", shown: "/var/lib/shop/db.sqlite3" },
  sqlite: {
    ...{ path: "/var/lib/shop/db.sqlite3", isRelative: false, isInTree: false, files: [] },
    ...{ absolute: "/var/lib/shop/db.sqlite3", isInContainerLayer: false, directory: absent("x") },
  },
};

interface Scene {
  readonly files: Files;
  readonly hostFacts?: boolean;
  readonly database?: Database;
  readonly variables?: Readonly<Record<string, string>>;
}

async function collect({ files, hostFacts = true, database = SHOP, variables = {} }: Scene) {
  const inTree = Object.keys(files).filter((path) => path.startsWith("/srv/"));
  const environmentValues: EnvironmentValues = {
    assignments: Object.entries(variables).map(([key, value]) => ({
      ...{ key, value, layer: "dotenv", file: ".env", line: 1, reader: "python-dotenv" },
    })),
    ...{ unreadable: [], isProcessSeen: false, samples: [], published: [], files: [] },
  };
  const reading: Reading<Backups> = await backups.collect(
    {
      host: createMemoryHost({ files: { "/srv/x": "", ...files } }),
      target: { directory: "/srv", urls: [], mode: "auto", compat: false, hostFacts },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    { environmentValues, databases: [database] },
    {
      tree: known({
        files: inTree.map((path) => ({ path: path.slice("/srv/".length), kind: "file" })),
        ...{ directories: [], isTruncated: false, unreadable: [] },
      }),
      composeFiles: composeOf(files),
    },
  );
  assert.ok(reading.state === "known");
  return reading.value;
}

function composeOf(files: Files): Reading<ComposeFiles> {
  const text = files["/srv/compose.yml"];
  if (typeof text !== "string") return absent("no compose file");
  const parsed = parseCompose([{ file: "compose.yml", text }], () => undefined);
  assert.ok(parsed.ok);
  return known({ files: ["compose.yml"], project: parsed.project, problems: [] });
}

const DUMP = "pg_dump shop > /var/backups/shop/a.sql";
const SERVICE = `[Service]\nExecStart=/bin/sh -c '${DUMP}'\n`;
const TIMER = "[Timer]\nOnCalendar=daily\n";
const UNITS = "/etc/systemd/system";
const INSTALLED = { [`${UNITS}/b.timer`]: TIMER, [`${UNITS}/b.service`]: SERVICE };
const WANTED = { [`${UNITS}/timers.target.wants/b.timer`]: { link: "../b.timer" } };

/** Of each job file, line, program and whether it is on; then the places. */
const cases: readonly (readonly [string, Scene, string])[] = [
  ["nothing", { files: {} }, ""],
  [
    "an enabled timer",
    { files: { ...INSTALLED, ...WANTED } },
    "/etc/systemd/system/b.timer pg_dump on /var/backups/shop",
  ],
  [
    "a timer that is not enabled",
    { files: INSTALLED },
    "/etc/systemd/system/b.timer pg_dump off /var/backups/shop",
  ],
  [
    "a masked timer",
    { files: { ...INSTALLED, ...WANTED, [`${UNITS}/b.timer`]: "" } },
    "/etc/systemd/system/b.timer pg_dump off /var/backups/shop",
  ],
  [
    "an instance of a template",
    {
      files: {
        [`${UNITS}/b@.timer`]: TIMER,
        [`${UNITS}/b@.service`]: SERVICE,
        [`${UNITS}/timers.target.wants/b@shop.timer`]: { link: "../b@.timer" },
      },
    },
    "/etc/systemd/system/b@.timer pg_dump on /var/backups/shop",
  ],
  [
    "a timer of another database",
    {
      files: {
        ...INSTALLED,
        ...WANTED,
        [`${UNITS}/b.service`]: SERVICE.replace(/shop/g, "blog"),
      },
    },
    "",
  ],
  [
    "a timer in the tree, and its script",
    {
      files: {
        "/srv/deploy/b.timer": TIMER,
        "/srv/deploy/b.service": "[Service]\nExecStart=/srv/bin/backup.sh\n",
        "/srv/bin/backup.sh": `#!/bin/sh\n${DUMP}\n`,
      },
    },
    "deploy/b.timer pg_dump ? /var/backups/shop",
  ],
  [
    "a table of cron",
    { files: { "/etc/cron.d/shop": `# m h\nOUT=/var/b\n0 3 * * * root pg_dump shop > $OUT/a\n` } },
    "/etc/cron.d/shop:3 pg_dump on /var/b",
  ],
  ["a commented line of cron", { files: { "/etc/cron.d/shop": `#0 3 * * * root ${DUMP}\n` } }, ""],
  [
    "@daily",
    { files: { "/etc/crontab": `@daily root ${DUMP}\n` } },
    "/etc/crontab:1 pg_dump on /var/backups/shop",
  ],
  [
    "a daily script",
    { files: { "/etc/cron.daily/shop": `#!/bin/sh\n${DUMP}\n` } },
    "/etc/cron.daily/shop pg_dump on /var/backups/shop",
  ],
  [
    "a file that cron leaves out",
    { files: { "/etc/cron.d/shop.bak": `@daily root ${DUMP}\n` } },
    "",
  ],
  [
    "the whole server",
    { files: { "/etc/cron.d/pg": "@daily root pg_dumpall > /var/b/all.sql\n" } },
    "/etc/cron.d/pg:1 pg_dumpall on /var/b",
  ],
  [
    "the whole server, not of this machine",
    {
      files: { "/etc/cron.d/pg": "@daily root pg_dumpall > /var/b/all.sql\n" },
      database: { ...SHOP, isLocal: false },
    },
    "",
  ],
  [
    "SQLite",
    {
      files: {
        "/etc/cron.d/s": `@daily root sqlite3 /var/lib/shop/db.sqlite3 ".backup '/var/b/s.db'"\n`,
      },
      database: LITE,
    },
    "/etc/cron.d/s:1 sqlite3 .backup on /var/b",
  ],
  [
    "the machine is not looked at",
    { files: { ...INSTALLED, ...WANTED, "/srv/crontab": `@daily ${DUMP}\n` }, hostFacts: false },
    "crontab:1 pg_dump ? /var/backups/shop",
  ],
  [
    "a compose service",
    {
      files: {
        "/srv/compose.yml":
          "services:\n  save:\n    image: prodrigestivill/postgres-backup-local:16\n    volumes: [./dumps:/backups, ./run:/run]\n",
      },
    },
    "compose.yml:2 prodrigestivill/postgres-backup-local:16 on dumps",
  ],
  [
    "a compose service of a profile",
    {
      files: {
        "/srv/compose.yml":
          "services:\n  save:\n    image: postgres:16\n    command: pg_dump -f /out/a.sql shop\n    profiles: [tools]\n    volumes: [/mnt/b:/out]\n",
      },
    },
    "compose.yml:2 pg_dump ? /mnt/b",
  ],
  ["a declared place", { files: {}, variables: { BACKUP_DIR: "/mnt/b" } }, "/mnt/b"],
  ["of a bucket", { files: {}, variables: { BACKUP_PATH: "s3://b" } }, ""],
  ["another key", { files: {}, variables: { BACKUP_COUNT: "7" } }, ""],
];

for (const [name, scene, expected] of cases) {
  test(`backups: ${name}`, async () => {
    const { jobs, places } = await collect(scene);
    const shown = jobs.map(({ file, line, tool, isActive }) => {
      const state = isActive === undefined ? "?" : isActive ? "on" : "off";
      return `${file}${line === undefined ? "" : `:${line}`} ${tool} ${state}`;
    });
    assert.equal([...shown, ...places.map(({ path }) => path)].join(" "), expected);
  });
}

async function newestOf(files: Files, scene: Partial<Scene> = {}): Promise<string> {
  const { places } = await collect({ variables: { BACKUP_DIR: "/mnt/b" }, ...scene, files });
  const newest = places[0]?.newest ?? assert.fail("no place");
  if (newest.state === "unknown") return newest.problem.code;
  return newest.state === "absent" ? "absent" : newest.value.path;
}

test("backups: the file last written, in the directory or one below it", async () => {
  const at = (modifiedMs: number): MemoryFile => ({ text: "x", modifiedMs });
  assert.equal(
    await newestOf({
      "/mnt/b/a.sql": at(5),
      "/mnt/b/daily/b.sql.gz": at(9),
      "/mnt/b/c.log": at(11),
    }),
    "/mnt/b/daily/b.sql.gz",
  );
  assert.equal(await newestOf({ "/mnt/b/.gitkeep": "" }), "absent");
  assert.equal(await newestOf({}), "unreachable");
  assert.equal(await newestOf({ "/mnt/b/a.sql": at(5) }, { hostFacts: false }), "not-granted");
  assert.equal(await newestOf({ "/mnt/b": { kind: "directory", unreadable: true } }), "denied");
});

test("backups: a directory of more files than the limit is not told", async () => {
  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`/mnt/b/${at}.sql`, "x"] as const),
    );
  assert.match(await newestOf(many(BACKUP_FILES_MAX)), /\.sql$/);
  assert.equal(await newestOf(many(BACKUP_FILES_MAX + 1)), "too-large");
});

test("backups: whether the database lies on the same device", async () => {
  const root = "1 0 8:1 / / rw - ext4 /dev/a rw\n";
  const mounted = async (mountinfo: string | undefined) => {
    const { places } = await collect({
      files: {
        "/mnt/b/a.sql": "x",
        ...(mountinfo === undefined ? {} : { "/proc/self/mountinfo": mountinfo }),
      },
      ...{ database: LITE, variables: { BACKUP_DIR: "/mnt/b" } },
    });
    return places[0]?.isOnDatabaseDevice;
  };
  assert.equal(await mounted(root), true);
  assert.equal(await mounted(`${root}2 1 8:17 / /mnt/b rw - ext4 /dev/b rw\n`), false);
  assert.equal(await mounted(undefined), undefined);
});
