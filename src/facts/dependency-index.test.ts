import assert from "node:assert/strict";
import { test } from "node:test";

import type { CollectContext } from "../core/fact.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import { writeOsvIndex } from "../parsers/dependencies/osv-index.ts";
import { parseOsvRecord } from "../parsers/dependencies/osv-record.ts";
import type { AuditRun } from "./dependency-audit.fact.ts";
import { indexRuns } from "./dependency-index.ts";
import { findManifests } from "./dependency-manifests.ts";

const NOW_MS = Date.UTC(2026, 10, 22);

function record(id: string, ecosystem: string, name: string, fixed: string) {
  const ranges = [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }];
  const parsed = parseOsvRecord({
    id,
    modified: "2026-11-12T00:00:00Z",
    affected: [{ package: { ecosystem, name }, ranges }],
  });
  assert.ok(parsed.state === "record");
  return parsed.record;
}

const PYPI = [record("PYSEC-1", "PyPI", "Django", "4.2.2"), record("PYSEC-2", "PyPI", "pip", "1")];
const INDEX = writeOsvIndex(PYPI, NOW_MS);

async function runs(files: Readonly<Record<string, string>>, osvIndex?: string) {
  const placed = Object.entries(files).map(([path, text]) => [`/srv/app/${path}`, text]);
  const context: CollectContext = {
    host: createMemoryHost({ files: Object.fromEntries(placed) }),
    target: {
      directory: "/srv/app",
      urls: [],
      mode: "auto",
      compat: false,
      hostFacts: true,
      ...(osvIndex !== undefined && { osvIndex }),
    },
    nowMs: NOW_MS,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  };
  const manifests = await findManifests(context, Object.keys(files));
  return (await indexRuns(context, manifests)).map(shown);
}

/** `tool: examined, vulnerabilities, gap` or why nothing came of it. */
function shown({ tool, result }: AuditRun): string {
  if (result.state === "absent") return `${tool}: absent`;
  if (result.state === "unknown")
    return `${tool}: ${result.problem.code}: ${result.problem.detail}`;
  const { examined, vulnerabilities, gap, dataAgeDays } = result.value;
  const found = vulnerabilities.map(
    ({ package: name, version, id, at, group, condition }) =>
      ` ${id} ${name} ${version} ${at?.file}:${at?.line ?? "-"}${group ? ` ${group}` : ""}${condition ? ` ; ${condition}` : ""}`,
  );
  return `${tool}: ${examined}, ${dataAgeDays} d${found.join("")}${gap ? `; ${gap}` : ""}`;
}

const AT = ".plimsoll/osv.idx";
const CASES: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
])[] = [
  ["no index", { "requirements.txt": "django==4.2.1" }, []],
  ["nothing to audit", { [AT]: INDEX }, []],
  [
    "a vulnerable pin",
    { [AT]: INDEX, "requirements.txt": "flask==1\nDJANGO==4.2.1" },
    ["OSV index (python): 2, 10 d PYSEC-1 DJANGO 4.2.1 requirements.txt:2"],
  ],
  ["clean", { [AT]: INDEX, "requirements.txt": "django==4.2.2" }, ["OSV index (python): 1, 10 d"]],
  [
    "an index that is none",
    { [AT]: "{}", "requirements.txt": "django==4.2.2" },
    [
      'OSV index (python): malformed: .plimsoll/osv.idx: no index of "plimsoll osv import" (plimsoll.osv/1)',
    ],
  ],
  [
    "no advisories of the ecosystem",
    { [AT]: INDEX, "package-lock.json": '{"lockfileVersion":3,"packages":{}}' },
    ["OSV index (node): unsupported: the index holds no advisories of npm"],
  ],
  [
    "no exact version",
    { [AT]: INDEX, "requirements.txt": "flask==1\ndjango>=4\nx" },
    ["OSV index (python): 1, 10 d; requirements.txt:2: django has no exact version (and 1 more)"],
  ],
  [
    "no exact version anywhere",
    { [AT]: INDEX, "requirements.txt": "django>=4" },
    ["OSV index (python): unsupported: requirements.txt:1: django has no exact version"],
  ],
  [
    "the version is in a constraint",
    { [AT]: INDEX, "requirements.txt": "-c con.txt\ndjango", "con.txt": "django==4.2.1\nother==1" },
    ["OSV index (python): 1, 10 d PYSEC-1 django 4.2.1 con.txt:1"],
  ],
  [
    "the version is in a lock file",
    {
      [AT]: INDEX,
      "requirements.txt": "django>=4",
      "poetry.lock": '[[package]]\nname = "django"\nversion = "4.2.1"\n[metadata]\n',
    },
    ["OSV index (python): 1, 10 d PYSEC-1 django 4.2.1 poetry.lock:1"],
  ],
  [
    "an include, and a cycle",
    {
      [AT]: INDEX,
      "requirements.txt": "-r req/base.txt",
      "req/base.txt": "-r ../requirements.txt\ndjango==4.2.1",
    },
    ["OSV index (python): 1, 10 d PYSEC-1 django 4.2.1 req/base.txt:2"],
  ],
  [
    "includes that are not there, elsewhere, or no lists",
    {
      [AT]: INDEX,
      "requirements.txt": "a==1\n-r gone.txt\n-r ../../etc/x.txt\n-r .env",
      ".env": "token",
    },
    ["OSV index (python): 1, 10 d; gone.txt was not read: it is not there (and 2 more)"],
  ],
  [
    "development only",
    {
      [AT]: INDEX,
      "requirements.txt": "a==1",
      "requirements-dev.txt": "-r requirements.txt\ndjango==4.2.1\nloose",
    },
    ["OSV index (python): 2, 10 d PYSEC-1 django 4.2.1 requirements-dev.txt:2 development"],
  ],
  [
    "development and deployed is deployed",
    { [AT]: INDEX, "requirements.txt": "django==4.2.1", "requirements-dev.txt": "Django==4.2.1" },
    ["OSV index (python): 1, 10 d PYSEC-1 django 4.2.1 requirements.txt:1"],
  ],
  [
    "for another system, and under a marker",
    {
      [AT]: INDEX,
      "requirements.txt":
        "django==4.2.0; sys_platform == 'win32'\ndjango==4.2.1; python_version < '3.9'",
    },
    [
      "OSV index (python): 1, 10 d PYSEC-1 django 4.2.1 requirements.txt:2 ; python_version < '3.9'",
    ],
  ],
  [
    "what is installed",
    {
      [AT]: INDEX,
      ".venv/pyvenv.cfg": "",
      ".venv/lib/python3.12/site-packages/Django-4.2.1.dist-info/METADATA": "",
      ".venv/lib/python3.12/site-packages/django/_vendor/pip-0.1.dist-info/METADATA": "",
    },
    ["OSV index (python): 1, 10 d PYSEC-1 Django 4.2.1 .venv/lib/python3.12/site-packages:-"],
  ],
  [
    "a lock file that is cut off costs the others nothing",
    { [AT]: INDEX, "uv.lock": '[[package]]\nname = "a', "requirements.txt": "django==4.2.1" },
    [
      "OSV index (python): 1, 10 d PYSEC-1 django 4.2.1 requirements.txt:1; uv.lock:2: it is cut off or no TOML",
    ],
  ],
  [
    "a project without versions",
    { [AT]: INDEX, "pyproject.toml": "" },
    [
      "OSV index (python): unsupported: pyproject.toml names no exact versions, and there is no lock file beside it",
    ],
  ],
];
for (const [name, files, expected] of CASES) {
  test(`OSV index: ${name}`, async () => {
    assert.deepEqual(await runs(files), expected);
  });
}

test("OSV index: one that was named and is not there is said", async () => {
  assert.deepEqual(await runs({ "requirements.txt": "a==1" }, "/srv/other.idx"), [
    "OSV index (python): unreachable: /srv/other.idx is not there",
  ]);
});
