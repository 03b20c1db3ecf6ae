import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { crc32, deflateRawSync } from "node:zlib";

import { plimsoll } from "./plimsoll.ts";

const directory = mkdtempSync(join(tmpdir(), "plimsoll-osv-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const record = (id: string, more: object = {}) => ({
  id,
  modified: "2026-11-12T00:00:00Z",
  affected: [
    {
      package: { ecosystem: "PyPI", name: "Django" },
      ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "4.2.2" }] }],
    },
  ],
  ...more,
});
const RECORDS = [
  record("PYSEC-1", { aliases: ["CVE-1"] }),
  record("GHSA-1", { aliases: ["CVE-1"] }),
  record("PYSEC-2", { withdrawn: "2026-01-01T00:00:00Z" }),
  record("GO-1", { affected: [{ package: { ecosystem: "Go", name: "x" } }] }),
];
const COUNTS =
  "2 records of PyPI and npm; 1 withdrawn, 1 of other ecosystems, 0 malformed left out\n";

/** A zip archive of deflated files (APPNOTE.TXT), as `zip` makes it. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = deflateRawSync(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(text), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(Buffer.byteLength(text), 18);
    common.writeUInt16LE(name.length, 22);
    local.push(Buffer.from("PK\u0003\u0004"), common, Buffer.from(name), data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from("PK\u0001\u0002\u0014\u0000"), common, rest, Buffer.from(name));
    at += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(18);
  const size = central.reduce((sum, part) => sum + part.length, 0);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...local, ...central, Buffer.from("PK\u0005\u0006"), end]);
}

const archive = zip(
  Object.fromEntries(RECORDS.map((one) => [`${one.id}.json`, JSON.stringify(one)])),
);
const lines = RECORDS.map((one) => JSON.stringify(one)).join("\n");
const list = JSON.stringify(RECORDS, null, 2);

const BUNDLES: readonly (readonly [
  name: string,
  content: string | Buffer,
  exit: number,
  says: string,
])[] = [
  ["list.json", list, 0, COUNTS],
  ["answer.json", JSON.stringify({ vulns: RECORDS }), 0, COUNTS],
  ["lines.jsonl", `${lines}\n`, 0, COUNTS],
  ["all.zip", archive, 0, COUNTS],
  ["wrong.json", JSON.stringify([{ advisory: 7 }, ...RECORDS]), 1, "1 malformed left out\n"],
  ["cut.json", list.slice(0, -40), 64, "it is cut off or no JSON"],
  ["cut.jsonl", lines.slice(0, -40), 64, "it is cut off or no JSON"],
  ["cut.zip", archive.subarray(0, archive.length - 30), 64, "it is cut off or no zip archive"],
  [
    "damaged.zip",
    Buffer.concat([archive.subarray(0, 60), Buffer.alloc(60), archive.subarray(120)]),
    64,
    "is damaged",
  ],
  ["nothing.json", "[]", 64, "it holds no record of PyPI or npm"],
  ["other.json", '{"a": 1}', 64, "it has no id"],
  ["missing.json", "", 64, "no JSON"],
];
for (const [name, content, exit, says] of BUNDLES) {
  test(`osv import of ${name} ends with ${exit}`, async () => {
    writeFileSync(join(directory, name), content);
    const out = `${name}.idx`;
    const ended = await plimsoll(["osv", "import", name, "--out", out], { cwd: directory });
    assert.equal(ended.exit, exit, ended.stderr);
    assert.ok(`${ended.stdout}${ended.stderr}`.includes(says), `${ended.stdout}${ended.stderr}`);
    const written = () => readFileSync(join(directory, out), "utf8");
    if (exit === 64) assert.throws(written, /ENOENT/);
    else assert.match(written(), /^\{"schema":"plimsoll\.osv\/1"/);
  });
}

test("an audit uses the index of its directory, and the one it is given", async () => {
  const bundle = join(directory, "bundle");
  const project = join(directory, "project");
  mkdirSync(bundle);
  mkdirSync(project);
  for (const one of RECORDS) writeFileSync(join(bundle, `${one.id}.json`), JSON.stringify(one));
  writeFileSync(join(project, "requirements.txt"), "# deployed\ndjango==4.2.1\n");
  const audit = async (...more: string[]) => {
    const { stdout } = await plimsoll(
      [
        ..."audit project --no-host --offline --only deps.audit --format json --now".split(" "),
        "2026-11-22T00:00:00Z",
        ...more,
      ],
      { cwd: directory },
    );
    return JSON.parse(stdout).controls[0];
  };
  const summary = "django 4.2.1 has PYSEC-1 (CVE-1, GHSA-1); fixed in 4.2.2";
  assert.equal((await audit()).status, "unknown");
  await plimsoll(["osv", "import", "bundle", "--out", "given.idx"], { cwd: directory });
  const given = await audit("--osv", "given.idx");
  assert.deepEqual([given.status, given.summary], ["warn", summary]);
  const [{ file, line }] = given.findings[0].evidence;
  assert.deepEqual([file, line], ["requirements.txt", 2]);
  await plimsoll(["osv", "import", "bundle", "--out", "project/.plimsoll/osv.idx"], {
    cwd: directory,
  });
  assert.equal((await audit()).summary, summary);
  writeFileSync(join(project, "requirements.txt"), "django==4.2.2\n");
  assert.equal((await audit()).status, "pass");
});
