import { planFacts } from "../audit/plan.ts";
import { wrap } from "../report/printable.ts";
import { type Command, nearest } from "./command.ts";
import { UsageError } from "./io.ts";
import { controlsOf } from "./list.command.ts";

const COLUMNS = 92;

export const explainCommand: Command = {
  name: "explain",
  summary:
    "Explains a control: why it matters, how each layer is read, the rule, the fix, references. Offline.",
  positionals: "ID",
  positionalsMax: 1,
  options: { json: { type: "boolean", help: "as JSON" } },
  examples: ["plimsoll explain env.debug"],
  async run({ options, positionals, io }) {
    const { checks } = await import("../checks/index.ts");
    const controls = controlsOf(checks);
    const wanted = positionals[0]?.split("/")[0];
    if (wanted === undefined) throw new UsageError('which control? see "plimsoll list"');
    const found = controls.find(({ control }) => control.id === wanted);
    if (found === undefined) {
      const near = nearest(
        wanted,
        controls.map(({ control }) => control.id),
      );
      const hint = near === undefined ? 'see "plimsoll list"' : `did you mean "${near}"?`;
      throw new UsageError(`no control "${wanted}"; ${hint}`);
    }
    const { control, layers } = found;
    if (options.isOn("json")) {
      const read = layers.map(({ layer, reads }) => ({ layer, reads }));
      io.stdout(`${JSON.stringify({ ...control, layers: read }, null, 2)}\n`);
      return 0;
    }
    const facts = planFacts(layers).map(({ fact }) => `${fact.id} (${fact.access})`);
    const section = (title: string, text: string) => [
      "",
      title,
      ...text
        .split("\n")
        .flatMap((line) => wrap(line, COLUMNS, "    "))
        .map((line) => `  ${line}`),
    ];
    io.stdout(
      `${[
        `${control.id}: ${control.title}`,
        `severity ${control.severity}, seed ${control.seed.join(" ")}`,
        ...section("Why", control.risk),
        ...section(
          "How it is read",
          layers.map(({ layer, reads }) => `${layer}: ${reads}`).join("\n"),
        ),
        ...section("Rule", control.rule),
        ...section("Fix", control.fix),
        ...section("Facts", facts.join(", ")),
        ...section("References", control.references.join("\n")),
      ].join("\n")}\n`,
    );
    return 0;
  },
};
