import { scanStrings } from "../string-literals.ts";
import { type YamlTree, yamlAt, yamlEntries, yamlItems, yamlTexts } from "../yaml-tree.ts";
import type { CiFile, CiStep } from "./step.ts";

/** Keys under which CircleCI, Azure, Bitbucket, Drone, Woodpecker and Travis keep shell text. */
const SHELL_KEYS: ReadonlySet<string> = new Set(
  "run command commands script scripts bash sh powershell before_script after_success install".split(
    " ",
  ),
);
const STEPS_MAX = 2_000;

/** Pipelines of which the shell text alone is told, not what starts them. */
export function readPlainPipeline(file: string, tree: YamlTree): CiFile {
  const steps: CiStep[] = [];
  walk({ file, steps }, tree, "", undefined);
  return { steps, calls: [], isCallable: false };
}

interface Pipeline {
  readonly file: string;
  readonly steps: CiStep[];
}

/** Keys that name no job. */
const STRUCTURE = /^(?:steps|jobs|stages|pipelines|step)$/;

function walk(pipeline: Pipeline, at: YamlTree, job: string, mayFail: string | undefined): void {
  if (pipeline.steps.length >= STEPS_MAX) return;
  const own = toleranceOf(at) ?? mayFail;
  for (const item of yamlItems(at)) walk(pipeline, item, job, own);
  for (const [key, value] of yamlEntries(at)) {
    if (SHELL_KEYS.has(key)) takeShell(pipeline, value, job, own);
    else walk(pipeline, value, STRUCTURE.test(key) ? job : key, own);
  }
}

function takeShell(
  pipeline: Pipeline,
  at: YamlTree,
  job: string,
  mayFail: string | undefined,
): void {
  const { file, steps } = pipeline;
  steps.push(...yamlTexts(at).map(({ text, line }) => runStep(file, job, text, line, mayFail)));
  if (at.kind !== "scalar") walk(pipeline, at, job, mayFail);
}

function toleranceOf(tree: YamlTree): string | undefined {
  const given =
    yamlAt(tree, "continueOnError") ?? yamlAt(tree, "allow_failure") ?? yamlAt(tree, "failure");
  return given?.kind === "scalar" && /^(?:true|ignore)$/i.test(given.text)
    ? "its failure is ignored"
    : undefined;
}

function runStep(
  file: string,
  job: string,
  text: string,
  line: number,
  mayFail?: string | undefined,
): CiStep {
  return {
    ...{ file, line, job, kind: "run", text, inputs: {} },
    ...(mayFail !== undefined && { mayFail }),
  };
}

/** Hooks of `.pre-commit-config.yaml`; those of the stage `manual` run only when they are asked for. */
export function readPreCommit(file: string, tree: YamlTree): readonly CiStep[] {
  return yamlItems(yamlAt(tree, "repos")).flatMap((repo) =>
    yamlItems(yamlAt(repo, "hooks")).flatMap((hook) => {
      const id = yamlAt(hook, "id");
      if (id?.kind !== "scalar") return [];
      const stages = yamlTexts(yamlAt(hook, "stages")).map(({ text }) => text);
      const isManual = stages.length > 0 && stages.every((stage) => stage === "manual");
      const step: CiStep = {
        ...{ file, line: id.line, job: "pre-commit", kind: "hook", text: id.text, inputs: {} },
        ...(isManual && { notReached: "stages: manual" }),
      };
      return [step];
    }),
  );
}

const SHELL_STEP = /\b(?:sh|bat|powershell)\s*\(?\s*(?:script\s*:\s*)?$/;
/** Characters before a text in which its step stands. */
const BEFORE_MAX = 60;

/** The shell texts of a Jenkinsfile; Groovy is read for its strings and comments only. */
export function readJenkinsfile(file: string, text: string): CiFile {
  const { code, literals } = scanStrings(text, "groovy");
  const steps = literals.flatMap(({ text: script, offset, line }) => {
    const opening = code.slice(Math.max(0, offset - BEFORE_MAX), offset).replace(/["']+$/, "");
    if (!SHELL_STEP.test(opening)) return [];
    const rest = code.slice(offset + script.length, offset + script.length + BEFORE_MAX);
    const isIgnored =
      /^["']*\s*,\s*returnStatus\s*:\s*true/.test(rest) ||
      /returnStatus\s*:\s*true\s*,/.test(opening);
    return [runStep(file, "", script, line, isIgnored ? "returnStatus: true" : undefined)];
  });
  return { steps: steps.slice(0, STEPS_MAX), calls: [], isCallable: false };
}
