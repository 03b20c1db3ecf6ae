import type { CompatRow, Control } from "../core/check.ts";
import { type ControlResult, EXIT, type Report } from "../core/report.ts";
import { printable } from "./printable.ts";
import { styled } from "./styled.ts";

/** How `bin/check_security.sh` shows a report (compat.md sections 4 and 5). */
export interface CompatOptions {
  readonly format: "text" | "json";
  /** `seed`: `[PASS] message — Fix: hint` on one line; `reference`: as the reference script prints it. */
  readonly style: "seed" | "reference";
  readonly isColoured: boolean;
  /** Adds the controls the seed does not have, under their own ids. */
  readonly isComplete: boolean;
  /** Printed in the banner. */
  readonly name: string;
}

type CompatStatus = "pass" | "warn" | "fail" | "skip";

interface CompatResult {
  readonly check: string;
  readonly status: CompatStatus;
  readonly message: string;
  readonly fix?: string;
  readonly group: CompatRow["group"];
}

export interface CompatView {
  readonly output: string;
  /** 0, 1 or 2, never anything else. */
  readonly exitCode: number;
}

type Rows = ReadonlyMap<string, Pick<Control, "compat">>;

/** Renders the drop-in's view; `controls` gives each control's row by id. */
export function renderCheckSecurity(
  report: Report,
  controls: Rows,
  options: CompatOptions,
): CompatView {
  const results = compatResults(report, controls, options.isComplete);
  const output =
    options.format === "json" ? renderJsonArray(results) : renderLines(report, results, options);
  // Cut short, even where nothing but the optional checks was asked for, is no clean bill.
  const least = report.exitCode === EXIT.incomplete ? EXIT.warnings : EXIT.ok;
  return { output, exitCode: Math.max(compatExit(results), least) };
}

function compatResults(
  report: Report,
  controls: Rows,
  isComplete: boolean,
): readonly CompatResult[] {
  const placed = report.controls.flatMap((control) => {
    const row = controls.get(control.id)?.compat;
    if (row === undefined)
      return isComplete ? [{ control, order: 100, result: native(control) }] : [];
    if (!isActive(control, row, report)) return [];
    return [{ control, order: row.order, result: seedResult(control, row) }];
  });
  return placed.sort((a, b) => a.order - b.order).map(({ result }) => result);
}

/**
 * Checks of inactive groups do not appear; each of an active group appears exactly once, so of
 * two generations' controls that share a number the one that does not apply is left out.
 */
function isActive(control: ControlResult, row: CompatRow, report: Report): boolean {
  if (row.group !== "common" && !report.mode.roles.includes(row.group)) return false;
  const isGeneration2 = row.check === "hub_api_key" || row.check === "hub_api_auth";
  const twin = report.controls.find(({ id }) => id === TWIN[control.id]);
  if (twin === undefined) return true;
  if (control.status !== "skip") return true;
  return !isGeneration2 && twin.status === "skip";
}

/** The controls of the two generations that take each other's place (compat.md section 6). */
const TWIN: Readonly<Record<string, string>> = {
  "agent.cluster-secret": "agent.hub-api-key",
  "agent.hub-api-key": "agent.cluster-secret",
  "hub.cluster-secret": "hub.api-auth",
  "hub.api-auth": "hub.cluster-secret",
};

function seedResult(control: ControlResult, { check, group, level }: CompatRow): CompatResult {
  return { ...native(control, level), check, group };
}

function native(control: ControlResult, level: CompatRow["level"] = "fail"): CompatResult {
  const { id, status, summary } = control;
  const base = { check: id, group: "common" as const };
  switch (status) {
    case "pass":
      return { ...base, status: "pass", message: line(summary) };
    case "skip":
      return { ...base, status: "skip", message: line(summary) };
    case "unknown": {
      const isNeutral = control.unknownExit === "neutral";
      const message = line(`Not verified: ${summary}`);
      return { ...base, status: isNeutral ? "skip" : "warn", message, fix: verifyHint(control) };
    }
    case "warn":
    case "fail": {
      const fix = control.findings.find((finding) => finding.status === status)?.fix;
      const capped = level === "warn" ? "warn" : status;
      return { ...base, status: capped, message: line(summary), ...(fix && { fix: line(fix) }) };
    }
  }
}

/** How to make an unknown verifiable. */
function verifyHint({ id, because }: ControlResult): string {
  switch (because) {
    case "denied":
      return "run it as root or as the service's user";
    case "tool-missing":
      return "install the tool named here and run it again";
    case "not-granted":
    case "not-recorded":
      return "run it on the node itself, with network access";
    case "timed-out":
    case "unreachable":
      return "check the network path from this node and run it again";
    default:
      return `see: plimsoll explain ${id}`;
  }
}

/** Messages and hints hold no line break and no control character. */
function line(text: string): string {
  return printable(text.toWellFormed());
}

function compatExit(results: readonly CompatResult[]): number {
  const has = (status: CompatStatus) => results.some((result) => result.status === status);
  if (has("fail")) return EXIT.failures;
  return has("warn") ? EXIT.warnings : EXIT.ok;
}

/** One line, no blank after a colon: the reference's tests look for `"check":`. */
function renderJsonArray(results: readonly CompatResult[]): string {
  const rows = results.map(({ check, status, message, fix }) => ({
    check,
    status,
    message,
    ...(fix !== undefined && { fix }),
  }));
  return `${JSON.stringify(rows)}\n`;
}

const HEADINGS: Readonly<Record<CompatRow["group"], string>> = {
  common: "Common Security Checks",
  agent: "Agent-Mode Security Checks",
  hub: "Hub-Mode Security Checks",
};
const RULE = "============================================";

function renderLines(
  report: Report,
  results: readonly CompatResult[],
  options: CompatOptions,
): string {
  const bold = (text: string) => styled(text, "bold", options);
  const groups = (["common", "agent", "hub"] as const).flatMap((group) => {
    const members = results.filter((result) => result.group === group);
    if (members.length === 0) return [];
    const lines = members.flatMap((result) => resultLines(result, options));
    return [bold(`=== ${HEADINGS[group]} ===`), "", ...lines, ""];
  });
  return [
    "",
    bold(RULE),
    bold(`   ${printable(options.name)} Security Audit`),
    bold(RULE),
    "",
    `  Detected mode: ${printable(report.mode.label)}`,
    "",
    ...groups,
    tally(results),
    "",
  ].join("\n");
}

const COLOUR = { pass: "green", warn: "yellow", fail: "red", skip: "cyan" } as const;

function resultLines(result: CompatResult, options: CompatOptions): readonly string[] {
  const word = styled(result.status.toUpperCase(), COLOUR[result.status], options);
  if (options.style === "seed") {
    const fix = result.fix === undefined ? "" : ` — Fix: ${result.fix}`;
    return [`[${word}] ${result.message}${fix}`];
  }
  const fix =
    result.fix === undefined ? [] : [`       ${styled("Fix:", "cyan", options)} ${result.fix}`];
  return [`  ${word} ${result.message}`, ...fix];
}

function tally(results: readonly CompatResult[]): string {
  const count = (status: CompatStatus) =>
    results.filter((result) => result.status === status).length;
  const skipped = results.filter(isNeutralUnknown).length;
  const warnings = count("warn");
  const failures = count("fail");
  const more = skipped > 0 ? `, ${skipped} not verified` : "";
  return `  ${count("pass")} passed, ${warnings} warning(s), ${failures} failure(s)${more}`;
}

/** Neither passed nor warned: an optional check that could not look. */
function isNeutralUnknown({ status, message }: CompatResult): boolean {
  return status === "skip" && message.startsWith("Not verified:");
}
