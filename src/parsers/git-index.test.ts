import assert from "node:assert/strict";
import { test } from "node:test";
import { parseGitIndex } from "./git-index.ts";

interface Row {
  readonly path: string;
  readonly isExtended?: boolean;
  readonly mode?: number;
}

/** Builds an index of version 2 or 3 as gitformat-index(5) has it; the checksum is left zero. */
function index(version: number, rows: readonly Row[], tail: readonly number[] = []): Uint8Array {
  const bytes: number[] = [...Buffer.from("DIRC"), ...u32(version), ...u32(rows.length)];
  for (const { path, isExtended, mode = 0o100644 } of rows) {
    const name = Buffer.from(path);
    const entry = [...Array(24).fill(0), ...u32(mode), ...Array(12).fill(0), ...Array(20).fill(7)];
    const flags = Math.min(name.length, 0xfff) | (isExtended ? 0x4000 : 0);
    entry.push(flags >> 8, flags & 255, ...(isExtended ? [0, 0] : []), ...name);
    do entry.push(0);
    while (entry.length % 8 !== 0);
    bytes.push(...entry);
  }
  return Uint8Array.from([...bytes, ...tail, ...Array(20).fill(0)]);
}

function u32(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

const LONG = `${"d/".repeat(2_100)}x`;
for (const version of [2, 3]) {
  test(`version ${version}: every length of padding, long names, stages once`, () => {
    const names = Array.from({ length: 17 }, (_, length) => `f${"x".repeat(length)}`);
    const rows = [...names, LONG, "é.env", "é.env"].map((path) => ({
      path,
      isExtended: version === 3,
    }));
    const parsed = parseGitIndex(index(version, rows));
    assert.deepEqual(parsed, {
      ok: true,
      version,
      paths: [...names, LONG, "é.env"],
      isSplit: false,
    });
  });
}

test("version 4: prefix compression with one and two byte lengths", () => {
  const entry = (drop: readonly number[], suffix: string) => [
    ...Array(62).fill(0),
    ...drop,
    ...Buffer.from(suffix),
    0,
  ];
  const long = "a".repeat(300);
  const bytes = Uint8Array.from([
    ...Buffer.from("DIRC"),
    ...u32(4),
    ...u32(4),
    ...entry([0], "app/a.py"),
    ...entry([4], "b.py"),
    ...entry([4], long),
    // 304 - 2 = 302 bytes dropped: (1 + 1) * 128 + 46.
    ...entry([0x81, 46], "/z"),
    ...Array(20).fill(0),
  ]);
  const parsed = parseGitIndex(bytes);
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.paths, ["app/a.py", "app/b.py", `app/${long}`, "ap/z"]);
});

test("sparse directories end in a slash, a link extension makes it split", () => {
  const link = [...Buffer.from("link"), ...u32(4), 0, 0, 0, 0];
  const parsed = parseGitIndex(index(2, [{ path: "lib", mode: 0o040000 }], link));
  assert.deepEqual(parsed, { ok: true, version: 2, paths: ["lib/"], isSplit: true });
});

const BROKEN: readonly (readonly [string, Uint8Array, string])[] = [
  ["empty", new Uint8Array(), "is not a git index"],
  ["text", new Uint8Array(100), "is not a git index"],
  ["version 5", index(5, []), "has version 5"],
  ["cut off", index(2, [{ path: "a" }, { path: "b" }]).subarray(0, 150), "ends within entry 2"],
  [
    "a count of four thousand million",
    Uint8Array.from([...Buffer.from("DIRC"), ...u32(2), ...u32(0xffffffff), ...Array(20).fill(0)]),
    "has 4294967295 entries",
  ],
];
for (const [name, bytes, message] of BROKEN) {
  test(`refused: ${name}`, () => assert.deepEqual(parseGitIndex(bytes), { ok: false, message }));
}
