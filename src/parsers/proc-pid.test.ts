import assert from "node:assert/strict";
import { test } from "node:test";
import {
  parseBootMs,
  parseProcCgroup,
  parseProcCommand,
  parseProcEnviron,
  parseProcStat,
  parseProcUid,
  unitOfCgroup,
} from "./proc-pid.ts";

const stat = (comm: string) =>
  `42 (${comm}) S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 1000 200 18446744073709551615`;

test("stat: a name may hold brackets and blanks", () => {
  assert.deepEqual(parseProcStat(stat("a) R 1 (b")), {
    comm: "a) R 1 (b",
    state: "S",
    parent: 7,
    startTicks: 12345,
  });
  assert.equal(parseProcStat("42 (gone"), undefined);
  assert.equal(parseProcStat(""), undefined);
});

test("the effective user id counts", () => {
  assert.equal(parseProcUid("Name:\tx\nUid:\t1000\t33\t0\t0\nGid:\t1\t1\t1\t1\n"), 33);
  assert.equal(parseProcUid(""), undefined);
});

test("words of the command line", () => {
  assert.deepEqual(parseProcCommand("a\0b c\0\0"), ["a", "b c"]);
  assert.deepEqual(parseProcCommand("nginx: master process /usr/sbin/nginx\0\0\0"), [
    "nginx: master process /usr/sbin/nginx",
  ]);
  assert.deepEqual(parseProcCommand(""), []);
});

const CGROUPS: readonly (readonly [string, string | undefined])[] = [
  ["0::/system.slice/monitor.service\n", "/system.slice/monitor.service"],
  ["9:name=systemd:/system.slice/a.service\n4:memory:/m\n0::/\n", "/system.slice/a.service"],
  ["4:memory:/docker/abc\n0::/\n", "/docker/abc"],
  ["0::/\n", undefined],
  ["", undefined],
];
for (const [text, expected] of CGROUPS) {
  test(`cgroup of ${JSON.stringify(text)}`, () => assert.equal(parseProcCgroup(text), expected));
}

test("the unit is the innermost service", () => {
  assert.equal(unitOfCgroup("/user.slice/user@1000.service/app.slice/web.service"), "web.service");
  assert.equal(unitOfCgroup("/system.slice/my\\x2dapp.service"), "my-app.service");
  assert.equal(unitOfCgroup("/docker/abc"), undefined);
});

test("boot time in milliseconds", () => {
  assert.equal(parseBootMs("cpu 1\nbtime 1700000000\n"), 1_700_000_000_000);
  assert.equal(parseBootMs(""), undefined);
});

test("environ: the first of a key counts, values keep their equals signs, junk is dropped", () => {
  assert.deepEqual(parseProcEnviron("A=1\0B=x=y\0A=2\0junk\0=C\0EMPTY=\0"), [
    ["A", "1"],
    ["B", "x=y"],
    ["EMPTY", ""],
  ]);
});
