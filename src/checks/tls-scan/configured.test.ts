import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleScan, type ScanChange } from "../../core/tls-scan-example.ts";
import type { TlsListener } from "../../facts/proxy-tls.ts";
import { answeringListener, coversName, isAtLeast, showListeners } from "./configured.ts";
import { exampleListener } from "./example-configured.ts";
import { defaultProtocols } from "./proxy-defaults.ts";

test("names with wildcards as proxies write them", () => {
  const cases: readonly [name: string, host: string, covers: boolean][] = [
    ["a.test", "A.test", true],
    ["a.test", "a.test.", true],
    ["a.test", "b.test", false],
    ["*.a.test", "x.a.test", true],
    ["*.a.test", "a.test", false],
    [".a.test", "a.test", true],
    [".a.test", "x.a.test", true],
    [".a.test", "xa.test", false],
    ["www.a.*", "www.a.test", true],
    ["www.a.*", "www.ab.test", false],
    ["~^a", "a.test", false],
    ["", "a.test", false],
  ];
  for (const [name, host, covers] of cases) assert.equal(coversName(name, host), covers, name);
});

const named = (...names: readonly string[]): Partial<TlsListener> => ({ names });
const cases: readonly [
  name: string,
  listeners: readonly Partial<TlsListener>[],
  scan: ScanChange,
  answers: string | undefined,
][] = [
  ["the name", [named("b.test"), named("shop.example.test")], {}, "shop.example.test"],
  ["a wildcard", [named("b.test"), named("*.example.test")], {}, "*.example.test"],
  [
    "the socket's default for other names",
    [{ names: ["b.test"], isDefaultServer: false }, named("c.test")],
    {},
    "c.test",
  ],
  ["the port before the name", [{ port: 8443 }, named("b.test")], {}, "b.test"],
  [
    "the name where no listener has the port",
    [named("b.test"), named("shop.example.test")],
    { port: 9443 },
    "shop.example.test",
  ],
  ["nobody", [named("b.test")], { port: 9443 }, undefined],
  [
    "the socket of the address",
    [
      { names: ["shop.example.test"], address: "192.0.2.9" },
      { names: ["*.example.test"], address: "192.0.2.1" },
    ],
    {},
    "*.example.test",
  ],
];
for (const [name, listeners, scan, answers] of cases) {
  test(`a scanned server is answered by ${name}`, () => {
    const found = answeringListener(listeners.map(exampleListener), exampleScan(scan));
    assert.equal(found?.names[0], answers);
  });
}

test("versions compare part by part", () => {
  assert.ok(isAtLeast("1.27.3", "1.27.3"));
  assert.ok(isAtLeast("1.28", "1.27.3"));
  assert.ok(isAtLeast("2", "1.27.3"));
  assert.ok(!isAtLeast("1.27", "1.27.3"));
  assert.ok(!isAtLeast("1.9.9", "1.10"));
});

test("what products speak by default", () => {
  const speaks = (proxy: TlsListener["proxy"], version?: string) =>
    defaultProtocols(
      proxy,
      version === undefined ? undefined : { proxy, version, from: "x" },
    )?.join(" ");
  const from10 = "TLSv1 TLSv1.1 TLSv1.2";
  assert.equal(speaks("nginx", "1.27.3"), "TLSv1.2 TLSv1.3");
  assert.equal(speaks("nginx", "1.27.2"), `${from10} TLSv1.3`);
  assert.equal(speaks("nginx", "1.23.4"), `${from10} TLSv1.3`);
  assert.equal(speaks("nginx", "1.22.1"), from10);
  assert.equal(speaks("nginx", "1.8.0"), undefined);
  assert.equal(speaks("nginx"), undefined);
  assert.equal(speaks("haproxy", "2.2"), "TLSv1.2 TLSv1.3");
  assert.equal(speaks("haproxy", "2.1.9"), `${from10} TLSv1.3`);
  assert.equal(speaks("haproxy"), undefined);
  assert.equal(speaks("caddy"), "TLSv1.2 TLSv1.3");
  assert.equal(speaks("apache"), `${from10} TLSv1.3`);
  assert.equal(speaks("traefik", "3.1"), "TLSv1.2 TLSv1.3");
  assert.equal(speaks("traefik", "2.11"), undefined);
  assert.equal(speaks("envoy", "1.30"), undefined);
});

test("listeners are named by their names, else by their socket", () => {
  const names = ["a", "b", "c", "d"].map((name) => exampleListener({ names: [`${name}.test`] }));
  assert.equal(showListeners(names), "a.test, b.test, c.test and 1 more");
  assert.equal(showListeners([exampleListener({ names: [], address: "::" })]), "[::]:443");
});
