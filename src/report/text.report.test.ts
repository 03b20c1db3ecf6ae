import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";

import { exampleReport } from "./example-report.ts";
import { renderJson } from "./json.report.ts";
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
          Trace (overridden): source off (settings.py:3) -> config on (.env:2)

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
