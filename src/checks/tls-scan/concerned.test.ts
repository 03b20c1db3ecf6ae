import assert from "node:assert/strict";
import { test } from "node:test";
import { notApplicable, pass } from "../../core/check.ts";
import { known, type Reading } from "../../core/reading.ts";
import type { TlsScan } from "../../core/tls-scan.ts";
import { exampleScan, type ScanChange } from "../../core/tls-scan-example.ts";
import type { ProxyRoute, ProxyRoutes } from "../../facts/proxy-routes.fact.ts";
import type { TlsListener } from "../../facts/proxy-tls.ts";
import { boundTo, runBy, running, TLS, UNIT } from "../route/example-facts.ts";
import { concernedTls, joinConfigured, type Placing } from "./concerned.ts";
import { exampleListener, exampleTls, NO_SCAN } from "./example-configured.ts";
import { examplePlacements, exampleRouteOf, PLACED, UNPLACED } from "./example-placing.ts";

const scans = (...changes: readonly ScanChange[]): Reading<readonly TlsScan[]> =>
  known(changes.map(exampleScan));

test("of several configurations the one that answers the audited servers counts", () => {
  const tls = [
    exampleListener({ foundBy: "pid 1" }),
    exampleListener({ foundBy: "pid 1", names: ["b.test"], isDefaultServer: false }),
    exampleListener({ foundBy: "pid 2", port: 8443 }),
    exampleListener({ foundBy: "in the tree", isInstalled: false }),
  ];
  const concerned = (given: Reading<readonly TlsScan[]>) =>
    concernedTls(exampleTls(tls), { ...UNPLACED, scans: given });
  assert.equal(concerned(NO_SCAN).length, 3);
  assert.deepEqual(
    concerned(scans({})).map(({ foundBy }) => foundBy),
    ["pid 1", "pid 1"],
  );
  assert.equal(concerned(scans({ port: 8443 })).length, 1);
  assert.equal(concerned(scans({ host: "x.test", port: 1 })).length, 3);
  assert.equal(concerned(scans({ state: "unreachable" })).length, 3);
});

const INSTALLED = { isInstalled: true, foundBy: "pid 20" } as const;
const shop = exampleListener(INSTALLED);
const OTHER = { names: ["other.test"], isDefaultServer: false } as const;
const other = exampleListener({ ...INSTALLED, ...OTHER, file: "/etc/nginx/sites-enabled/other" });
const APP = "127.0.0.1:8000";

interface Scene {
  readonly tls?: readonly TlsListener[];
  readonly routes?: readonly ProxyRoute[];
  readonly proxies?: Partial<ProxyRoutes>;
  readonly placing?: Partial<Placing>;
}

function factsOf({ tls = [shop, other], routes = [], proxies, placing }: Scene) {
  const configurations = [
    {
      proxy: "nginx" as const,
      file: "/etc/nginx/nginx.conf",
      foundBy: "pid 20",
      isInstalled: true,
    },
  ];
  return [
    exampleTls(tls, { configurations, running: running("nginx"), routes, ...proxies }),
    { ...PLACED, ...placing },
  ] as const;
}

/** A haproxy in front that hands on to the plain port 8080 of nginx. */
const front = exampleListener({
  ...INSTALLED,
  proxy: "haproxy",
  names: [],
  file: "/h.cfg",
  line: 5,
});
const inner = { ...TLS, isTls: false, port: 8080, address: "127.0.0.1" };
const twice = [
  exampleRouteOf(front, "127.0.0.1:8080"),
  exampleRouteOf(other, APP, { listeners: [inner] }),
];
const both = running("nginx", "haproxy");

const cases: readonly [name: string, scene: Scene, concerned: string][] = [
  ["the one whose route leads there", { routes: [exampleRouteOf(shop, APP)] }, "shop.example.test"],
  [
    "the one of two that leads there",
    { routes: [exampleRouteOf(other, APP), exampleRouteOf(shop, "127.0.0.1:9000")] },
    "other.test",
  ],
  ["none that leads elsewhere", { routes: [exampleRouteOf(shop, "127.0.0.1:9000")] }, ""],
  ["none without a route", {}, ""],
  [
    "one of a proxy that does not run",
    { routes: [exampleRouteOf(shop, APP)], proxies: { running: [] } },
    "shop.example.test",
  ],
  [
    "one that leads to what a unit binds",
    {
      routes: [exampleRouteOf(shop, APP)],
      placing: {
        ...UNPLACED,
        services: runBy({ services: [UNIT], binds: [boundTo("127.0.0.1", 8000)] }),
      },
    },
    "shop.example.test",
  ],
  [
    "one that leads there through another proxy",
    { tls: [front, shop], routes: twice, proxies: { running: both } },
    "haproxy",
  ],
  [
    "no other server that includes the same listen line",
    {
      tls: [shop, exampleListener({ ...INSTALLED, ...OTHER })],
      routes: [exampleRouteOf(shop, APP)],
    },
    "shop.example.test",
  ],
  [
    "no other port in the same line",
    {
      tls: [shop, exampleListener({ ...INSTALLED, port: 8443 })],
      routes: [exampleRouteOf(shop, APP)],
    },
    "shop.example.test",
  ],
  [
    "no other product's",
    { tls: [{ ...shop, proxy: "apache" }], routes: [exampleRouteOf(shop, APP)] },
    "",
  ],
  [
    "one whose file lies in the tree",
    { tls: [{ ...shop, file: "deploy/shop.conf" }, other] },
    "shop.example.test",
  ],
  ["one known from the tree alone", { tls: [exampleListener(), other] }, "shop.example.test"],
  [
    "no sample in the tree",
    { tls: [{ ...shop, isInstalled: false, file: "deploy/shop.conf" }] },
    "",
  ],
  ["one that answers an audited server", { placing: { scans: scans({}) } }, "shop.example.test"],
  [
    "one that answers, and one that leads there",
    { routes: [exampleRouteOf(other, APP)], placing: { scans: scans({}) } },
    "shop.example.test other.test",
  ],
  [
    "none where the audited servers are others'",
    { placing: { scans: scans({ host: "x.test", port: 1 }) } },
    "",
  ],
  [
    "one that leads there where the audited servers are others'",
    {
      routes: [exampleRouteOf(other, APP)],
      placing: { scans: scans({ host: "x.test", port: 1 }) },
    },
    "other.test",
  ],
];
for (const [name, scene, concerned] of cases) {
  test(`what concerns the deployment: ${name}`, () => {
    const found = concernedTls(...factsOf(scene));
    assert.equal(found.map(({ names, proxy }) => names[0] ?? proxy).join(" "), concerned);
  });
}

const GOOD = pass("good");
const joined = (routes: ProxyRoutes, placing: Placing) => joinConfigured(routes, placing, [], GOOD);

test("where nothing concerns the deployment it is said why", () => {
  const answers = examplePlacements(shop).map(({ routes, placing }) => joined(routes, placing));
  const elsewhere = notApplicable("No TLS listener of a proxy leads to the application");
  assert.deepEqual(answers.slice(0, 3), [GOOD, elsewhere, elsewhere]);
  assert.deepEqual(answers.slice(3), [
    {
      status: "unknown",
      problem: {
        code: "unsupported",
        detail:
          "Whether /etc/nginx/sites-enabled/shop:4 leads to the application cannot be told: proxy_pass to ?",
      },
    },
    {
      status: "unknown",
      problem: {
        code: "not-recorded",
        detail:
          "Where the application listens is not known, so no proxy route can be matched with it",
      },
    },
  ]);
  assert.deepEqual(
    joined(exampleTls([]), UNPLACED),
    notApplicable("No TLS listener is configured in a proxy"),
  );
});

test("a listener that concerns the deployment is judged although another cannot be told", () => {
  const routes = [exampleRouteOf(shop, APP), exampleRouteOf(other, "?")];
  assert.deepEqual(joined(...factsOf({ routes })), GOOD);
});

test("a configuration that could not be read leaves it open whether nothing concerns it", () => {
  const problems = [{ proxy: "nginx", file: "/n", detail: "EACCES", isUnreadable: true }] as const;
  const outcome = joined(...factsOf({ proxies: { problems } }));
  assert.equal(outcome.status, "unknown");
});
