import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";

import type { ControlResult, Report } from "../core/report.ts";
import type { TlsGrade } from "../core/tls-scan.ts";
import { exampleCertificate, exampleScan, type ScanChange } from "../core/tls-scan-example.ts";
import { tlsTextReport } from "./example-tls-report.ts";
import { renderTlsText } from "./tls.report.ts";
import type { TlsView } from "./tls-layout.ts";

const GRADE: TlsGrade = {
  grade: "B",
  score: 93,
  parts: { protocolSupport: 95, keyExchange: 90, cipherStrength: 90 },
  caps: [{ to: "B", because: "TLS 1.0 or 1.1 is offered" }],
  provisional: [],
  notes: [],
};

function show(
  views: readonly TlsView[],
  { controls = [], columns = 80, isVerbose = false, isColoured = false, exitCode = 0 }: Shown = {},
): string {
  const report: Report = tlsTextReport(controls, exitCode);
  return renderTlsText(report, views, { isColoured, isVerbose, columns });
}

interface Shown {
  readonly controls?: readonly ControlResult[];
  readonly columns?: number;
  readonly isVerbose?: boolean;
  readonly isColoured?: boolean;
  readonly exitCode?: number;
}

const view = (change: ScanChange = {}): TlsView => ({ scan: exampleScan(change) });

function failing(id: string, message: string, fix: string): ControlResult {
  const finding = {
    rule: "some-rule",
    status: "fail",
    severity: "high",
    layer: "live",
    message,
    fix,
    evidence: [{ excerpt: "x" }],
    fingerprint: "0123456789abcdef",
  } as const;
  return {
    id,
    title: id,
    severity: "high",
    status: "fail",
    summary: message,
    seed: [],
    references: [],
    layers: [{ layer: "live", status: "fail", summary: message }],
    findings: [finding],
  };
}

test("the verdict is first and last, problems before the tables, a fix told once", () => {
  const controls = [
    failing("tls.protocols", "shop.example.test:443 (192.0.2.1) accepts TLSv1", "Write A"),
    failing("grade.tls", "The grade is B", "Write A. Use B"),
  ];
  const lines = show([{ ...view(), grade: GRADE }], { controls, exitCode: 2 }).split("\n");
  assert.deepEqual(lines.slice(0, 9), [
    "NOT SAFE  shop.example.test:443 (192.0.2.1)  grade B",
    "",
    "FAIL      tls.protocols",
    "          accepts TLSv1",
    "          Fix: Write A",
    "",
    "FAIL      grade.tls",
    "          The grade is B",
    "          Fix: Use B",
  ]);
  assert.deepEqual(lines.slice(-3), [
    "NOT SAFE  shop.example.test:443 (192.0.2.1)  grade B",
    "2 failed, 0 warned, 0 unknown, 0 passed, 0 skipped  (exit 2)",
    "",
  ]);
});

const states: readonly [change: ScanChange, says: string][] = [
  [{ state: "not-tls", why: "speaks plain HTTP", protocols: null }, "not TLS"],
  [{ state: "unreachable", why: "refused", protocols: null }, "unreachable"],
  [{ state: "unknown", why: "no answer in time", protocols: null }, "unknown"],
  [{ why: "refuses every hello: unrecognized_name" }, "no grade"],
  [{}, "no grade"],
];
for (const [change, says] of states) {
  test(`state ${change.state ?? "tls"} is named in the headline and said why`, () => {
    const text = show([view(change)]);
    const [first] = text.split("\n");
    assert.equal(
      first,
      `Safe, by everything that was asked  shop.example.test:443 (192.0.2.1)  ${says}`,
    );
    if (change.why !== undefined) assert.ok(text.includes(`\n                ${change.why}\n`));
  });
}

test("what got no answer is unknown, never none", () => {
  const text = show([
    view({
      groups: null,
      certificates: null,
      alpn: null,
      serverOrder: null,
      secureRenegotiation: null,
      earlyData: null,
      tickets: { isOffered: null },
      protocolsUnknown: ["TLSv1.1"],
      suitesIncomplete: { "TLSv1.2": "rate limited" },
    }),
  ]);
  for (const line of [
    "  Groups        unknown",
    "  Certificate   unknown: the server showed none that could be read",
    "  ALPN          unknown",
    "  Order         not told",
    "  No answer     TLSv1.1",
    "  0-RTT         unknown",
    "  Tickets       unknown",
    "  TLSv1.2: 3 suites, the list is not complete: rate limited",
    "  Refused       SSLv2, SSLv3, TLSv1",
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
});

test("protocols with the same suites share a block, and one that is not complete stands alone", () => {
  const list = ["TLS_RSA_WITH_AES_128_CBC_SHA"];
  const change: ScanChange = {
    protocols: ["TLSv1", "TLSv1.1", "TLSv1.2"],
    suites: { TLSv1: list, "TLSv1.1": list, "TLSv1.2": list },
  };
  assert.match(show([view(change)]), /^ {2}TLSv1\.2, TLSv1\.1, TLSv1: 1 suite$/m);
  const open = show([view({ ...change, suitesIncomplete: { TLSv1: "silence" } })]);
  assert.match(open, /^ {2}TLSv1\.2, TLSv1\.1: 1 suite$/m);
  assert.match(open, /^ {2}TLSv1: 1 suite, the list is not complete: silence$/m);
});

const names = (count: number) =>
  Array.from({ length: count }, (_, at) => `TLS_ECDHE_RSA_WITH_FAKE${at}_128_GCM_SHA256`);
const withSuites = (suites: readonly string[]) =>
  view({ protocols: ["TLSv1.2"], suites: { "TLSv1.2": suites } });

test("24 suites are listed by name, 25 by kind with every weak one named", () => {
  const weak = ["TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"];
  const listed = show([withSuites([...weak, ...names(22)])]);
  assert.ok(listed.includes("TLS_ECDHE_RSA_WITH_FAKE21_128_GCM_SHA256"));
  const told = show([withSuites([...weak, ...names(23)])]);
  assert.ok(!told.includes("TLS_ECDHE_RSA_WITH_FAKE22_128_GCM_SHA256"));
  assert.match(told, /23 with forward secrecy and AEAD:\n.*FAKE0.* and 21 more$/ms);
  for (const name of weak) assert.ok(told.includes(name), name);
  const all = show([withSuites([...weak, ...names(23)])], { isVerbose: true });
  assert.ok(all.includes("TLS_ECDHE_RSA_WITH_FAKE22_128_GCM_SHA256"));
});

for (const columns of [20, 60, 80, 100, 120, 400]) {
  test(`at ${columns} columns no line but a fix, a suite or a long word is wider`, () => {
    const width = Math.min(120, Math.max(60, columns));
    const text = show([{ ...view({ vulnerable: ["freak", "heartbleed"] }), grade: GRADE }], {
      columns,
    });
    for (const line of text.split("\n")) {
      const isFixed = /^ {4}TLS_|^Safe|^shop/.test(line);
      assert.ok(isFixed || line.length <= width, `${line.length}: ${line}`);
    }
  });
}

test("whatever a server calls itself, a terminal obeys none of it", () => {
  const evil = "a\u001b[2Jb\u202ec\u0000d\ne";
  const text = show(
    [
      view({
        host: evil,
        why: evil,
        notes: [evil, `differs from 192.0.2.9 in ${evil}`],
        alpn: [evil],
        groups: [evil],
        suites: { "TLSv1.2": [evil], "TLSv1.3": [evil, ...names(30)] },
        certificates: [
          exampleCertificate({
            subject: evil,
            names: [evil],
            problems: [evil],
            signature: evil,
            notAfter: evil,
            chain: [
              {
                subject: evil,
                issuer: `${evil}2`,
                notAfter: evil,
                keyType: "RSA",
                keyBits: 1,
                signature: evil,
              },
            ],
          }),
        ],
      }),
      view({ state: "unknown", why: evil, host: evil }),
    ],
    { controls: [failing("tls.protocols", evil, evil)], exitCode: 2 },
  );
  assert.ok(text.includes("\\u{1b}[2J"));
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
});

test("colour changes nothing but colour", () => {
  const views = [{ ...view({ vulnerable: ["rc4"] }), grade: GRADE }];
  const coloured = show(views, { isColoured: true });
  assert.notEqual(coloured, show(views));
  assert.equal(stripVTControlCharacters(coloured), show(views));
});

test("several addresses: differences first, a table last", () => {
  const other = view({ address: "192.0.2.2", notes: ["differs from 192.0.2.1 in certificates"] });
  const dead = view({
    address: "192.0.2.3",
    state: "unreachable",
    why: "refused",
    protocols: null,
  });
  const lines = show([{ ...view(), grade: GRADE }, other, dead]).split("\n");
  assert.deepEqual(lines.slice(0, 4), [
    "Safe, by everything that was asked",
    "",
    "DIFFER    shop.example.test:443 (192.0.2.2) differs from 192.0.2.1 in",
    "            certificates",
  ]);
  assert.deepEqual(lines.slice(-7, -4), [
    "B   shop.example.test:443 (192.0.2.1)  TLSv1.3 TLSv1.2, until 2027-01-30",
    "-   shop.example.test:443 (192.0.2.2)  TLSv1.3 TLSv1.2, until 2027-01-30",
    "-   shop.example.test:443 (192.0.2.3)  unreachable: refused",
  ]);
});

test("a certificate's chain has a key, signature and end for each link", () => {
  const lines = show([view()]);
  for (const line of [
    "  Certificate   EC secp256r1, trusted",
    "  Chain         1 CN=shop.example.test",
    "                  EC secp256r1, ecdsa-with-SHA256, 2026-11-01 to 2027-01-30 (68",
    "                2 O=Test Org, CN=Inter",
    "                signed by O=Test Org, CN=Root, not sent",
  ]) {
    assert.ok(lines.includes(`${line}\n`), line);
  }
  const old = view({ certificates: [exampleCertificate({ notAfter: "2026-11-12T00:00:00Z" })] });
  const [expired] = show([old], { columns: 100 }).match(/\(\d+ days ago\)/) ?? [""];
  assert.equal(expired, "(11 days ago)");
});

test("an issuer that was sent is not called missing, wherever it stands", () => {
  const link = (subject: string, issuer: string) => ({
    ...{ subject, issuer, notAfter: "2027-01-30T00:00:00Z" },
    ...{ keyType: "EC", keyBits: 256, signature: "ecdsa-with-SHA256" },
  });
  const [leaf, inter, root] = [
    link("CN=a", "CN=Inter"),
    link("CN=Inter", "CN=Root"),
    link("CN=Root", "CN=Root"),
  ];
  const shown = (chain: readonly (typeof leaf)[]) =>
    show([view({ certificates: [exampleCertificate({ chain })] })]);
  assert.ok(!shown([leaf, root, inter]).includes("not sent"));
  assert.ok(!shown([leaf, inter, root]).includes("not sent"));
  assert.ok(shown([leaf, inter]).includes("signed by CN=Root, not sent"));
  assert.ok(shown([leaf]).includes("signed by CN=Inter, not sent"));
});

test("clients that cannot connect are named with the reason, all of them by --verbose", () => {
  const clients: TlsView["clients"] = [
    { client: "A 1", state: "connects", result: "TLSv1.3  TLS_X  x25519" },
    { client: "B 2", state: "fails", result: "cannot connect: no protocol in common" },
    { client: "C 3", state: "fails", result: "cannot connect: no protocol in common" },
    { client: "D 4", state: "unknown", result: "not told: no certificate was seen" },
  ];
  const text = show([{ ...view(), clients }]);
  assert.ok(text.includes("1 of 4 known clients can connect (computed)\n"));
  assert.ok(text.includes("cannot: B 2, C 3 (no protocol in common)\n"));
  assert.ok(text.includes("not told: D 4 (no certificate was seen)\n"));
  assert.match(show([{ ...view(), clients }], { isVerbose: true }), /A 1 +TLSv1\.3 {2}TLS_X/);
});

test("Mozilla's differences are named, alike ones in one line, asides by --verbose", () => {
  const mozilla: TlsView["mozilla"] = {
    profile: "neither",
    next: "intermediate",
    differences: [
      { level: "info", what: "no OCSP staple" },
      { level: "fail", what: "suite TLS_A is offered" },
      { level: "fail", what: "suite TLS_B is offered" },
      { level: "fail", what: "TLSv1 is offered" },
    ],
  };
  const text = show([{ ...view(), mozilla }]);
  assert.ok(text.includes("neither; beside intermediate:\n"));
  assert.ok(text.includes("fail: suites TLS_A, TLS_B are offered\n"));
  assert.ok(text.includes("fail: TLSv1 is offered\n"));
  assert.ok(text.includes("1 worth knowing, listed by --verbose\n"));
  assert.ok(show([{ ...view(), mozilla }], { isVerbose: true }).includes("info: no OCSP staple\n"));
});

test("4 names of alike differences are shown, of 5 the last is counted", () => {
  const differing = (count: number): NonNullable<TlsView["mozilla"]> => ({
    profile: "neither",
    next: "intermediate",
    differences: Array.from({ length: count }, (_, at) => ({
      level: "fail",
      what: `suite TLS_${at} is offered`,
    })),
  });
  const four = show([{ ...view(), mozilla: differing(4) }]);
  assert.ok(four.includes("fail: suites TLS_0, TLS_1, TLS_2, TLS_3 are offered\n"));
  const five = show([{ ...view(), mozilla: differing(5) }]);
  assert.ok(five.includes("fail: suites TLS_0, TLS_1, TLS_2, TLS_3 and 1 more are offered\n"));
});
