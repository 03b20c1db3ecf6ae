import { type YamlTree, yamlAt, yamlEntries, yamlItems, yamlTexts } from "../yaml-tree.ts";
import type { CiFile, CiStep } from "./step.ts";

/** Top-level keys that are no jobs ("CI/CD YAML syntax reference"). */
const NO_JOBS: ReadonlySet<string> = new Set(
  "default include stages variables workflow image services cache before_script after_script pages:deploy spec".split(
    " ",
  ),
);
const JOBS_MAX = 300;
const SCRIPTS = ["before_script", "script"] as const;

/** `.gitlab-ci.yml`: its jobs, and the templates of GitLab that it includes. */
export function readGitlabPipeline(file: string, tree: YamlTree): CiFile {
  const jobs = yamlEntries(tree).filter(([name]) => !NO_JOBS.has(name));
  const visible = jobs.filter(([name]) => !name.startsWith(".")).slice(0, JOBS_MAX);
  return {
    steps: [
      ...templates(file, tree),
      ...visible.flatMap(([name, job]) => jobSteps(file, name, inherited(job, jobs))),
    ],
    calls: includes(tree).flatMap(({ text }) =>
      /\.ya?ml$/.test(text) ? [text.replace(/^\//, "")] : [],
    ),
    isCallable: false,
  };
}

/** Levels of `extends` followed (GitLab allows eleven). */
const EXTENDS_MAX = 11;

function inherited(job: YamlTree, jobs: readonly (readonly [string, YamlTree])[]): YamlTree {
  const named = new Map(jobs);
  const entries = new Map<string, YamlTree>();
  let pending: readonly YamlTree[] = [job];
  for (let level = 0; level <= EXTENDS_MAX && pending.length > 0; level += 1) {
    // Of several the last one named wins.
    for (const each of pending)
      for (const [key, value] of yamlEntries(each)) if (!entries.has(key)) entries.set(key, value);
    pending = pending
      .flatMap((each) => [...yamlTexts(yamlAt(each, "extends"))].reverse())
      .flatMap(({ text }) => named.get(text) ?? [])
      .slice(0, EXTENDS_MAX);
  }
  return { kind: "map", line: job.line, entries };
}

function includes(tree: YamlTree) {
  const include = yamlAt(tree, "include");
  const items = include?.kind === "list" ? include.items : include === undefined ? [] : [include];
  return items.flatMap((item) =>
    item.kind === "scalar" ? [item] : yamlTexts(yamlAt(item, "local")),
  );
}

/** `include: template: Security/SAST.gitlab-ci.yml`: their jobs are allowed to fail unless overridden. */
function templates(file: string, tree: YamlTree): readonly CiStep[] {
  const include = yamlAt(tree, "include");
  const items =
    include?.kind === "list" ? yamlItems(include) : include === undefined ? [] : [include];
  return items.flatMap((item) =>
    yamlTexts(yamlAt(item, "template")).map(
      ({ text, line }): CiStep => ({
        ...{ file, line, job: text, kind: "uses", text, inputs: {} },
        mayFail: "the template's jobs are allowed to fail",
      }),
    ),
  );
}

function jobSteps(file: string, job: string, tree: YamlTree): readonly CiStep[] {
  const notReached = whyNotReached(tree);
  const tolerated = yamlAt(tree, "allow_failure");
  const isTolerated =
    tolerated?.kind === "map" || (tolerated?.kind === "scalar" && tolerated.text === "true");
  return SCRIPTS.flatMap((key) =>
    yamlTexts(yamlAt(tree, key)).map(
      ({ text, line }): CiStep => ({
        ...{ file, line, job, kind: "run", text, inputs: {} },
        ...(notReached !== undefined && { notReached }),
        ...(isTolerated && { mayFail: "allow_failure" }),
      }),
    ),
  );
}

const OFF = /^(?:never|manual)$/;

function whyNotReached(job: YamlTree): string | undefined {
  const when = yamlAt(job, "when");
  if (when?.kind === "scalar" && OFF.test(when.text)) return `when: ${when.text}`;
  const rules = yamlItems(yamlAt(job, "rules"));
  if (rules.length > 0 && rules.every(isOffRule)) return "no rule of it runs by itself on a push";
  const only = yamlTexts(yamlAt(job, "only")).map(({ text }) => text);
  const isElsewhere =
    only.length > 0 && only.every((each) => /^(?:tags|schedules|web|api|triggers)$/.test(each));
  return isElsewhere ? `only: ${only.join(", ")}` : undefined;
}

/** A rule that starts nothing by itself, or only in a pipeline of another kind. */
function isOffRule(rule: YamlTree): boolean {
  const when = yamlAt(rule, "when");
  if (when?.kind === "scalar" && OFF.test(when.text)) return true;
  const condition = yamlAt(rule, "if");
  if (condition?.kind !== "scalar" || condition.text.includes("||")) return false;
  return /\$CI_PIPELINE_SOURCE\s*==\s*["'](?:schedule|web|api|trigger)["']|\$CI_COMMIT_TAG\b(?!\s*==\s*null)/.test(
    condition.text,
  );
}
