import type { Target } from "../core/fact.ts";
import { maskCommandLine } from "../parsers/command-line/mask.ts";
import { type CommandLine, readCommandLine } from "../parsers/command-line.ts";
import type { ProcessEntry } from "./processes.fact.ts";
import { placeCommand, type ServicePart } from "./service-part.ts";
import { restartCommand } from "./service-units.ts";
import { isWithin } from "./target-path.ts";

/** Servers that run nothing but applications; `python` and `node` also run half of a distribution. */
const SERVER =
  /^(?:gunicorn|uvicorn|hypercorn|daphne|waitress(?:-serve)?|uwsgi|granian|flask|fastapi|manage\.py|django-admin|celery)$/;
const CONTAINER = /docker|containerd|libpod|kubepods|crio|lxc/;
/** Scripts of the distribution: `python3 /usr/bin/networkd-dispatcher`. */
const SYSTEM_SCRIPT = /\s\/(?:usr|lib|snap|opt\/(?:google|microsoft|aws|datadog))\//;
/** This tool itself runs under node, often in the audited directory. */
const OWN_COMMAND =
  /(?:^|[\s/])(?:plimsoll|check[_-]security)(?:[.\s]|$)|\/src\/cli\/main\.[jt]s(?:\s|$)/;
/** Process ids listed of one service. */
const PIDS_MAX = 256;

interface Running {
  readonly process: ProcessEntry;
  readonly command: CommandLine;
  readonly program: string;
  readonly unit: string | undefined;
  readonly isInContainer: boolean;
}

/** Gives the declared services their processes; those that belong to none become services of their own. */
export function withProcesses(
  target: Target,
  declared: readonly ServicePart[],
  processes: readonly ProcessEntry[],
): readonly ServicePart[] {
  const pids = new Map<ServicePart, number[]>();
  const others = new Map<string, Running[]>();
  for (const running of processes.map(readProcess)) {
    const owner = ownerOf(running, declared);
    if (owner !== undefined) {
      pids.set(owner, [...(pids.get(owner) ?? []), running.process.pid]);
    } else if (isOfTarget(running, target, declared)) {
      const { user } = running.process;
      const key = JSON.stringify([
        running.program,
        user,
        running.unit ?? "",
        running.isInContainer,
      ]);
      others.set(key, [...(others.get(key) ?? []), running]);
    }
  }
  return [
    ...declared.map((part) => ({
      ...part,
      service: { ...part.service, pids: pids.get(part) ?? [] },
    })),
    ...[...others.values()].flatMap(processPart),
  ];
}

function readProcess(process: ProcessEntry): Running {
  const command = readCommandLine(process.command);
  const cgroup = process.cgroup ?? "";
  const unit = cgroup.match(/[^/]+\.service(?=\/|$)/g)?.at(-1);
  const isInContainer = CONTAINER.test(cgroup);
  const named = readCommandLine(process.name);
  const program = command.program || named.program || process.name;
  return { process, command, program, unit, isInContainer };
}

/** By unit where the kernel says it, else by the program, which is all a recorded list tells. */
function ownerOf(running: Running, declared: readonly ServicePart[]): ServicePart | undefined {
  const { unit, program, isInContainer, process } = running;
  if (OWN_COMMAND.test(process.command)) return undefined;
  const units = declared.filter(({ service }) => service.kind === "unit");
  const ofUnit = units.find(({ service }) => service.name === unit);
  if (ofUnit !== undefined) return ofUnit;
  const isSame = (part: ServicePart) => part.service.isApplication && part.program === program;
  if (isInContainer)
    return declared.find((part) => part.service.kind === "compose" && isSame(part));
  return process.cgroup === undefined ? units.find(isSame) : undefined;
}

/** Evidence must tie a process to the audited directory (catalog G11). */
function isOfTarget(running: Running, target: Target, declared: readonly ServicePart[]): boolean {
  const { process, command, program, isInContainer } = running;
  const isServer = SERVER.test(program);
  if (OWN_COMMAND.test(process.command)) return false;
  if (!isServer && !command.isApplication) return false;
  if (!target.hostFacts) return isServer || !SYSTEM_SCRIPT.test(process.command);
  if (isInContainer) return isServer && declared.some(({ service }) => service.kind === "compose");
  if (process.directory !== undefined && isWithin(target.directory, process.directory)) return true;
  if (process.command.includes(`${target.directory}/`)) return true;
  // Another account's working directory needs root to read: a server may then well be this one.
  return process.directory === undefined && isServer && declared.length === 0;
}

function processPart(group: readonly Running[]): readonly ServicePart[] {
  const [first] = group;
  if (first === undefined) return [];
  const { process, program, unit, isInContainer } = first;
  const place = { service: program, isInContainer };
  const placed = group.map(({ command }) => {
    // What a process would bind by default is a guess: its listeners tell.
    const binds = command.binds.filter(({ isDefault }) => !isDefault);
    return placeCommand({ ...command, binds }, place);
  });
  const pids = group.map((each) => each.process.pid).slice(0, PIDS_MAX);
  const shown = maskCommandLine(process.command);
  const service = {
    kind: "process",
    name: program,
    user: process.user,
    command: shown,
    isApplication: true,
    isInContainer,
    pids,
    restart:
      unit === undefined || /^user@/.test(unit)
        ? `kill ${pids[0]}  # then start it again: ${shown}`
        : restartCommand(unit),
    sourcedFiles: [],
  } as const;
  const binds = unique(placed.flatMap((each) => each.binds));
  const debugFlags = unique(placed.flatMap((each) => each.debugFlags));
  return [{ service, program, binds, debugFlags, published: [] }];
}

/** The workers of a server repeat its arguments. */
function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
