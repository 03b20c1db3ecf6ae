import {
  type YamlMap,
  type YamlTree,
  yamlAt,
  yamlEntries,
  yamlItems,
  yamlTexts,
} from "../yaml-tree.ts";
import type { CiFile, CiStep } from "./step.ts";

/** A workflow of GitHub Actions, Forgejo and Gitea ("Workflow syntax for GitHub Actions"). */
export function readGithubWorkflow(file: string, tree: YamlTree): CiFile {
  const why = whyNotTriggered(yamlAt(tree, "on") ?? yamlAt(tree, "true"));
  const jobs = yamlEntries(yamlAt(tree, "jobs"));
  const off = new Map<string, string>();
  // Once for each job, so that what needs a job that is off is off as well, in whatever order they stand.
  for (const _ of jobs.slice(0, JOBS_MAX)) {
    for (const [name, job] of jobs) {
      const reason = off.has(name) ? undefined : whyJobOff(job, off);
      if (reason !== undefined) off.set(name, reason);
    }
  }
  const steps = jobs
    .slice(0, JOBS_MAX)
    .flatMap(([name, job]) => jobSteps(file, name, job, off.get(name) ?? why));
  const calls = jobs.flatMap(([name, job]) =>
    off.has(name) || why !== undefined
      ? []
      : yamlTexts(yamlAt(job, "uses")).flatMap(({ text }) =>
          text.startsWith("./") ? [text.slice(2)] : [],
        ),
  );
  return { steps, calls, isCallable: isCallable(yamlAt(tree, "on") ?? yamlAt(tree, "true")) };
}

/** Jobs of one workflow that are read. */
const JOBS_MAX = 200;
const MAIN = ["main", "master", "trunk"];
/** Events of a push or a merge request. */
const EVENTS = ["push", "pull_request", "pull_request_target", "merge_group"];

function triggersOf(on: YamlTree | undefined): ReadonlyMap<string, YamlTree | undefined> {
  if (on?.kind === "map") return on.entries;
  return new Map(yamlTexts(on).map(({ text }) => [text, undefined]));
}

function isCallable(on: YamlTree | undefined): boolean {
  return triggersOf(on).has("workflow_call");
}

function whyNotTriggered(on: YamlTree | undefined): string | undefined {
  const triggers = triggersOf(on);
  const given = EVENTS.filter((event) => triggers.has(event));
  if (given.length === 0) {
    const names = [...triggers.keys()].slice(0, 5).join(", ");
    return `it runs on ${names === "" ? "nothing" : names} only`;
  }
  const isReached = given.some((event) => reachesMain(triggers.get(event)));
  return isReached ? undefined : "its branches are not the default one";
}

/** Filters of branches ("on.<push|pull_request>.branches"); tags alone are no branch. */
function reachesMain(filter: YamlTree | undefined): boolean {
  const branches = yamlTexts(yamlAt(filter, "branches")).map(({ text }) => text);
  const ignored = yamlTexts(yamlAt(filter, "branches-ignore")).map(({ text }) => text);
  if (branches.length > 0) return MAIN.some((name) => isTaken(branches, name));
  if (ignored.length > 0) return !MAIN.every((name) => ignored.some((each) => matches(each, name)));
  return yamlAt(filter, "tags") === undefined && yamlAt(filter, "tags-ignore") === undefined;
}

/** The last pattern that fits decides; `!` takes out again. Expressions (`$default-branch`) are taken for the main one. */
function isTaken(patterns: readonly string[], name: string): boolean {
  return patterns.reduce((taken, pattern) => {
    if (pattern.startsWith("!")) return taken && !matches(pattern.slice(1), name);
    return taken || pattern.startsWith("$") || matches(pattern, name);
  }, false);
}

function matches(pattern: string, name: string): boolean {
  if (pattern.length > 100) return false;
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*{1,10}/g, ".*")
    .replace(/(?<!\.)\?/g, ".");
  return URL.canParse(pattern) ? false : safePattern(`^${source}$`)?.test(name) === true;
}

function safePattern(source: string): RegExp | undefined {
  try {
    return new RegExp(source);
  } catch {
    return undefined; // A bracket without end: such a filter takes nothing.
  }
}

const NEVER = /^\s*(?:\$\{\{\s*)?(?:false|!\s*true|always\(\)\s*&&\s*false)(?:\s*\}\})?\s*$/i;
const MANUAL = /github\.event_name\s*==\s*'(?:workflow_dispatch|schedule|release)'/;

function whyOff(condition: string | undefined): string | undefined {
  if (condition === undefined) return undefined;
  if (NEVER.test(condition)) return "if: false";
  const isManual = MANUAL.test(condition) && !/\|\|/.test(condition);
  return isManual ? `if: ${condition.slice(0, 80)}` : undefined;
}

function textAt(tree: YamlTree | undefined, ...path: readonly string[]): string | undefined {
  const found = yamlAt(tree, ...path);
  return found?.kind === "scalar" ? found.text : undefined;
}

function whyJobOff(job: YamlTree, off: ReadonlyMap<string, string>): string | undefined {
  const condition = textAt(job, "if");
  const own = whyOff(condition);
  if (own !== undefined) return own;
  const needed = yamlTexts(yamlAt(job, "needs")).find(({ text }) => off.has(text));
  const isAnyway = /always\(\)|!\s*cancelled\(\)/.test(condition ?? "");
  return needed === undefined || isAnyway
    ? undefined
    : `it needs the job ${needed.text}, which is off`;
}

function jobSteps(
  file: string,
  job: string,
  tree: YamlTree,
  why: string | undefined,
): readonly CiStep[] {
  const tolerated = tolerance(tree);
  return yamlItems(yamlAt(tree, "steps")).flatMap((step) =>
    step.kind === "map" ? stepOf({ file, job, why, tolerated }, step) : [],
  );
}

/** An expression is not told: what may be true is no gate. */
function tolerance(tree: YamlTree): string | undefined {
  const text = textAt(tree, "continue-on-error") ?? "false";
  return text === "false" ? undefined : `continue-on-error: ${text.slice(0, 40)}`;
}

interface Around {
  readonly file: string;
  readonly job: string;
  readonly why: string | undefined;
  readonly tolerated: string | undefined;
}

function stepOf({ file, job, why, tolerated }: Around, step: YamlMap): readonly CiStep[] {
  const run = step.entries.get("run");
  const uses = step.entries.get("uses");
  const found = run ?? uses;
  if (found?.kind !== "scalar") return [];
  const inputs = yamlEntries(step.entries.get("with")).flatMap(([name, value]) =>
    value.kind === "scalar" ? [[name.toLowerCase(), value.text] as const] : [],
  );
  const notReached = why ?? whyOff(textAt(step, "if"));
  const mayFail = tolerated ?? tolerance(step);
  return [
    {
      ...{ file, job, line: found.line, text: found.text },
      kind: run === undefined ? "uses" : "run",
      inputs: Object.fromEntries(inputs),
      ...(notReached !== undefined && { notReached }),
      ...(mayFail !== undefined && { mayFail }),
    },
  ];
}
