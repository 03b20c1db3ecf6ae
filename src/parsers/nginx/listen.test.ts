import assert from "node:assert/strict";
import { test } from "node:test";
import { type NginxListen, parseListen, RANGE_MAX } from "./listen.ts";
import { parseNginx } from "./parse.ts";

function listen(args: string): ReturnType<typeof parseListen> {
  const [directive] = parseNginx(`listen ${args};`, "f").directives;
  assert.ok(directive);
  return parseListen(directive);
}

function flags(one: NginxListen): readonly string[] {
  const { isSsl, isHttp2, isQuic, isDefaultServer, isProxyProtocol, isIpv6Only, isUdp } = one;
  const all = { isSsl, isHttp2, isQuic, isDefaultServer, isProxyProtocol, isIpv6Only, isUdp };
  return Object.entries(all).flatMap(([name, isSet]) => (isSet ? [name.slice(2)] : []));
}

const ADDRESSES: readonly (readonly [
  text: string,
  address: string,
  port: number,
  family: string,
])[] = [
  ["80", "*", 80, "ipv4"],
  ["*:8080", "*", 8080, "ipv4"],
  ["0.0.0.0:443", "*", 443, "ipv4"],
  ["127.0.0.1", "127.0.0.1", 80, "ipv4"],
  ["127.0.0.1:8000", "127.0.0.1", 8000, "ipv4"],
  ["localhost:8000", "localhost", 8000, "name"],
  ["[::]:80", "[::]", 80, "ipv6"],
  ["[::1]", "[::1]", 80, "ipv6"],
  ["[2001:DB8:0:0::1]:443", "[2001:db8::1]", 443, "ipv6"],
  ["unix:/run/nginx.sock", "unix:/run/nginx.sock", 0, "unix"],
];
for (const [text, address, port, family] of ADDRESSES) {
  test(`address: ${text}`, () => {
    const { listens, problems } = listen(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      listens.map((one) => [one.address, one.port, one.family]),
      [[address, port, family]],
    );
  });
}

for (const text of [
  "",
  "0",
  "65536",
  ":80",
  "::1",
  "[::1",
  "[zz]:80",
  "*:x",
  "80-70",
  "unix:",
  "1.2.3.4:0",
]) {
  test(`refused: ${text}`, () => {
    const { listens, problems } = listen(text);
    assert.deepEqual([listens.length, problems.length], [0, 1]);
  });
}

test("flags", () => {
  const of = (text: string): readonly string[] => listen(text).listens.flatMap(flags);
  assert.deepEqual(of("443 ssl http2 default_server"), [
    "Ssl",
    "Http2",
    "DefaultServer",
    "Ipv6Only",
  ]);
  assert.deepEqual(of("443 quic reuseport proxy_protocol"), ["Quic", "ProxyProtocol", "Ipv6Only"]);
  assert.deepEqual(of("[::]:80 ipv6only=off default"), ["DefaultServer"]);
  assert.deepEqual(of("53 udp"), ["Ipv6Only", "Udp"]);
});

test("a range is one entry per port", () => {
  const { listens } = listen("127.0.0.1:8000-8002 ssl");
  assert.deepEqual(
    listens.map(({ port, isSsl }) => [port, isSsl]),
    [
      [8000, true],
      [8001, true],
      [8002, true],
    ],
  );
});

test("an unknown parameter is a problem at its place, a missing ; shows as one", () => {
  const { listens, problems } = listen("80 backlog=5\n  server_name x");
  assert.equal(listens.length, 1);
  assert.deepEqual(
    problems.map(({ line, column, message }) => [line, column, message]),
    [
      [2, 3, 'Unknown parameter of "listen": server_name'],
      [2, 15, 'Unknown parameter of "listen": x'],
    ],
  );
});

test("limits: ports of a range", () => {
  assert.equal(listen(`1-${RANGE_MAX}`).listens.length, RANGE_MAX);
  assert.equal(listen(`1-${RANGE_MAX + 1}`).listens.length, RANGE_MAX);
  assert.equal(listen("1-65535").listens.length, RANGE_MAX);
});
