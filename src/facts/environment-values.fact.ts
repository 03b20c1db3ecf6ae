import { type CollectContext, defineSealedFact } from "../core/fact.ts";
import { known, knownValue, type Problem, type Reading } from "../core/reading.ts";
import type { DotenvLoader } from "../parsers/dotenv.ts";
import { composeFiles } from "./compose-files.fact.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { type ApplicationLoader, applicationLoader } from "./env-file-loader.ts";
import { readPublished } from "./env-samples.ts";
import { hiddenDeclarations } from "./environment-declared.ts";
import { dotenvFiles } from "./environment-dotenv.ts";
import { imageSources } from "./environment-image.ts";
import { assignmentsOf, type EnvSource, type LiteralSource } from "./environment-layers.ts";
import { isMissing, placeForNew, serviceSources } from "./environment-service.ts";
import { isDevStage, stageNameOf } from "./environment-stage.ts";
import { processEnvironment } from "./process-environment.fact.ts";
import { services } from "./services.fact.ts";
import { unitFiles } from "./unit-files.fact.ts";

/** The layers a variable may be set in, highest precedence first (catalog G4). Defaults in source come after them all. */
export const ENVIRONMENT_LAYERS = [
  "process",
  "service",
  "service-file",
  "dotenv",
  "dotenv-dev",
  "image",
] as const;
export type EnvironmentLayer = (typeof ENVIRONMENT_LAYERS)[number];

/** One assignment in clear. Sealed: only facts may read it. */
export interface Assignment {
  readonly key: string;
  readonly value: string;
  readonly layer: EnvironmentLayer;
  /** `.env`, `/etc/systemd/system/monitor.service`, `/proc/10/environ`. Relative when inside the audited directory. */
  readonly file: string;
  readonly line?: number;
  /** Who reads it: `python-dotenv`, `systemd`, `docker compose`. */
  readonly reader: string;
  /** Variables that the value as written takes from elsewhere (`${NAME}`); absent for none. */
  readonly refers?: readonly string[];
}

export interface EnvironmentValues {
  /** In order of precedence: the first one of a key is effective. A file's own duplicates are already settled. */
  readonly assignments: readonly Assignment[];
  /** Env files in use, units and compose files that could not be read: what they set is not known. */
  readonly unreadable: readonly { readonly file: string; readonly problem: Problem }[];
  /** Whether the running process's environment was seen. */
  readonly isProcessSeen: boolean;
  /** Env files in use, each once, in order of precedence; missing ones are left out. */
  readonly files?: readonly EnvFileInUse[];
  /** Samples (`.env.example`, `.sample`, `.template`, `.test`, `.dist`): never live. */
  readonly samples?: readonly string[];
  /** Where a variable that nobody sets yet would be read, when it is not an env file in use: `in docker/.env`. */
  readonly placeForNew?: string;
  /** Values that a sample or README shows under a secret's name: a live one like it is no secret. */
  readonly published?: readonly string[];
}

/** One env file in use, with its text. Sealed as the rest. */
export interface EnvFileInUse {
  /** Relative when inside the audited directory, else absolute. */
  readonly path: string;
  readonly absolute: string;
  /** Why it is in use: `.env of the application`, `EnvironmentFile= of monitor.service:7`. */
  readonly usedBy: string;
  /** Who reads it in this deployment. */
  readonly loaders: readonly DotenvLoader[];
  readonly text: Reading<string>;
}

/** The effective assignment of a key; `undefined` when no layer sets it. */
export function effectiveAssignment(
  { assignments }: Pick<EnvironmentValues, "assignments">,
  key: string,
): Assignment | undefined {
  return assignments.find((assignment) => assignment.key === key);
}

export const environmentValues = defineSealedFact({
  id: "environment-values",
  title: "Environment in clear",
  access: "read",
  timeoutMs: 8_000,
  wants: { processEnvironment, unitFiles, composeFiles, services, deploymentTree },
  async collect(context, _facts, readings): Promise<Reading<EnvironmentValues>> {
    const files = (knownValue(readings.deploymentTree)?.files ?? []).map(({ path }) => path);
    const running = knownValue(readings.services)?.services ?? [];
    const commands = running.map(({ command }) => command);
    const application = await applicationLoader(context, files, commands);
    const process = knownValue(readings.processEnvironment);
    const declared = await serviceSources(context, {
      units: knownValue(readings.unitFiles) ?? [],
      compose: knownValue(readings.composeFiles)?.project,
      services: running,
      sourced: knownValue(readings.services)?.sourcedFiles ?? [],
    });
    const live: (EnvSource | LiteralSource)[] = [
      ...(process === undefined ? [] : [processSource(process)]),
      ...declared.filter((source) => !isMissing(source)),
    ];
    const place = placeForNew(declared, { services: running });
    const images = await imageSources(context, knownValue(readings.composeFiles)?.project, running);
    const sources = [
      ...live,
      ...(await dotenvSources(context, files, application, live)),
      ...images,
    ];
    const { published, samples } = await readPublished(context, files);
    return known({
      assignments: assignmentsOf(sources),
      unreadable: [...unreadableOf(sources), ...hiddenDeclarations(readings)],
      isProcessSeen: process !== undefined,
      files: filesInUse(sources, application),
      samples,
      published,
      ...(place === undefined ? {} : { placeForNew: place }),
    });
  },
});

function processSource({
  where,
  variables,
}: {
  readonly where: string;
  readonly variables: readonly (readonly [string, string])[];
}): LiteralSource {
  return {
    kind: "literal",
    layer: "process",
    reader: "process",
    variables: variables.map(([key, value]) => ({ key, value, file: where })),
  };
}

/** `.env` always; those of one stage as the stage says that is set without them (catalog G4). */
async function dotenvSources(
  context: CollectContext,
  files: readonly string[],
  application: ApplicationLoader,
  live: readonly (EnvSource | LiteralSource)[],
): Promise<readonly EnvSource[]> {
  const always = await dotenvFiles(context, files, application, "always");
  const set = assignmentsOf([...live, ...always]);
  const isDev = isDevStage(
    stageNameOf((key) => effectiveAssignment({ assignments: set }, key)?.value),
  );
  const staged = await dotenvFiles(context, files, application, isDev ? "dev" : "production");
  return [...always, ...staged].sort((a, b) => a.rank - b.rank);
}

function unreadableOf(
  sources: readonly (EnvSource | LiteralSource)[],
): EnvironmentValues["unreadable"] {
  const found = new Map<string, Problem>();
  for (const source of sources) {
    if (source.kind !== "file") continue;
    const problem = source.text.state === "unknown" ? source.text.problem : refusal(source);
    if (problem !== undefined) found.set(source.path, problem);
  }
  return [...found].map(([file, problem]) => ({ file, problem }));
}

/**
 * systemd drops a whole file for one assignment that is not UTF-8 (`check_utf8ness_and_warn` of its
 * env-file.c) and for a NUL anywhere (`read_full_file`): the service then has none of it.
 */
function refusal({ loader, text }: EnvSource): Problem | undefined {
  if (loader !== "systemd" || text.state !== "known") return undefined;
  const isRefused =
    text.value.includes("\0") ||
    text.value.split("\n").some((line) => line.includes("\uFFFD") && !/^[ \t]*[#;]/.test(line));
  const detail = "systemd refuses it: a byte in it is no UTF-8 text";
  return isRefused ? { code: "malformed", detail } : undefined;
}

/** One entry for each file, with everybody who reads it. */
function filesInUse(
  sources: readonly (EnvSource | LiteralSource)[],
  application: ApplicationLoader,
): readonly EnvFileInUse[] {
  const found = new Map<string, EnvFileInUse>();
  for (const source of sources) {
    if (source.kind !== "file" || source.text.state === "absent") continue;
    const { path, absolute, usedBy, loader, text } = source;
    const before = found.get(absolute);
    // A library that nobody saw does not read what the service manager reads already.
    const isGuess = before !== undefined && loader === application.loader && !application.isSeen;
    const loaders = isGuess ? [] : [loader];
    found.set(absolute, {
      path,
      absolute,
      usedBy: before?.usedBy ?? usedBy,
      loaders: [...new Set([...(before?.loaders ?? []), ...loaders])],
      text,
    });
  }
  return [...found.values()];
}
