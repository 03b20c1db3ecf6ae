import { type CollectContext, defineFact } from "../core/fact.ts";
import { known, knownValue, type Reading } from "../core/reading.ts";
import type {
  ComposePort,
  ComposeProject,
  ComposeRights,
  ComposeService,
  ComposeVariable,
  PlacedText,
} from "../parsers/compose.ts";
import { readDotenv } from "../parsers/dotenv.ts";
import { attempt } from "./attempt.ts";
import { type BuiltImage, builtImages } from "./built-images.fact.ts";
import { type ComposeCredential, credentialsOf } from "./compose-credentials.ts";
import { type ComposeFiles, composeFiles } from "./compose-files.fact.ts";
import { ENGINE_SOCKET } from "./deploy/compose-service-rows.ts";
import { type DeploySettings, deploySettings } from "./deploy-settings.fact.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { measureOptions } from "./measure-options.ts";
import { type ImagePin, type ImageRole, imagePin, imageRole } from "./service-images.ts";
import { type Services, services } from "./services.fact.ts";
import { directoryOf, resolveFrom, shownPath } from "./target-path.ts";

/** The compose project of the deployment: what is published, with which rights and passwords it runs. */
export interface ComposeDeployment {
  /** In merge order. */
  readonly files: readonly string[];
  readonly services: readonly DeployedService[];
  /** What the override file makes of it, where a production file is used instead of it. */
  readonly overridden?: {
    readonly file: string;
    readonly services: readonly DeployedService[];
  };
  /** Files that say by name or comment that they are for development or an example. */
  readonly development: readonly string[];
  /**
   * A unit runs the application: `installed` on this machine, so that the project is a sample, or `tree`
   * where it only lies beside it.
   */
  readonly unit?: "installed" | "tree";
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

export interface DeployedService {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly isApplication: boolean;
  /** By its image, the base of what is built, or its name; absent for what nobody knows. */
  readonly role?: ImageRole;
  readonly isBuilt: boolean;
  /** It prepares something and ends: `chown -R app /data`. */
  readonly isOneShot: boolean;
  readonly image?: PlacedText & { readonly pin?: ImagePin };
  readonly rights: ComposeRights;
  readonly ports: readonly ComposePort[];
  readonly profiles: readonly string[];
  /** Where the engine's own socket is mounted. */
  readonly sockets: readonly PlacedText[];
  readonly credentials: readonly ComposeCredential[];
  /** The image that is built for it, where its Dockerfile was read. */
  readonly built?: BuiltImage;
}

export const composeDeployment = defineFact({
  id: "compose-deployment",
  title: "Compose project as deployed",
  access: "read",
  timeoutMs: 5_000,
  needs: { composeFiles },
  wants: { services, deploySettings, environmentValues, builtImages },
  async collect(context, { composeFiles: compose }, readings): Promise<Reading<ComposeDeployment>> {
    const told = knownValue(readings.services);
    const files = await envFileVariables(context, compose);
    const view = viewOf(context, {
      files,
      applications: applicationNames(told),
      images: knownValue(readings.builtImages) ?? [],
      values: knownValue(readings.environmentValues),
    });
    const { production } = compose;
    const override = compose.files[1];
    const main = production ?? compose;
    const isReplaced = production !== undefined && override !== undefined;
    return known({
      files: main.files,
      services: view(main.project),
      ...(isReplaced ? { overridden: { file: override, services: view(compose.project) } } : {}),
      development: developmentFiles(knownValue(readings.deploySettings)),
      ...unitBeside(told),
      problems: compose.problems.map(({ file, message }) => ({ file, message })),
    });
  },
});

function applicationNames(told: Services | undefined): ReadonlySet<string> {
  const own = (told?.services ?? []).filter(
    ({ kind, isApplication }) => kind === "compose" && isApplication,
  );
  return new Set(own.map(({ name }) => name));
}

/** The services fact leaves a project out that a unit stands in for. */
function unitBeside(told: Services | undefined): Pick<ComposeDeployment, "unit"> {
  const all = told?.services ?? [];
  const unit = all.find(({ kind, isApplication }) => kind === "unit" && isApplication);
  if (unit === undefined || all.some(({ kind }) => kind === "compose")) return {};
  return { unit: unit.file?.startsWith("/") === true ? "installed" : "tree" };
}

function developmentFiles(settings: DeploySettings | undefined): readonly string[] {
  const rows = (settings?.settings ?? []).filter(({ slug }) => slug === "compose.dev");
  return [...new Set(rows.map(({ file }) => file))];
}

/** Env files read of one project. */
const ENV_FILES_MAX = 32;
const ENV_BYTES_MAX = 262_144;

/** Variables of the project's env files, by path. */
async function envFileVariables(
  { host, target }: CollectContext,
  { project, production }: ComposeFiles,
): Promise<EnvFileVariables> {
  const found = new Map<string, readonly ComposeVariable[]>();
  const all = [project, production?.project].flatMap((one) => one?.services ?? []);
  for (const { file: declared, path } of all.flatMap(({ envFiles }) => envFiles)) {
    const absolute = envFilePath(target.directory, declared, path);
    if (found.has(absolute) || found.size >= ENV_FILES_MAX) continue;
    const text = knownValue(await attempt(() => host.readFile(absolute, ENV_BYTES_MAX))) ?? "";
    const file = shownPath(target.directory, absolute);
    const variables = readDotenv(text, "compose").assignments.map(({ key, value, line }) => ({
      key,
      value,
      isInterpolated: false,
      file,
      line,
    }));
    found.set(absolute, variables);
  }
  return ({ envFiles }) =>
    envFiles.flatMap(
      ({ file, path }) => found.get(envFilePath(target.directory, file, path)) ?? [],
    );
}

type EnvFileVariables = (service: ComposeService) => readonly ComposeVariable[];

function envFilePath(directory: string, declared: string, path: string): string {
  return resolveFrom(resolveFrom(directory, directoryOf(declared)), path);
}

/** `environment:` over `env_file:`, a later file over an earlier one. */
function withEnvFiles(service: ComposeService, files: EnvFileVariables): ComposeService {
  const merged = new Map(files(service).map((variable) => [variable.key, variable]));
  for (const variable of service.environment) merged.set(variable.key, variable);
  return { ...service, environment: [...merged.values()] };
}

interface View {
  readonly files: EnvFileVariables;
  readonly applications: ReadonlySet<string>;
  readonly images: readonly BuiltImage[];
  readonly values: Parameters<typeof measureOptions>[0] | undefined;
}

function viewOf(
  { fingerprintKey }: CollectContext,
  { applications, images, values, files }: View,
): (project: ComposeProject) => readonly DeployedService[] {
  const options = measureOptions(values ?? { assignments: [] }, fingerprintKey);
  return ({ services: all }) =>
    all.map((service) => {
      const built = images.find(({ service: name }) => name === service.name);
      const role = roleOf(service, built);
      return {
        name: service.name,
        file: service.file,
        line: service.line,
        isApplication: applications.has(service.name),
        ...(role === undefined ? {} : { role }),
        isBuilt: service.isBuilt,
        isOneShot: ONE_SHOT.test(service.command),
        ...imageOf(service),
        rights: service.rights ?? NO_RIGHTS,
        ports: service.ports,
        profiles: service.profiles ?? [],
        sockets: socketsOf(service),
        credentials: credentialsOf(withEnvFiles(service, files), options),
        ...(built === undefined ? {} : { built }),
      };
    });
}

const ONE_SHOT = /^(?:(?:\/bin\/)?(?:ba)?sh -e?u?c\s+)?['"]?(?:chown|chmod|mkdir|install)\s/;
const NO_RIGHTS: ComposeRights = { capAdd: [], capDrop: [], securityOptions: [], devices: [] };

function imageOf({ rights }: ComposeService): Pick<DeployedService, "image"> {
  const image = rights?.image;
  if (image === undefined) return {};
  const pin = imagePin(image.text);
  return { image: { ...image, ...(pin === undefined ? {} : { pin }) } };
}

function roleOf(service: ComposeService, built: BuiltImage | undefined): ImageRole | undefined {
  const image = service.isBuilt ? built?.base : service.image;
  const byImage = image === undefined ? undefined : imageRole(image);
  if (byImage !== undefined) return byImage;
  const isProxyName = /^(?:nginx|caddy|traefik|haproxy|proxy|reverse-?proxy|gateway)$/i;
  return isProxyName.test(service.name) || /[-_](?:nginx|proxy|gateway)$/i.test(service.name)
    ? "proxy"
    : undefined;
}

function socketsOf({ volumes }: ComposeService): readonly PlacedText[] {
  return volumes
    .filter(({ source }) => ENGINE_SOCKET.test(source))
    .map(({ source, target, file, line }) => ({ text: `${source}:${target}`, file, line }));
}
