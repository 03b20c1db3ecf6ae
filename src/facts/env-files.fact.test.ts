import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { absent, HostError, known } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import type { DotenvLoader } from "../parsers/dotenv.ts";
import { readDotenv } from "../parsers/dotenv.ts";
import { mountTypeOf } from "./env-access.ts";
import { ANOMALIES_MAX, envFileContent } from "./env-anomalies.ts";
import { isCopyName } from "./env-copies.ts";
import { readEnvText } from "./env-file-text.ts";
import { type EnvFiles, envFiles } from "./env-files.fact.ts";
import { isSampleName } from "./env-samples.ts";

const ROOT = "/srv/app";
const SECRET = "k3yQ9zXw7LmN2pRt5VbC8dFg";

interface Options {
  readonly hostFacts?: boolean;
  readonly roots?: readonly string[];
  readonly user?: string;
  /** The account a record tells. */
  readonly account?: string;
}

async function collect(
  files: Readonly<Record<string, string | MemoryFile>>,
  { hostFacts = true, roots = [], user, account }: Options = {},
): Promise<EnvFiles> {
  const host = createMemoryHost({
    files: { [ROOT]: { kind: "directory", owner: "svc", group: "svc" }, ...files },
  });
  const text = await readEnvText(host, `${ROOT}/.env`);
  const found = text.state === "known" ? readDotenv(text.value, "python-dotenv").assignments : [];
  const reading = await envFiles.collect(
    {
      host,
      target: {
        directory: ROOT,
        urls: [],
        mode: "auto",
        compat: false,
        hostFacts,
        ...(account === undefined ? {} : { account }),
      },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {
      environmentValues: {
        assignments: found.map(({ key, value, line }) => ({
          key,
          value,
          line,
          layer: "dotenv",
          file: ".env",
          reader: "python-dotenv",
        })),
        unreadable: [],
        isProcessSeen: false,
        files: [
          {
            path: ".env",
            absolute: `${ROOT}/.env`,
            usedBy: ".env of the application",
            loaders: ["python-dotenv"],
            text,
          },
        ],
      },
    },
    {
      services:
        user === undefined
          ? absent("none")
          : known({
              services: [
                {
                  kind: "unit",
                  name: "app.service",
                  user,
                  group: "www-data",
                  command: "",
                  isApplication: true,
                  isInContainer: false,
                  pids: [],
                  restart: "",
                  sourcedFiles: [],
                },
              ],
              published: [],
              binds: [],
            }),
      proxyRoutes: known({
        configurations: [],
        running: undefined,
        routes: [],
        tls: [],
        roots: roots.map((path) => ({ path, file: "nginx.conf", line: 3 })),
        problems: [],
      }),
      deploymentTree: known({
        files: Object.keys(files)
          .filter((path) => path.startsWith(`${ROOT}/`))
          .map((path) => ({ path: path.slice(ROOT.length + 1), kind: "file" as const })),
        directories: [],
        isTruncated: false,
        unreadable: [],
      }),
    },
  );
  return reading.state === "known" ? reading.value : assert.fail();
}

describe("access", () => {
  test("mode, owner and every directory up to the root", async () => {
    const { files } = await collect({
      "/srv/app/.env": { text: "A=1", mode: 0o640, owner: "root", group: "www-data" },
    });
    const [file] = files;
    assert.deepEqual(file?.access, {
      state: "known",
      value: {
        mode: 0o640,
        owner: "root",
        group: "www-data",
        acl: { state: "known", value: [] },
        ancestors: [
          { path: "/srv/app", mode: 0o755, owner: "svc", group: "svc" },
          { path: "/srv", mode: 0o755, owner: "root", group: "root" },
          { path: "/", mode: 0o755, owner: "root", group: "root" },
        ],
        hasNoModes: false,
      },
    });
  });

  test("without facts of the machine only up to the audited directory", async () => {
    const { files } = await collect({ "/srv/app/.env": "A=1" }, { hostFacts: false });
    const access = files[0]?.access;
    assert.deepEqual(
      access?.state === "known" ? access.value.ancestors.map(({ path }) => path) : undefined,
      ["/srv/app"],
    );
  });

  test("a link is judged by its target, the directories of both are walked", async () => {
    const { files } = await collect({
      "/srv/app/.env": { link: "/etc/app/env", mode: 0o777 },
      "/etc/app/env": { text: "A=1", mode: 0o600 },
      "/etc/app": { kind: "directory", mode: 0o777 },
    });
    const access = files[0]?.access;
    assert.equal(access?.state, "known");
    if (access?.state !== "known") return;
    assert.equal(access.value.mode, 0o600);
    assert.equal(access.value.linkTarget, "/etc/app/env");
    assert.deepEqual(
      access.value.ancestors.map(({ path }) => path),
      ["/srv/app", "/srv", "/", "/etc/app", "/etc"],
    );
  });

  test("an ACL that cannot be read is unknown, the rest is known", async () => {
    const acl = new HostError("tool-missing", "getfacl is not installed");
    const { files } = await collect({ "/srv/app/.env": { text: "A=1", acl } });
    const access = files[0]?.access;
    assert.equal(access?.state === "known" && access.value.acl.state, "unknown");
  });

  const denied: readonly (readonly [string, MemoryFile, access: string, content: string])[] = [
    ["stat", { text: "A=1", statDenied: true }, "unknown", "known"],
    ["reading", { text: "A=1", unreadable: true }, "known", "unknown"],
    ["both", { text: "A=1", statDenied: true, unreadable: true }, "unknown", "unknown"],
  ];
  for (const [name, file, access, content] of denied) {
    test(`${name} denied`, async () => {
      const { files } = await collect({ "/srv/app/.env": file });
      assert.equal(files[0]?.access.state, access);
      assert.equal(files[0]?.content.state, content);
    });
  }

  const mounts =
    "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /srv rw - vfat /dev/sdb1 rw\n3 1 0:1 / /mnt/a\\040b rw shared:1 - nfs4 s:/x rw\n";
  test("a file system without modes is told from the mounts", async () => {
    assert.equal(mountTypeOf(mounts, "/srv/app/.env"), "vfat");
    assert.equal(mountTypeOf(mounts, "/srvx"), "ext4");
    assert.equal(mountTypeOf(mounts, "/mnt/a b/c"), "nfs4");
    const { files } = await collect({
      "/srv/app/.env": { text: "A=1", mode: 0o755 },
      "/proc/self/mountinfo": mounts,
    });
    assert.equal(files[0]?.access.state === "known" && files[0].access.value.hasNoModes, true);
  });
});

const TRUSTED: readonly (readonly [
  string,
  directory: MemoryFile,
  options: Options,
  owners: readonly string[],
  groups: readonly string[],
])[] = [
  ["the directory's owner and group", { group: "web" }, {}, ["svc"], ["web", "svc"]],
  ["not a group that may write there", { group: "web", mode: 0o775 }, {}, ["svc"], ["svc"]],
  ["the recorded account", { owner: "root", group: "root" }, { account: "svc" }, ["svc"], ["svc"]],
  [
    "not the recorded account where a unit names another",
    { owner: "root", group: "root" },
    { account: "svc", user: "monitor" },
    ["monitor"],
    ["www-data", "monitor"],
  ],
];
for (const [name, directory, options, owners, groups] of TRUSTED) {
  test(`trusted: ${name}`, async () => {
    const { trusted } = await collect(
      {
        "/srv/app/.env": "A=1",
        "/srv/app": { kind: "directory", owner: "svc", group: "svc", ...directory },
      },
      { hostFacts: false, ...options },
    );
    assert.deepEqual(trusted, { owners: ["root", ...owners], groups: ["root", ...groups] });
  });
}

test("trusted are root, the service's account and who owns the directory", async () => {
  const { trusted } = await collect({ "/srv/app/.env": "A=1" }, { user: "monitor" });
  assert.deepEqual(trusted, {
    owners: ["root", "svc", "monitor"],
    groups: ["root", "svc", "www-data", "monitor"],
  });
});

describe("copies", () => {
  const copies = [".env~", ".env.bak", ".env.old", ".env.save", ".env.orig", ".env.swp"];
  const more = [".env.bak.2", ".env.20260101", ".env.production.bak", "prod.env.dump", "env.bak"];
  for (const name of [...copies, ...more, "#.env#", ".env.1"]) {
    test(`${name} is one`, () => assert.equal(isCopyName(name, ".env"), true));
  }
  for (const name of [".env", ".env.production", ".env.local", ".env.example", ".environment"]) {
    test(`${name} is none`, () => assert.equal(isCopyName(name, ".env"), false));
  }
  test("samples are known by name", () => {
    const names = [
      ".env.example",
      ".env.sample",
      ".env.production.template",
      ".env.test",
      ".env.dist",
    ];
    assert.deepEqual(
      names.filter((name) => !isSampleName(name)),
      [],
    );
    assert.equal(isSampleName(".env.production"), false);
  });

  test("with the live keys they hold and where they are served from", async () => {
    const found = await collect(
      {
        "/srv/app/.env": `SECRET_KEY=${SECRET}\nAPI_TOKEN=t\n`,
        "/srv/app/.env.bak": {
          text: `SECRET_KEY="${SECRET}"\nOLD_TOKEN=x\nDEBUG=1\n`,
          mode: 0o644,
        },
        "/srv/app/static/.env": `X=${SECRET}\n`,
        "/srv/app/.env.example": "SECRET_KEY=\n",
      },
      { roots: ["/srv/other"] },
    );
    assert.deepEqual(
      found.copies.map(({ path, liveSecretKeys, secretKeys, servedFrom }) => [
        path,
        liveSecretKeys,
        secretKeys,
        servedFrom,
      ]),
      [
        [".env.bak", ["SECRET_KEY"], ["SECRET_KEY", "OLD_TOKEN"], undefined],
        ["static/.env", ["SECRET_KEY"], [], "static"],
      ],
    );
    assert.ok(!JSON.stringify(found).includes(SECRET));
  });

  test("a web root of the proxy counts wherever it is", async () => {
    const { copies: found } = await collect(
      { "/srv/app/.env": "A=1", "/srv/app/.env.bak": "A=1" },
      { roots: ["/srv/app/"] },
    );
    assert.equal(found[0]?.servedFrom, ".");
  });
});

describe("anomalies", () => {
  const kinds = (text: string, ...loaders: readonly DotenvLoader[]) =>
    envFileContent(text, loaders).anomalies.map(({ kind, line }) => `${kind}:${line}`);
  const cases: readonly [string, string, readonly DotenvLoader[], readonly string[]][] = [
    ["plain file", "A=1\nSECRET_KEY=abc-DEF_123\nDEBUG=0\n# c\n\n", ["python-dotenv"], []],
    ["plain hosts", "DJANGO_ALLOWED_HOSTS=localhost,127.0.0.1,[::1]\n", ["python-dotenv"], []],
    ["export without systemd", "export DEBUG=0\n", ["python-dotenv"], []],
    ["export under systemd", "export DEBUG=0\n", ["systemd"], ["export-under-systemd:1"]],
    ["duplicate", "DEBUG=0\nA=1\nDEBUG=1\n", ["python-dotenv"], ["duplicate-key:3"]],
    ["same duplicate", "DEBUG=0\nDEBUG=0\n", ["python-dotenv"], []],
    ["CRLF", "A=1\nDEBUG=1\r\n", ["python-dotenv"], ["crlf:2"]],
    ["BOM", "\ufeffA=1\n", ["python-dotenv"], ["byte-order-mark:1"]],
    ["NUL", "A=1\nX=\0\n", ["python-dotenv"], ["nul-byte:2"]],
    ["invalid UTF-8", "A=1\nX=\ufffd\n", ["python-dotenv"], ["invalid-utf8:2"]],
    ["open quote", 'A="x\nB=1\n', ["python-dotenv"], ["unbalanced-quote:1"]],
    ["quote over lines", 'A="x\ny"\nB=1\n', ["python-dotenv"], []],
    ["comment, other key", "NOTE=a # b\n", ["python-dotenv"], []],
    ["comment, switch", "DEBUG=0 # off\n", ["python-dotenv"], ["inline-comment-kept:1"]],
    ["comment under systemd", "NOTE=a # b\n", ["systemd", "bash"], ["inline-comment-kept:1"]],
    ["dollar in a secret", 'SECRET_KEY="a$bc"\n', ["python-dotenv"], ["dollar-expanded:1"]],
    ["quoted dollar", "SECRET_KEY='a$bc'\n", ["python-dotenv"], []],
    ["lower-case twin", "DEBUG=0\ndebug=1\n", ["python-dotenv"], ["lower-case-twin:2"]],
    ["proxies in both cases", "HTTP_PROXY=a\nhttp_proxy=a\n", ["python-dotenv"], []],
    ["garbage", "A=1\nthis is not a line\n", ["python-dotenv"], ["unparsable-line:2"]],
    ["blanks around =", "DEBUG = 0\n", ["python-dotenv"], ["blanks-around-equals:1"]],
    ["exported, blanks", "export DEBUG =0\n", ["python-dotenv"], ["blanks-around-equals:1"]],
    ["blanks in the value", "DEBUG=0 1\n", ["python-dotenv"], ["readers-disagree:1"]],
    ["blanks, other key", "NOTE = 0\n", ["python-dotenv"], []],
  ];
  for (const [name, text, loaders, expected] of cases) {
    test(name, () => assert.deepEqual(kinds(text, ...loaders), expected));
  }

  test("tell readers and no value", () => {
    const { anomalies } = envFileContent(`SECRET_KEY="${SECRET}$x"\n`, ["python-dotenv"]);
    assert.deepEqual(anomalies, [
      {
        kind: "dollar-expanded",
        key: "SECRET_KEY",
        line: 1,
        detail:
          "python-dotenv, dotenv for Node and systemd read one value, docker compose and a shell another",
      },
    ]);
  });

  test("are bounded", () => {
    const lines = Array.from({ length: ANOMALIES_MAX + 5 }, (_, index) => `DEBUG=${index}`);
    assert.equal(
      envFileContent(lines.join("\n"), ["python-dotenv"]).anomalies.length,
      ANOMALIES_MAX,
    );
    assert.equal(
      envFileContent(lines.slice(0, 10).join("\n"), ["python-dotenv"]).anomalies.length,
      9,
    );
  });
});
