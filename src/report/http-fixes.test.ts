import assert from "node:assert/strict";
import { test } from "node:test";
import type { ControlResult } from "../core/report.ts";
import { exampleReport } from "./example-report.ts";
import { renderHttpText } from "./http.report.ts";

const POLICY = `For the fetched pages this suffices: ${"a policy ".repeat(10)}`;

/** A control with one finding for each fix. */
function control(id: string, ...fixes: readonly string[]): ControlResult {
  const [base] = exampleReport().controls;
  const [finding] = base?.findings ?? [];
  assert.ok(base !== undefined && finding !== undefined);
  const findings = fixes.map((fix, at) => ({ ...finding, fix, message: `Fault ${at + 1}` }));
  const more = fixes.length > 1 ? ` (and ${fixes.length - 1} more)` : "";
  return { ...base, id, summary: `Fault 1${more}`, findings };
}

function lines(...controls: readonly ControlResult[]): readonly string[] {
  const report = { ...exampleReport(), controls };
  const text = renderHttpText(report, [], { isColoured: false, isVerbose: false });
  return text.split("\n").map((line) => line.trim());
}

test("a fix is printed once, and then named by the control it stands under", () => {
  const fixes = lines(control("a.one", "mend it"), control("b.two", "mend it", "other")).filter(
    (line) => line.startsWith("Fix:"),
  );
  assert.deepEqual(fixes, ["Fix: mend it", "Fix: as under a.one", "Fix: other"]);
});

test("a long proposal that ends several fixes of one control is printed once", () => {
  const fixes = lines(
    control("a.one", `First; ${POLICY}`, `Second; part; ${POLICY}`, "Third; short", "4; short"),
  ).filter((line) => line.startsWith("Fix:"));
  assert.deepEqual(fixes, [
    `Fix: First; ${POLICY}`.trim(),
    "Fix: Second; part; then as above",
    "Fix: Third; short",
    "Fix: 4; short",
  ]);
});

test("what follows is not counted in the first line as well", () => {
  const [first, second] = lines(control("a.one", "mend it", "other"));
  assert.deepEqual([first, second], ["FAIL      a.one: Fault 1", "- Fault 2"]);
  assert.equal(lines(control("a.one", "mend it"))[0], "FAIL      a.one: Fault 1");
});
