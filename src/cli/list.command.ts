import type { SeedRequirement } from "../checks/seed/requirements.ts";
import type { AnyCheck, Control } from "../core/check.ts";
import { AUDIT_OPTIONS } from "./audit-options.ts";
import type { Command } from "./command.ts";
import { selectionOf } from "./selection.ts";

const { only, skip } = AUDIT_OPTIONS;

export const listCommand: Command = {
  name: "list",
  summary:
    "Lists the controls; with --coverage, each requirement of the seed documents with its controls.",
  positionals: "",
  positionalsMax: 0,
  options: {
    only,
    skip,
    coverage: { type: "boolean", help: "seed requirement -> controls" },
    json: { type: "boolean", help: "as JSON" },
  },
  async run({ options, io }) {
    const { checks } = await import("../checks/index.ts");
    const { selected } = selectionOf(checks, options);
    const { SEED_REQUIREMENTS } = await import("../checks/seed/requirements.ts");
    const rows = options.isOn("coverage")
      ? coverageRows(selected, SEED_REQUIREMENTS)
      : controlRows(selected);
    io.stdout(
      options.isOn("json")
        ? `${JSON.stringify(rows.json, null, 2)}\n`
        : `${rows.text.join("\n")}\n`,
    );
    return 0;
  },
};

interface Rows {
  readonly json: readonly unknown[];
  readonly text: readonly string[];
}

/** The controls of a list of checks, each with its layers, in order of id. */
export function controlsOf(
  checks: readonly AnyCheck[],
): readonly { readonly control: Control; readonly layers: readonly AnyCheck[] }[] {
  return [...Map.groupBy(checks, ({ control }) => control)]
    .map(([control, layers]) => ({ control, layers }))
    .sort((a, b) => (a.control.id < b.control.id ? -1 : 1));
}

function controlRows(checks: readonly AnyCheck[]): Rows {
  const controls = controlsOf(checks).map(({ control, layers }) => ({
    id: control.id,
    severity: control.severity,
    layers: layers.map(({ layer }) => layer),
    title: control.title,
    seed: control.seed,
  }));
  const text = controls.map(
    ({ id, severity, layers, title }) =>
      `${id.padEnd(28)} ${severity.padEnd(9)} ${layers.join(",").padEnd(16)} ${title}`,
  );
  return { json: controls, text };
}

function coverageRows(checks: readonly AnyCheck[], seed: readonly SeedRequirement[]): Rows {
  const controls = controlsOf(checks);
  const rows = seed.map(({ id, kind, text, answeredBy }) => {
    const ids = controls
      .filter(({ control }) => control.seed.includes(id))
      .map(({ control }) => control.id);
    return { id, kind, text, controls: ids, ...(answeredBy !== undefined && { answeredBy }) };
  });
  const text = rows.map(({ id, text, controls, answeredBy }) => {
    const answer = [...controls, ...(answeredBy === undefined ? [] : [answeredBy])].join(", ");
    return `${id.padEnd(7)} ${text}\n        -> ${answer || "no control yet"}`;
  });
  return { json: rows, text };
}
