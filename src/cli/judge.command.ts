import { resolve } from "node:path";

import { type Reading, unknown } from "../core/reading.ts";
import { EXIT } from "../core/report.ts";
import { createRefusingHost } from "../host/refusing-host.ts";
import { AUDIT_OPTIONS, clockMs, OUTPUT_OPTIONS } from "./audit-options.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./io.ts";
import { outputsOf, writeOutputs } from "./output.ts";
import { selectionOf } from "./selection.ts";
import { VERSION } from "./version.ts";

const { only, skip, strict, now } = AUDIT_OPTIONS;

export const judgeCommand: Command = {
  name: "judge",
  summary: 'Judges facts that "plimsoll collect" wrote, without touching any machine.',
  positionals: "FACTS",
  positionalsMax: 1,
  options: { only, skip, strict, now, ...OUTPUT_OPTIONS },
  async run({ options, positionals, io }) {
    const path = positionals[0];
    if (path === undefined)
      throw new UsageError('which facts file? make one with "plimsoll collect"');
    const outputs = outputsOf(options, io.directory);
    const [{ checks }, { planFacts }, { readFactsFile }] = await Promise.all([
      import("../checks/index.ts"),
      import("../audit/plan.ts"),
      import("./facts-file.ts"),
    ]);
    const selection = selectionOf(checks, options);
    const recorded = await readFactsFile(resolve(io.directory, path), io.signal);
    if (recorded === undefined) {
      io.stderr(`plimsoll: interrupted before ${path} was read\n`);
      return EXIT.incomplete;
    }
    const nowMs = clockMs(options) ?? recorded.collectedAtMs;
    const missing = planFacts(selection.selected).map(({ fact }): [string, Reading<unknown>] => [
      fact.id,
      unknown("not-recorded", `${fact.title}: not in ${path}`),
    ]);
    const { audit } = await import("../audit/audit.ts");
    const report = await audit({
      selection,
      granted: new Set(),
      preset: new Map([...missing, ...recorded.facts]),
      strict: options.isOn("strict"),
      version: VERSION,
      elapsedMs: io.elapsed,
      context: {
        host: createRefusingHost(`facts come from ${path}`),
        target: {
          directory: recorded.directory,
          urls: recorded.urls,
          mode: "auto",
          compat: false,
          hostFacts: false,
        },
        nowMs,
        fingerprintKey: "",
        signal: io.signal,
      },
    });
    writeOutputs(report, outputs, options, io);
    return report.exitCode;
  },
};
