import assert from "node:assert/strict";
import { test } from "node:test";

import type { AttestationStatement } from "../../core/attestation.ts";
import type { Outcome } from "../../core/check.ts";
import { absent, known, unknown } from "../../core/reading.ts";
import type { Attestations, ReadAttestation } from "../../facts/attestations.fact.ts";
import { exampleAttestations, exampleRead, exampleStatement, NOW } from "./example-attestations.ts";
import { requireItem } from "./items.ts";
import { type AttestedInput, judgeAttested, NOBODY_ATTESTS } from "./judge-attested.ts";
import { isSameRelease } from "./standing.ts";

const nowMs = Date.parse(NOW);

function outcomeOf(
  item: string,
  read: readonly ReadAttestation[],
  changes: Partial<Attestations> = {},
  input: Partial<AttestedInput> = {},
): Outcome {
  const attestations = known(exampleAttestations(read, changes));
  return judgeAttested({ item: requireItem(item), attestations, nowMs, ...input });
}

/** `fail expired`, `unknown`. */
function shown(outcome: Outcome): string {
  return "findings" in outcome ? `${outcome.status} ${outcome.findings[0].rule}` : outcome.status;
}

const one = (
  item: string,
  changes: Partial<AttestationStatement> = {},
  more: Partial<ReadAttestation> = {},
) => exampleRead(exampleStatement(item, changes), more);
const PENTEST = requireItem("pentest");

const CASES: readonly [
  name: string,
  item: string,
  read: readonly ReadAttestation[],
  expected: string,
][] = [
  ["as it should be", "pentest", [one("pentest")], "pass"],
  [
    "335 days old",
    "pentest",
    [one("pentest", { performed: "2025-12-28", expires: "2026-12-28" })],
    "warn aged",
  ],
  [
    "334 days old",
    "pentest",
    [one("pentest", { performed: "2025-12-29", expires: "2026-12-28" })],
    "pass",
  ],
  [
    "365 days old",
    "pentest",
    [one("pentest", { performed: "2025-11-28", expires: "2026-12-28" })],
    "warn aged",
  ],
  [
    "366 days old",
    "pentest",
    [one("pentest", { performed: "2025-11-27", expires: "2026-12-28" })],
    "fail expired",
  ],
  ["the last day", "pentest", [one("pentest", { expires: "2026-11-28" })], "pass"],
  ["the day after", "pentest", [one("pentest", { expires: "2026-11-27" })], "fail expired"],
  [
    "signed tomorrow",
    "pentest",
    [one("pentest", { madeAt: "2026-11-29T12:00:00Z" })],
    "fail future-dated",
  ],
  ["of tomorrow", "pentest", [one("pentest", { performed: "2026-11-29" })], "fail future-dated"],
  [
    "lacks an area",
    "pentest",
    [one("pentest", { scope: (PENTEST.scope ?? []).slice(1) })],
    "warn scope-short",
  ],
  [
    "names no tester",
    "pentest",
    [one("pentest", { details: { tools: "zap", "open-criticals": "0" } })],
    "warn incomplete",
  ],
  [
    "criticals open",
    "pentest",
    [one("pentest", { details: { tester: "A", tools: "zap", "open-criticals": "2" } })],
    "fail bad-result",
  ],
  ["no report", "pentest", [one("pentest", { evidence: [] })], "warn incomplete"],
  [
    "changed after signing",
    "pentest",
    [one("pentest", {}, { signature: "forged" })],
    "fail forged",
  ],
  [
    "the report changed",
    "pentest",
    [one("pentest", {}, { changed: [{ path: "r.pdf", why: "is gone" }] })],
    "warn evidence-changed",
  ],
  [
    "by a key nobody trusts",
    "pentest",
    [one("pentest", {}, { signature: "untrusted" })],
    "fail not-attested",
  ],
  [
    "of another deployment",
    "pentest",
    [one("pentest", {}, { isOfDeployment: false })],
    "fail not-attested",
  ],
  ["of another item", "pentest", [one("review.headers")], "fail not-attested"],
  [
    "an old one and its renewal",
    "pentest",
    [one("pentest", { expires: "2026-11-01" }), one("pentest")],
    "pass",
  ],
  [
    "an aged one and an expired one",
    "pentest",
    [one("pentest", { expires: "2026-11-01" }), one("pentest", { performed: "2025-12-01" })],
    "warn aged",
  ],
  [
    "never worse than the catalog lets it be",
    "respond.contacts",
    [one("respond.contacts", {}, { signature: "forged" })],
    "warn forged",
  ],
  [
    "one contact",
    "respond.contacts",
    [one("respond.contacts", { details: { contacts: "Alice" } })],
    "warn incomplete",
  ],
  [
    "blank contacts",
    "respond.contacts",
    [one("respond.contacts", { details: { contacts: "Alice, ,," } })],
    "warn incomplete",
  ],
  [
    "90 days old",
    "respond.restore-tested",
    [one("respond.restore-tested", { performed: "2026-08-30" })],
    "pass",
  ],
  [
    "91 days old",
    "respond.restore-tested",
    [one("respond.restore-tested", { performed: "2026-08-29" })],
    "warn aged",
  ],
  [
    "181 days old",
    "respond.restore-tested",
    [one("respond.restore-tested", { performed: "2026-05-31" })],
    "fail expired",
  ],
  [
    "nothing came back",
    "respond.restore-tested",
    [one("respond.restore-tested", { details: { artefact: "a", size: "0", duration: "1" } })],
    "warn incomplete",
  ],
  ["where another layer may answer", "monitor.tooling", [], "unknown"],
  [
    "for another release",
    "review.checklist",
    [one("review.checklist", { release: "0".repeat(40) })],
    "warn not-attested",
  ],
  [
    "for no release",
    "review.checklist",
    [one("review.checklist", { release: undefined as never })],
    "warn not-attested",
  ],
  [
    "of another catalog",
    "review.checklist",
    [one("review.checklist", { catalog: "2025" })],
    "warn not-attested",
  ],
  [
    "expired, of another release",
    "csrf.tested",
    [one("csrf.tested", { release: "v1", expires: "2026-11-01" })],
    "unknown",
  ],
];

for (const [name, item, read, expected] of CASES) {
  test(`${item}: ${name} is ${expected}`, () => {
    assert.equal(shown(outcomeOf(item, read)), expected);
  });
}

test("without anybody to trust, or with files unread, none is no answer", () => {
  assert.equal(shown(outcomeOf("pentest", [], { trustedKeys: 0 })), "unknown");
  assert.equal(shown(outcomeOf("pentest", [], { isTruncated: true })), "unknown");
  assert.equal(shown(outcomeOf("pentest", [])), "fail not-attested");
});

test("why an attestation does not count is said", () => {
  const says = (read: readonly ReadAttestation[], changes: Partial<Attestations> = {}) => {
    const outcome = outcomeOf("monitor.tooling", read, changes);
    assert.ok(outcome.status === "unknown");
    assert.equal(outcome.problem.code, "not-attested");
    return outcome.problem.detail;
  };
  assert.equal(says([]), NOBODY_ATTESTS);
  assert.match(
    says([one("monitor.tooling", {}, { signature: "untrusted" })]),
    /not trusted \(0123456789abcdef, "Alice Example"\)/,
  );
  assert.match(
    says([one("monitor.tooling", {}, { isOfDeployment: false })]),
    /is about shop, another deployment/,
  );
  const file = ".plimsoll/attestations/monitor.tooling.x.json";
  assert.match(
    says([], { unread: [{ file, why: "it is no JSON" }] }),
    /monitor\.tooling\.x\.json: it is no JSON/,
  );
});

test("a directory that could not be read is unknown with its reason; none at all is not attested", () => {
  const of = (attestations: AttestedInput["attestations"]) =>
    judgeAttested({ item: PENTEST, attestations, nowMs });
  assert.deepEqual(of(unknown("denied", "may not look")), {
    status: "unknown",
    problem: { code: "denied", detail: "may not look" },
  });
  assert.equal(of(absent("x")).status, "unknown");
});

test("a good one beside one that was tampered with passes and tells of it", () => {
  const outcome = outcomeOf("pentest", [
    one("pentest", {}, { signature: "forged" }),
    one("pentest"),
  ]);
  assert.ok(outcome.status === "pass");
  assert.deepEqual(
    outcome.notes?.map(({ rule, status }) => `${rule} ${status}`),
    ["forged note"],
  );
});

const AREA: readonly [name: string, changes: Partial<AttestationStatement>, expected: string][] = [
  ["in its scope", {}, "pass"],
  ["alone in its scope", { scope: ["xss"] }, "pass"],
  ["not in its scope", { scope: ["csrf"] }, "unknown"],
  [
    "with criticals open somewhere",
    { details: { tester: "A", tools: "z", "open-criticals": "1" } },
    "unknown",
  ],
  ["of a test that has expired", { expires: "2026-11-27" }, "fail expired"],
];

for (const [name, changes, expected] of AREA) {
  test(`a penetration test with the area ${name} makes it ${expected}`, () => {
    const otherwise = { item: PENTEST, scope: "xss" };
    assert.equal(
      shown(outcomeOf("probe.xss", [one("pentest", changes)], {}, { otherwise })),
      expected,
    );
  });
}

test("the evidence names the file, the key, who, when and the document; of people their number", () => {
  const outcome = outcomeOf("respond.contacts", [one("respond.contacts")]);
  assert.ok(outcome.status === "pass");
  assert.equal(
    outcome.summary,
    "alice attests it (respond.contacts), done on 2026-11-20, until the end of 2026-12-18 UTC",
  );
  assert.deepEqual(outcome.evidence, [
    {
      file: ".plimsoll/attestations/respond.contacts.20261120.json",
      excerpt:
        "Alice Example, key 0123456789abcdef (alice), 2026-11-20T09:00:00Z; contacts 2; report.pdf sha256:aaaaaaaaaaaa",
    },
  ]);
});

test("a release is the same text, or the same commit shortened", () => {
  const commit = "5f3c1e0a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e";
  assert.ok(isSameRelease("v1.2", "v1.2"));
  assert.ok(isSameRelease(commit, commit.slice(0, 7)));
  assert.ok(!isSameRelease(commit, commit.slice(0, 6)));
  assert.ok(!isSameRelease("v1.2.3", "v1.2"));
  assert.ok(!isSameRelease(commit, undefined));
  assert.ok(!isSameRelease(commit, ""));
});
