import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../../../core/reading.ts";
import { exampleScan, type ScanChange } from "../../../core/tls-scan-example.ts";
import type { ProxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { setTo, type TlsListener, untold } from "../../../facts/proxy-tls.ts";
import {
  exampleCiphers,
  exampleListener,
  exampleProtocols,
  exampleTls,
  exampleVersions,
  NO_SCAN,
  NO_VERSION,
} from "../../tls-scan/example-configured.ts";
import { examplePlacements, UNPLACED } from "../../tls-scan/example-placing.ts";
import { tlsProtocolsProxy } from "./protocols-proxy.check.ts";

interface Scene {
  readonly listeners?: readonly TlsListener[];
  readonly routes?: Partial<ProxyRoutes>;
  readonly scan?: ScanChange;
  readonly version?: readonly [nginx: string, openssl?: string];
}

function factsOf({ listeners = [exampleListener()], routes, scan, version }: Scene) {
  return [
    { routes: exampleTls(listeners, routes) },
    {
      ...UNPLACED,
      scans: scan === undefined ? NO_SCAN : known([exampleScan(scan)]),
      versions: version === undefined ? NO_VERSION : exampleVersions(...version),
    },
  ] as const;
}
const evaluate = (scene: Scene) => tlsProtocolsProxy.evaluate(...factsOf(scene));
const states = (scene: Scene) => tlsProtocolsProxy.states?.(...factsOf(scene));

const told = (...value: readonly string[]): Scene => ({
  listeners: [exampleListener({ protocols: exampleProtocols(...value) })],
});
const UNSET = [exampleListener({ protocols: { state: "unset" } })];
const OLD = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
const overruled = (own: TlsListener["protocols"]) => [
  exampleListener(),
  exampleListener({
    names: ["b.test"],
    isDefaultServer: false,
    overruled: { own, by: { file: "n.conf", line: 9 } },
  }),
];
const refused = (isRefused: boolean, isUnreadable = false) => ({
  problems: [
    { proxy: "nginx" as const, file: "n.conf", line: 4, detail: "broken", isUnreadable, isRefused },
  ],
});

const cases: readonly [name: string, scene: Scene, answer: string][] = [
  ["1.2 and 1.3", {}, "pass"],
  ["1.3 alone", told("TLSv1.3"), "pass"],
  ["1.2 alone", told("TLSv1.2"), "warn no-tls13"],
  ["1.1 as well", told("TLSv1.1", "TLSv1.2", "TLSv1.3"), "fail old-protocol"],
  ["1.0 to 1.2", told("TLSv1", "TLSv1.1", "TLSv1.2"), "fail old-protocol no-tls13"],
  ["old ones, OpenSSL 3", { ...told(...OLD), version: ["1.22.1", "3.0.19"] }, "warn old-protocol"],
  ["old ones, OpenSSL 1.1", { ...told(...OLD), version: ["1.22.1", "1.1.1"] }, "fail old-protocol"],
  [
    "old ones, OpenSSL 3 at level 0",
    {
      listeners: [
        exampleListener({
          protocols: exampleProtocols(...OLD),
          ciphers: exampleCiphers("HIGH:@SECLEVEL=0"),
        }),
      ],
      version: ["1.22.1", "3.0.19"],
    },
    "fail old-protocol",
  ],
  ["not set, no version", { listeners: UNSET }, "warn protocols-not-set"],
  ["not set, nginx 1.27.2", { listeners: UNSET, version: ["1.27.2"] }, "warn protocols-not-set"],
  ["not set, nginx 1.27.3", { listeners: UNSET, version: ["1.27.3"] }, "pass"],
  ["not set, nginx 1.28.0", { listeners: UNSET, version: ["1.28.0"] }, "pass"],
  ["not set, seen from outside", { listeners: UNSET, scan: {} }, "pass"],
  [
    "not set, not answered",
    { listeners: UNSET, scan: { protocols: null } },
    "warn protocols-not-set",
  ],
  [
    "not set, another server seen",
    { listeners: UNSET, scan: { host: "other.test", port: 8443 } },
    "warn protocols-not-set",
  ],
  [
    "Caddy has good defaults",
    { listeners: [exampleListener({ proxy: "caddy", protocols: { state: "unset" } })] },
    "pass",
  ],
  [
    "Apache has not",
    { listeners: [exampleListener({ proxy: "apache", protocols: { state: "unset" } })] },
    "warn protocols-not-set",
  ],
  ["not to be told", { listeners: [exampleListener({ protocols: untold("x") })] }, "unknown"],
  [
    "the file says less than the server does",
    { scan: { protocols: ["TLSv1", "TLSv1.2", "TLSv1.3"] } },
    "warn not-in-force",
  ],
  ["the server does less than the file says", { scan: { protocols: ["TLSv1.2"] } }, "pass"],
  ["a server that is overruled", { listeners: overruled(exampleProtocols("TLSv1.3")) }, "pass"],
  [
    "old protocols that are overruled, no version",
    { listeners: overruled(exampleProtocols("TLSv1")) },
    "warn old-protocol-overruled",
  ],
  [
    "old protocols that are overruled, nginx 1.28",
    { listeners: overruled(exampleProtocols("TLSv1")), version: ["1.28.9"] },
    "pass",
  ],
  ["no listener", { listeners: [] }, "skip"],
  [
    "not what the installed proxy reads",
    { listeners: [exampleListener({ isInstalled: false })] },
    "skip",
  ],
  ["no listener, a file not read", { listeners: [], routes: refused(false, true) }, "unknown"],
  ["a file the proxy refuses", { routes: refused(true) }, "unknown"],
  ["a slip in a file", { routes: refused(false) }, "pass"],
  [
    "a file not read, of a proxy that does not run",
    { routes: { ...refused(false, true), running: [] } },
    "pass",
  ],
  [
    "a file not read, and old protocols",
    { ...told("TLSv1", "TLSv1.3"), routes: refused(false, true) },
    "fail old-protocol",
  ],
];
for (const [name, scene, answer] of cases) {
  test(`tls.protocols/proxy: ${name} is ${answer}`, () => {
    const outcome = evaluate(scene);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

for (const { name, routes, placing, judged } of examplePlacements(
  exampleListener({ protocols: exampleProtocols(...OLD) }),
)) {
  test(`tls.protocols/proxy: ${name}: judged ${judged}`, () => {
    const outcome = tlsProtocolsProxy.evaluate({ routes }, { ...placing, versions: NO_VERSION });
    const answers = { yes: "fail", no: "skip", unknown: "unknown" } as const;
    assert.equal(outcome.status, answers[judged]);
  });
}

test("tls.protocols/proxy: the finding names the directive, what it is for and what to write", () => {
  const twice = [
    exampleListener({ protocols: exampleProtocols("TLSv1", "TLSv1.3") }),
    exampleListener({ protocols: exampleProtocols("TLSv1", "TLSv1.3"), names: ["b.test"] }),
  ];
  const outcome = evaluate({ listeners: twice });
  assert.ok(outcome.status === "fail");
  assert.equal(outcome.findings.length, 1);
  const [{ message, fix, evidence }] = outcome.findings;
  assert.equal(message, "nginx is told to speak TLSv1 for shop.example.test, b.test");
  assert.match(
    fix,
    /^In \/etc\/nginx\/nginx\.conf line 31 write: ssl_protocols TLSv1\.2 TLSv1\.3; in http\{\}/,
  );
  assert.deepEqual(evidence[0], {
    file: "/etc/nginx/nginx.conf",
    line: 31,
    excerpt: "ssl_protocols TLSv1 TLSv1.3;",
  });
});

test("tls.protocols/proxy: what is set and what is spoken are the steps of the trace", () => {
  const inner = {
    layer: "proxy",
    says: "sets",
    value: "TLSv1.2 TLSv1.3",
    where: "/etc/nginx/nginx.conf:31",
  };
  assert.deepEqual(states({}), [inner]);
  assert.deepEqual(states({ scan: { protocols: ["TLSv1"] } }), [
    inner,
    {
      layer: "live",
      says: "sets",
      value: "TLSv1",
      where: "shop.example.test:443 (192.0.2.1)",
    },
  ]);
  assert.deepEqual(
    states({ listeners: UNSET, version: ["1.22.1"] })?.map(({ value, where }) => [value, where]),
    [
      [
        "TLSv1 TLSv1.1 TLSv1.2",
        "not set for /etc/nginx/sites-enabled/shop:3, the default of nginx 1.22.1",
      ],
    ],
  );
  assert.equal(states({ listeners: UNSET })?.[0]?.says, "unknown");
  assert.deepEqual(states({ listeners: [] }), []);
});

test("tls.protocols/proxy: a contradiction says file, line and what was accepted", () => {
  const outcome = evaluate({ scan: { protocols: ["TLSv1", "TLSv1.2", "TLSv1.3"] } });
  assert.ok(outcome.status === "warn");
  assert.equal(
    outcome.findings[0].message,
    "shop.example.test:443 (192.0.2.1) accepts TLSv1, yet /etc/nginx/nginx.conf:31 sets TLSv1.2 TLSv1.3: nginx was not reloaded, or another server answers",
  );
});

test("tls.protocols/proxy: the pass says what is set where", () => {
  const set = setTo(["TLSv1.3"] as const, "x", { file: "b.conf", line: 2 });
  const outcome = evaluate({
    listeners: [exampleListener(), exampleListener({ protocols: set, names: ["b.test"] })],
  });
  assert.ok(outcome.status === "pass");
  assert.equal(
    outcome.summary,
    "The proxy is told to speak only TLSv1.2 and TLSv1.3 (/etc/nginx/nginx.conf:31); TLSv1.3 (b.conf:2)",
  );
});
