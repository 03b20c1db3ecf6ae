import type { Services } from "../../../facts/services.fact.ts";
import { readCommandLine } from "../../../parsers/command-line.ts";
import type { DebugSwitch } from "./debug-switch.ts";

/** Django's development server: whether it shows errors is the setting's matter. */
const NO_DEBUG_FLAGS: ReadonlySet<string> = new Set(["runserver"]);
const EXCERPT_LENGTH_MAX = 200;

/** Flags of the start commands that turn debugging on: `uvicorn --reload`, `flask run --debug`. */
export function commandSwitches(services: Services | undefined): readonly DebugSwitch[] {
  return (services?.services ?? []).flatMap((service): readonly DebugSwitch[] => {
    if (!service.isApplication) return [];
    const flags = readCommandLine(service.command).debugFlags.filter(
      (flag) => !NO_DEBUG_FLAGS.has(flag),
    );
    const [flag] = flags;
    if (flag === undefined) return [];
    const { file, line, name } = service;
    const place = {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
    };
    return [
      {
        state: "on",
        rule: "debug-flag",
        says: `${name} is started with ${flags.join(" ")}`,
        fix: `Remove ${flags.join(" ")} from the start command of ${name}${file === undefined ? "" : ` in ${file}`}`,
        evidence: [{ ...place, excerpt: service.command.slice(0, EXCERPT_LENGTH_MAX) }],
      },
    ];
  });
}
