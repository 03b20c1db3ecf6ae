import assert from "node:assert/strict";
import { test } from "node:test";
import { showIp } from "./address.ts";
import { parseProcAddress, parseProcNet, parseProcNetUnix } from "./proc-net.ts";

const HEAD =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const row = (local: string, state: string, uid: number, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;

test("only listening rows, addresses in network order", () => {
  const text =
    HEAD +
    row("0100007F:1F40", "0A", 1000, 40002) +
    row("0100007F:1F41", "01", 1000, 40003) +
    row("00000000:01BB", "0A", 0, 40001);
  assert.deepEqual(parseProcNet(text), [
    { address: "127.0.0.1", port: 8000, isIpv6: false, uid: 1000, inode: 40002 },
    { address: "0.0.0.0", port: 443, isIpv6: false, uid: 0, inode: 40001 },
  ]);
});

const WORDS: readonly (readonly [string, string | undefined])[] = [
  ["0100007F", "127.0.0.1"],
  ["0A00000A", "10.0.0.10"],
  ["00000000000000000000000000000000", "::"],
  ["00000000000000000000000001000000", "::1"],
  ["0000000000000000FFFF00000100007F", "127.0.0.1"],
  ["0000000000000000FFFF000000000000", "0.0.0.0"],
  ["B80D0120000000000000000001000000", "2001:db8::1"],
  ["0100007", undefined],
  ["0100007G", undefined],
  ["0100007F00", undefined],
  ["", undefined],
];
for (const [words, shown] of WORDS) {
  test(`address words ${words}`, () => {
    const ip = parseProcAddress(words);
    assert.equal(ip === undefined ? undefined : showIp(ip), shown);
  });
}

test("malformed rows are left out, never thrown on", () => {
  assert.deepEqual(parseProcNet(""), []);
  assert.deepEqual(parseProcNet("garbage\n:: 0A\n   0: 0100007F 0 0A\n"), []);
  assert.deepEqual(parseProcNet(HEAD + row("0100007F:XXXX", "0A", 0, 1)), []);
});

test("unix sockets: listening ones with a path, blanks kept", () => {
  const text = [
    "Num       RefCount Protocol Flags    Type St Inode Path",
    "00000000ae0ecc3f: 00000002 00000000 00010000 0001 01 20001 /run/app/gunicorn.sock",
    "00000000ae0ecc40: 00000003 00000000 00000000 0001 03 20002 /run/app/client.sock",
    "00000000ae0ecc41: 00000002 00000000 00010000 0001 01 20003 @abstract",
    "00000000ae0ecc42: 00000002 00000000 00010000 0001 01 20004",
    "00000000ae0ecc43: 00000002 00000000 00010000 0001 01    17 /run/a b",
  ].join("\n");
  assert.deepEqual(parseProcNetUnix(text), [
    { path: "/run/app/gunicorn.sock", inode: 20001 },
    { path: "/run/a b", inode: 17 },
  ]);
});
