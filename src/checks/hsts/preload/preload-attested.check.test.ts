import assert from "node:assert/strict";
import { test } from "node:test";

import type { AttestationStatement } from "../../../core/attestation.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { absent, known, type Reading } from "../../../core/reading.ts";
import {
  exampleAttestations,
  exampleRead,
  exampleStatement,
  judgedBy,
} from "../../attested/example-attestations.ts";
import { wholeSite } from "../../live-headers/example-answers.ts";
import { hstsPreloadAttested } from "./preload-attested.check.ts";

const sent = (value: string): Reading<readonly HttpSite[]> =>
  known([wholeSite({ page: [["Strict-Transport-Security", value]] })]);
const WISHED = sent("max-age=31536000; includeSubDomains; preload");
const NO_SITE = absent("no URL");
const SUBMITTED = exampleStatement("hsts.preload");

const CASES: readonly [
  name: string,
  statement: AttestationStatement | undefined,
  sites: Reading<readonly HttpSite[]>,
  expected: string,
][] = [
  ["submitted, and asked for", SUBMITTED, WISHED, "pass"],
  ["submitted, not asked for any more", SUBMITTED, sent("max-age=31536000"), "warn not-asked-for"],
  ["submitted, not looked at", SUBMITTED, NO_SITE, "unknown"],
  ["nobody says so", undefined, WISHED, "skip"],
  ["expired", { ...SUBMITTED, expires: "2026-11-27" }, WISHED, "warn expired"],
];

for (const [name, statement, sites, expected] of CASES) {
  test(`hsts.preload/attested: ${name} is ${expected}`, () => {
    const read = statement === undefined ? [] : [exampleRead(statement)];
    const outcome = judgedBy(hstsPreloadAttested, known(exampleAttestations(read)), { sites });
    const rule = "findings" in outcome ? ` ${outcome.findings[0].rule}` : "";
    assert.equal(`${outcome.status}${rule}`, expected);
  });
}
