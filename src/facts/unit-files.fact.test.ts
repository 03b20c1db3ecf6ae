import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import { unitFiles } from "./unit-files.fact.ts";

const ROOT = "/srv/app";
const OURS = `[Service]\nWorkingDirectory=${ROOT}\nExecStart=/usr/bin/gunicorn a\n`;
const SYSTEM = "/etc/systemd/system";

async function collect(files: Readonly<Record<string, string | MemoryFile>>) {
  const inTree = Object.keys(files).filter((path) => path.startsWith(`${ROOT}/`));
  const tree = known({
    files: inTree.map((path) => ({ path: path.slice(ROOT.length + 1), kind: "file" as const })),
    directories: [],
    isTruncated: false,
    unreadable: [],
  });
  const host = createMemoryHost({ files: { [ROOT]: { kind: "directory" }, ...files } });
  const target = {
    directory: ROOT,
    urls: [],
    mode: "auto",
    compat: false,
    hostFacts: true,
  } as const;
  const { signal } = new AbortController();
  const context = { host, target, nowMs: 0, fingerprintKey: "k", signal };
  const reading = await unitFiles.collect(context, {}, { tree });
  assert.ok(reading.state === "known");
  return reading.value.map(
    ({ name, unit, problem }) =>
      `${name} ${unit.entries.length > 0 ? "read" : "unread"} ${problem?.problem.code ?? "-"}`,
  );
}

const denied = { unreadable: true };
const cases: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string | MemoryFile>>,
  units: readonly string[],
])[] = [
  ["in the tree", { [`${ROOT}/a.service`]: OURS }, ["a.service read -"]],
  ["in the tree, denied", { [`${ROOT}/a.service`]: denied }, ["a.service unread denied"]],
  [
    "in the tree, a link to nowhere",
    { [`${ROOT}/a.service`]: { link: "/gone" } },
    ["a.service unread unreachable"],
  ],
  [
    "in the tree, with a NUL",
    { [`${ROOT}/a.service`]: `${OURS}Environment=A\0=1\n` },
    ["a.service unread malformed"],
  ],
  [
    "in the tree, in UTF-16",
    { [`${ROOT}/a.service`]: { bytes: Buffer.from(OURS, "utf16le") } },
    ["a.service unread malformed"],
  ],
  ["in the tree, of D-Bus", { [`${ROOT}/a.service`]: "[D-BUS Service]\nName=a\n" }, []],
  ["installed", { [`${SYSTEM}/a.service`]: OURS }, ["a.service read -"]],
  [
    "installed, its drop-in denied",
    { [`${SYSTEM}/a.service`]: OURS, [`${SYSTEM}/a.service.d/x.conf`]: denied },
    ["a.service read denied"],
  ],
  [
    "installed, denied, the only one",
    { [`${SYSTEM}/a.service`]: denied },
    ["a.service unread denied"],
  ],
  [
    "installed, denied, beside one of this directory",
    { [`${SYSTEM}/a.service`]: denied, [`${SYSTEM}/b.service`]: OURS },
    ["b.service read -"],
  ],
  ["masked", { [`${SYSTEM}/a.service`]: { kind: "other" } }, []],
];
for (const [name, files, units] of cases) {
  test(`units: ${name}`, async () => assert.deepEqual(await collect(files), units));
}
