import { type ApacheWord, logicalLines, splitApacheWords } from "./apache-lines.ts";

/** A directive, or a section with what it holds. */
export interface ApacheNode {
  /** As written; httpd compares names without regard to case: see `isNamed`. */
  readonly name: string;
  readonly args: readonly ApacheWord[];
  /** `undefined` for a directive. */
  readonly children?: readonly ApacheNode[];
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** `<IfModule>` around it that was taken as true, since which modules are loaded is not known here. */
  readonly assumes: readonly string[];
}

export interface ApacheProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** httpd itself would refuse the file: its sections do not match. */
  readonly isRefused?: boolean;
  /** An `Include` of a file that is not there. */
  readonly isMissing?: boolean;
}

export interface ApacheConfiguration {
  /** Includes put in, `<IfModule>` and true `<IfDefine>` bodies put in the place of the section. */
  readonly nodes: readonly ApacheNode[];
  readonly problems: readonly ApacheProblem[];
  /** Every file read, the first one included. */
  readonly files: readonly string[];
}

export interface ApacheSource {
  readonly file: string;
  readonly text: string;
}

export interface ApacheSurroundings {
  /** `-D NAME` words the server was started with, and what `envvars` exports, by name. */
  readonly defines: ReadonlyMap<string, string>;
  /** Files of `Include` and `IncludeOptional`, in order of name; none when nothing matches. */
  readInclude(pattern: string, from: string): Promise<readonly ApacheSource[]>;
}

/** `Include` within `Include` (httpd's AP_MAX_INCLUDE_DEPTH is 20), and sections within sections. */
export const INCLUDE_DEPTH_MAX = 20;
export const SECTION_DEPTH_MAX = 64;
const INCLUDES_MAX = 2_000;
const NODES_MAX = 200_000;
const PROBLEMS_MAX = 100;

interface Frame {
  readonly name: string;
  readonly args: readonly ApacheWord[];
  readonly nodes: ApacheNode[];
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: "section" | "transparent" | "inactive";
  readonly assumes: readonly string[];
}

interface State {
  readonly surroundings: ApacheSurroundings;
  readonly defines: Map<string, string>;
  /** Names of modules loaded so far: `ssl_module`, `mod_ssl.c`. Empty: the loading is in no file that was read. */
  readonly modules: Set<string>;
  readonly problems: ApacheProblem[];
  readonly files: Set<string>;
  includes: number;
  nodes: number;
}

/**
 * Reads an httpd configuration into one tree: `Include` put in its place, `Define`d `${NAME}`
 * filled in, `<IfDefine>` decided. `<IfModule X>` is decided by the `LoadModule` lines before it; where
 * there are none it is taken as true and `<IfModule !X>` as false (the nodes say so in `assumes`). Unknown directives are kept. Malformed text gives `problems`.
 */
export async function parseApache(
  source: ApacheSource,
  surroundings: ApacheSurroundings,
): Promise<ApacheConfiguration> {
  const state: State = {
    surroundings,
    defines: new Map(surroundings.defines),
    modules: new Set(),
    problems: [],
    files: new Set(),
    includes: 0,
    nodes: 0,
  };
  const nodes = await readSource(state, source, [], 0);
  return { nodes, problems: state.problems, files: [...state.files] };
}

/** Whether a node has this name (RFC-less: httpd uses `ap_cstr_casecmp`). */
export function isNamed(node: { readonly name: string }, name: string): boolean {
  return node.name.toLowerCase() === name.toLowerCase();
}

function report(state: State, problem: ApacheProblem): void {
  if (state.problems.length < PROBLEMS_MAX) state.problems.push(problem);
}

async function readSource(
  state: State,
  { file, text }: ApacheSource,
  assumes: readonly string[],
  depth: number,
): Promise<readonly ApacheNode[]> {
  state.files.add(file);
  const top: Frame = {
    name: "",
    args: [],
    nodes: [],
    file,
    line: 1,
    column: 1,
    kind: "transparent",
    assumes,
  };
  const frames: Frame[] = [top];
  for (const { text: line, line: number, column } of logicalLines(text)) {
    if (state.nodes >= NODES_MAX) {
      report(state, { file, line: number, message: "too many directives" });
      break;
    }
    const at = { file, line: number, column };
    if (line.startsWith("</")) closeSection(state, frames, line, at);
    else if (line.startsWith("<")) openSection(state, frames, line, at);
    else await readDirective(state, frames, line, at, depth);
  }
  while (frames.length > 1) {
    const open = frames.at(-1) ?? top;
    report(state, {
      file,
      line: open.line,
      message: `<${open.name}> is not closed`,
      isRefused: true,
    });
    endFrame(state, frames);
  }
  return top.nodes;
}

type Place = Pick<ApacheNode, "file" | "line" | "column">;

/** Fills in `${NAME}` where NAME is defined; else it stays as written, as httpd does. */
function fillIn(state: State, text: string): string {
  return text.replaceAll(
    /\$\{([^${}:\s]{1,200})\}/g,
    (whole, name: string) => state.defines.get(name) ?? whole,
  );
}

function isInactive(frames: readonly Frame[]): boolean {
  return frames.at(-1)?.kind === "inactive";
}

function openSection(state: State, frames: Frame[], line: string, at: Place): void {
  const parent = frames.at(-1);
  const body = fillIn(state, line.slice(1).replace(/>\s*$/, ""));
  const [head, ...args] = splitApacheWords(body, at.column + 1);
  const name = head?.text ?? "";
  const inherited = parent?.assumes ?? [];
  const isTooDeep = frames.length >= SECTION_DEPTH_MAX;
  if (isTooDeep) report(state, { ...at, message: "sections are nested too deep" });
  const kind = isTooDeep || isInactive(frames) ? "inactive" : kindOf(state, name, args);
  const condition =
    !isTooDeep && /^ifmodule$/i.test(name) && state.modules.size === 0
      ? [`<IfModule ${args[0]?.text ?? ""}>`]
      : [];
  frames.push({ ...at, name, args, nodes: [], kind, assumes: [...inherited, ...condition] });
}

function kindOf(state: State, name: string, args: readonly ApacheWord[]): Frame["kind"] {
  const test = args[0]?.text ?? "";
  const isNegated = test.startsWith("!");
  switch (name.toLowerCase()) {
    case "ifmodule": {
      const isLoaded = state.modules.size === 0 || isModule(state, test.replace(/^!/, ""));
      return isLoaded === isNegated ? "inactive" : "transparent";
    }
    case "ifdefine":
      return state.defines.has(test.replace(/^!/, "")) === isNegated ? "inactive" : "transparent";
    case "iffile":
    case "ifdirective":
    case "ifsection":
      return isNegated ? "inactive" : "transparent";
    default:
      return "section";
  }
}

/** Modules that are part of the program in the usual builds (`apache2 -l`, `httpd -l`). */
const BUILT_IN: ReadonlySet<string> = new Set([
  "core.c",
  "core_module",
  "http_core.c",
  "mod_log_config.c",
  "mod_logio.c",
  "mod_so.c",
  "mod_unixd.c",
  "mod_version.c",
  "mod_watchdog.c",
  "log_config_module",
  "so_module",
  "unixd_module",
  "version_module",
]);

function isModule({ modules }: State, name: string): boolean {
  return modules.has(name) || BUILT_IN.has(name);
}

/** `LoadModule ssl_module modules/mod_ssl.so`: known by its identifier and by its source file. */
function load({ modules }: State, args: readonly ApacheWord[]): void {
  const [name = "", path = ""] = args.map(({ text }) => text);
  modules.add(name);
  const file = /([^/]+)\.so$/.exec(path)?.[1];
  if (file !== undefined) modules.add(`${file}.c`);
}

function closeSection(state: State, frames: Frame[], line: string, at: Place): void {
  const name = /^<\/\s*([^\s>]+)/.exec(line)?.[1] ?? "";
  const open = frames.at(-1);
  if (frames.length > 1 && open !== undefined && isNamed(open, name)) endFrame(state, frames);
  else
    report(state, {
      ...at,
      message: `</${name.slice(0, 80)}> closes nothing that is open`,
      isRefused: true,
    });
}

function endFrame(state: State, frames: Frame[]): void {
  const frame = frames.pop();
  const parent = frames.at(-1);
  if (frame === undefined || parent === undefined) return;
  // One by one: there may be more nodes than a call takes arguments.
  if (frame.kind === "transparent") for (const node of frame.nodes) parent.nodes.push(node);
  if (frame.kind !== "section") return;
  const { name, args, nodes, file, line, column, assumes } = frame;
  state.nodes += 1;
  parent.nodes.push({ name, args, children: nodes, file, line, column, assumes });
}

async function readDirective(
  state: State,
  frames: Frame[],
  line: string,
  at: Place,
  depth: number,
): Promise<void> {
  const frame = frames.at(-1);
  if (frame === undefined || frame.kind === "inactive") return;
  const [head, ...args] = splitApacheWords(fillIn(state, line), at.column);
  if (head === undefined) return;
  const name = head.text;
  const first = args[0]?.text ?? "";
  switch (name.toLowerCase()) {
    case "define":
      state.defines.set(first, args[1]?.text ?? "");
      return;
    case "loadmodule":
      load(state, args);
      state.nodes += 1;
      frame.nodes.push({ name, args, ...at, assumes: frame.assumes });
      return;
    case "undefine":
      state.defines.delete(first);
      return;
    case "include":
    case "includeoptional":
      for (const { text } of args)
        await include(state, frame, { pattern: text, name, ...at }, depth);
      return;
    default:
      state.nodes += 1;
      frame.nodes.push({ name, args, ...at, assumes: frame.assumes });
  }
}

async function include(
  state: State,
  frame: Frame,
  { pattern, name, file, line }: Place & { pattern: string; name: string },
  depth: number,
): Promise<void> {
  state.includes += 1;
  if (depth >= INCLUDE_DEPTH_MAX || state.includes > INCLUDES_MAX) {
    report(state, { file, line, message: "includes are nested too deep or too many" });
    return;
  }
  const sources = await state.surroundings.readInclude(pattern, file);
  if (sources.length === 0 && isNamed({ name }, "Include") && !/[*?[]/.test(pattern))
    report(state, { file, line, message: `Include ${pattern}: no such file`, isMissing: true });
  for (const source of sources) {
    const nodes = await readSource(state, source, frame.assumes, depth + 1);
    for (const node of nodes) frame.nodes.push(node);
  }
}
