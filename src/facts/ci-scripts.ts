import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import { type ScriptCommand, scriptCommands } from "../parsers/ci/shell-script.ts";
import type { CiAction, CiStep } from "../parsers/ci/step.ts";
import { attempt } from "./attempt.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import { resolveFrom } from "./target-path.ts";

const SCRIPT_BYTES_MAX = 262_144;
/** Scripts and targets that run each other. */
export const EXPANSION_DEPTH_MAX = 4;
/** Commands of one step, those of its scripts included. */
const STEP_COMMANDS_MAX = 500;

/** A step, and the line by which it is told from others. */
type Around = Omit<CiStep, "text" | "kind"> & { readonly step: number };

/** What commands of a job run that stands in files of the deployment: shell scripts, make targets, npm scripts, hooks. */
export function openCiScripts(
  context: CollectContext,
  tree: DeploymentTree,
  hooks: readonly CiStep[],
) {
  const files = new Set(tree.files.map(({ path }) => path));
  const texts = new Map<string, Promise<string | undefined>>();
  const textOf = (path: string): Promise<string | undefined> => {
    const { host, target } = context;
    const read = async () =>
      files.has(path)
        ? knownValue(
            await attempt(() => host.readFile(`${target.directory}/${path}`, SCRIPT_BYTES_MAX)),
          )
        : undefined;
    const text = texts.get(path) ?? read();
    texts.set(path, text);
    return text;
  };
  const hookActions = (around: Around): readonly CiAction[] =>
    hooks.map(({ text, kind: _, ...hook }) => ({
      ...hook,
      ...{ kind: "hook", name: text, words: [], step: around.step },
      ...(around.notReached !== undefined && { notReached: around.notReached }),
      ...(around.mayFail !== undefined && { mayFail: around.mayFail }),
    }));
  const inside = async (action: CiAction, command: ScriptCommand, depth: number) => {
    const isHooks = command.program === "pre-commit" && command.words.includes("run");
    const inner = depth < EXPANSION_DEPTH_MAX ? await scriptOf(command, textOf) : undefined;
    if (inner === undefined) return isHooks ? hookActions(action) : [];
    return expand({ ...action, file: inner.file, line: inner.line }, inner.text, depth + 1);
  };
  const expand = async (around: Around, text: string, depth = 0): Promise<readonly CiAction[]> => {
    const actions: CiAction[] = [];
    for (const command of scriptCommands(text)) {
      const action = actionOf(around, command);
      actions.push(action, ...(await inside(action, command, depth)));
      if (actions.length > STEP_COMMANDS_MAX) break;
    }
    return actions.slice(0, STEP_COMMANDS_MAX);
  };
  return { hooks: hookActions, expand };
}

function actionOf(around: Around, { line, program, words, mayFail }: ScriptCommand): CiAction {
  const { file, job, inputs, step, notReached } = around;
  const tolerated = around.mayFail ?? mayFail;
  return {
    ...{ file, job, inputs, step, line: around.line + line },
    ...{ kind: "command", name: program, words },
    ...(notReached !== undefined && { notReached }),
    ...(tolerated !== undefined && { mayFail: tolerated }),
  };
}

interface Script {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

type TextOf = (path: string) => Promise<string | undefined>;

async function scriptOf(
  { program, words }: ScriptCommand,
  textOf: TextOf,
): Promise<Script | undefined> {
  if (program === "make" || program === "gmake") return makeTarget(words, textOf);
  if (/^(?:npm|pnpm|yarn)$/.test(program)) return npmScript(words, textOf);
  const isShell = /^(?:ba|da|z)?sh$/.test(program) || program === "source" || program === ".";
  const named = isShell ? words.find((word) => !word.startsWith("-")) : undefined;
  for (const path of named === undefined
    ? SCRIPT_PLACES.map((place) => `${place}${program}`)
    : [named]) {
    if (!/\.(?:ba)?sh$/.test(path)) continue;
    const file = resolveFrom("/", path).slice(1);
    const text = await textOf(file);
    if (text !== undefined) return { file, line: 1, text };
  }
  return undefined;
}

/** Where `./scripts/check.sh`, known by its base name alone, may lie. */
const SCRIPT_PLACES = ["", "scripts/", "bin/", "ci/", ".ci/", "tools/"];
const MAKEFILES = ["Makefile", "makefile", "GNUmakefile"];
/** Targets that one needs. */
const TARGETS_MAX = 20;

/** The recipe of a target and of those that it needs; `-` before a line makes its failure none. */
async function makeTarget(words: readonly string[], textOf: TextOf): Promise<Script | undefined> {
  for (const file of MAKEFILES) {
    const text = await textOf(file);
    if (text === undefined) continue;
    const lines = text.split("\n");
    const wanted = words.filter((word) => /^[\w.-]+$/.test(word) && !word.startsWith("-"));
    const script = lines.map(() => "");
    const pending = wanted.length > 0 ? [...wanted] : ["all"];
    for (let count = 0; count < TARGETS_MAX && pending.length > 0; count += 1)
      pending.push(...recipeInto(script, lines, pending.shift() ?? ""));
    return { file, line: 1, text: script.join("\n") };
  }
  return undefined;
}

/** Puts the recipe at its own lines; returns what the target needs. */
function recipeInto(script: string[], lines: readonly string[], target: string): readonly string[] {
  const at = lines.findIndex(
    (line) => line.startsWith(`${target}:`) && !line.startsWith(`${target}:=`),
  );
  if (at === -1) return [];
  for (
    let line = at + 1;
    /^(?:\t|\s*(?:#|$))/.test(lines[line] ?? "x") && line < lines.length;
    line += 1
  ) {
    const text = (lines[line] ?? "").replace(/^\t[@+]*/, "");
    script[line] = text.startsWith("-") ? `${text.replace(/^-@?/, "")} || true` : text;
  }
  return (
    (lines[at] ?? "")
      .slice(target.length + 1)
      .split("#")[0]
      ?.trim()
      .split(/\s+/) ?? []
  );
}

async function npmScript(words: readonly string[], textOf: TextOf): Promise<Script | undefined> {
  const [verb, name] = words.filter((word) => !word.startsWith("-"));
  const script = verb === "run" || verb === "run-script" ? name : verb;
  const text = script === undefined ? undefined : await textOf("package.json");
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.trimStart().startsWith(`${JSON.stringify(script)}:`));
  const written = /:\s*("(?:[^"\\]|\\.)*")\s*,?\s*$/.exec(lines[at] ?? "")?.[1];
  return written === undefined
    ? undefined
    : { file: "package.json", line: at + 1, text: unquoted(written) };
}

function unquoted(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return ""; // An escape that JSON does not have: npm would not read the file either.
  }
}
