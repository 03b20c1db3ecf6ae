import type { CollectContext } from "../core/fact.ts";
import { maskCommandLine } from "../parsers/command-line/mask.ts";
import { type CommandLine, readCommandLine } from "../parsers/command-line.ts";
import type { ComposeService } from "../parsers/compose.ts";
import {
  type Dockerfile,
  dockerBaseImage,
  dockerCommand,
  dockerUser,
} from "../parsers/dockerfile.ts";
import type { ShellValue } from "../parsers/shell/expand.ts";
import type { ComposeFiles } from "./compose-files.fact.ts";
import { type BuiltImage, readImage } from "./image-file.ts";
import { isInfrastructureImage, isInfrastructureProgram } from "./service-kinds.ts";
import { gunicornConfig, placeCommand, type ServicePart, shownFiles } from "./service-part.ts";
import type { PublishedPort, ServiceStart } from "./services.fact.ts";
import { followStart } from "./start-run.ts";
import { directoryOf, resolveFrom, shownPath } from "./target-path.ts";

/** Every service of the compose project, with what its own Dockerfile adds. */
export async function composeParts(
  context: CollectContext,
  { files, project }: ComposeFiles,
): Promise<readonly ServicePart[]> {
  const read: Read[] = [];
  for (const service of project.services) {
    read.push(await readService(context, service));
  }
  // A project that runs only images nobody knows still runs something: those are the application.
  const isAnyKnown = read.some(({ isApplication }) => isApplication);
  const images = new Set(read.flatMap((each) => (each.isApplication ? imageOf(each) : [])));
  // One image in several services is one application: the worker's command shows what the web's hides.
  const isSame = (each: Read) => imageOf(each).some((image) => images.has(image));
  return read.map((each) =>
    composePart(context.target.directory, files, {
      ...each,
      isApplication: !each.isInfrastructure && (each.isApplication || !isAnyKnown || isSame(each)),
    }),
  );
}

/** The image it is started from, where none is built. */
function imageOf({ service }: Read): readonly string[] {
  return service.isBuilt || service.image === undefined ? [] : [service.image];
}

interface Read {
  readonly service: ComposeService;
  readonly start: ServiceStart;
  readonly text: string;
  readonly command: CommandLine;
  readonly place: { readonly file: string; readonly line: number };
  readonly user?: string;
  readonly isApplication: boolean;
  readonly isInfrastructure: boolean;
}

async function readService(context: CollectContext, service: ComposeService): Promise<Read> {
  const built = await readDockerfile(context, service);
  const variables = new Map(service.environment.map(({ key, value }) => [key, value]));
  const reader = (line: string) => readCommandLine(line, (name) => variables.get(name));
  const given = startCommand(service, built);
  const scripted = reader(given.text).isApplication
    ? undefined
    : await startScript(
        context,
        given.text,
        built?.image,
        service,
        (line) => reader(line).isApplication,
      );
  const { text, place } = scripted ?? given;
  const command = reader(text);
  const image = baseImage(service, built?.dockerfile);
  const [program = ""] = text.split(/\s+/, 1);
  const isInfrastructure =
    (image !== undefined && isInfrastructureImage(image) && !command.isApplication) ||
    isInfrastructureProgram(program.slice(program.lastIndexOf("/") + 1));
  const target = service.buildTarget;
  const user =
    service.user ?? (built === undefined ? undefined : dockerUser(built.dockerfile, target)?.text);
  return {
    service,
    start: {
      text: maskCommandLine(given.text),
      ...(built === undefined ? {} : { image: built.image }),
    },
    text,
    command,
    place,
    isInfrastructure,
    isApplication: !isInfrastructure && (command.isApplication || service.isBuilt),
    ...(user === undefined || user === "" ? {} : { user }),
  };
}

interface Built {
  readonly dockerfile: Dockerfile;
  readonly image: BuiltImage;
}

/** What is declared of a service's environment: an `env_file:` may set any other variable. */
export function declaredEnvironment({
  environment,
  envFiles,
}: {
  readonly environment: ComposeService["environment"];
  readonly envFiles: readonly unknown[];
}): (name: string) => ShellValue {
  const values = new Map(environment.map(({ key, value }) => [key, value]));
  return (name) => {
    const text = values.get(name);
    if (text !== undefined) return { state: "set", text };
    return { state: values.has(name) || envFiles.length > 0 ? "unknown" : "unset" };
  };
}

/** What a script of the build context that the image starts runs in the end, with its place. */
async function startScript(
  context: CollectContext,
  text: string,
  image: BuiltImage | undefined,
  service: ComposeService,
  isApplication: (line: string) => boolean,
) {
  if (image === undefined) return undefined;
  const run = await followStart(context, { text, image }, declaredEnvironment(service));
  const found = run.commands.findLast((command) => isApplication(command.text));
  if (found === undefined) return undefined;
  return { text: found.text, place: { file: found.file, line: found.line } };
}

async function readDockerfile(
  context: CollectContext,
  service: ComposeService,
): Promise<Built | undefined> {
  if (!service.isBuilt) return undefined;
  const { directory } = context.target;
  const beside = resolveFrom(directory, directoryOf(service.file));
  const base = resolveFrom(beside, service.buildContext ?? ".");
  const path = resolveFrom(base, service.dockerfile ?? "Dockerfile");
  const image = {
    dockerfile: shownPath(directory, path),
    context: shownPath(directory, base),
    ...(service.buildTarget === undefined ? {} : { target: service.buildTarget }),
  };
  const dockerfile = await readImage(context, image);
  return dockerfile === undefined ? undefined : { dockerfile, image };
}

/** `entrypoint:` sets the image's CMD aside, `command:` only replaces it (Compose specification, services). */
function startCommand(service: ComposeService, built: Built | undefined) {
  const own = {
    file: service.commandFile ?? service.file,
    line: service.commandLine ?? service.line,
  };
  if (built === undefined || service.hasEntrypoint === true) {
    return { text: service.command, place: own };
  }
  const image = dockerCommand(built.dockerfile, service.buildTarget);
  if (service.command === "") {
    const place = image === undefined ? own : { file: built.image.dockerfile, line: image.line };
    return { text: image?.text ?? "", place };
  }
  const entrypoint = image?.entrypoint ?? "";
  return { text: `${entrypoint} ${service.command}`.trim(), place: own };
}

function baseImage(
  service: ComposeService,
  dockerfile: Dockerfile | undefined,
): string | undefined {
  if (dockerfile !== undefined) return dockerBaseImage(dockerfile, service.buildTarget);
  return service.isBuilt ? undefined : service.image;
}

function composePart(directory: string, files: readonly string[], read: Read): ServicePart {
  const { service, command, text, place, isApplication } = read;
  const { name } = service;
  const isOnHost = service.networkMode === "host";
  const { binds, debugFlags } = placeCommand(command, {
    service: name,
    isInContainer: !isOnHost,
    ...place,
  });
  const beside = resolveFrom(directory, directoryOf(service.file));
  const config = gunicornConfig(command, beside);
  const [user, group] = (read.user ?? "").split(":");
  return {
    service: {
      kind: "compose",
      name,
      ...(user ? { user } : {}),
      ...(group ? { group } : {}),
      command: maskCommandLine(text),
      isApplication,
      isInContainer: true,
      pids: [],
      file: service.file,
      line: service.line,
      restart: restartCommand(files, name),
      sourcedFiles: shownFiles(directory, beside, command.sourcedFiles),
      start: read.start,
    },
    program: command.program,
    binds: isApplication ? binds : [],
    debugFlags: isApplication ? debugFlags : [],
    // Docker discards published ports in host network mode.
    published: isOnHost ? [] : publishedPorts(service, isApplication),
    ...(config === undefined ? {} : { gunicornConfig: config }),
  };
}

function publishedPorts(service: ComposeService, isApplication: boolean): readonly PublishedPort[] {
  return service.ports.map(
    ({ hostAddress, hostPort, containerPort, protocol, file, line, text }) => ({
      service: service.name,
      isApplication,
      address: hostAddress,
      hostPort,
      containerPort,
      protocol,
      file,
      line,
      text,
    }),
  );
}

const FOUND_BY_COMPOSE = /^(?:docker-)?compose(?:\.override)?\.ya?ml$/;

function restartCommand(files: readonly string[], name: string): string {
  const isFound = files.every((file) => FOUND_BY_COMPOSE.test(file));
  const options = isFound ? "" : files.map((file) => `-f ${shellWord(file)} `).join("");
  return `docker compose ${options}up -d ${shellWord(name)}`;
}

function shellWord(word: string): string {
  return /^[\w./@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
