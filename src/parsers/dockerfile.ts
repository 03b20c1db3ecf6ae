import { splitShellWords } from "./command-line/shell-words.ts";

/** One instruction, continuation lines joined, comments and heredoc bodies left out. */
export interface DockerInstruction {
  /** Upper case: `FROM`, `COPY`. */
  readonly keyword: string;
  readonly text: string;
  /** 1-based, where it starts. */
  readonly line: number;
  /** Index of the build stage; -1 before the first FROM. */
  readonly stage: number;
}

export interface Dockerfile {
  readonly instructions: readonly DockerInstruction[];
}

/** A value with the place it was read from. */
export interface DockerValue {
  readonly text: string;
  readonly line: number;
}

/** Stages followed from one to the one it is built from. */
const STAGES_MAX = 64;

/** Parses a Dockerfile (docs.docker.com/reference/dockerfile). Never throws. */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const escapeCharacter = /^#\s*escape\s*=\s*`\s*$/im.test(directives(lines)) ? "`" : "\\";
  const instructions: DockerInstruction[] = [];
  let stage = -1;
  let at = 0;
  while (at < lines.length) {
    const { joined, end } = joinLines(lines, at, escapeCharacter);
    const [, keyword, rest] = /^([A-Za-z]+)(?:\s+(.*))?$/s.exec(joined.trim()) ?? [];
    const line = at + 1;
    at = end;
    if (keyword === undefined) continue;
    if (keyword.toUpperCase() === "FROM") stage += 1;
    instructions.push({ keyword: keyword.toUpperCase(), text: rest?.trim() ?? "", line, stage });
    at = heredocEnd(lines, at, keyword, rest ?? "");
  }
  return { instructions };
}

/** Parser directives stand before everything else. */
function directives(lines: readonly string[]): string {
  const end = lines.findIndex((line) => !/^\s*#\s*\w+\s*=/.test(line));
  return lines.slice(0, end < 0 ? lines.length : end).join("\n");
}

function joinLines(lines: readonly string[], start: number, escapeCharacter: string) {
  let joined = "";
  let at = start;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const isInside = at > start;
    // Comment and blank lines inside a continuation do not end it.
    if (/^\s*#/.test(line) || (isInside && line.trim() === "")) {
      if (isInside) continue;
      return { joined: "", end: at + 1 };
    }
    const trimmed = line.trimEnd();
    if (!trimmed.endsWith(escapeCharacter)) return { joined: joined + line, end: at + 1 };
    joined += `${trimmed.slice(0, -1)} `;
  }
  return { joined, end: at };
}

function heredocEnd(
  lines: readonly string[],
  start: number,
  keyword: string,
  rest: string,
): number {
  if (!/^(?:RUN|COPY|ADD)$/i.test(keyword)) return start;
  let at = start;
  for (const [, dash, , name] of rest.matchAll(/<<(-?)(["']?)([A-Za-z_]\w*)\2/g)) {
    const isEnd = (line: string) => (dash === "-" ? line.replace(/^\t+/, "") : line) === name;
    const end = lines.findIndex((line, index) => index >= at && isEnd(line));
    // Docker refuses a heredoc that does not end: nothing after it is an instruction.
    if (end < 0) return lines.length;
    at = end + 1;
  }
  return at;
}

/** What the image starts: ENTRYPOINT and CMD of the target stage as one line, and ENTRYPOINT alone. */
export function dockerCommand(
  file: Dockerfile,
  target?: string,
): (DockerValue & { readonly entrypoint: string }) | undefined {
  const entrypoint = lastOf(file, "ENTRYPOINT", target);
  const command = lastOf(file, "CMD", target);
  const place = command ?? entrypoint;
  if (place === undefined) return undefined;
  const first = entrypoint === undefined ? "" : execFormText(entrypoint.text);
  const second = command === undefined ? "" : execFormText(command.text);
  return { text: `${first} ${second}`.trim(), entrypoint: first, line: place.line };
}

/** The image the target stage is built from in the end; `undefined` without FROM. */
export function dockerBaseImage(file: Dockerfile, target?: string): string | undefined {
  return stagesOf(file, target)
    .map((from) => fromWords(from)[0])
    .at(-1);
}

/** The account the image runs as, without the group; `undefined` when no USER is given. */
export function dockerUser(file: Dockerfile, target?: string): DockerValue | undefined {
  const user = lastOf(file, "USER", target);
  return user === undefined ? undefined : { text: user.text, line: user.line };
}

/** The first COPY or ADD that takes the whole build context into the image. */
export function contextCopy(file: Dockerfile): DockerInstruction | undefined {
  return file.instructions.find((instruction) =>
    dockerCopyWords(instruction).slice(0, -1).some(isWholeContext),
  );
}

function isWholeContext(source: string): boolean {
  return /^(?:\.?\/?|\.?\/?\*|\.?\/?\.\/?)$/.test(source);
}

/** Sources and, last, the destination of a COPY or ADD out of the build context; empty for all else. */
export function dockerCopyWords({ keyword, text }: DockerInstruction): readonly string[] {
  if (keyword !== "COPY" && keyword !== "ADD") return [];
  const words = text.startsWith("[") ? jsonWords(text) : text.split(/\s+/);
  if (words === undefined || words.some((word) => word.startsWith("--from"))) return [];
  return words.filter((word) => !word.startsWith("--"));
}

/** Files of the build context that may lie at `path` in the image, by what COPY and ADD say. */
export function contextFilesAt(file: Dockerfile, path: string): readonly string[] {
  const name = lastPart(path);
  const found = file.instructions.flatMap((instruction) => {
    const words = dockerCopyWords(instruction);
    const target = words.at(-1) ?? "";
    const sources = words.slice(0, -1);
    const [only] = sources;
    const isRenamed = sources.length === 1 && only !== undefined && lastPart(target) === name;
    return sources.flatMap((source) => {
      if (isWholeContext(source)) return belowContext(path, target);
      return isRenamed || lastPart(source) === name ? [source] : [];
    });
  });
  return [...new Set(found)];
}

function belowContext(path: string, target: string): readonly string[] {
  const base = target.replace(/\/?\.?$/, "");
  if (base !== "" && path.startsWith(`${base}/`)) return [path.slice(base.length + 1)];
  return path.startsWith("/") && base.startsWith("/") ? [] : [path.replace(/^.*\//, "")];
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The last instruction of a kind in the target stage or the stages it is built from. */
function lastOf(
  file: Dockerfile,
  keyword: string,
  target: string | undefined,
): DockerInstruction | undefined {
  for (const { stage } of stagesOf(file, target)) {
    const found = file.instructions.findLast(
      (each) => each.stage === stage && each.keyword === keyword,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The FROM of the target stage, then of the stage it is built from, and so on. */
function stagesOf(
  { instructions }: Dockerfile,
  target: string | undefined,
): readonly DockerInstruction[] {
  const all = instructions.filter(({ keyword }) => keyword === "FROM");
  const chain: DockerInstruction[] = [];
  const start = stageNamed(instructions, target);
  for (let from = all[start ?? -1]; from !== undefined && chain.length < STAGES_MAX; ) {
    chain.push(from);
    const parent = fromWords(from)[0]?.toLowerCase();
    const current = from.stage;
    // Only an earlier stage can be meant, so this ends.
    from = all.findLast((each) => each.stage < current && stageName(each) === parent);
  }
  return chain;
}

function stageNamed(
  instructions: readonly DockerInstruction[],
  target: string | undefined,
): number | undefined {
  const stages = instructions.filter(({ keyword }) => keyword === "FROM");
  const named = stages.find((each) => stageName(each) === target?.toLowerCase());
  return target !== undefined && named !== undefined ? named.stage : stages.at(-1)?.stage;
}

function fromWords({ text }: DockerInstruction): readonly string[] {
  return text.split(/\s+/).filter((word) => !word.startsWith("--"));
}

function stageName(from: DockerInstruction): string | undefined {
  const [, as, name] = fromWords(from);
  return as?.toLowerCase() === "as" ? name?.toLowerCase() : undefined;
}

/** `["a", "b c"]` as `a 'b c'`; the shell form as it is. */
function execFormText(text: string): string {
  const words = text.startsWith("[") ? jsonWords(text) : undefined;
  if (words === undefined) return text;
  return words
    .map((word) => (isPlainWord(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}

function isPlainWord(word: string): boolean {
  const [first, ...others] = splitShellWords(word, () => undefined);
  return others.length === 0 && first?.text === word && !first.isOperator;
}

/** docker reads the exec form as JSON and everything that is no JSON as shell form. */
function jsonWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  const inner = /^\[(.*)\]\s*$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  let rest = inner.trim();
  while (rest !== "") {
    const match = /^"((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/s.exec(rest);
    if (match === null) return undefined;
    words.push((match[1] ?? "").replace(/\\(["\\/])/g, "$1").replaceAll("\\n", "\n"));
    rest = rest.slice(match[0].length);
  }
  return words;
}

/** One variable of ENV or ARG; an ARG without a default has no value. */
export interface DockerVariable {
  readonly keyword: "ENV" | "ARG";
  readonly key: string;
  readonly value: string | undefined;
  readonly line: number;
  readonly stage: number;
}

/** `ENV A=1 B="2 3"`, the old `ENV A 1 2` and `ARG A=1`, in order. */
export function dockerVariables({ instructions }: Dockerfile): readonly DockerVariable[] {
  return instructions.flatMap(({ keyword, text, line, stage }) => {
    if (keyword !== "ENV" && keyword !== "ARG") return [];
    const place = { keyword, line, stage } as const;
    const [, only, rest] = /^([A-Za-z_]\w*)(?:\s+(.*))?$/s.exec(text) ?? [];
    if (only !== undefined && (keyword === "ENV" || rest === undefined)) {
      return [{ ...place, key: only, value: keyword === "ENV" ? (rest ?? "") : undefined }];
    }
    return splitShellWords(text, (name) => `\${${name}}`).flatMap(({ text: word }) => {
      const [, key, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(word) ?? [];
      return key === undefined ? [] : [{ ...place, key, value }];
    });
  });
}

/** Stages named like this are what is shipped, where the file ends with stages for tests or tools. */
const SHIPPED = /^(?:release|production|prod|runtime|final|runner|app|web|server)$/;
const ASIDE = /(?:^|[-_])(?:tests?|dev|development|debug|lint|ci|docs?)(?:[-_]|$)/;

/**
 * The stage that becomes the image where nobody names a target: the last one, unless an earlier one
 * is named as what is shipped and the last one is not built on it. `undefined`: the last one.
 */
export function finalStage(file: Dockerfile): string | undefined {
  const froms = file.instructions.filter(({ keyword }) => keyword === "FROM");
  const names = froms.map((from) => stageName(from) ?? "");
  const last = names.at(-1) ?? "";
  if (names.length < 2 || last === "" || SHIPPED.test(last)) return undefined;
  const shipped = names.findLast((name) => SHIPPED.test(name));
  const isBuiltOnIt = stagesOf(file, undefined).some((from) => stageName(from) === shipped);
  return isBuiltOnIt && !ASIDE.test(last) ? undefined : shipped;
}

/** The number of the stage an image of this target ends in, and of the stages it is built from. */
export function shippedStages(file: Dockerfile, target: string | undefined): readonly number[] {
  return stagesOf(file, target).map(({ stage }) => stage);
}
