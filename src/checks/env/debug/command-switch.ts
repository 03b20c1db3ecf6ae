import type { DebugFlag, Service, Services } from "../../../facts/services.fact.ts";
import { readCommandLine } from "../../../parsers/command-line.ts";
import type { DebugSwitch } from "./debug-switch.ts";

/** Django's development server: whether it shows errors is the setting's matter. */
const NO_DEBUG_FLAGS: ReadonlySet<string> = new Set(["runserver"]);
const EXCERPT_LENGTH_MAX = 200;

/** Flags of the start commands that turn debugging on: `uvicorn --reload`, `flask run --debug`. */
export function commandSwitches(services: Services | undefined): readonly DebugSwitch[] {
  const placed = services?.debugFlags ?? [];
  const running = services?.services ?? [];
  const own = running.flatMap((service) => serviceSwitch(service, placed));
  const others = placed.filter((flag) => !isOfCommand(flag, running)).flatMap(placedSwitch);
  return [...own, ...others];
}

function flagsOf({ command }: Service): readonly string[] {
  return readCommandLine(command).debugFlags.filter((flag) => !NO_DEBUG_FLAGS.has(flag));
}

/** Whether a service's own command line shows it already, or the service is not the application. */
function isOfCommand({ service, text }: DebugFlag, running: readonly Service[]): boolean {
  const found = running.find(({ name }) => name === service);
  return found !== undefined && (!found.isApplication || flagsOf(found).includes(text));
}

function serviceSwitch(service: Service, placed: readonly DebugFlag[]): readonly DebugSwitch[] {
  const flags = service.isApplication ? flagsOf(service) : [];
  const [flag] = flags;
  if (flag === undefined) return [];
  const { name } = service;
  // The command may stand in a Dockerfile that the compose service only builds.
  const { file, line } =
    placed.find((each) => each.service === name && each.text === flag) ?? service;
  const place = placeOf(file, line);
  const inFile = file === undefined ? "" : ` in ${file}`;
  const reload = service.kind === "unit" ? ", run: systemctl daemon-reload" : "";
  return [
    {
      state: "on",
      rule: "debug-flag",
      says: `${name} is started with ${flags.join(" ")}`,
      fix: `Remove ${flags.join(" ")} from the start command of ${name}${inFile}${reload}`,
      evidence: [{ ...place, excerpt: service.command.slice(0, EXCERPT_LENGTH_MAX) }],
    },
  ];
}

/** Of a Procfile, an image's command or a start script, which no service's own command line shows. */
function placedSwitch({ text, file, line, isPossible }: DebugFlag): readonly DebugSwitch[] {
  if (file === undefined || NO_DEBUG_FLAGS.has(text)) return [];
  const where = line === undefined ? file : `${file}:${line}`;
  const rebuild = /(?:Docker|Container)file$/.test(file) ? " and build the image again" : "";
  if (isPossible) {
    return [
      {
        state: "ambiguous",
        rule: "debug-flag-possible",
        says: `The application may be started with ${text} (${where}): what the script finds decides`,
        fix: `Remove ${text} from ${where}${rebuild}`,
        evidence: [{ ...placeOf(file, line), excerpt: text.slice(0, EXCERPT_LENGTH_MAX) }],
      },
    ];
  }
  return [
    {
      state: "on",
      rule: "debug-flag",
      says: `The application is started with ${text} (${where})`,
      fix: `Remove ${text} from ${where}${rebuild}`,
      evidence: [{ ...placeOf(file, line), excerpt: text.slice(0, EXCERPT_LENGTH_MAX) }],
    },
  ];
}

function placeOf(file: string | undefined, line: number | undefined) {
  return { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
}
