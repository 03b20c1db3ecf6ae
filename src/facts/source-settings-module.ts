import { createMachine, runEntry } from "../parsers/python/interpret.ts";
import type { VariableState } from "../parsers/python/machine.ts";
import type { Assignment } from "./environment-values.fact.ts";
import { imageCopies } from "./image-copies.ts";
import type { PythonProject } from "./python-project.ts";
import type { Service } from "./services.fact.ts";
import { isDevelopmentFile, type SourceFiles } from "./source-files.ts";
import { djangoSettingIn } from "./source-frameworks.ts";
import { baseName, directoryOf } from "./target-path.ts";

/** The Django settings module in use and where that was read. */
export interface SettingsChoice {
  readonly module: string;
  readonly file: string;
  readonly decidedBy: string;
}

export interface SettingsWitnesses {
  readonly assignment: Assignment | undefined;
  readonly services: readonly Service[];
  readonly variable: (name: string) => VariableState;
}

interface Claim {
  readonly module: string;
  readonly decidedBy: string;
}

const MODULE_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,12}$/;
const LAUNCHERS_MAX = 12;

/**
 * The settings module Django loads: the environment, the launcher's command line, uwsgi's file and
 * the image say so before `wsgi.py`, `asgi.py` and `manage.py` do (they only set a default); where
 * nobody says anything the usual places are looked at.
 */
export async function settingsModule(
  sources: SourceFiles,
  python: PythonProject,
  witnesses: SettingsWitnesses,
): Promise<SettingsChoice | undefined> {
  const launchers = launcherFiles(sources);
  const home = launchers[0] === undefined ? "." : directoryOf(launchers[0]);
  const copies = await imageCopies(sources);
  for await (const claim of claims(sources, python, witnesses, launchers)) {
    if (!MODULE_NAME.test(claim.module)) continue;
    const file = fileOf(sources, copies, claim.module, home);
    if (file !== undefined) return { ...claim, file };
  }
  return conventional(sources, python);
}

async function* claims(
  sources: SourceFiles,
  python: PythonProject,
  { assignment, services, variable }: SettingsWitnesses,
  launchers: readonly string[],
): AsyncGenerator<Claim> {
  if (assignment !== undefined) {
    const { file, line } = assignment;
    const decidedBy = `DJANGO_SETTINGS_MODULE (${line === undefined ? file : `${file}:${line}`})`;
    yield { module: assignment.value.trim(), decidedBy };
  }
  for (const { command, name, isApplication } of services) {
    const module = /(?:--settings[= ]|DJANGO_SETTINGS_MODULE=)["']?([\w.]+)/.exec(command)?.[1];
    if (isApplication && module !== undefined)
      yield { module, decidedBy: `command line of ${name}` };
  }
  yield* deploymentClaims(sources);
  for (const file of launchers) {
    const module = await defaultModule(python, file, variable);
    if (module !== undefined) yield { module, decidedBy: file };
  }
}

/** uwsgi's `env =` and the image's `ENV`. */
async function* deploymentClaims(sources: SourceFiles): AsyncGenerator<Claim> {
  for (const { module, file, line } of await writtenClaims(sources))
    yield { module, decidedBy: `${file}:${line}` };
}

/** A line of a deployment's file that names the settings module. */
export interface WrittenClaim {
  readonly module: string;
  readonly file: string;
  readonly line: number;
}

/** Where uwsgi's files and images name the settings module. */
export async function writtenClaims(sources: SourceFiles): Promise<readonly WrittenClaim[]> {
  const claims: WrittenClaim[] = [];
  const files = sources.paths.filter((path) =>
    /^(?:.*uwsgi.*\.ini|[Dd]ockerfile(?:\..*)?|.*\.[Dd]ockerfile)$/.test(baseName(path)),
  );
  for (const file of files.slice(0, LAUNCHERS_MAX)) {
    if (isDevelopmentFile(file.replace(/\.ini$/, ""))) continue;
    const lines = ((await sources.text(file)) ?? "").split("\n");
    for (const [index, line] of lines.entries()) {
      const module = SETS_MODULE.exec(line)?.[1];
      if (module !== undefined) claims.push({ module, file, line: index + 1 });
    }
  }
  return claims;
}

const SETS_MODULE =
  /^\s*(?:ENV\s|env\s*=|[A-Z_]+=)[^#;]*?\bDJANGO_SETTINGS_MODULE\s*[= ]\s*["']?([\w.]+)/;

function launcherFiles({ paths }: SourceFiles): readonly string[] {
  const named = (name: string): readonly string[] =>
    paths.filter((path) => baseName(path) === name).slice(0, LAUNCHERS_MAX);
  return [...named("wsgi.py"), ...named("asgi.py"), ...named("manage.py")];
}

/** What a launcher leaves in `DJANGO_SETTINGS_MODULE` after `os.environ.setdefault` and the like. */
async function defaultModule(
  python: PythonProject,
  file: string,
  variable: (name: string) => VariableState,
): Promise<string | undefined> {
  const module = await python.parse(file);
  if (module === undefined || !module.source.includes("DJANGO_SETTINGS_MODULE")) return undefined;
  const machine = createMachine(python.under(variable), file);
  runEntry(machine, file);
  const value = machine.overlay.get("DJANGO_SETTINGS_MODULE");
  return value?.kind === "text" ? value.text : undefined;
}

function fileOf(
  { paths, has }: SourceFiles,
  copies: ReadonlyMap<string, string>,
  module: string,
  home: string,
): string | undefined {
  const stem = module.replaceAll(".", "/");
  const bases = home === "." ? [""] : [`${home}/`, ""];
  const tails = [`${stem}.py`, `${stem}/__init__.py`];
  for (const base of bases) for (const tail of tails) if (has(base + tail)) return base + tail;
  const copied = bases.flatMap((base) => tails.map((tail) => copies.get(base + tail)));
  const inImage = copied.find((file) => file !== undefined);
  if (inImage !== undefined) return inImage;
  return paths.find((path) => tails.some((tail) => path.endsWith(`/${tail}`)));
}

const RANKS: readonly RegExp[] = [
  /(?:^|\/)settings\/(?:prod|production|live|main)\.py$/,
  /(?:^|\/)(?:prod|production)_?settings\.py$|(?:^|\/)settings_?(?:prod|production)\.py$/,
  /(?:^|\/)settings\.py$/,
  /(?:^|\/)settings\/__init__\.py$/,
  /(?:^|\/)settings\/(?:base|common|defaults?|global)\.py$/,
  /settings/,
  // Settings that an image's own module reads in (NetBox's configuration.py).
  /(?:^|\/)(?:config|configuration|conf)\.py$/,
];

/** The likeliest file that sets what only Django's settings set. */
async function conventional(
  sources: SourceFiles,
  python: PythonProject,
): Promise<SettingsChoice | undefined> {
  for (const rank of RANKS) {
    const files = sources.paths.filter((path) => path.endsWith(".py") && rank.test(path));
    for (const file of files.slice(0, LAUNCHERS_MAX)) {
      if (isDevelopmentFile(file)) continue;
      const module = await python.parse(file);
      const isSettings =
        module !== undefined &&
        (djangoSettingIn(module) !== undefined || /settings\/(?:prod|live|main)/.test(file));
      if (isSettings)
        return {
          module: moduleName(file),
          file,
          decidedBy: `the only place that is usual: ${file}`,
        };
    }
  }
  return undefined;
}

function moduleName(file: string): string {
  return file.replace(/(?:\/__init__)?\.py$/, "").replaceAll("/", ".");
}
