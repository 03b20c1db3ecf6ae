import type { CollectContext } from "../core/fact.ts";
import { defineSealedFact } from "../core/fact.ts";
import { absent, known, knownValue, type Reading, unknown } from "../core/reading.ts";
import type { ComposeProject, ComposeResult, ComposeSource } from "../parsers/compose.ts";
import { readDotenv } from "../parsers/dotenv.ts";
import { attempt } from "./attempt.ts";
import { isDevelopmentDeployFile } from "./deploy/deploy-names.ts";
import { type DeploymentTree, deploymentTree } from "./deployment-tree.fact.ts";
import {
  baseName,
  directoryOf,
  isOutsideDeployment,
  resolveFrom,
  shownPath,
} from "./target-path.ts";

/** The compose project of the audited directory, override file merged. Sealed: values may be secrets. */
export interface ComposeFiles {
  /** In merge order, relative to the audited directory. */
  readonly files: readonly string[];
  readonly project: ComposeProject;
  /** A production file lies beside: then started with `-f`, and an override file is left out. */
  readonly production?: { readonly files: readonly string[]; readonly project: ComposeProject };
  /** Files that did not parse. */
  readonly problems: readonly {
    readonly file: string;
    readonly line?: number;
    readonly message: string;
  }[];
}

/** In the order compose looks for them (compose-go `DefaultFileNames`). */
const BASE_NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDE_NAMES = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];
/** Started with `-f`: only where no file has a name compose finds by itself. */
const PRODUCTION_NAME = /^(?:docker-)?compose[.-](?:prod|production|live|deploy|server)\.ya?ml$/;

export const COMPOSE_BYTES_MAX = 1_048_576;
export const COMPOSE_FILES_MAX = 16;
/** Slashes in the path of a project below the audited directory: `deploy/docker/compose.yml`. */
const DEPTH_MAX = 3;

/** Absent when the audited directory holds no compose project. */
export const composeFiles = defineSealedFact({
  id: "compose-files",
  title: "Compose project",
  access: "read",
  timeoutMs: 5_000,
  needs: { tree: deploymentTree },
  async collect(context, { tree }): Promise<Reading<ComposeFiles>> {
    const settings = await projectVariables(context, "");
    const files = await namedFiles(context, settings("COMPOSE_FILE"), tree);
    const [first] = files;
    if (first === undefined) return absent("no compose file in the audited directory");
    const directory = directoryOf(first);
    const lookup = directory === "." ? settings : await projectVariables(context, directory);
    const read = await readProject(context, files, lookup);
    const beside = productionBeside(first, tree);
    if (read.state !== "known" || beside === undefined || files.includes(beside)) return read;
    const production = knownValue(await readProject(context, [first, beside], lookup));
    return production === undefined ? read : known({ ...read.value, production });
  },
});

/** The one production file beside the base file; of several nobody knows which. */
function productionBeside(base: string, tree: DeploymentTree): string | undefined {
  const [only, ...others] = tree.files
    .map(({ path }) => path)
    .filter(
      (path) => directoryOf(path) === directoryOf(base) && PRODUCTION_NAME.test(baseName(path)),
    );
  return others.length === 0 ? only : undefined;
}

/** COMPOSE_FILE of `.env` when it names files that are there, else what compose finds by itself. */
async function namedFiles(
  { target }: CollectContext,
  setting: string | undefined,
  tree: DeploymentTree,
): Promise<readonly string[]> {
  const paths = new Set(tree.files.map(({ path }) => path));
  const named = (setting ?? "")
    .split(":")
    .filter((name) => name !== "")
    .map((name) => shownPath(target.directory, resolveFrom(target.directory, name)));
  if (named.length > 0 && named.every((path) => paths.has(path))) {
    return named.slice(0, COMPOSE_FILES_MAX);
  }
  return composeFileNames([...paths]);
}

/** What compose finds by itself among `paths`, in merge order; empty when there is no project. */
export function composeFileNames(paths: readonly string[]): readonly string[] {
  const candidates = paths.filter(
    (path) =>
      path.split("/").length - 1 <= DEPTH_MAX &&
      !isOutsideDeployment(path) &&
      !(path.includes("/") && isDevelopmentDeployFile(path)),
  );
  const base = nearest(candidates.filter((path) => BASE_NAMES.includes(baseName(path))));
  if (base !== undefined) {
    const beside = directoryOf(base);
    const override = OVERRIDE_NAMES.map((name) => (beside === "." ? name : `${beside}/${name}`));
    const found = override.find((path) => paths.includes(path));
    return found === undefined ? [base] : [base, found];
  }
  const production = nearest(candidates.filter((path) => PRODUCTION_NAME.test(baseName(path))));
  return production === undefined ? [] : [production];
}

/** Nearest to the root, then in compose's own order of names. */
function nearest(paths: readonly string[]): string | undefined {
  const rank = (path: string) =>
    [path.split("/").length, BASE_NAMES.indexOf(baseName(path))] as const;
  return [...paths].sort((a, b) => {
    const [depthA, nameA] = rank(a);
    const [depthB, nameB] = rank(b);
    return depthA - depthB || directoryOf(a).localeCompare(directoryOf(b)) || nameA - nameB;
  })[0];
}

/** `.env` beside the project serves `${NAME}`; the shell it is started from is not known. */
async function projectVariables(
  { host, target }: CollectContext,
  directory: string,
): Promise<(name: string) => string | undefined> {
  const path = resolveFrom(target.directory, `${directory}/.env`.replace(/^\//, ""));
  const text = knownValue(await attempt(() => host.readFile(path, COMPOSE_BYTES_MAX)));
  if (text === undefined) return () => undefined;
  const { assignments } = readDotenv(text, "compose");
  const values = new Map(assignments.map(({ key, value }) => [key, value]));
  return (name) => values.get(name);
}

type SourceReading =
  | { readonly ok: true; readonly source: ComposeSource }
  | {
      readonly ok: false;
      readonly problem: ComposeFiles["problems"][number];
      readonly reading: Reading<never>;
    };

/** Loaded when there is a file: the YAML library takes longer to load than a scan of a server has. */
const compose = () => import("../parsers/compose.ts");

async function readProject(
  context: CollectContext,
  files: readonly string[],
  lookup: (name: string) => string | undefined,
): Promise<Reading<ComposeFiles>> {
  const readings: SourceReading[] = [];
  for (const file of files) readings.push(await readSource(context, file, lookup));
  const sources = readings.flatMap((each) => (each.ok ? [each.source] : []));
  const failed = readings.flatMap((each) => (each.ok ? [] : [each]));
  const [first] = failed;
  if (sources.length === 0 && first !== undefined) return first.reading;
  const { parseCompose } = await compose();
  const others = await referenced(context, sources, lookup);
  const merged = parseCompose(sources, lookup, others.sources);
  if (!merged.ok) return unknown("malformed", `${merged.file} ${merged.message}`);
  return known({
    files: sources.map(({ file }) => file),
    project: merged.project,
    problems: [...failed.map(({ problem }) => problem), ...others.problems],
  });
}

/** The files that `include` and `extends` name, and those these name; files of the directory only. */
async function referenced(
  context: CollectContext,
  sources: readonly ComposeSource[],
  lookup: (name: string) => string | undefined,
): Promise<{
  readonly sources: readonly ComposeSource[];
  readonly problems: ComposeFiles["problems"];
}> {
  const { composeReferences } = await import("../parsers/compose/library.ts");
  const found = new Map<string, ComposeSource>();
  const problems: ComposeFiles["problems"][number][] = [];
  const pending = sources.flatMap((source) => composeReferences(source, lookup));
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    const isKnown = found.has(path) || problems.some(({ file }) => file === path);
    if (isKnown || found.size + problems.length >= COMPOSE_FILES_MAX) continue;
    const read = isForeign(path) ? undefined : await readSource(context, path, lookup);
    if (read?.ok === true) {
      found.set(path, read.source);
      pending.push(...composeReferences(read.source, lookup));
    } else {
      const message = "is named by the project and lies outside the audited directory";
      problems.push(read?.problem ?? { file: path, message });
    }
  }
  return { sources: [...found.values()], problems };
}

/** Another repository, a registry, or a place above the audited directory. */
function isForeign(path: string): boolean {
  return /^(?:\/|\.\.(?:\/|$))|:\/\/|^(?:git@|oci:)/.test(path);
}

async function readSource(
  { host, target }: CollectContext,
  file: string,
  lookup: (name: string) => string | undefined,
): Promise<SourceReading> {
  const path = resolveFrom(target.directory, file);
  const text = await attempt(() => host.readFile(path, COMPOSE_BYTES_MAX));
  if (text.state === "unknown") {
    return { ok: false, problem: { file, message: text.problem.detail }, reading: text };
  }
  if (text.state === "absent") {
    const reading = unknown("unreachable", text.reason);
    return { ok: false, problem: { file, message: text.reason }, reading };
  }
  if (text.value.includes("\0")) {
    const message = "holds a NUL character, which YAML does not allow";
    const reading = unknown("malformed", `${file} ${message}`);
    return { ok: false, problem: { file, message }, reading };
  }
  const source = { file, text: text.value };
  const { parseCompose } = await compose();
  const alone = parseCompose([source], lookup);
  if (alone.ok) return { ok: true, source };
  const place = alone.line === undefined ? file : `${file}:${alone.line}`;
  const reading = unknown("malformed", `${place} ${alone.message}`);
  return { ok: false, problem: problemOf(alone), reading };
}

function problemOf(
  result: Extract<ComposeResult, { ok: false }>,
): ComposeFiles["problems"][number] {
  const { file, line, message } = result;
  return { file, message, ...(line === undefined ? {} : { line }) };
}
