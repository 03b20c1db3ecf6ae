import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { contextCopy, parseDockerfile } from "../parsers/dockerfile.ts";
import { type GitIndex, parseGitIndex } from "../parsers/git-index.ts";
import {
  type IgnoreFile,
  isDockerIgnored,
  isGitIgnored,
  parseDockerignore,
  parseGitignore,
} from "../parsers/gitignore.ts";
import { attempt } from "./attempt.ts";
import { type ComposeFiles, composeFiles } from "./compose-files.fact.ts";
import { type DeploymentTree, deploymentTree } from "./deployment-tree.fact.ts";
import { environmentValues } from "./environment-values.fact.ts";
import {
  baseName,
  directoryOf,
  isOutsideDeployment,
  isWithin,
  resolveFrom,
  shownPath,
} from "./target-path.ts";

/** The git work tree the deployment lies in, read from `.git` itself; no program is run. */
export interface Repository {
  /** Absolute path of the work tree's root. */
  readonly root: string;
  /** Tracked paths inside the audited directory, relative to it. */
  readonly tracked: readonly string[];
  /** Of the env files in use: those a `.gitignore` (or `.git/info/exclude`) covers. Relative to the audited directory. */
  readonly ignoredEnvFiles: readonly string[];
  /** `.dockerignore` covers them; `undefined` without a Dockerfile that copies the directory. */
  readonly dockerIgnoredEnvFiles: readonly string[] | undefined;
  /** Why the index or the history could not be read, when it could not. */
  readonly problem?: string;
}

export const INDEX_BYTES_MAX = 64 * 1_048_576;
export const IGNORE_BYTES_MAX = 1_048_576;
/** Directories looked at upwards for `.git`. */
const LEVELS_MAX = 64;
/** Ignore files read between the root and the env files. */
const IGNORE_FILES_MAX = 256;
const DOCKERFILES_MAX = 32;
const DOCKERFILE_NAME = /^(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.[Dd]ockerfile$/;

/** Absent outside a git work tree. */
export const repository = defineFact({
  id: "repository",
  title: "Version control of the deployment",
  access: "read",
  timeoutMs: 5_000,
  wants: { environment: environmentValues, tree: deploymentTree, compose: composeFiles },
  async collect(context, _facts, readings): Promise<Reading<Repository>> {
    const found = await findGit(context);
    if (found.state !== "known") return found;
    const { root, git, common } = found.value;
    const { directory } = context.target;
    const index = await readIndex(context, git, common);
    const tracked = index.paths.flatMap((path) => {
      const absolute = resolveFrom(root, path);
      return isWithin(directory, absolute) ? [shownPath(directory, absolute)] : [];
    });
    const envFiles = (knownValue(readings.environment)?.files ?? [])
      .map(({ path }) => path)
      .filter((path) => !path.startsWith("/"));
    const ignores = await readIgnores(context, root, common, envFiles);
    const isIgnored = (path: string) =>
      isGitIgnored(ignores, shownPath(root, resolveFrom(directory, path)));
    return known({
      root,
      tracked,
      ignoredEnvFiles: envFiles.filter(isIgnored),
      dockerIgnoredEnvFiles: await dockerIgnoredEnvFiles(context, readings, envFiles),
      ...(index.problem === undefined ? {} : { problem: index.problem }),
    });
  },
});

export interface GitPlace {
  readonly root: string;
  /** The work tree's own git directory: index and HEAD. */
  readonly git: string;
  /** The directory shared by all work trees: `info/exclude`, `config`. */
  readonly common: string;
}

/** Upwards from the audited directory; only in it when the machine around is not the audited one. */
export async function findGit(context: CollectContext): Promise<Reading<GitPlace>> {
  const { hostFacts, directory } = context.target;
  let root = directory;
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    const found = await gitAt(context, root);
    if (found.state !== "absent") return found;
    if (!hostFacts || root === "/") break;
    root = directoryOf(root);
  }
  return absent("no .git in the audited directory or above it");
}

/** `.git` is a directory, or a file that names one. */
async function gitAt({ host, target }: CollectContext, root: string): Promise<Reading<GitPlace>> {
  const path = resolveFrom(root, ".git");
  const names = await attempt(() => host.readDir(path));
  if (names.state === "unknown") return names;
  if (names.state === "known") {
    if (!names.value.includes("HEAD")) return absent(`${path} is no repository`);
    return known({ root, git: path, common: path });
  }
  const git = await linkedDirectory(host, root, path);
  if (git === undefined) return absent(names.reason);
  if (!target.hostFacts && !isWithin(root, git)) {
    return unknown("not-recorded", `${path} leads to ${git}, outside of the audited directory`);
  }
  return known({ root, git, common: await commonDirectory(host, git) });
}

type Host = CollectContext["host"];

/** `gitdir: PATH` of a linked work tree or submodule (gitrepository-layout(5)). */
async function linkedDirectory(
  host: Host,
  root: string,
  path: string,
): Promise<string | undefined> {
  const text = knownValue(await attempt(() => host.readFile(path, IGNORE_BYTES_MAX)));
  const written = /^gitdir: ([^\n\r]+)/.exec(text ?? "")?.[1];
  return written === undefined ? undefined : resolveFrom(root, written.trim());
}

async function commonDirectory(host: Host, git: string): Promise<string> {
  const path = resolveFrom(git, "commondir");
  const text = knownValue(await attempt(() => host.readFile(path, IGNORE_BYTES_MAX)));
  return text === undefined || text.trim() === "" ? git : resolveFrom(git, text.trim());
}

async function readIndex({ host }: CollectContext, git: string, common: string) {
  const config = await attempt(() =>
    host.readFile(resolveFrom(common, "config"), IGNORE_BYTES_MAX),
  );
  const isSha256 = /^\s*objectformat\s*=\s*sha256\s*$/im.test(knownValue(config) ?? "");
  const bytes = await attempt(() => host.readBytes(resolveFrom(git, "index"), INDEX_BYTES_MAX));
  // A repository nothing was ever added to has no index.
  if (bytes.state === "absent") return { paths: [], problem: undefined };
  if (bytes.state === "unknown") return { paths: [], problem: bytes.problem.detail };
  const index: GitIndex = parseGitIndex(bytes.value, isSha256 ? 32 : 20);
  if (!index.ok) return { paths: [], problem: `${git}/index ${index.message}` };
  const problem = index.isSplit ? `${git}/index is split: tracked files are missing` : undefined;
  return { paths: index.paths, problem };
}

/** `info/exclude`, then every `.gitignore` from the root down to the env files' directories. */
async function readIgnores(
  { host, target }: CollectContext,
  root: string,
  common: string,
  envFiles: readonly string[],
): Promise<readonly IgnoreFile[]> {
  const directories = new Set<string>();
  for (const file of envFiles) {
    const path = resolveFrom(target.directory, file);
    for (let at = directoryOf(path); isWithin(root, at); at = directoryOf(at)) {
      directories.add(at);
      if (at === root) break;
    }
  }
  const byDepth = [...directories].sort((a, b) => a.length - b.length).slice(0, IGNORE_FILES_MAX);
  const places = [
    { path: resolveFrom(common, "info/exclude"), directory: "" },
    ...byDepth.map((each) => ({
      path: resolveFrom(each, ".gitignore"),
      directory: each === root ? "" : shownPath(root, each),
    })),
  ];
  const ignores: IgnoreFile[] = [];
  for (const { path, directory } of places) {
    const text = knownValue(await attempt(() => host.readFile(path, IGNORE_BYTES_MAX)));
    if (text !== undefined) ignores.push({ directory, patterns: parseGitignore(text) });
  }
  return ignores;
}

/** Build context by Dockerfile, where compose names one; both relative to the audited directory. */
type BuildContexts = ReadonlyMap<string, string>;

function buildContexts(
  services: readonly {
    readonly file: string;
    readonly buildContext?: string;
    readonly dockerfile?: string;
  }[],
): BuildContexts {
  return new Map(
    services.flatMap(({ file, buildContext, dockerfile = "Dockerfile" }) => {
      if (buildContext === undefined || /^\w+:\/\//.test(buildContext)) return [];
      const context = resolveFrom(resolveFrom("/", directoryOf(file)), buildContext);
      return [[resolveFrom(context, dockerfile).slice(1), context.slice(1)] as const];
    }),
  );
}

/** The env files that no image gets; `undefined` when no Dockerfile copies its whole context. */
export async function dockerIgnoredEnvFiles(
  context: CollectContext,
  {
    tree,
    compose,
  }: { readonly tree: Reading<DeploymentTree>; readonly compose: Reading<ComposeFiles> },
  envFiles: readonly string[],
): Promise<readonly string[] | undefined> {
  const files = (knownValue(tree)?.files ?? []).map(({ path }) => path);
  const contexts = buildContexts(knownValue(compose)?.project.services ?? []);
  return dockerIgnored(context, files, contexts, envFiles);
}

async function dockerIgnored(
  { host, target }: CollectContext,
  files: readonly string[],
  contexts: BuildContexts,
  envFiles: readonly string[],
): Promise<readonly string[] | undefined> {
  const dockerfiles = files
    .filter((path) => DOCKERFILE_NAME.test(baseName(path)) && !isOutsideDeployment(path))
    .filter((path) => !path.endsWith(".dockerignore"))
    .slice(0, DOCKERFILES_MAX);
  const read = async (path: string) =>
    knownValue(
      await attempt(() => host.readFile(resolveFrom(target.directory, path), IGNORE_BYTES_MAX)),
    );
  const covers: ((path: string) => boolean)[] = [];
  for (const path of dockerfiles) {
    const text = await read(path);
    if (text === undefined || contextCopy(parseDockerfile(text)) === undefined) continue;
    const context = contexts.get(path) ?? "";
    const own = await read(`${path}.dockerignore`);
    const patterns = parseDockerignore(
      own ?? (await read(`${context}/.dockerignore`.replace(/^\//, ""))) ?? "",
    );
    covers.push((file) => {
      if (context !== "" && !file.startsWith(`${context}/`)) return true;
      return isDockerIgnored(patterns, context === "" ? file : file.slice(context.length + 1));
    });
  }
  if (covers.length === 0) return undefined;
  return envFiles.filter((file) => covers.every((isCovered) => isCovered(file)));
}
