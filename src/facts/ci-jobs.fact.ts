import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, type Reading } from "../core/reading.ts";
import { readGithubWorkflow } from "../parsers/ci/github.ts";
import { readGitlabPipeline } from "../parsers/ci/gitlab.ts";
import { readJenkinsfile, readPlainPipeline, readPreCommit } from "../parsers/ci/others.ts";
import type { CiAction, CiFile, CiStep } from "../parsers/ci/step.ts";
import { readYaml } from "../parsers/yaml-tree.ts";
import { attempt } from "./attempt.ts";
import { openCiScripts } from "./ci-scripts.ts";
import { type DeploymentTree, deploymentTree } from "./deployment-tree.fact.ts";

/** What continuous integration does: its commands with the scripts, make targets and hooks that they run. */
export interface CiJobs {
  /** Files that were read, relative to the audited directory. */
  readonly files: readonly string[];
  readonly actions: readonly CiAction[];
  readonly problems: readonly {
    readonly file: string;
    readonly line?: number;
    readonly detail: string;
  }[];
}

export const CI_FILES_MAX = 64;
const CI_BYTES_MAX = 524_288;
/** Actions kept of one deployment. */
const ACTIONS_MAX = 3_000;

type Reader = (file: string, text: string) => Read;
type Read =
  | { readonly ok: true; readonly ci: CiFile }
  | { readonly ok: false; readonly line?: number; readonly detail: string };

/** By where a file lies: what reads it. */
const KINDS: readonly (readonly [RegExp, Reader])[] = [
  [/^\.(?:github|forgejo|gitea)\/workflows\/[^/]+\.ya?ml$/, yaml(readGithubWorkflow)],
  [/^\.gitlab-ci\.ya?ml$|^\.gitlab(?:-ci)?\/.*\.ya?ml$/, yaml(readGitlabPipeline)],
  [
    /^(?:\.circleci\/config|azure-pipelines|\.azure-pipelines\/[\w.-]+|bitbucket-pipelines|\.drone|\.woodpecker|\.woodpecker\/[\w.-]+|\.travis|\.cirrus|\.buildkite\/[\w.-]+)\.ya?ml$/,
    yaml(readPlainPipeline),
  ],
  [/^Jenkinsfile(?:\.[\w.-]+)?$/, (file, text) => ({ ok: true, ci: readJenkinsfile(file, text) })],
];
const PRE_COMMIT = ".pre-commit-config.yaml";

function yaml(
  read: (file: string, tree: Parameters<typeof readGithubWorkflow>[1]) => CiFile,
): Reader {
  return (file, text) => {
    const parsed = readYaml(text);
    if (!parsed.ok) {
      const { line, message } = parsed;
      return { ok: false, detail: message, ...(line !== undefined && { line }) };
    }
    const [tree] = parsed.documents;
    const ci = tree === undefined ? { steps: [], calls: [], isCallable: false } : read(file, tree);
    return { ok: true, ci };
  };
}

/** Absent without files of continuous integration. */
export const ciJobs = defineFact({
  id: "ci-jobs",
  title: "Jobs of continuous integration",
  access: "read",
  timeoutMs: 5_000,
  needs: { tree: deploymentTree },
  async collect(context, { tree }): Promise<Reading<CiJobs>> {
    const files = filesOf(tree);
    if (files.length === 0) return absent("no files of continuous integration");
    const problems: CiJobs["problems"][number][] = [];
    const read = new Map<string, CiFile>();
    for (const [file, reader] of files) {
      const result = await readOne(context, file, reader);
      if (result.ok) read.set(file, result.ci);
      else
        problems.push({
          file,
          detail: result.detail,
          ...(result.line !== undefined && { line: result.line }),
        });
    }
    const scripts = openCiScripts(context, tree, await hooksOf(context, tree));
    const actions: CiAction[] = [];
    for (const step of reachedSteps(read)) actions.push(...(await actionsOf(step, scripts)));
    return known({
      files: files.map(([file]) => file),
      actions: actions.slice(0, ACTIONS_MAX),
      problems,
    });
  },
});

function filesOf({ files }: DeploymentTree): readonly (readonly [string, Reader])[] {
  return files
    .flatMap(({ path }) => {
      const reader = KINDS.find(([pattern]) => pattern.test(path))?.[1];
      return reader === undefined ? [] : [[path, reader] as const];
    })
    .slice(0, CI_FILES_MAX);
}

async function readOne(
  { host, target }: CollectContext,
  file: string,
  reader: Reader,
): Promise<Read> {
  const text = await attempt(() => host.readFile(`${target.directory}/${file}`, CI_BYTES_MAX));
  if (text.state === "known") return reader(file, text.value);
  return { ok: false, detail: text.state === "absent" ? text.reason : text.problem.detail };
}

async function hooksOf(
  { host, target }: CollectContext,
  tree: DeploymentTree,
): Promise<readonly CiStep[]> {
  if (!tree.files.some(({ path }) => path === PRE_COMMIT)) return [];
  const text = await attempt(() =>
    host.readFile(`${target.directory}/${PRE_COMMIT}`, CI_BYTES_MAX),
  );
  const parsed = text.state === "known" ? readYaml(text.value) : undefined;
  const [document] = parsed?.ok === true ? parsed.documents : [];
  return document === undefined ? [] : readPreCommit(PRE_COMMIT, document);
}

/** A workflow that others call runs where one of them does; one that nothing calls does not. */
function reachedSteps(files: ReadonlyMap<string, CiFile>): readonly CiStep[] {
  const called = new Set([...files.values()].flatMap(({ calls }) => calls));
  return [...files].flatMap(([file, { steps, isCallable }]) =>
    isCallable && called.has(file) ? steps.map(({ notReached: _, ...step }) => step) : steps,
  );
}

type Scripts = ReturnType<typeof openCiScripts>;

async function actionsOf(step: CiStep, scripts: Scripts): Promise<readonly CiAction[]> {
  const { text, kind, ...rest } = step;
  const around = { ...rest, step: step.line };
  if (kind !== "run") {
    const own: CiAction = { ...around, kind, name: text.trim(), words: [] };
    return /^pre-commit\/action\b/.test(text) ? [own, ...scripts.hooks(around)] : [own];
  }
  return scripts.expand(around, text);
}
