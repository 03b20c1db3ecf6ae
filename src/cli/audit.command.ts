import { AUDIT_OPTIONS, OUTPUT_OPTIONS, RUN_OPTIONS } from "./audit-options.ts";
import type { Command } from "./command.ts";
import { HTTP_OPTIONS } from "./http-options.ts";
import { isColoured, outputsOf, writeOutputs } from "./output.ts";

export const auditCommand: Command = {
  name: "audit",
  summary:
    "Audits the deployment in DIR (default: here) from the inside, and at each --url from the outside.",
  positionals: "[DIR]",
  positionalsMax: 1,
  options: {
    ...AUDIT_OPTIONS,
    ...RUN_OPTIONS,
    deep: { type: "boolean", help: "search the history of git for live secrets as well" },
    ...HTTP_OPTIONS,
    ...OUTPUT_OPTIONS,
  },
  examples: [
    "plimsoll audit /srv/monitor",
    "plimsoll audit --url https://monitor.example.org --format text --format json:report.json",
    "plimsoll audit --only env --strict",
    "plimsoll audit --only tests --run-tests   # runs code of the audited project",
  ],
  async run({ options, positionals, io }) {
    const outputs = outputsOf(options, io.directory);
    isColoured(options, io); // A wrong --color is said before the audit, not after it.
    const { runAudit } = await import("./session.ts"); // Loaded only when it is asked for: start-up counts.
    const report = await runAudit({ options, io, directory: positionals[0], isCompat: false });
    writeOutputs(report, outputs, options, io);
    return report.exitCode;
  },
};
