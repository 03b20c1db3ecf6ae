import assert from "node:assert/strict";
import { test } from "node:test";

import type { TlsGrade } from "../core/tls-scan.ts";
import { nextGrade } from "./next-grade.ts";

const GOOD: TlsGrade = {
  grade: "A",
  score: 93,
  parts: { protocolSupport: 100, keyExchange: 90, cipherStrength: 90 },
  caps: [],
  provisional: [],
  notes: [],
};
const cap = (to: string, because: string) => ({ to, because });

const rows: readonly [name: string, change: Partial<TlsGrade>, says: string | undefined][] = [
  ["the best", { grade: "A+" }, undefined],
  ["HSTS", {}, "A+: send Strict-Transport-Security with max-age 15768000 or more"],
  ["one warning", { grade: "A-", caps: [cap("A-", "no TLS 1.3")] }, "A: mend: no TLS 1.3"],
  [
    "two caps of one letter, one of another",
    { grade: "C", caps: [cap("C", "x"), cap("C", "y"), cap("B", "z")] },
    "B: mend: x; mend: y",
  ],
  [
    "trust",
    { grade: "T", ifTrustIgnored: "B", caps: [cap("T", "expired"), cap("B", "z")] },
    "B: mend: expired",
  ],
  [
    "name and trust",
    { grade: "M", ifTrustIgnored: "A", caps: [cap("M", "other name"), cap("T", "expired")] },
    "T: mend: other name",
  ],
  [
    "the score alone",
    { grade: "B", score: 79, parts: { protocolSupport: 95, keyExchange: 40, cipherStrength: 90 } },
    "A-: raise key exchange (40 of 100)",
  ],
  [
    "cap and score",
    {
      grade: "F",
      score: 0,
      parts: { protocolSupport: 95, keyExchange: 0, cipherStrength: 0 },
      caps: [cap("F", "anonymous")],
    },
    "E: mend: anonymous; raise key exchange (0 of 100), cipher strength (0 of 100)",
  ],
];
for (const [name, change, says] of rows) {
  test(`nextGrade: ${name}`, () => {
    const next = nextGrade({ ...GOOD, ...change });
    assert.equal(next === undefined ? undefined : `${next.grade}: ${next.by.join("; ")}`, says);
  });
}
