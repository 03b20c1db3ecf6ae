import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNginx } from "./parse.ts";
import {
  httpPaths,
  httpServers,
  LISTENS_MAX,
  listenSockets,
  type NginxServer,
  selectServer,
  socketOf,
  streamServers,
} from "./server.ts";

function servers(text: string): readonly NginxServer[] {
  const found = httpServers(parseNginx(text, "f"));
  assert.deepEqual(found.problems, []);
  return found.servers;
}

const id = (server: NginxServer): string => server.names[0]?.text ?? "";

function selected(text: string, address: string, port: number, host: string): string {
  const found = selectServer(servers(text), { address, port, host });
  switch (found.state) {
    case "selected":
      return `${id(found.server)} by ${found.by}`;
    case "undecidable":
      return `one of ${found.candidates.map(id).join(" ")}`;
    case "bad-request":
    case "no-listener":
      return found.state;
  }
}

test("a snippet without http counts as if http included it", () => {
  const [snippet] = servers("upstream u { server a; }\nserver { server_name s; }");
  assert.deepEqual(
    snippet?.path.map(({ name }) => name),
    ["main", "http", "server"],
  );
  const [whole] = servers("http { server { server_name s; } }");
  assert.deepEqual(
    whole?.path.map(({ name }) => name),
    ["main", "http", "server"],
  );
  assert.deepEqual(httpPaths(parseNginx("stream { server { listen 1; } }", "f")), []);
  assert.deepEqual(httpPaths(parseNginx("", "f")), []);
});

test("stream servers are apart from http servers", () => {
  const tree = parseNginx(
    "stream { server { listen 53 udp; } } http { server { listen 80; } }",
    "f",
  );
  assert.equal(httpServers(tree).servers.length, 1);
  assert.deepEqual(
    streamServers(tree).servers.map(({ listens, path }) => [
      listens[0]?.port,
      listens[0]?.isUdp,
      path[1]?.name,
    ]),
    [[53, true, "stream"]],
  );
});

test("without listen it is *:80, without name the empty name", () => {
  const [server] = servers("http {\n server { }\n}");
  assert.deepEqual(
    [
      server?.listens[0]?.address,
      server?.listens[0]?.port,
      server?.listens[0]?.isImplied,
      server?.listens[0]?.line,
    ],
    ["*", 80, true, 2],
  );
  assert.deepEqual(
    server?.names.map(({ kind, value }) => [kind, value]),
    [["exact", ""]],
  );
});

test("a socket does TLS for all servers when one listen says so", () => {
  const all = servers(
    "http { server { listen 443 ssl http2; server_name a; } server { listen 0.0.0.0:443; server_name b; } server { listen 127.0.0.1:443; server_name c; } }",
  );
  const sockets = listenSockets(all);
  assert.deepEqual(
    sockets.map(({ address, isSsl, isHttp2, servers: of }) => [
      address,
      isSsl,
      isHttp2,
      of.map(id),
    ]),
    [
      ["*", true, true, ["a", "b"]],
      ["127.0.0.1", false, false, ["c"]],
    ],
  );
  const listen = all[1]?.listens[0];
  assert.ok(listen);
  assert.equal(listen.isSsl, false);
  assert.equal(socketOf(sockets, listen)?.isSsl, true);
});

test("QUIC is a socket of its own", () => {
  const all = servers("http { server { listen 443 quic reuseport; listen 443 ssl; } }");
  assert.deepEqual(
    listenSockets(all).map(({ isQuic, isSsl }) => [isQuic, isSsl]),
    [
      [true, false],
      [false, true],
    ],
  );
});

const NAMES = `http {
  server { listen 80; server_name first; }
  server { listen 80 default_server; server_name default; }
  server { listen 80; server_name exact.test; }
  server { listen 80; server_name *.test; }
  server { listen 80; server_name *.deep.test; }
  server { listen 80; server_name .dotted.test; }
  server { listen 80; server_name www.tail.*; }
  server { listen 80; server_name ~^re\\d+$; }
  server { listen 80; server_name ~^re1$; }
  server { listen 80; server_name late exact.test; }
  server { listen 127.0.0.1:80; server_name local; }
  server { listen [::]:81 ipv6only=off; server_name six; }
  server { listen unix:/run/n.sock; server_name unix; }
}`;
const SELECTIONS: readonly (readonly [
  address: string,
  port: number,
  host: string,
  expected: string,
])[] = [
  ["*", 80, "exact.test", "exact.test by exact"],
  ["*", 80, "EXACT.test.:8080", "exact.test by exact"],
  ["*", 80, "a.test", "*.test by leading"],
  ["*", 80, "a.b.test", "*.test by leading"],
  ["*", 80, "a.deep.test", "*.deep.test by leading"],
  ["*", 80, "dotted.test", ".dotted.test by dotted"],
  ["*", 80, "x.dotted.test", ".dotted.test by dotted"],
  ["*", 80, "www.tail.co.uk", "www.tail.* by trailing"],
  ["*", 80, "www.tail.test", "*.test by leading"],
  ["*", 80, "re1", "~^re\\d+$ by regex"],
  ["*", 80, "late", "late by exact"],
  ["*", 80, "nobody", "default by default"],
  ["*", 80, "", "default by default"],
  ["*", 80, "a..b", "bad-request"],
  ["192.0.2.1", 80, "exact.test", "exact.test by exact"],
  ["127.0.0.1", 80, "exact.test", "local by default"],
  ["::1", 81, "x", "six by default"],
  ["192.0.2.1", 81, "x", "six by default"],
  ["::1", 80, "x", "no-listener"],
  ["*", 8080, "x", "no-listener"],
  ["unix:/run/n.sock", 0, "x", "unix by default"],
];
for (const [address, port, host, expected] of SELECTIONS) {
  test(`selected: ${host} at ${address}:${port}`, () => {
    assert.equal(selected(NAMES, address, port, host), expected);
  });
}

test("a name pattern that cannot be told leaves its server and what else it could be", () => {
  const text =
    "server { listen 80; server_name d; } server { listen 80; server_name ~(a)\\1; } server { listen 80; server_name x ~^aa$; }";
  assert.equal(selected(text, "*", 80, "aa"), "one of ~(a)\\1 x d");
  assert.equal(selected(text, "*", 80, "x"), "x by exact");
});

test("limits: listening ports of a configuration", () => {
  const text = (count: number): string => `http { ${"server { listen 1-1000; }".repeat(count)} }`;
  const most = LISTENS_MAX / 1_000;
  assert.deepEqual(httpServers(parseNginx(text(most), "f")).problems, []);
  const more = httpServers(parseNginx(text(most + 1), "f"));
  assert.deepEqual([more.servers.length, more.problems[0]?.kind], [most, "limit"]);
});
