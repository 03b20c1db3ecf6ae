import type { CollectContext } from "../core/fact.ts";
import { parseBindAddress } from "../parsers/command-line/address.ts";
import { maskCommandLine } from "../parsers/command-line/mask.ts";
import { programName } from "../parsers/command-line/simple-command.ts";
import { type CommandBind, type CommandLine, readCommandLine } from "../parsers/command-line.ts";
import { type UnitEntry, unitEnvironment, unitList, unitValue } from "../parsers/systemd-unit.ts";
import { isInfrastructureProgram } from "./service-kinds.ts";
import { gunicornConfig, placeCommand, type ServicePart, shownFiles } from "./service-part.ts";
import { isWithin, resolveFrom } from "./target-path.ts";
import type { UnitFile } from "./unit-files.fact.ts";

/** Services of the units; those that only lie in the tree count where no installed one runs it. */
export function unitParts(
  { target }: CollectContext,
  units: readonly UnitFile[],
): readonly ServicePart[] {
  const readable = units.filter(({ unit, problem }) => unit.entries.length > 0 || !problem);
  const parts = readable.map((unit) => ({ unit, part: unitPart(target.directory, unit) }));
  const isServed = parts.some(({ unit, part }) => unit.isInstalled && part.service.isApplication);
  return parts.filter(({ unit }) => unit.isInstalled || !isServed).map(({ part }) => part);
}

function unitPart(directory: string, file: UnitFile): ServicePart {
  const { unit, name } = file;
  const starts = unitList(unit, "Service", "ExecStart");
  const variables = new Map(unitEnvironment(unit).map(({ key, value }) => [key, value]));
  const read = starts.map((entry) => ({
    entry,
    command: readCommandLine(entry.value, (key) => variables.get(key)),
  }));
  const written = unitValue(unit, "Service", "WorkingDirectory")?.value.replace(/^-/, "");
  const base = written?.startsWith("/") ? resolveFrom("/", written) : directory;
  const placed = read.map(({ entry, command }) =>
    placeCommand(withSockets(command, file), {
      service: name,
      isInContainer: false,
      file: entry.file,
      line: entry.line,
    }),
  );
  const main = read.find(({ command }) => command.isApplication) ?? read[0];
  const config = main === undefined ? undefined : gunicornConfig(main.command, base);
  const place = main?.entry ?? { file: file.file };
  return {
    service: {
      kind: "unit",
      name,
      ...account(file),
      command: maskCommandLine(starts.map(({ value }) => value).join("; ")),
      isApplication: read.some(({ entry, command }) =>
        isApplication(file, entry, command, directory),
      ),
      isInContainer: false,
      pids: [],
      file: place.file,
      ...("line" in place ? { line: place.line } : {}),
      restart: restartCommand(name),
      sourcedFiles: read.flatMap(({ command }) =>
        shownFiles(directory, base, command.sourcedFiles),
      ),
    },
    program: main?.command.program ?? "",
    binds: [...socketBinds(file), ...placed.flatMap(({ binds }) => binds)],
    debugFlags: placed.flatMap(({ debugFlags }) => debugFlags),
    published: [],
    ...(config === undefined || file.sockets !== undefined ? {} : { gunicornConfig: config }),
  };
}

/** systemd.exec(5): without `User=` a system service runs as root; `DynamicUser=` makes up an account. */
function account({ unit, name }: UnitFile): { user: string; group?: string } {
  const isDynamic = /^(?:1|yes|true|on)$/i.test(
    unitValue(unit, "Service", "DynamicUser")?.value ?? "",
  );
  const own = name.replace(/(?:@[^@]*)?\.service$/, "");
  const user = unitValue(unit, "Service", "User")?.value || (isDynamic ? own : "root");
  const given = unitValue(unit, "Service", "Group")?.value;
  const group = given || (user === "root" ? "root" : undefined);
  return group === undefined ? { user } : { user, group };
}

/** Known programs, and whatever program of the audited directory stays up. */
function isApplication(
  { unit }: UnitFile,
  { value }: UnitEntry,
  command: CommandLine,
  directory: string,
): boolean {
  const [first = ""] = value.split(/\s+/, 1);
  if (isInfrastructureProgram(programName(first))) return false;
  if (command.isApplication) return true;
  const path = first.replace(/^[-@:+!|]+/, "");
  const isOneShot = unitValue(unit, "Service", "Type")?.value === "oneshot";
  return !isOneShot && path.startsWith("/") && isWithin(directory, resolveFrom("/", path));
}

/** With socket activation systemd binds: the program's default says nothing. */
function withSockets(command: CommandLine, { sockets, unit }: UnitFile): CommandLine {
  const requires = unit.entries.some(
    ({ key, value }) =>
      /^(?:Requires|Sockets|BindsTo|Wants)$/.test(key) && /\.socket\b/.test(value),
  );
  if (sockets === undefined && !requires) return command;
  const binds: readonly CommandBind[] = command.binds.filter(({ isDefault }) => !isDefault);
  return { ...command, binds };
}

/** systemd.socket(5): a bare port means every address. */
function socketBinds({ name, sockets }: UnitFile): ServicePart["binds"] {
  return (sockets ?? []).flatMap(({ value, file, line }) => {
    const bind = /^(?:vsock|netlink):/.test(value) ? undefined : parseBindAddress(value, 0);
    if (bind === undefined) return [];
    const place = { service: name, isInContainer: false, file, line };
    return [{ ...bind, ...place, text: `ListenStream=${value}` }];
  });
}

/** `systemctl restart monitor`; every instance of a template. */
export function restartCommand(unit: string): string {
  const name = unit.replace(/\.service$/, "");
  const isPlain = /^\w[\w.@:-]*$/.test(name) && !name.endsWith("@");
  if (isPlain) return `systemctl restart ${name}`;
  // A unit's name is a file's name: it may hold anything, and this is pasted into a shell.
  const pattern = `${name}${name.endsWith("@") ? "*" : ""}`;
  return `systemctl restart ${name.startsWith("-") ? "-- " : ""}'${pattern.replaceAll("'", `'\\''`)}'`;
}
