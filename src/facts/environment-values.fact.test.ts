import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { absent, known, type Reading } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import type { ComposeService } from "../parsers/compose.ts";
import { parseUnit } from "../parsers/systemd-unit.ts";
import { ENV_FILE_BYTES_MAX } from "./env-file-text.ts";
import {
  type EnvironmentValues,
  effectiveAssignment,
  environmentValues,
} from "./environment-values.fact.ts";
import type { Service } from "./services.fact.ts";
import type { UnitFile } from "./unit-files.fact.ts";

const ROOT = "/srv/app";

interface Deployment {
  readonly files?: Readonly<Record<string, string | MemoryFile>>;
  readonly process?: Readonly<Record<string, string>>;
  readonly units?: readonly UnitFile[];
  readonly compose?: readonly ComposeService[];
  readonly services?: readonly Service[];
  readonly hostFacts?: boolean;
}

async function collect(deployment: Deployment): Promise<EnvironmentValues> {
  const { files = {}, process, units, compose, services, hostFacts = true } = deployment;
  const placed = Object.entries(files).map(([path, file]): [string, string | MemoryFile] => [
    path.startsWith("/") ? path : `${ROOT}/${path}`,
    file,
  ]);
  const paths = Object.keys(files).filter((path) => !path.startsWith("/"));
  const reading = await environmentValues.collect(
    {
      host: createMemoryHost({
        files: { [ROOT]: { kind: "directory" }, ...Object.fromEntries(placed) },
      }),
      target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {},
    {
      processEnvironment:
        process === undefined
          ? absent("nothing runs")
          : known({ where: "/proc/10/environ", variables: Object.entries(process) }),
      unitFiles: orAbsent(units),
      composeFiles: orAbsent(
        compose && { files: ["compose.yml"], project: { services: compose }, problems: [] },
      ),
      services: orAbsent(services && { services, published: [], binds: [] }),
      deploymentTree: known({
        files: paths.sort().map((path) => ({ path, kind: "file" as const })),
        directories: [],
        isTruncated: false,
        unreadable: [],
      }),
    },
  );
  assert.equal(reading.state, "known");
  return reading.state === "known" ? reading.value : assert.fail();
}

function orAbsent<T>(value: T | undefined): Reading<T> {
  return value === undefined ? absent("none") : known(value);
}

function effective(values: EnvironmentValues, key: string): string | undefined {
  const found = effectiveAssignment(values, key);
  return (
    found &&
    `${found.value} <- ${found.file}:${found.line ?? "-"} (${found.layer}, ${found.reader})`
  );
}

function unit(text: string, isInstalled = true): UnitFile {
  const file = "/etc/systemd/system/app.service";
  return { name: "app.service", file, isInstalled, unit: parseUnit(text, file) };
}

function service(overrides: Partial<Service>): Service {
  return {
    kind: "unit",
    name: "app.service",
    command: "",
    isApplication: true,
    isInContainer: false,
    pids: [],
    restart: "",
    sourcedFiles: [],
    ...overrides,
  };
}

function composeService(overrides: Partial<ComposeService>): ComposeService {
  return {
    name: "web",
    file: "compose.yml",
    line: 2,
    isBuilt: true,
    command: "",
    environment: [],
    envFiles: [],
    ports: [],
    expose: [],
    labels: [],
    volumes: [],
    dependsOn: [],
    ...overrides,
  };
}

describe("precedence (catalog G4)", () => {
  test("process over .env, and an empty value overrides", async () => {
    const values = await collect({
      files: { ".env": "A=file\nB=file\nC=file\n" },
      process: { A: "process", B: "" },
    });
    assert.equal(effective(values, "A"), "process <- /proc/10/environ:- (process, process)");
    assert.equal(effectiveAssignment(values, "B")?.value, "");
    assert.equal(effective(values, "C"), "file <- .env:3 (dotenv, python-dotenv)");
    assert.equal(values.isProcessSeen, true);
  });

  test("EnvironmentFile= over Environment=, the later file over the earlier, all over .env", async () => {
    const values = await collect({
      files: { "/etc/app/a": "A=a\nB=a\n", "/etc/app/b": "A=b\n", ".env": "A=env\nD=env\n" },
      units: [
        unit(
          "[Service]\nEnvironment=A=unit C=unit\nEnvironmentFile=/etc/app/a\nEnvironmentFile=-/etc/app/b\nEnvironmentFile=-/etc/none\n",
        ),
      ],
    });
    assert.equal(effective(values, "A"), "b <- /etc/app/b:1 (service-file, systemd)");
    assert.equal(effective(values, "B"), "a <- /etc/app/a:2 (service-file, systemd)");
    assert.equal(
      effective(values, "C"),
      "unit <- /etc/systemd/system/app.service:2 (service, systemd)",
    );
    assert.equal(effective(values, "D"), "env <- .env:2 (dotenv, python-dotenv)");
    assert.deepEqual(values.unreadable, []);
  });

  test("ENV of the image that is built comes last, without secrets and stages that are not in it", async () => {
    const dockerfile =
      "FROM a AS build\nENV A=build E=build\nFROM b\nENV A=image B=image C=image\nENV D=${X} SECRET_KEY=k\nARG E=arg\n";
    const values = await collect({
      files: {
        ".env": "B=file\n",
        "docker/Dockerfile": dockerfile,
        Dockerfile: "FROM c\nENV F=other\n",
      },
      compose: [
        composeService({
          buildContext: "docker",
          environment: [
            { key: "C", value: "compose", file: "compose.yml", line: 5, isInterpolated: false },
          ],
        }),
      ],
      services: [service({ kind: "compose", name: "web", file: "compose.yml" })],
    });
    assert.equal(effective(values, "A"), "image <- docker/Dockerfile:4 (image, docker)");
    assert.equal(effective(values, "B"), "file <- .env:1 (dotenv, python-dotenv)");
    assert.equal(effective(values, "C"), "compose <- compose.yml:5 (service, docker compose)");
    for (const key of ["D", "E", "F", "SECRET_KEY"])
      assert.equal(effective(values, key), undefined);
  });

  test("ENV of the Dockerfile at the root, where nothing else runs the application", async () => {
    const files = { Dockerfile: "FROM c\nENV F=image\n" };
    assert.equal(effective(await collect({ files }), "F"), "image <- Dockerfile:2 (image, docker)");
    const byUnit = await collect({ files, services: [service({})] });
    assert.equal(effective(byUnit, "F"), undefined);
  });

  test("environment: over env_file:, only of the application's service", async () => {
    const values = await collect({
      files: { "web.env": "A=file\nB=$X\n", "db.env": "POSTGRES_PASSWORD=p\n" },
      compose: [
        composeService({
          environment: [
            { key: "A", value: "literal", isInterpolated: false, file: "compose.yml", line: 5 },
          ],
          envFiles: [{ path: "./web.env", isRequired: true, file: "compose.yml", line: 4 }],
        }),
        composeService({
          name: "db",
          isBuilt: false,
          envFiles: [{ path: "db.env", isRequired: true, file: "compose.yml", line: 9 }],
        }),
      ],
      services: [service({ kind: "compose", name: "web" })],
    });
    assert.equal(effective(values, "A"), "literal <- compose.yml:5 (service, docker compose)");
    assert.equal(effective(values, "B"), " <- web.env:2 (service-file, docker compose)");
    assert.equal(effective(values, "POSTGRES_PASSWORD"), undefined);
  });

  test("a project that the services do not list is a sample where units run the application", async () => {
    const sample = composeService({
      environment: [
        { key: "A", value: "x", isInterpolated: false, file: "d/compose.yml", line: 5 },
      ],
      envFiles: [{ path: ".env", isRequired: true, file: "d/compose.yml", line: 4 }],
    });
    const deployment = {
      files: { ".env": "A=file\n", "d/.env": "A=sample\n" },
      units: [unit("[Service]\nExecStart=gunicorn a\n")],
      compose: [sample],
    };
    const values = await collect({ ...deployment, services: [service({})] });
    assert.equal(effective(values, "A"), "file <- .env:1 (dotenv, python-dotenv)");
    const both = [service({}), service({ kind: "compose", name: "web" })];
    const mixed = await collect({ ...deployment, services: both });
    assert.equal(effective(mixed, "A"), "x <- d/compose.yml:5 (service, docker compose)");
  });

  test("where a new variable is read: the declared file that is missing, or the compose service", async () => {
    const web = service({ kind: "compose", name: "web", file: "d/compose.yml" });
    const file = { path: ".env", isRequired: true, file: "d/compose.yml", line: 4 };
    const place = async (services: readonly Service[], compose: ComposeService, files = {}) =>
      (await collect({ services, compose: [compose], files })).placeForNew;
    assert.equal(await place([web], composeService({ envFiles: [file] })), "in d/.env");
    assert.equal(
      await place([web], composeService({})),
      "under environment: of web in d/compose.yml",
    );
    assert.equal((await collect({ services: [service({})] })).placeForNew, undefined);
  });

  test("what a shell sources comes last and wins", async () => {
    const values = await collect({
      files: { "prod.env": "A=$HOME-x\nS=$(date)\n" },
      units: [unit("[Service]\nEnvironment=A=unit\n")],
      services: [service({ sourcedFiles: ["prod.env"] })],
    });
    assert.equal(effective(values, "A"), "-x <- prod.env:1 (service-file, bash)");
    assert.equal(effective(values, "S"), "$(date) <- prod.env:2 (service-file, bash)");
  });

  test("a file two readers load counts once for each key", async () => {
    const values = await collect({
      files: { ".env": "A=v # c\nexport B=x\n", "requirements.txt": "python-dotenv==1.0\n" },
      units: [unit(`[Service]\nEnvironmentFile=${ROOT}/.env\n`)],
    });
    assert.deepEqual(
      values.assignments.map(({ key, value, reader }) => [key, value, reader]),
      [
        ["A", "v # c", "systemd"],
        ["B", "x", "python-dotenv"],
      ],
    );
    assert.deepEqual(
      values.files?.map(({ path, loaders }) => [path, loaders]),
      [[".env", ["systemd", "python-dotenv"]]],
    );
  });

  test(".env.dev only in a dev stage that is set without it", async () => {
    const files = { ".env": "A=1\n", ".env.dev": "DJANGO_ENV=dev\nB=2\n" };
    assert.equal(effective(await collect({ files }), "B"), undefined);
    const dev = await collect({ files, process: { DJANGO_ENV: "Development" } });
    assert.equal(effective(dev, "B"), "2 <- .env.dev:2 (dotenv-dev, python-dotenv)");
  });

  test(".env.production unless the stage is dev, below .env; samples never", async () => {
    const files = {
      ".env": "A=env\n",
      ".env.production": "A=production\nB=production\n",
      ".env.example": "C=sample\nSECRET_KEY=example-value-here\n",
      ".env.local": "D=local\n",
    };
    const values = await collect({ files });
    assert.deepEqual(
      ["A", "B", "C", "D"].map((key) => effectiveAssignment(values, key)?.value),
      ["env", "production", undefined, undefined],
    );
    assert.deepEqual(values.samples, [".env.example"]);
    assert.deepEqual(values.published, ["example-value-here"]);
    const dev = await collect({ files, process: { APP_ENV: "local" } });
    assert.equal(effective(dev, "B"), undefined);
  });

  test("for Node the more specific file wins", async () => {
    const values = await collect({
      files: { ".env": "A=env\nB=env\n", ".env.local": "A=local\n", "package.json": "{}" },
    });
    assert.equal(effective(values, "A"), "local <- .env.local:1 (dotenv, node-dotenv)");
    assert.equal(effective(values, "B"), "env <- .env:2 (dotenv, node-dotenv)");
  });

  test("a .env beside manage.py counts", async () => {
    const values = await collect({ files: { "src/manage.py": "", "src/.env": "A=1\n" } });
    assert.equal(effective(values, "A"), "1 <- src/.env:1 (dotenv, python-dotenv)");
  });
});

describe("loader", () => {
  test("a manifest is seen beside many packages", async () => {
    const packages = Array.from({ length: 40 }, (_, at) => [`apps/p${at}/__init__.py`, ""]);
    const values = await collect({
      files: {
        ...Object.fromEntries(packages),
        "pyproject.toml": '[project]\ndependencies = [\n  "python-dotenv>=1.0.1",\n]\n',
        ".env": "A=1\n",
      },
      units: [unit("[Service]\nEnvironmentFile=/srv/app/.env\n")],
      services: [service({})],
    });
    assert.deepEqual(values.files?.[0]?.loaders, ["systemd", "python-dotenv"]);
  });

  const cases: readonly [string, Record<string, string>, string][] = [
    ["nothing known", {}, "python-dotenv"],
    [
      "django-environ",
      { "manage.py": "", "app/settings.py": "import environ\n" },
      "django-environ",
    ],
    ["django-environ required", { "requirements.txt": "django-environ==0.11\n" }, "django-environ"],
    ["a comment on it", { "manage.py": "# import environ\n" }, "python-dotenv"],
    ["Node", { "server.js": "" }, "node-dotenv"],
    [
      "node --env-file",
      { "package.json": '{"scripts":{"start":"node --env-file=.env s.js"}}' },
      "node-parse-env",
    ],
    ["assets beside Python", { "package.json": "{}", "manage.py": "" }, "python-dotenv"],
  ];
  for (const [name, files, loader] of cases) {
    test(name, async () => {
      const values = await collect({ files: { ...files, ".env": "A=1\n" } });
      assert.equal(effectiveAssignment(values, "A")?.reader, loader);
    });
  }
});

describe("files that cannot be read", () => {
  const cases: readonly [string, MemoryFile, string | undefined][] = [
    ["denied", { text: "A=1", unreadable: true }, "denied"],
    ["stat denied, reading not", { text: "A=1", statDenied: true }, undefined],
    ["both denied", { text: "A=1", statDenied: true, unreadable: true }, "denied"],
    ["a device or FIFO", { kind: "other" }, "unsupported"],
    ["too large", { text: "A".repeat(ENV_FILE_BYTES_MAX + 1) }, "too-large"],
    ["just not too large", { text: `#${"A".repeat(ENV_FILE_BYTES_MAX - 1)}` }, undefined],
    ["a directory (virtual environment)", { kind: "directory" }, undefined],
    ["a dangling link", { link: "/nowhere" }, undefined],
  ];
  for (const [name, file, code] of cases) {
    test(name, async () => {
      const { unreadable } = await collect({ files: { ".env": file } });
      assert.deepEqual(
        unreadable.map((found) => [found.file, found.problem.code]),
        code === undefined ? [] : [[".env", code]],
      );
    });
  }

  test("a file of a machine that is not this one is not recorded", async () => {
    const values = await collect({
      files: { "/etc/app/env": "A=1\n" },
      units: [unit("[Service]\nEnvironmentFile=/etc/app/env\n")],
      hostFacts: false,
    });
    assert.deepEqual(
      values.unreadable.map(({ file, problem }) => [file, problem.code]),
      [["/etc/app/env", "not-recorded"]],
    );
  });

  test("the working directory of a recorded unit stands for the audited one", async () => {
    const values = await collect({
      files: { "conf/prod.env": "A=1\n" },
      units: [
        unit("[Service]\nWorkingDirectory=/opt/monitor\nEnvironmentFile=/opt/monitor/conf/*.env\n"),
      ],
      hostFacts: false,
    });
    assert.equal(effective(values, "A"), "1 <- conf/prod.env:1 (service-file, systemd)");
  });
});

test("a byte order mark and CR are no part of names and values under any reader", async () => {
  const values = await collect({
    files: { "/etc/app/env": "\ufeffCLUSTER_ENABLED=1\r\n" },
    units: [unit("[Service]\nEnvironmentFile=/etc/app/env\n")],
  });
  assert.equal(effectiveAssignment(values, "CLUSTER_ENABLED")?.value, "1");
});

describe("what could not be read", () => {
  const hidden = async (deployment: Deployment): Promise<readonly string[]> =>
    (await collect(deployment)).unreadable.map(({ file, problem }) => `${file} ${problem.code}`);
  const latin = (text: string) => ({ bytes: Buffer.from(text, "latin1") });
  const systemd = (file: MemoryFile): Deployment => ({
    files: { "/etc/app/a": file },
    units: [unit("[Service]\nEnvironmentFile=/etc/app/a\n")],
  });
  const utf16 = { bytes: Buffer.from("\ufeffDJANGO_DEBUG=1\nDJANGO_ENV=dev\n", "utf16le") };
  const cases: readonly (readonly [string, Deployment, readonly string[]])[] = [
    ["a .env in UTF-16", { files: { ".env": utf16 } }, [".env malformed"]],
    ["a stray byte in .env", { files: { ".env": latin("A=1\nB=\xe9\n") } }, []],
    ["a stray byte under systemd", systemd(latin("A=\xe9\nB=1\n")), ["/etc/app/a malformed"]],
    ["a NUL under systemd", systemd({ text: "A=1\nB\0=1\n" }), ["/etc/app/a malformed"]],
    ["a stray byte in a comment under systemd", systemd(latin("# \xe9\nB=1\n")), []],
  ];
  for (const [name, deployment, expected] of cases) {
    test(name, async () => assert.deepEqual(await hidden(deployment), expected));
  }
});
