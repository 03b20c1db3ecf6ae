import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";

import type { ControlResult, Report } from "../core/report.ts";
import { exampleReport } from "./example-report.ts";
import { jsonText, renderJson } from "./json.report.ts";
import { renderText } from "./text.report.ts";

const plain = { isColoured: false, isVerbose: false };

test("text: worst first, evidence with place, fix, tally with unknown apart from passed", () => {
  const text = renderText(exampleReport(), plain);
  assert.equal(
    text,
    `Plimsoll 0.1.0  /srv/app on node1
Mode: hub (CLUSTER_ENABLED=1 (.env:3))

FAIL      env.debug (critical)
          Debug mode is on
          .env:2  DJANGO_DEBUG="1"
          Fix: set DJANGO_DEBUG=0 in .env
          Trace: overridden
            source   off  settings.py:3
            config   on   .env:2

UNKNOWN   hub.bind-address (high, denied)
          may not look

pass      env.stage
skip      agent.hub-https

Could not look at:
  listeners: denied, may not look

NOT SAFE TO SHIP
1 failed, 0 warned, 1 unknown, 1 passed, 1 skipped  (exit 2)
`,
  );
});

test("text: one reason of several unknowns is told once, each on its own when verbose", () => {
  const report = exampleReport();
  const unknown = report.controls.find(({ status }) => status === "unknown");
  assert.ok(unknown);
  const like = (id: string, more: Partial<ControlResult> = {}) => ({ ...unknown, id, ...more });
  const controls = [
    like("hub.bind-address"),
    like("hub.reverse-proxy", { severity: "critical" }),
    like("env.stage", { summary: "another reason" }),
  ];
  assert.match(
    renderText({ ...report, controls }, plain),
    /UNKNOWN {3}hub\.reverse-proxy \(critical, denied\)\n {10}may not look\n {10}For the same reason: hub\.bind-address\n\nUNKNOWN {3}env\.stage \(high, denied\)\n {10}another reason/,
  );
  const verbose = renderText({ ...report, controls }, { ...plain, isVerbose: true });
  assert.equal(verbose.match(/^ {10}may not look$/gm)?.length, 2);
});

test("text: notes are counted, and listed when verbose", () => {
  const report = exampleReport();
  const [first] = report.controls.filter(({ findings }) => findings.length > 0);
  assert.ok(first?.findings[0]);
  const note = { ...first.findings[0], status: "note" as const, message: "worth knowing" };
  const controls = [{ ...first, status: "pass" as const, findings: [note] }];
  const text = renderText({ ...report, controls }, plain);
  assert.doesNotMatch(text, /worth knowing/);
  assert.match(text, /^1 note, listed by --verbose$/m);
  const verbose = renderText({ ...report, controls }, { ...plain, isVerbose: true });
  assert.match(verbose, /worth knowing/);
  assert.doesNotMatch(verbose, /listed by --verbose/);
});

test("text: unknowns are of one reason where file and problem are the same", () => {
  const report = exampleReport();
  const unknown = report.controls.find(({ status }) => status === "unknown");
  assert.ok(unknown);
  const summaries = [
    "A may be set in /etc/x/env, which cannot be read: permission to read it is denied",
    "Secrets in /etc/x/env cannot be compared: permission to read it is denied",
    "/etc/nginx/nginx.conf: permission to read it is denied",
  ];
  const controls = summaries.map((summary, at) => ({ ...unknown, id: `c.${at}`, summary }));
  const text = renderText({ ...report, controls }, plain);
  assert.match(text, /UNKNOWN {3}c\.0 [^U]*For the same reason: c\.1\n\nUNKNOWN {3}c\.2 /);
});

test("text: what findings in a row share is told once, and a long list is cut unless verbose", () => {
  const report = exampleReport();
  const [control] = report.controls;
  const [finding] = control?.findings ?? [];
  assert.ok(control && finding);
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...finding, message: `Rule ${at}` }));
  const text = (count: number, isVerbose = false) =>
    renderText(
      { ...report, controls: [{ ...control, findings: numbered(count) }] },
      { ...plain, isVerbose },
    );
  assert.match(
    text(2),
    /- Rule 0\n {10}\.env:2 {2}DJANGO_DEBUG="1"\n {10}- Rule 1\n {10}Fix: set DJANGO_DEBUG=0 in \.env\n/,
  );
  assert.doesNotMatch(text(5), /more findings/);
  assert.match(text(7), /- Rule 4\n.*\n? {10}\.\.\. and 2 more findings, listed by --verbose\n/);
  assert.match(text(7, true), /- Rule 6/);
});

test("text: verbose lists passes with their evidence", () => {
  const text = renderText(exampleReport(), { ...plain, isVerbose: true });
  assert.match(
    text,
    /PASS {6}env\.stage \(medium\)\n {10}Declared as production\n {10}\.env:1 {2}DJANGO_ENV="production"/,
  );
});

test("text: colour changes nothing but colour", () => {
  const coloured = renderText(exampleReport(), { ...plain, isColoured: true });
  assert.notEqual(coloured, renderText(exampleReport(), plain));
  assert.equal(stripVTControlCharacters(coloured), renderText(exampleReport(), plain));
});

test("text: terminal escapes, bidi overrides and line breaks in evidence are shown, not obeyed", () => {
  const hostile = "\u001b]0;owned\u0007\u001b[2J\r\nPASS all\u202e\u200b\u009b31m";
  const text = renderText(exampleReport(hostile), { ...plain, isVerbose: true });
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
  assert.doesNotMatch(text, /^PASS all/m);
  assert.match(text, /\\u\{1b\}/);
});

test("json: is the model, and survives a lone surrogate", () => {
  const report = exampleReport("\ud800");
  assert.equal(
    JSON.parse(renderJson(report)).controls[0].findings[0].evidence[0].excerpt,
    "\ufffd",
  );
  assert.deepEqual(
    JSON.parse(renderJson(exampleReport())),
    JSON.parse(JSON.stringify(exampleReport())),
  );
});

test("JSON holds nothing a terminal obeys, and reads back the same", () => {
  const hostile = "a\u001b[31m\u007f\u009b\u202e\u2028\u{e0041}é😀";
  const text = jsonText({ hostile });
  assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
  assert.deepEqual(JSON.parse(text), { hostile });
});

test("text: controls that nobody attests are named by severity, after what could not be looked at", () => {
  const report = exampleReport();
  const [, , , open] = report.controls;
  assert.ok(open !== undefined);
  const unattested = (id: string, severity: "critical" | "low", summary = "Nobody attests it") => ({
    ...open,
    ...{ id, severity, summary, because: "not-attested" as const },
    layers: [{ layer: "attested" as const, status: "unknown" as const, summary }],
  });
  const controls = [
    unattested("a.low", "low"),
    unattested("a.critical", "critical"),
    unattested("b.critical", "critical"),
    unattested("c.low", "low", "Nobody attests it: a.json is signed by a key that is not trusted"),
    open,
  ];
  const text = renderText({ ...report, controls }, { isColoured: false, isVerbose: false });
  assert.match(
    text,
    /UNKNOWN {3}3 controls that nobody attests \(not-attested\)\n {10}critical: a\.critical, b\.critical\n {10}low: a\.low\n/,
  );
  assert.match(text, /UNKNOWN {3}c\.low \(low, not-attested\)\n {10}Nobody attests it: a\.json/);
  assert.ok(text.indexOf(open.id) < text.indexOf("3 controls that nobody"));
  const verbose = renderText({ ...report, controls }, { isColoured: false, isVerbose: true });
  assert.match(verbose, /UNKNOWN {3}b\.critical \(critical, not-attested\)/);
});

test("text: where nothing is left but a person's word, the verdict says so", () => {
  const report = exampleReport();
  const [, passing, , open] = report.controls;
  assert.ok(passing !== undefined && open !== undefined);
  const unattested = { ...open, because: "not-attested" as const, summary: "Nobody attests it" };
  const verdict = (controls: Report["controls"]) => {
    const summary = { pass: 1, warn: 0, fail: 0, skip: 0, unknown: 1, waived: 0 };
    const text = renderText(
      { ...report, controls, summary, exitCode: 1, problems: [] },
      { isColoured: false, isVerbose: false },
    );
    return text.split("\n").at(-3);
  };
  assert.equal(
    verdict([passing, unattested]),
    "Nothing found against it; what only a person can say is not attested",
  );
  assert.equal(verdict([passing, open, unattested]), "Not everything could be verified");
  assert.equal(verdict([unattested]), "Nothing here could be judged: is this the right directory?");
});
