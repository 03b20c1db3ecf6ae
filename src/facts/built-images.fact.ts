import { type CollectContext, defineFact } from "../core/fact.ts";
import { known, knownValue, type Reading } from "../core/reading.ts";
import { isSecretName, type SecretMeasure } from "../core/secret.ts";
import type { ComposeService } from "../parsers/compose.ts";
import {
  contextFilesAt,
  type Dockerfile,
  dockerBaseImage,
  dockerCommand,
  dockerUser,
  dockerVariables,
  finalStage,
  parseDockerfile,
  shippedStages,
} from "../parsers/dockerfile.ts";
import { attempt } from "./attempt.ts";
import { composeFiles } from "./compose-files.fact.ts";
import { isDevelopmentDeployFile } from "./deploy/deploy-names.ts";
import { type DeploySettings, deploySettings } from "./deploy-settings.fact.ts";
import { type DeploymentTree, deploymentTree } from "./deployment-tree.fact.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { measureOptions } from "./measure-options.ts";
import { measureSecret } from "./secret-measure.ts";
import {
  baseName,
  directoryOf,
  isOutsideDeployment,
  isWithin,
  resolveFrom,
  shownPath,
} from "./target-path.ts";

/** An image that is built from a Dockerfile of this tree: its last stage, or the target that is asked for. */
export interface BuiltImage {
  readonly file: string;
  /** The compose service it is built for; absent where no compose file says so. */
  readonly service?: string;
  /** The stage that becomes the image, where it has a name. */
  readonly stage?: string;
  /** What it is built from in the end. */
  readonly base?: string;
  /** The last USER; absent for root by default. */
  readonly user?: { readonly text: string; readonly line: number };
  /** A program that gives rights up at start is in the image or its start script: `gosu`, `setpriv`. */
  readonly dropsRights?: string;
  readonly hasHealthcheck: boolean;
  readonly secrets: readonly ImageSecret[];
  /** COPY or ADD of an env file. */
  readonly envCopies: readonly { readonly text: string; readonly line: number }[];
}

/** ENV or ARG under a secret's name; what ENV holds is in the image, an ARG in its history. */
export interface ImageSecret {
  readonly keyword: "ENV" | "ARG";
  readonly key: string;
  readonly line: number;
  /** Of the shipped stage, not one that is thrown away. */
  readonly isShipped: boolean;
  /** Absent for an ARG without a default and for what is made of variables. */
  readonly secret?: SecretMeasure;
}

export const IMAGES_MAX = 40;
const TEXT_BYTES_MAX = 262_144;
/** Programs that start as root and go on as somebody else. */
const DROPPING =
  /\b(gosu|su-exec|setpriv|chpst|setuidgid|s6-setuidgid|runuser|fixuid|supervisord|s6-overlay|tini-static -u|userspec)\b|\bsu (-[a-z]*c?|\w+ -c)\b/;

export const builtImages = defineFact({
  id: "built-images",
  title: "Images built from this tree",
  access: "read",
  timeoutMs: 5_000,
  needs: { deploymentTree },
  wants: { composeFiles, environmentValues, deploySettings },
  async collect(context, facts, readings): Promise<Reading<readonly BuiltImage[]>> {
    const compose = knownValue(readings.composeFiles);
    const projects = [compose?.production?.project, compose?.project].flatMap((one) => one ?? []);
    const named = new Map(
      projects.flatMap(({ services }) => services).map((service) => [service.name, service]),
    );
    const rows = knownValue(readings.deploySettings);
    const isDeployed = ({ file }: ComposeService): boolean => !isDevelopmentCompose(rows, file);
    const built = [...named.values()]
      .filter((service) => service.isBuilt && isDeployed(service))
      .slice(0, IMAGES_MAX);
    const measure = measureOptions(
      knownValue(readings.environmentValues) ?? { assignments: [] },
      context.fingerprintKey,
    );
    const wanted =
      built.length > 0
        ? built.flatMap((service) => ofService(context, service))
        : nearestDockerfile(facts.deploymentTree);
    const uwsgi = uwsgiAccount(rows);
    const images: BuiltImage[] = [];
    for (const each of wanted) {
      const image = await readImage(context, each, {
        measure: (text) => measureSecret(text, measure),
        uwsgi,
      });
      if (image !== undefined) images.push(image);
    }
    return known(images);
  },
});

interface Wanted {
  /** Absolute. */
  readonly path: string;
  /** The build context, absolute. */
  readonly directory: string;
  readonly service?: string;
  readonly target?: string;
}

function ofService({ target }: CollectContext, service: ComposeService): readonly Wanted[] {
  const beside = resolveFrom(target.directory, directoryOf(service.file));
  const directory = resolveFrom(beside, service.buildContext ?? ".");
  const path = resolveFrom(directory, service.dockerfile ?? "Dockerfile");
  const { name, buildTarget } = service;
  if (!isWithin(target.directory, path)) return [];
  return [
    {
      path,
      directory,
      service: name,
      ...(buildTarget === undefined ? {} : { target: buildTarget }),
    },
  ];
}

/** Where no compose file builds: the Dockerfile nearest to the root. */
function nearestDockerfile({ files }: DeploymentTree): readonly Wanted[] {
  const [only] = files
    .map(({ path }) => path)
    .filter(
      (path) =>
        /^(?:dockerfile|containerfile)$/i.test(baseName(path)) &&
        !isOutsideDeployment(path) &&
        !isDevelopmentDeployFile(path),
    )
    .sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  return only === undefined ? [] : [{ path: only, directory: directoryOf(only) }];
}

interface Reader {
  readonly measure: (text: string) => SecretMeasure;
  /** The `uid` of a uWSGI configuration in the tree. */
  readonly uwsgi: string | undefined;
}

/** What a file for development builds says nothing of the image that is shipped. */
function isDevelopmentCompose(settings: DeploySettings | undefined, file: string): boolean {
  return (settings?.settings ?? []).some((row) => row.slug === "compose.dev" && row.file === file);
}

/** uWSGI starts as root and goes on as the account its configuration names. */
function uwsgiAccount(settings: DeploySettings | undefined): string | undefined {
  const row = settings?.settings.find(
    ({ slug, value }) => slug === "uwsgi.user" && !/^(?:root|0)$/.test(value),
  );
  return row === undefined ? undefined : `uid = ${row.value} in ${row.file}`;
}

/** Near the root first, then one that its folder calls that of production, bases of others last. */
function rankOf(path: string): number {
  const depth = path.split("/").length * 2;
  if (/(?:^|\/)prod(?:uction)?\//i.test(path)) return depth - 1;
  return /(?:^|\/)(?:base|builder|build|common)\//i.test(path) ? depth + 1 : depth;
}

async function readImage(
  context: CollectContext,
  { path, directory, service, target: stage }: Wanted,
  { measure, uwsgi }: Reader,
): Promise<BuiltImage | undefined> {
  const { directory: root } = context.target;
  const absolute = resolveFrom(root, path);
  const text = await textAt(context, absolute);
  if (text === undefined) return undefined;
  const dockerfile = parseDockerfile(text);
  const wanted = stage ?? finalStage(dockerfile);
  const scripts = scriptPaths(dockerfile, wanted, resolveFrom(root, directory));
  const started: string[] = [text];
  for (const script of scripts) started.push((await textAt(context, script)) ?? "");
  return {
    file: shownPath(root, absolute),
    ...given("service", service),
    ...given("stage", wanted),
    ...given("base", resolved(dockerfile, dockerBaseImage(dockerfile, wanted))),
    ...given("user", userOf(dockerfile, wanted)),
    ...given("dropsRights", droppingProgram(started.map(withoutComments), uwsgi)),
    hasHealthcheck: hasHealthcheck(dockerfile, wanted),
    secrets: secretsOf(dockerfile, wanted, measure),
    envCopies: envCopies(dockerfile, wanted),
  };
}

/** Defaults of ARG and values of ENV stand in for their variables; what nobody sets stays as written. */
function resolved(dockerfile: Dockerfile, text: string | undefined): string | undefined {
  if (!text?.includes("$")) return text;
  const values = new Map(
    dockerVariables(dockerfile).flatMap(({ key, value }) => (value ? [[key, value] as const] : [])),
  );
  return text.replace(
    /\$\{?([A-Za-z_]\w*)(?::?-([^}]*))?\}?/g,
    (whole, name: string, fallback: string | undefined) => values.get(name) ?? fallback ?? whole,
  );
}

function userOf(dockerfile: Dockerfile, stage: string | undefined): BuiltImage["user"] {
  const user = dockerUser(dockerfile, stage);
  return user === undefined ? undefined : { ...user, text: resolved(dockerfile, user.text) ?? "" };
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

async function textAt({ host, target }: CollectContext, path: string): Promise<string | undefined> {
  if (!isWithin(target.directory, path)) return undefined;
  return knownValue(await attempt(() => host.readFile(path, TEXT_BYTES_MAX)));
}

function droppingProgram(texts: readonly string[], uwsgi: string | undefined): string | undefined {
  const named = texts.map((text) => DROPPING.exec(text)?.[0].trim()).find(Boolean);
  return named ?? (texts.some((text) => /\buwsgi\b/.test(text)) ? uwsgi : undefined);
}

function withoutComments(text: string): string {
  return text.replace(/^\s*#.*$/gm, "");
}

/** Start scripts of the build context that the image runs. */
const SCRIPTS_MAX = 3;

function scriptPaths(
  dockerfile: Dockerfile,
  stage: string | undefined,
  directory: string,
): readonly string[] {
  const start = dockerCommand(dockerfile, stage);
  const words = (start?.text ?? "").split(/\s+/).filter((word) => /^[/.\w-]+$/.test(word));
  const files = words
    .filter((word) => word.includes("/") || word.endsWith(".sh"))
    .flatMap((word) => contextFilesAt(dockerfile, word));
  return [...new Set(files)]
    .slice(0, SCRIPTS_MAX)
    .map((file) => resolveFrom(directory, file.replace(/^\/+/, "")));
}

function hasHealthcheck(dockerfile: Dockerfile, stage: string | undefined): boolean {
  const shipped = new Set(shippedStages(dockerfile, stage));
  const last = dockerfile.instructions.findLast(
    ({ keyword, stage: at }) => keyword === "HEALTHCHECK" && shipped.has(at),
  );
  return last !== undefined && !/^NONE$/i.test(last.text);
}

function secretsOf(
  dockerfile: Dockerfile,
  stage: string | undefined,
  measure: (text: string) => SecretMeasure,
): readonly ImageSecret[] {
  const shipped = new Set(shippedStages(dockerfile, stage));
  return dockerVariables(dockerfile)
    .filter(({ key }) => isSecretName(key) && !/_FILE$/.test(key))
    .map(({ keyword, key, value, line, stage: at }) => ({
      keyword,
      key,
      line,
      isShipped: shipped.has(at),
      ...(value && !/\$\{?\w/.test(value) ? { secret: measure(value) } : {}),
    }));
}

/** `.env` and its kin; samples are for everybody. */
function envCopies(dockerfile: Dockerfile, stage: string | undefined): BuiltImage["envCopies"] {
  const shipped = new Set(shippedStages(dockerfile, stage));
  return dockerfile.instructions
    .filter(({ keyword, stage: at }) => /^(?:COPY|ADD)$/.test(keyword) && shipped.has(at))
    .filter(({ text }) => !text.includes("--from="))
    .filter(({ text }) =>
      text
        .split(/[\s,"[\]]+/)
        .slice(0, -1)
        .some(isLiveEnvFile),
    )
    .map(({ text, line }) => ({ text, line }));
}

function isLiveEnvFile(word: string): boolean {
  const name = baseName(word);
  return (
    /^\.env(?:\.[\w-]+)?$/.test(name) && !/(?:example|sample|template|dist|test|ci)/i.test(name)
  );
}
