import assert from "node:assert/strict";
import { test } from "node:test";

import { type Control, defineCheck, type Layer, type Outcome, type Status } from "../core/check.ts";
import { type ExitCode, exitCode } from "../core/report.ts";
import type { Judged } from "./evaluate.ts";
import { joinControl } from "./join.ts";

const control: Control = {
  id: "demo.control",
  title: "Demo",
  severity: "high",
  seed: ["S1.18"],
  risk: "",
  rule: "",
  fix: "",
  references: ["https://example.org/"],
};

function judged(layer: Layer, status: Status): Judged {
  const outcomes: Readonly<Record<Status, Outcome>> = {
    pass: { status: "pass", summary: `${layer} passes`, evidence: [] },
    warn: { status: "warn", summary: `${layer} warns`, findings: [finding("warn", layer)] },
    fail: { status: "fail", summary: `${layer} fails`, findings: [finding("fail", layer)] },
    skip: { status: "skip", because: "not-applicable", summary: "no such thing" },
    unknown: { status: "unknown", problem: { code: "denied", detail: "may not look" } },
  };
  const check = defineCheck({ control, layer, reads: "", evaluate: () => outcomes[status] });
  return { check, outcome: outcomes[status], statements: [] };
}

function finding(status: "warn" | "fail", layer: Layer) {
  return {
    rule: "demo",
    status,
    message: `${layer} ${status}s`,
    fix: "mend it",
    evidence: [{ excerpt: "x" }],
  } as const;
}

const table: readonly [layers: readonly [Layer, Status][], expected: Status][] = [
  [[["config", "pass"]], "pass"],
  [
    [
      ["config", "pass"],
      ["live", "fail"],
    ],
    "fail",
  ],
  [
    [
      ["config", "fail"],
      ["live", "pass"],
    ],
    "warn",
  ],
  [
    [
      ["config", "warn"],
      ["live", "pass"],
    ],
    "warn",
  ],
  [
    [
      ["config", "pass"],
      ["live", "pass"],
    ],
    "pass",
  ],
  [
    [
      ["config", "unknown"],
      ["live", "pass"],
    ],
    "pass",
  ],
  [
    [
      ["config", "pass"],
      ["live", "skip"],
    ],
    "pass",
  ],
  [
    [
      ["config", "pass"],
      ["live", "unknown"],
    ],
    "unknown",
  ],
  [
    [
      ["config", "fail"],
      ["live", "unknown"],
    ],
    "fail",
  ],
  [
    [
      ["source", "pass"],
      ["config", "warn"],
      ["proxy", "fail"],
    ],
    "fail",
  ],
  [
    [
      ["source", "pass"],
      ["config", "unknown"],
    ],
    "unknown",
  ],
  [
    [
      ["source", "skip"],
      ["config", "skip"],
    ],
    "skip",
  ],
];
for (const [layers, expected] of table) {
  test(`join: ${layers.map(([layer, status]) => `${layer} ${status}`).join(", ")} is ${expected}`, () => {
    const [first, ...others] = layers.map(([layer, status]) => judged(layer, status));
    assert.ok(first);
    const result = joinControl([first, ...others]);
    assert.equal(result.status, expected);
    assert.equal(result.layers.length, layers.length);
  });
}

test("join: a skip and an unknown say why", () => {
  assert.equal(joinControl([judged("config", "skip")]).because, "not-applicable");
  assert.equal(joinControl([judged("config", "unknown")]).because, "denied");
});

test("join: the fingerprint of a finding does not move with its line", () => {
  const at = (line: number) => {
    const one = judged("config", "fail");
    const moved = {
      ...finding("fail", "config"),
      evidence: [{ file: ".env", line, excerpt: "x" }] as const,
    };
    return joinControl([{ ...one, outcome: { status: "fail", summary: "", findings: [moved] } }])
      .findings[0]?.fingerprint;
  };
  assert.equal(at(1), at(99));
});

const exits: readonly [
  statuses: readonly [Status, "critical" | "low", "neutral"?][],
  strict: boolean,
  code: ExitCode,
][] = [
  [
    [
      ["pass", "low"],
      ["skip", "low"],
    ],
    false,
    0,
  ],
  [[["unknown", "low"]], false, 1],
  [[["unknown", "low", "neutral"]], false, 0],
  [[["unknown", "low", "neutral"]], true, 1],
  [[["unknown", "critical"]], true, 2],
  [[["unknown", "critical"]], false, 1],
  [
    [
      ["warn", "low"],
      ["unknown", "low"],
    ],
    false,
    1,
  ],
  [
    [
      ["warn", "low"],
      ["fail", "low"],
    ],
    false,
    2,
  ],
];
for (const [controls, strict, code] of exits) {
  test(`exit: ${controls.map((row) => row.join(" ")).join(", ")}${strict ? " --strict" : ""} is ${code}`, () => {
    const results = controls.map(([status, severity, unknownExit]) => ({
      status,
      severity,
      ...(unknownExit && { unknownExit }),
    }));
    assert.equal(exitCode(results, strict), code);
  });
}

const unseenTable: readonly [own: "warn" | "fail", live: Status, expected: Status][] = [
  ["fail", "pass", "fail"],
  ["fail", "warn", "fail"],
  ["warn", "fail", "fail"],
  ["warn", "pass", "warn"],
  ["fail", "unknown", "fail"],
];
for (const [own, live, expected] of unseenTable) {
  test(`a ${own} that no look from outside could tell, beside a live ${live}, is ${expected}`, () => {
    const inner = judged("proxy", own);
    assert.ok("findings" in inner.outcome);
    const [first] = inner.outcome.findings;
    const outcome = { ...inner.outcome, findings: [{ ...first, isUnseen: true }] as const };
    const joined = joinControl([{ ...inner, outcome }, judged("live", live)]);
    assert.equal(joined.status, expected);
    if (own === "fail" && live !== "unknown") assert.equal(joined.summary, "proxy fails");
    assert.ok(!JSON.stringify(joined).includes("isUnseen"));
  });
}

test("a trace needs an inner layer: the live statement alone contradicts nothing", () => {
  const live = { layer: "live", says: "sets", value: "a", where: "https://a.example/" } as const;
  const config = { layer: "config", says: "sets", value: "b", where: ".env:1" } as const;
  const alone = joinControl([{ ...judged("live", "pass"), statements: [live] }]);
  assert.equal(alone.trace, undefined);
  const both = joinControl([
    { ...judged("config", "pass"), statements: [config] },
    { ...judged("live", "pass"), statements: [live] },
  ]);
  assert.equal(both.trace?.verdict, "contradicted");
});

const ATTESTED: readonly [seen: readonly [Layer, Status][], attested: Status, expected: Status][] =
  [
    [[], "pass", "pass"],
    [[], "unknown", "unknown"],
    [[], "fail", "fail"],
    // Not attested: what was seen stands.
    [[["host", "pass"]], "unknown", "pass"],
    [[["host", "fail"]], "unknown", "fail"],
    [[["host", "warn"]], "unknown", "warn"],
    [[["host", "unknown"]], "unknown", "unknown"],
    [[["host", "skip"]], "unknown", "unknown"],
    [[["host", "skip"]], "skip", "skip"],
    [[["host", "unknown"]], "skip", "unknown"],
    [[["live", "pass"]], "unknown", "pass"],
    // Attested: it answers what was not seen, and hides nothing that was.
    [[["host", "unknown"]], "pass", "pass"],
    [[["host", "skip"]], "pass", "pass"],
    [[["live", "unknown"]], "pass", "pass"],
    [[["host", "fail"]], "pass", "fail"],
    [[["live", "fail"]], "pass", "fail"],
    [[["live", "warn"]], "pass", "warn"],
    [
      [
        ["source", "fail"],
        ["live", "pass"],
      ],
      "pass",
      "warn",
    ],
    // Run out or tampered with.
    [[["host", "pass"]], "fail", "warn"],
    [[["live", "pass"]], "warn", "warn"],
    [[["host", "unknown"]], "fail", "fail"],
    [[["host", "skip"]], "warn", "warn"],
    [[["host", "warn"]], "fail", "fail"],
    [[["live", "fail"]], "warn", "fail"],
  ];

for (const [seen, attested, expected] of ATTESTED) {
  test(`join: ${seen.map((each) => each.join(" ")).join(", ")} with attested ${attested} is ${expected}`, () => {
    const layers = [
      ...seen.map(([layer, status]) => judged(layer, status)),
      judged("attested", attested),
    ];
    const [first, ...others] = layers;
    assert.ok(first);
    assert.equal(joinControl([first, ...others]).status, expected);
  });
}

test("join: an attestation answers what only was not found, and leaves it as a note", () => {
  const absence = judged("source", "warn");
  assert.ok(absence.outcome.status === "warn");
  const [found] = absence.outcome.findings;
  const isAbsence = true;
  const missing: Judged = {
    ...absence,
    outcome: { ...absence.outcome, findings: [{ ...found, isAbsence }] },
  };
  const mixed: Judged = {
    ...absence,
    outcome: { ...absence.outcome, findings: [{ ...found, isAbsence }, found] },
  };
  const attested = joinControl([missing, judged("attested", "pass")]);
  assert.equal(attested.status, "pass");
  assert.deepEqual(
    attested.findings.map(({ rule, status }) => `${rule} ${status}`),
    ["demo note"],
  );
  assert.ok(!("isAbsence" in (attested.findings[0] ?? {})));
  assert.equal(joinControl([missing, judged("attested", "unknown")]).status, "warn");
  assert.equal(joinControl([missing, judged("attested", "fail")]).status, "fail");
  assert.equal(joinControl([mixed, judged("attested", "pass")]).status, "warn");
});

test("a layer for the trace alone has no outcome beside others, and is one where it is asked for alone", () => {
  const source = { layer: "source", says: "sets", value: "a", where: "app.py:1" } as const;
  const own = judged("source", "skip");
  const traced = {
    ...own,
    check: { ...own.check, isTraceOnly: true as const },
    statements: [source],
  };
  const both = joinControl([traced, judged("live", "pass")]);
  assert.deepEqual([both.status, both.layers.length, both.trace?.steps.length], ["pass", 1, 1]);
  const alone = joinControl([traced]);
  assert.deepEqual([alone.status, alone.layers.length], ["skip", 1]);
});
