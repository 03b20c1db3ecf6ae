import type { CollectContext } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";
import type { ComposeProject, ComposeService } from "../parsers/compose.ts";
import type { DotenvLoader } from "../parsers/dotenv.ts";
import { type UnitEntry, unitEnvironment, unitList, unitValue } from "../parsers/systemd-unit.ts";
import { readEnvFile } from "./env-file-text.ts";
import { globNames } from "./env-glob.ts";
import { isWithin, nameOf, parentOf, resolvePath, shownPath } from "./env-paths.ts";
import { builtImageSource } from "./environment-image.ts";
import type { EnvSource, LiteralSource } from "./environment-layers.ts";
import { commandVariables, launchedPrograms } from "./launcher-files.ts";
import type { Service } from "./services.fact.ts";
import type { UnitFile } from "./unit-files.fact.ts";

/** What declares the services of the deployment. */
export interface Declarations {
  readonly units: readonly UnitFile[];
  readonly compose: ComposeProject | undefined;
  readonly services: readonly Service[];
  /** Env files that the image's start script sources, where no service is declared. */
  readonly sourced?: readonly string[];
}

type Context = Pick<CollectContext, "host" | "target">;
type Source = EnvSource | LiteralSource;

/** Env files that one service names. */
const FILES_PER_SERVICE_MAX = 32;

/**
 * The layers the service manager sets, in order of precedence: files a shell sources at start, then
 * systemd's `EnvironmentFile=` over `Environment=` (systemd.exec(5)) with the later file first, then
 * compose's `environment:` over `env_file:`. Only of services that run the application. Files that
 * are declared and do not exist are among them, absent.
 */
export async function serviceSources(
  context: Context,
  { units, compose, services, sourced = [] }: Declarations,
): Promise<readonly Source[]> {
  const sources: Source[] = [];
  const image = { name: "the image's start script", sourcedFiles: sourced };
  for (const { name, sourcedFiles } of [...services.filter(isApplication), image]) {
    for (const path of sourcedFiles.slice(0, FILES_PER_SERVICE_MAX).toReversed()) {
      const inTree = deployedPath(context.target, path);
      sources.push(await fileSource(context, inTree, `sourced by ${name}`, "bash"));
    }
  }
  sources.push(...(await launcherSources(context, services)));
  for (const unit of ofApplication(units, services, "unit")) {
    sources.push(...(await unitSources(context, unit)));
  }
  const project = isProjectInUse(services) ? (compose?.services ?? []) : [];
  for (const service of applicationServices(project, services)) {
    sources.push(inlineLiterals(service), composeLiterals(service));
    for (const { path, file, line } of envFilesOf(service)) {
      const usedBy = `env_file: of ${service.name} (${file}:${line})`;
      // A path is relative to the project directory, that of the compose file.
      const base = parentOf(resolvePath(context.target.directory, file));
      sources.push(await fileSource(context, resolvePath(base, path), usedBy, "compose"));
    }
    sources.push(...(await builtImageSource(context, service)));
  }
  return sources;
}

/**
 * Where a variable that nobody sets yet would be read, in words a fix may use: the env file that is
 * declared and missing, else the compose service itself, whose container sees no `.env`.
 */
export function placeForNew(
  declared: readonly Source[],
  { services }: Pick<Declarations, "services">,
): string | undefined {
  const missing = declared.find((source) => source.kind === "file" && isMissing(source));
  if (missing?.kind === "file") return `in ${missing.path}`;
  const application = services.filter(({ isApplication }) => isApplication);
  const [web] = application;
  if (web?.file === undefined || !application.every(({ kind }) => kind === "compose"))
    return undefined;
  return `under environment: of ${web.name} in ${web.file}`;
}

/** Whether a declared env file does not exist. */
export function isMissing(source: Source): boolean {
  return source.kind === "file" && source.text.state === "absent";
}

/** Where units run the application and no compose service is listed, the project is only a sample. */
function isProjectInUse(services: readonly Service[]): boolean {
  const isUnitRun = services.some(({ kind, isApplication }) => kind === "unit" && isApplication);
  return !isUnitRun || services.some(({ kind }) => kind === "compose");
}

function isApplication(service: Service): boolean {
  return service.isApplication;
}

/** Of another machine the path is that of the deployment, which the audited directory stands for. */
function deployedPath({ directory, hostFacts }: Context["target"], path: string): string {
  const absolute = resolvePath(directory, path.replaceAll("@ROOT@", directory));
  const isForeign = !hostFacts && !isWithin(absolute, directory);
  return isForeign ? mappedPath(absolute, undefined, directory) : absolute;
}

function envFilesOf(service: ComposeService): ComposeService["envFiles"] {
  return service.envFiles.slice(0, FILES_PER_SERVICE_MAX).toReversed();
}

/** Those the services fact marks as the application; all when it marks none of this kind. */
function ofApplication<T extends { readonly name: string }>(
  declared: readonly T[],
  services: readonly Service[],
  kind: Service["kind"],
): readonly T[] {
  const names = new Set(
    services.filter((s) => s.kind === kind && s.isApplication).map(({ name }) => name),
  );
  const marked = declared.filter(({ name }) => names.has(name));
  return marked.length > 0 ? marked : declared;
}

const APPLICATION_COMMAND =
  /\b(?:gunicorn|uvicorn|hypercorn|daphne|waitress|uwsgi|python3?|flask|node|npm|yarn|pnpm)\b/;

function applicationServices(
  declared: readonly ComposeService[],
  services: readonly Service[],
): readonly ComposeService[] {
  const marked = ofApplication(declared, services, "compose");
  if (marked.length < declared.length) return marked;
  const fitting = declared.filter(
    ({ isBuilt, envFiles, command }) =>
      isBuilt || envFiles.length > 0 || APPLICATION_COMMAND.test(command),
  );
  return fitting.length > 0 ? fitting : declared;
}

async function unitSources(context: Context, unit: UnitFile): Promise<readonly Source[]> {
  const files: EnvSource[] = [];
  const directory = unitValue(unit.unit, "Service", "WorkingDirectory")?.value.replace(/^-/, "");
  const entries = unitList(unit.unit, "Service", "EnvironmentFile");
  for (const entry of entries.slice(0, FILES_PER_SERVICE_MAX)) {
    const usedBy = `EnvironmentFile= of ${unit.name} (${entry.file}:${entry.line})`;
    for (const path of await unitPaths(context, entry, unit, directory)) {
      files.push(await fileSource(context, path, usedBy, "systemd"));
    }
  }
  const inline = unitList(unit.unit, "Service", "ExecStart").flatMap(({ value, file, line }) =>
    commandVariables(value, { file, line }),
  );
  return [
    { kind: "literal", layer: "service", reader: "systemd", variables: inline },
    ...files.toReversed(),
    {
      kind: "literal",
      layer: "service",
      reader: "systemd",
      variables: unitEnvironment(unit.unit),
    },
  ];
}

/**
 * The paths one `EnvironmentFile=` names. A unit that only lies in the tree, or facts of another
 * machine, name the place of deployment: its working directory stands for the audited one.
 */
async function unitPaths(
  context: Context,
  { value }: UnitEntry,
  unit: UnitFile,
  directory: string | undefined,
): Promise<readonly string[]> {
  const { target } = context;
  const written = value.replace(/^-/, "").replaceAll("@ROOT@", target.directory);
  const unquoted = /^"([^"]*)"$/.exec(written)?.[1] ?? written;
  const path = resolvePath("/", unquoted.replaceAll("%%", "%"));
  const isElsewhere = !isWithin(path, target.directory);
  const isForeign = !target.hostFacts || !unit.isInstalled;
  const mapped = isElsewhere && isForeign ? mappedPath(path, directory, target.directory) : path;
  return /[*?[]/.test(nameOf(mapped))
    ? (await globNames(context.host, mapped)).map((name) => `${parentOf(mapped)}/${name}`)
    : [mapped];
}

function mappedPath(path: string, directory: string | undefined, root: string): string {
  if (directory?.startsWith("/")) {
    const base = resolvePath("/", directory);
    if (base !== "/" && isWithin(path, base))
      return resolvePath(root, `.${path.slice(base.length)}`);
  }
  return nameOf(path).startsWith(".env") ? resolvePath(root, nameOf(path)) : path;
}

async function fileSource(
  context: Context,
  path: string,
  usedBy: string,
  loader: DotenvLoader,
): Promise<EnvSource> {
  const { directory } = context.target;
  const absolute = resolvePath(directory, path);
  return {
    kind: "file",
    layer: "service-file",
    path: shownPath(absolute, directory),
    absolute,
    usedBy,
    loader,
    text: await textOf(context, absolute),
    rank: 0,
  };
}

async function textOf({ host, target }: Context, absolute: string): Promise<Reading<string>> {
  if (target.hostFacts || isWithin(absolute, target.directory)) return readEnvFile(host, absolute);
  return unknown("not-recorded", "it lies outside the audited directory (--no-host or --recorded)");
}

/** What the start command itself sets, over all that the service is given. */
function inlineLiterals({
  command,
  commandFile,
  commandLine,
  file,
  line,
}: ComposeService): LiteralSource {
  const place = { file: commandFile ?? file, line: commandLine ?? line };
  const variables = commandVariables(command, place);
  return { kind: "literal", layer: "service", reader: "docker compose", variables };
}

/** What a Procfile, supervisor, uWSGI or gunicorn gives to the programs it starts. */
async function launcherSources(
  context: Context,
  services: readonly Service[],
): Promise<readonly Source[]> {
  const declared = services.filter(({ kind }) => kind !== "process");
  const programs = await launchedPrograms(context, {
    commands: services.map(({ command }) => command),
    isDeclared: declared.some(isApplication),
  });
  return programs.map(({ file, variables }) => ({
    kind: "literal",
    layer: "service",
    reader: nameOf(file),
    variables,
  }));
}

function composeLiterals(service: ComposeService): LiteralSource {
  return {
    kind: "literal",
    layer: "service",
    reader: "docker compose",
    variables: service.environment.flatMap(({ key, value, file, line }) =>
      value === undefined ? [] : [{ key, value, file, line }],
    ),
  };
}
