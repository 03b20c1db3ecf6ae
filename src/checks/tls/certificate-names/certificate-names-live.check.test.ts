import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known } from "../../../core/reading.ts";
import {
  exampleCertificate,
  exampleScan,
  type ScanChange,
} from "../../../core/tls-scan-example.ts";
import type { AppSettings } from "../../../facts/app-settings.fact.ts";
import { environmentOf } from "../../judgement/example-facts.ts";
import { exampleRoutes } from "../../tls-scan/example-routes.ts";
import { tlsCertificateNamesLive } from "./certificate-names-live.check.ts";

function evaluate(
  change: ScanChange,
  served: readonly string[] = ["shop.example.test"],
  allowed: readonly string[] = [],
) {
  const setting = {
    name: "ALLOWED_HOSTS",
    file: "settings.py",
    line: 3,
    column: 1,
    kind: "literal",
    variables: [],
    resolved: { state: "known", value: allowed, from: "literal" },
    chain: "ALLOWED_HOSTS",
  } as const;
  const settings = known<AppSettings>({ settings: [setting], problems: [] });
  const environment = known(environmentOf({}));
  const readings = { routes: exampleRoutes(served), environment, settings };
  return tlsCertificateNamesLive.evaluate({ scans: [exampleScan(change)] }, readings);
}
const named = (...names: readonly string[]): ScanChange => ({
  certificates: [exampleCertificate({ names })],
});
const HOST = "shop.example.test";

const cases: readonly [
  name: string,
  change: ScanChange,
  served: readonly string[],
  allowed: readonly string[],
  answer: string,
][] = [
  ["the host", {}, [HOST], [], "pass"],
  ["a wildcard", named("*.example.test"), [HOST], [], "pass"],
  ["another name", named("other.test"), [HOST], [], "fail name-uncovered"],
  ["no names", named(), [HOST], [], "fail name-uncovered"],
  ["an address", { ...named("127.0.0.1"), host: "127.0.0.1" }, [HOST], [], "pass"],
  ["the name that was asked for", { host: "127.0.0.1", askedName: HOST }, [HOST], [], "pass"],
  [
    "another name was asked for",
    { askedName: "www.shop.example.test" },
    [HOST],
    [],
    "fail name-uncovered",
  ],
  ["a second name of the block", {}, [HOST, "www.shop.example.test"], [], "fail name-uncovered"],
  ["patterns of the block do not count", {}, [HOST, "_", "*.shop.example.test", "~^x"], [], "pass"],
  ["names of other blocks do not count", {}, ["other.test"], [], "pass"],
  ["another allowed child", {}, [HOST], ["pay.shop.example.test"], "fail allowed-name-uncovered"],
  [
    "an allowed name with www",
    {},
    [HOST],
    ["www.shop.example.test"],
    "warn allowed-name-uncovered",
  ],
  ["an allowed child name", {}, [HOST], ["api.shop.example.test"], "warn allowed-name-uncovered"],
  [
    "allowed names elsewhere",
    {},
    [HOST],
    ["127.0.0.1", "localhost", "db.internal.test", "*"],
    "pass",
  ],
  [
    "one of two certificates",
    { certificates: [exampleCertificate(), exampleCertificate({ names: ["x.test"] })] },
    [HOST],
    [],
    "fail name-uncovered",
  ],
  ["no certificate", { certificates: [] }, [HOST], [], "unknown"],
];
for (const [name, change, served, allowed, answer] of cases) {
  test(`tls.certificate-names/live: ${name} is ${answer}`, () => {
    const outcome = evaluate(change, served, allowed);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

test("tls.certificate-names/live: the fix names every name", () => {
  const outcome = evaluate(named("other.test"), [HOST, "www.shop.example.test"]);
  assert.ok("findings" in outcome);
  assert.equal(outcome.status, "fail");
  assert.equal(outcome.findings[0].fix, `Run: certbot --nginx -d ${HOST} -d www.shop.example.test`);
  assert.equal(outcome.findings[0].evidence[0].excerpt, "EC 256 certificate names: other.test");
});

test("tls.certificate-names/live: without proxy and settings the host alone is required", () => {
  const none = absent("none");
  const readings = { routes: none, environment: none, settings: none };
  assert.equal(
    tlsCertificateNamesLive.evaluate({ scans: [exampleScan()] }, readings).status,
    "pass",
  );
});
