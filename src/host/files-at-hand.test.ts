import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { createFilesAtHand } from "./files-at-hand.ts";

let root = "";
before(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "plimsoll-hand-")));
  mkdirSync(join(root, "with blank"));
  mkdirSync(join(root, "mounted"));
  for (const directory of ["with blank", "mounted"])
    writeFileSync(join(root, directory, "file"), "x");
  symlinkSync("with blank", join(root, "linked"));
  symlinkSync("with blank/file", join(root, "link"));
});
after(() => rmSync(root, { recursive: true, force: true }));

/** Lines of mountinfo (proc(5)): a root, and what is mounted below the directory. */
function table(type: string, below: readonly (readonly [string, string])[] = []): string {
  const line = (point: string, kind: string): string =>
    `36 35 98:0 / ${point} rw,noatime shared:1 - ${kind} source rw`;
  return [line("/", type), ...below.map(([name, kind]) => line(`${root}/${name}`, kind))].join(
    "\n",
  );
}

const isAtHand = (mounts: string, path: string): boolean =>
  createFilesAtHand(mounts).stat(join(root, path)) !== undefined;

test("a plain file of a local file system is at hand", () => {
  for (const type of ["ext4", "overlay", "tmpfs"]) {
    assert.equal(isAtHand(table(type), "with blank/file"), true, type);
    assert.equal(isAtHand(table(type), "with blank"), true, type);
  }
});

test("what may hang is not: other file systems, mounts below, links on the way and at its end", () => {
  for (const type of ["nfs4", "fuse.sshfs", "cifs", "9p", "autofs"])
    assert.equal(isAtHand(table(type), "with blank/file"), false, type);
  const nfs = table("ext4", [["mounted", "nfs4"]]);
  assert.equal(isAtHand(nfs, "mounted"), false);
  assert.equal(isAtHand(nfs, "mounted/file"), false);
  assert.equal(isAtHand(nfs, "with blank/file"), true);
  const blank = table("ext4", [["with\\040blank", "nfs4"]]);
  assert.equal(isAtHand(blank, "with blank/file"), false);
  assert.equal(isAtHand(table("ext4"), "linked/file"), false);
  assert.equal(isAtHand(table("ext4"), "link"), false);
});

test("a local mount below one that is not stays out of reach, one over it is told by the last line", () => {
  assert.equal(isAtHand(table("nfs4", [["mounted", "ext4"]]), "mounted/file"), false);
  assert.equal(
    isAtHand(
      table("ext4", [
        ["mounted", "nfs4"],
        ["mounted", "tmpfs"],
      ]),
      "mounted/file",
    ),
    true,
  );
});

test("without a table, by a path that is not resolved, and where nothing is, nothing is at hand", () => {
  assert.equal(isAtHand("", "with blank/file"), false);
  const files = createFilesAtHand(table("ext4"));
  for (const path of [`${root}/../x`, `${root}//file`, `${root}/./file`, "file", `${root}/a\0b`])
    assert.equal(files.stat(path), undefined, path);
  assert.equal(files.stat(`${root}/gone/file`), undefined);
  assert.equal(files.stat(`${root}/gone`), undefined);
});
