import { basename } from "node:path";

import { renderCheckSecurity } from "../report/check-security.report.ts";
import { AUDIT_OPTIONS, OUTPUT_OPTIONS } from "./audit-options.ts";
import type { Command, Options } from "./command.ts";
import { UsageError } from "./io.ts";
import { isColoured } from "./output.ts";

const { color, quiet } = OUTPUT_OPTIONS;

export const checkSecurityCommand: Command = {
  name: "check-security",
  summary: "The view of bin/check_security.sh: 13 checks, text or a JSON array, exit 0, 1 or 2.",
  positionals: "[DIR]",
  positionalsMax: 1,
  options: {
    json: { type: "boolean", help: "one line, a JSON array" },
    style: {
      type: "string",
      value: "STYLE",
      help: '"seed" (default) or "reference", as the reference script prints it',
    },
    all: { type: "boolean", help: "add the controls the seed does not have, under their own ids" },
    ...AUDIT_OPTIONS,
    color,
    quiet,
  },
  async run({ options, positionals, io }) {
    const style = styleOf(options);
    const isComplete = options.isOn("all");
    const isJson = options.isOn("json");
    const isPainted = isColoured(options, io);
    const { runAudit } = await import("./session.ts"); // Loaded only when it is asked for: start-up counts.
    const report = await runAudit({ options, io, directory: positionals[0], isCompat: true });
    const { checks } = await import("../checks/index.ts");
    const { output, exitCode } = renderCheckSecurity(
      report,
      new Map(checks.map(({ control }) => [control.id, control])),
      {
        format: isJson ? "json" : "text",
        style,
        isColoured: isPainted,
        isComplete,
        name: basename(report.target.directory ?? "") || "deployment",
      },
    );
    io.stdout(output);
    return exitCode;
  },
};

function styleOf(options: Options): "seed" | "reference" {
  const style = options.text("style") ?? "seed";
  if (style === "seed" || style === "reference") return style;
  throw new UsageError(`--style takes "seed" or "reference", not "${style}"`);
}
