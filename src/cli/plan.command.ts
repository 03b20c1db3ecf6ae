import { planFacts } from "../audit/plan.ts";
import { AUDIT_OPTIONS, grantedAccess } from "./audit-options.ts";
import type { Command } from "./command.ts";
import { selectionOf } from "./selection.ts";

const { only, skip, offline } = AUDIT_OPTIONS;

const REACH = {
  read: "reads files and /proc",
  run: "runs installed programs",
  connect: "opens connections",
  probe: "sends active tests",
} as const;

export const planCommand: Command = {
  name: "plan",
  summary: "Prints what an audit would read, run and connect to, and does none of it.",
  positionals: "",
  positionalsMax: 0,
  options: { only, skip, offline, json: { type: "boolean", help: "as JSON" } },
  async run({ options, io }) {
    const { checks } = await import("../checks/index.ts");
    const planned = planFacts(selectionOf(checks, options).selected);
    const granted = grantedAccess(options);
    if (options.isOn("json")) {
      const rows = planned.map(({ fact: { id, title, access, timeoutMs }, neededBy }) => ({
        id,
        title,
        access,
        isGranted: granted.has(access),
        timeoutMs,
        neededBy,
      }));
      io.stdout(`${JSON.stringify(rows, null, 2)}\n`);
      return 0;
    }
    const groups = Map.groupBy(planned, ({ fact }) => fact.access);
    for (const [access, facts] of groups) {
      const note = granted.has(access) ? "" : " (switched off: what needs it is unknown)";
      io.stdout(`${access}: ${REACH[access]}${note}\n`);
      for (const { fact, neededBy } of facts) {
        io.stdout(
          `  ${fact.id.padEnd(22)} ${fact.title}; at most ${fact.timeoutMs / 1_000} s; for ${neededBy.length} checks\n`,
        );
      }
    }
    return 0;
  },
};
