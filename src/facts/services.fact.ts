import { type CollectContext, defineFact } from "../core/fact.ts";
import { known, knownValue, type Reading } from "../core/reading.ts";
import { maskCommandLine } from "../parsers/command-line/mask.ts";
import { type ComposeFiles, composeFiles } from "./compose-files.fact.ts";
import type { BuiltImage } from "./image-file.ts";
import { processes } from "./processes.fact.ts";
import { configuredBinds, launchedBinds, undeclaredBinds } from "./service-binds.ts";
import { composeParts, declaredEnvironment } from "./service-compose.ts";
import type { ServicePart } from "./service-part.ts";
import { withProcesses } from "./service-processes.ts";
import { unitParts } from "./service-units.ts";
import {
  dockerStart,
  type StartCommand,
  type StartScripts,
  startScripts,
} from "./start-scripts.ts";
import { type UnitFile, unitFiles } from "./unit-files.fact.ts";

/** What runs the audited application. Empty when nothing that runs it was found. */
export interface Services {
  readonly services: readonly Service[];
  /** Compose `ports:` of every service of the project, also of those that are not the application. */
  readonly published: readonly PublishedPort[];
  /** Ports the application is told to bind, from its command line or unit. */
  readonly binds: readonly Bind[];
  /** Words of start commands that turn debugging on: `--reload`, `runserver`. */
  readonly debugFlags?: readonly DebugFlag[];
  /** Env files that the start script of an image sources, where no service is declared. */
  readonly sourcedFiles?: readonly string[];
  /** What an image starts that no declared service builds. */
  readonly image?: ServiceStart;
  /** Declarations that could not be read: what they run is not known. */
  readonly problems?: readonly { readonly fact: string; readonly detail: string }[];
}

export interface DebugFlag {
  readonly service: string;
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
  /** A start script runs it under a condition that cannot be told. */
  readonly isPossible?: boolean;
}

/** A start command as declared, before the scripts it names are followed; secrets masked. */
export interface ServiceStart {
  readonly text: string;
  readonly image?: BuiltImage;
}

export interface Service {
  readonly kind: "unit" | "compose" | "process";
  /** `monitor.service`, the compose service's name, or the program's name. */
  readonly name: string;
  /** Account it runs as; `root` for a unit without `User=`; absent when not told. */
  readonly user?: string;
  readonly group?: string;
  /** Command line, secrets masked. */
  readonly command: string;
  /** Whether this is the application (not a database, cache or proxy beside it). */
  readonly isApplication: boolean;
  readonly isInContainer: boolean;
  readonly pids: readonly number[];
  readonly file?: string;
  readonly line?: number;
  /** Paste-ready: `systemctl restart monitor`, `docker compose up -d web`. */
  readonly restart: string;
  /** The env files it sources in a shell (`. ./.env && exec gunicorn`), relative where inside. */
  readonly sourcedFiles: readonly string[];
  /** Of a service of compose. */
  readonly start?: ServiceStart;
}

export interface PublishedPort {
  readonly service: string;
  readonly isApplication: boolean;
  /** Empty text: every address. */
  readonly address: string;
  readonly hostPort: string;
  readonly containerPort: string;
  readonly protocol: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface Bind {
  readonly service: string;
  /**
   * Address, or empty text for every address; for a socket its path with port 0. A port that a
   * variable gives which nobody resolves is 0 as well.
   */
  readonly address: string;
  readonly port: number;
  readonly isUnixSocket: boolean;
  readonly isInContainer: boolean;
  /** The word it was read from: `--bind 0.0.0.0:8000`. */
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
}

/** Known whatever is missing: what could not be read is told in `problems`. */
export const services = defineFact({
  id: "services",
  title: "Services that run the application",
  access: "read",
  timeoutMs: 5_000,
  wants: { units: unitFiles, compose: composeFiles, processes },
  async collect(context, _facts, readings): Promise<Reading<Services>> {
    const units = unitParts(context, knownValue(readings.units) ?? []);
    const project = knownValue(readings.compose);
    const composed = project === undefined ? [] : await composeParts(context, project);
    const declared = [...units, ...composed.filter((part) => isInUse(part, units))];
    const parts = withProcesses(context.target, declared, knownValue(readings.processes) ?? []);
    const told = await configuredBinds(context, parts);
    const isDeclared = declared.some(({ service }) => service.isApplication);
    const isTold = isDeclared || told.length > 0;
    const other = isTold ? undefined : await undeclaredBinds(context);
    const more = other ?? (await namedBinds(context, declared, told));
    const image = other === undefined ? undefined : await dockerStart(context);
    const scripts = await startScripts(context, [
      ...startsOf(parts, project),
      ...(image === undefined ? [] : [image]),
    ]);
    return known({
      services: parts.map(({ service }) => withSourced(service, scripts)),
      published: parts.flatMap(({ published }) => published),
      binds: [...told, ...more.binds],
      debugFlags: [
        ...parts.flatMap(({ debugFlags }) => debugFlags),
        ...more.debugFlags,
        ...(image?.debugFlags ?? []),
        ...scripts.debugFlags,
      ],
      ...(image === undefined
        ? {}
        : {
            sourcedFiles: sourcedBy(image.service, scripts),
            image: { text: maskCommandLine(image.text), image: image.image },
          }),
      problems: [...problemsOf(readings), ...unreadUnits(knownValue(readings.units) ?? [])],
    });
  },
});

/** Launchers' files that the commands of declared services name (`uwsgi --ini app.ini`), where those tell no bind. */
async function namedBinds(
  context: CollectContext,
  declared: readonly ServicePart[],
  told: readonly Bind[],
): ReturnType<typeof launchedBinds> {
  if (told.length > 0) return { binds: [], debugFlags: [] };
  const commands = declared.map(({ service }) => service.command);
  return launchedBinds(context, { commands, isDeclared: true });
}

/** What starts the application: the services known to run it, else all that are declared. */
function startsOf(
  parts: readonly ServicePart[],
  project: ComposeFiles | undefined,
): readonly StartCommand[] {
  const declared = parts.map(({ service }) => service).filter(({ kind }) => kind !== "process");
  const running = declared.filter(({ isApplication }) => isApplication);
  return (running.length > 0 ? running : declared).map(({ kind, name, command, start }) => ({
    ...(start ?? { text: command }),
    service: name,
    ...(kind === "compose" ? { environment: composeEnvironment(project, name) } : {}),
  }));
}

function composeEnvironment(project: ComposeFiles | undefined, name: string) {
  const service = project?.project.services.find((each) => each.name === name);
  return declaredEnvironment(service ?? { environment: [], envFiles: [{}] });
}

function sourcedBy(name: string, { sourced }: StartScripts): readonly string[] {
  return sourced.filter(({ service }) => service === name).map(({ path }) => path);
}

function withSourced(service: Service, scripts: StartScripts): Service {
  const more = sourcedBy(service.name, scripts);
  if (more.length === 0) return service;
  return { ...service, sourcedFiles: [...service.sourcedFiles, ...more] };
}

/** A project below the root is a sample where an installed unit runs the application. */
function isInUse({ service }: ServicePart, units: readonly ServicePart[]): boolean {
  const isBelow = service.file?.includes("/") ?? false;
  return !(isBelow && units.some((unit) => unit.service.isApplication));
}

function unreadUnits(units: readonly UnitFile[]): NonNullable<Services["problems"]> {
  return units.flatMap(({ problem }) =>
    problem === undefined ? [] : [{ fact: "unit-files", detail: problem.problem.detail }],
  );
}

function problemsOf(
  readings: Readonly<Record<string, Reading<unknown>>>,
): NonNullable<Services["problems"]> {
  return Object.entries(readings).flatMap(([fact, reading]) =>
    reading.state === "unknown" ? [{ fact, detail: reading.problem.detail }] : [],
  );
}
