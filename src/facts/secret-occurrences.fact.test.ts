import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { absent, known } from "../core/reading.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import type { DotenvLoader } from "../parsers/dotenv.ts";
import { parseUnit } from "../parsers/systemd-unit.ts";
import { SEARCHED_FILE_BYTES_MAX } from "./env-leaks.ts";
import { assignmentsOf, type EnvSource } from "./environment-layers.ts";
import { type SecretOccurrences, secretOccurrences } from "./secret-occurrences.fact.ts";

const ROOT = "/srv/app";
const SECRET = "k3yQ9zXw7LmN2pRt5VbC8dFg";

interface Options {
  readonly loader?: DotenvLoader;
  readonly tracked?: readonly string[];
  readonly unit?: string;
}

async function collect(
  env: string,
  others: Readonly<Record<string, string>> = {},
  { loader = "python-dotenv", tracked, unit }: Options = {},
): Promise<SecretOccurrences> {
  const files = { ".env": env, ...others };
  const placed = Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text]);
  const source: EnvSource = {
    kind: "file",
    layer: "dotenv",
    path: ".env",
    absolute: `${ROOT}/.env`,
    usedBy: ".env",
    loader,
    text: known(env),
    rank: 0,
  };
  const reading = await secretOccurrences.collect(
    {
      host: createMemoryHost({ files: Object.fromEntries(placed) }),
      target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts: true },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {
      environmentValues: {
        assignments: assignmentsOf([source]),
        unreadable: [],
        isProcessSeen: false,
        files: [
          {
            path: ".env",
            absolute: `${ROOT}/.env`,
            usedBy: ".env",
            loaders: [loader],
            text: known(env),
          },
        ],
      },
    },
    {
      repository:
        tracked === undefined
          ? absent("no git")
          : known({ root: ROOT, tracked, ignoredEnvFiles: [], dockerIgnoredEnvFiles: undefined }),
      composeFiles: absent("none"),
      unitFiles:
        unit === undefined
          ? absent("none")
          : known([
              {
                name: "app.service",
                file: "/etc/systemd/system/app.service",
                isInstalled: true,
                unit: parseUnit(unit, "/etc/systemd/system/app.service"),
              },
            ]),
      deploymentTree: known({
        files: Object.keys(files).map((path) => ({ path, kind: "file" as const })),
        directories: [],
        isTruncated: false,
        unreadable: [],
      }),
    },
  );
  const value = reading.state === "known" ? reading.value : assert.fail();
  assert.ok(!JSON.stringify(value).includes(SECRET));
  return value;
}

describe("shared values", () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ["equal", `SECRET_KEY=${SECRET}\nJWT_SECRET=${SECRET}\n`, ["SECRET_KEY JWT_SECRET equal"]],
    ["prefix", `SECRET_KEY=${SECRET}\nJWT_SECRET=${SECRET}x\n`, ["SECRET_KEY JWT_SECRET prefix"]],
    ["distinct", `SECRET_KEY=${SECRET}\nJWT_SECRET=x${SECRET}\n`, []],
    ["both empty", "SECRET_KEY=\nJWT_SECRET=\n", []],
    ["short ones", "SECRET_KEY=1234567\nJWT_SECRET=1234567\n", []],
    [
      "just long enough",
      "SECRET_KEY=12345678\nJWT_SECRET=12345678\n",
      ["SECRET_KEY JWT_SECRET equal"],
    ],
    ["no secrets", `A=${SECRET}\nB=${SECRET}\n`, []],
    ["one database password", `DB_PASSWORD=${SECRET}\nPOSTGRES_PASSWORD=${SECRET}\n`, []],
    ["one resource", "REDIS_URL=redis://:p@r/0\nCELERY_BROKER_URL=redis://:p@r/0\n", []],
  ];
  for (const [name, env, expected] of cases) {
    test(name, async () => {
      const { shared } = await collect(env);
      assert.deepEqual(
        shared.map(({ keys, how }) => `${keys.join(" ")} ${how}`),
        expected,
      );
    });
  }

  test("three keys make three pairs", async () => {
    const { shared } = await collect(`A_KEY=${SECRET}\nB_KEY=${SECRET}\nC_KEY=${SECRET}\n`);
    assert.equal(shared.length, 3);
  });
});

describe("leaks", () => {
  const env = `SECRET_KEY=${SECRET}\n`;
  const places = async (others: Record<string, string>, options?: Options) =>
    (await collect(env, others, options)).leaked.map(
      ({ key, place, file, line }) => `${key} ${place} ${file}:${line}`,
    );

  test("each place, with line", async () => {
    assert.deepEqual(
      await places(
        {
          ".env.example": `A=1\nSECRET_KEY=${SECRET}\n`,
          Dockerfile: `FROM x\nENV SECRET_KEY=${SECRET}\n`,
          "compose.yml": `services:\n  web:\n    environment:\n      SECRET_KEY: ${SECRET}\n`,
          "app/settings.py": `SECRET_KEY = "${SECRET}"\n`,
          "docs/notes.txt": `\n${SECRET}\n`,
          "untracked.txt": SECRET,
        },
        { tracked: ["docs/notes.txt", ".env"] },
      ),
      [
        "SECRET_KEY sample .env.example:2",
        "SECRET_KEY dockerfile Dockerfile:2",
        "SECRET_KEY compose-literal compose.yml:4",
        "SECRET_KEY settings-literal app/settings.py:1",
        "SECRET_KEY tracked-file docs/notes.txt:2",
      ],
    );
  });

  test("a unit outside the tree", async () => {
    assert.deepEqual(await places({}, { unit: `[Service]\nEnvironment=X=${SECRET}\n` }), [
      "SECRET_KEY unit-literal /etc/systemd/system/app.service:2",
    ]);
  });

  test("the env file itself is none, tracked or not", async () => {
    assert.deepEqual(await places({}, { tracked: [".env"] }), []);
  });

  test("a tracked file counts up to the limit of its size", async () => {
    const fill = "x".repeat(SEARCHED_FILE_BYTES_MAX - SECRET.length);
    const tracked = ["a.txt"];
    assert.equal((await places({ "a.txt": fill + SECRET }, { tracked })).length, 1);
    assert.equal((await places({ "a.txt": `${fill}x${SECRET}` }, { tracked })).length, 0);
  });

  for (const value of ["postgresql://u:aQ3@db/app", "https://9f8e7d6c5b@sentry.test/1"]) {
    test(`${value} is looked for`, async () => {
      const { leaked } = await collect(`SECRET_KEY=${value}\n`, { "settings.py": value });
      assert.equal(leaked.length, 1);
    });
  }

  for (const value of [
    "production",
    "12345678",
    "/run/secrets/key",
    "redis://cache:6379/0",
    "postgresql://postgres@db/postgres",
    "mysql+pymysql://root:@db:3306/app",
    "aaaaaaaaaa",
  ]) {
    test(`${value} is too common to be looked for`, async () => {
      const { leaked } = await collect(`SECRET_KEY=${value}\n`, { "settings.py": value });
      assert.deepEqual(leaked, []);
    });
  }
});

describe("unexpanded", () => {
  const cases: readonly [string, string, DotenvLoader, readonly string[]][] = [
    [
      "command",
      'SECRET_KEY="$(openssl rand)"\n',
      "python-dotenv",
      ["SECRET_KEY python-dotenv false"],
    ],
    ["in a shell", 'SECRET_KEY="$(openssl rand)"\n', "bash", ["SECRET_KEY bash true"]],
    ["backticks", "SECRET_KEY=`date`\n", "systemd", ["SECRET_KEY systemd false"]],
    ["unset name", "SECRET_KEY=${NOPE}\n", "python-dotenv", ["SECRET_KEY python-dotenv false"]],
    ["unset name, literal", "SECRET_KEY=a${NOPE}\n", "systemd", ["SECRET_KEY systemd false"]],
    ["set name", "A=1\nSECRET_KEY=${A}\n", "python-dotenv", []],
    ["default", "SECRET_KEY=${NOPE:-x}\n", "python-dotenv", []],
    ["no secret", "RELEASE=$(git rev-parse HEAD)\n", "python-dotenv", []],
  ];
  for (const [name, env, loader, expected] of cases) {
    test(name, async () => {
      const { unexpanded } = await collect(env, {}, { loader });
      assert.deepEqual(
        unexpanded.map(({ key, reader, isShellOnly }) => `${key} ${reader} ${isShellOnly}`),
        expected,
      );
    });
  }

  test("a variable that nothing sets is told apart from a command", async () => {
    const { unexpanded } = await collect(
      "A_KEY=x${NOPE}\nB_KEY=$(uuidgen)${NOPE}\nC_KEY=Ab${Cd3f}\n",
    );
    assert.deepEqual(
      unexpanded.map(({ key, unset }) => [key, unset]),
      [
        ["A_KEY", ["NOPE"]],
        ["B_KEY", undefined],
        ["C_KEY", ["…"]],
      ],
    );
  });
});
