import assert from "node:assert/strict";
import { getDiffieHellman } from "node:crypto";
import { test } from "node:test";
import type { TlsProtocol } from "../../core/tls-scan.ts";
import { suiteByName } from "../../wire/tls/suites.ts";
import type { HelloReply } from "./hello-answer.ts";
import { impliedWeaknesses, surveyPrimes } from "./implied-weakness.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

function survey(
  protocol: TlsProtocol,
  names: readonly string[],
  more: Partial<ProtocolSurvey> = {},
): ProtocolSurvey {
  const suites = names.map((name) => suiteByName(name)?.code ?? assert.fail(name));
  const first = undefined;
  return {
    protocol,
    state: "on",
    suites,
    suiteNames: names,
    replies: [],
    chain: [],
    first,
    ...more,
  };
}

function withPrime(name: string, prime: Uint8Array): HelloReply {
  const suite = suiteByName(name)?.code ?? assert.fail(name);
  const parameters = { kind: "dh", prime, generator: prime, publicValue: prime } as const;
  // Of the hello only the suite is looked at.
  const hello = { suite } as HelloReply["hello"];
  return {
    kind: "reply",
    hello,
    chain: [],
    parameters,
    wantsClientCertificate: false,
    isWhole: true,
  };
}

function found(surveys: readonly ProtocolSurvey[]): readonly string[] {
  return Object.entries(impliedWeaknesses(surveys, surveyPrimes(surveys)))
    .filter(([, verdict]) => verdict === "vulnerable")
    .map(([name]) => name)
    .toSorted();
}

const ROWS: readonly (readonly [string, ProtocolSurvey, readonly string[]])[] = [
  ["CBC in SSL 3.0", survey("SSLv3", ["TLS_RSA_WITH_AES_128_CBC_SHA"]), ["beast", "poodle-ssl"]],
  ["CBC in TLS 1.1", survey("TLSv1.1", ["TLS_RSA_WITH_AES_128_CBC_SHA"]), []],
  ["RC4 in SSL 3.0", survey("SSLv3", ["TLS_RSA_WITH_RC4_128_SHA"]), ["rc4"]],
  ["3DES", survey("TLSv1.2", ["TLS_RSA_WITH_3DES_EDE_CBC_SHA"]), ["sweet32"]],
  ["IDEA", survey("TLSv1.2", ["TLS_RSA_WITH_IDEA_CBC_SHA"]), ["sweet32"]],
  ["RSA export", survey("TLSv1.2", ["TLS_RSA_EXPORT_WITH_RC4_40_MD5"]), ["freak", "rc4"]],
  [
    "DHE export",
    survey("TLSv1.2", ["TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA"]),
    ["logjam", "sweet32"],
  ],
  ["anonymous export", survey("TLSv1.2", ["TLS_DH_anon_EXPORT_WITH_RC4_40_MD5"]), ["anon", "rc4"]],
  ["NULL", survey("TLSv1.2", ["TLS_ECDHE_RSA_WITH_NULL_SHA"]), ["null"]],
  ["TLS 1.3", survey("TLSv1.3", ["TLS_AES_128_GCM_SHA256"]), []],
  ["SSL 2.0 without ciphers", survey("SSLv2", []), ["drown"]],
];

for (const [name, row, wanted] of ROWS) {
  test(`reads weaknesses off suites: ${name}`, () => {
    assert.deepEqual(found([row]), wanted);
  });
}

test("names a shared prime only where it is short and proven", () => {
  const dhe = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256";
  const anon = "TLS_DH_anon_WITH_AES_128_GCM_SHA256";
  const of = (suite: string, group: string) =>
    survey("TLSv1.2", [suite], { replies: [withPrime(suite, getDiffieHellman(group).getPrime())] });
  assert.deepEqual(found([of(dhe, "modp2")]), ["logjam-common-prime"]);
  assert.deepEqual(found([of(dhe, "modp14")]), []);
  assert.deepEqual(found([of(anon, "modp2")]), ["anon"]);
  assert.equal(surveyPrimes([of(dhe, "modp14"), of(dhe, "modp2")]).dhBits, 1024);
});

test("says no where every list is complete, unknown where one is not", () => {
  const whole = survey("TLSv1.3", ["TLS_AES_128_GCM_SHA256"]);
  const off = survey("SSLv2", [], { state: "off" });
  assert.equal(impliedWeaknesses([off, whole], {}).rc4, "not-vulnerable");
  assert.equal(impliedWeaknesses([off, whole], {}).drown, "not-vulnerable");
  const open = survey("TLSv1", [], { state: "unknown", why: "no answer in time" });
  assert.equal(impliedWeaknesses([off, open, whole], {}).rc4, "unknown");
  const cut = survey("TLSv1.2", ["TLS_RSA_WITH_NULL_SHA"], { incomplete: "connection reset" });
  assert.equal(impliedWeaknesses([off, cut, whole], {}).null, "vulnerable");
  assert.equal(impliedWeaknesses([off, cut, whole], {}).anon, "unknown");
});
