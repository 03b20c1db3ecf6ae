import { conditionHolds, conditionText } from "./answer-condition.ts";
import { escapeArgs, unescapeRedirect } from "./answer-escape.ts";
import { contentHandler } from "./answer-handler.ts";
import { matchesPattern } from "./answer-pattern.ts";
import { note, positionOf, type Run } from "./answer-run.ts";
import { type AnswerText, joinTexts, knownText, mapKnown, openText } from "./answer-text.ts";
import { resolve } from "./answer-variable.ts";
import type { BlockPath } from "./inherit.ts";
import { directiveText, type NginxDirective } from "./parse.ts";

/** How the rewrite directives of a block end when they do not just run out. */
export type RewriteEnd =
  | { readonly kind: "status"; readonly status: number; readonly at: NginxDirective }
  | {
      readonly kind: "text";
      readonly status: number;
      readonly text: AnswerText;
      readonly at: NginxDirective;
    }
  /** `Location` is in `run.location`. */
  | { readonly kind: "redirect"; readonly status: number; readonly at: NginxDirective };

/** One pass of `ngx_http_rewrite_handler`. */
interface Pass {
  /** Captures are escaped (`e->quote`): so until the first `rewrite` of the pass. */
  isQuoting: boolean;
  /** A query has begun in one of its rewrites (`e->is_args`, which nginx never takes back). */
  isInArgs: boolean;
}

type Done = { readonly state: "exit"; readonly end?: RewriteEnd };

/**
 * Runs `set`, `if`, `break`, `return` and `rewrite` of a block in file order. In a location an `if` that
 * holds becomes the block in force, and the directives after it still run.
 */
export function runRewrites(run: Run, block: BlockPath): RewriteEnd | undefined {
  const pass: Pass = { isQuoting: true, isInArgs: false };
  return runBlock(run, pass, block, block)?.end;
}

function runBlock(run: Run, pass: Pass, home: BlockPath, block: BlockPath): Done | undefined {
  for (const directive of block.at(-1)?.block ?? []) {
    const done = runDirective(run, pass, home, directive);
    if (done !== undefined) return done;
  }
  return undefined;
}

function runDirective(
  run: Run,
  pass: Pass,
  home: BlockPath,
  directive: NginxDirective,
): Done | undefined {
  switch (directive.name) {
    case "set":
      return setVariable(run, pass, directive);
    case "if":
      return runIf(run, pass, home, directive);
    case "break":
      note(run, "break", "no more rewrite directives here", directive);
      if (run.isUriChanged) run.isLocationValid = false;
      run.isUriChanged = false;
      return { state: "exit" };
    case "return":
      return { state: "exit", end: returned(run, directive) };
    case "rewrite":
      return rewrite(run, pass, directive);
    default:
      return undefined;
  }
}

function setVariable(run: Run, pass: Pass, directive: NginxDirective): undefined {
  const [variable, value] = directive.args;
  const name = (variable?.text ?? "").slice(1);
  const text = resolve(run, value?.text ?? "", captureEscape(run, pass));
  if (name === "args") {
    run.args = text;
    run.isTargetValid = false;
  } else run.variables.set(name, text);
  note(run, "set", `$${name} is ${shown(text)}`, directive);
}

function captureEscape(run: Run, pass: Pass): (taken: string) => string {
  const isEscaped = (pass.isQuoting || pass.isInArgs) && needsEscape(run);
  return isEscaped ? escapeArgs : (taken) => taken;
}

/** Captures are escaped again only where the path was sent with `%` or `+` in it. */
function needsEscape({ request }: Run): boolean {
  return /[%+]/.test(request.target.replace(/[?#].*$/s, ""));
}

function runIf(run: Run, pass: Pass, home: BlockPath, directive: NginxDirective): Done | undefined {
  const holds = conditionHolds(run, directive);
  note(run, "if", `${conditionText(directive)} ${holds ? "holds" : "does not hold"}`, directive);
  if (!holds) return undefined;
  const block = [...home, directive];
  if (home.at(-1)?.name === "location") {
    run.path = block;
    run.handler = contentHandler(directive) ?? run.handler;
  }
  return runBlock(run, pass, home, block);
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const STATUS_ERROR = 400;
const STATUS_FOUND = 302;
const STATUS_MOVED = 301;

function returned(run: Run, directive: NginxDirective): RewriteEnd {
  const [first, second] = directive.args;
  const code = first?.text ?? "";
  const isCode = /^\d{1,3}$/.test(code);
  const status = isCode ? Number(code) : STATUS_FOUND;
  const text = resolve(run, (isCode ? second?.text : code) ?? "");
  note(run, "return", directiveText(directive), directive);
  if (status >= STATUS_ERROR && (second?.text ?? "") === "") {
    return { kind: "status", status, at: directive };
  }
  if (!REDIRECTS.has(status)) return { kind: "text", status, text, at: directive };
  run.location = text;
  return { kind: "redirect", status, at: directive };
}

function rewrite(run: Run, pass: Pass, directive: NginxDirective): Done | undefined {
  const [pattern, replacement, flag] = directive.args.map(({ text }) => text);
  const at = positionOf(directive);
  const about = `rewrite ${pattern} matches`;
  const question = { pattern: pattern ?? "", isCaseless: false, subject: run.uri, about, at };
  if (!matchesPattern(run, question)) {
    run.captures = [];
    return undefined;
  }
  const written = replacement ?? "";
  const isRedirect =
    flag === "redirect" || flag === "permanent" || /^(?:https?:\/\/|\$scheme)/.test(written);
  const keepsArgs = !written.endsWith("?");
  const template = keepsArgs ? written : written.slice(0, -1);
  if (isRedirect) {
    const status = flag === "permanent" ? STATUS_MOVED : STATUS_FOUND;
    return redirectTo(run, pass, { template, keepsArgs, status, directive });
  }
  if (flag === "break") {
    run.isLocationValid = false;
    run.isUriChanged = false;
  } else run.isUriChanged = true;
  return changeUri(run, pass, { template, keepsArgs, flag, directive });
}

interface Replacement {
  readonly template: string;
  /** No `?` at its end: the query is added. */
  readonly keepsArgs: boolean;
  readonly directive: NginxDirective;
}

function redirectTo(
  run: Run,
  pass: Pass,
  { template, keepsArgs, status, directive }: Replacement & { readonly status: number },
): Done {
  pass.isQuoting = true;
  run.isUriChanged = true;
  const target = mapKnown(resolve(run, template, captureEscape(run, pass)), unescapeRedirect);
  const separator = template.includes("?") ? "&" : "?";
  run.location = keepsArgs ? withArgs(target, separator, run.args) : target;
  run.isInternal = true;
  run.isTargetValid = false;
  note(run, "rewrite", `${status} to ${shown(run.location)}`, directive);
  return { state: "exit", end: { kind: "redirect", status, at: directive } };
}

function withArgs(text: AnswerText, separator: string, args: AnswerText): AnswerText {
  if (args.isKnown) return args.text === "" ? text : joinTexts([text, knownText(separator), args]);
  return joinTexts([text, openText("args", "the query is not known")]);
}

function changeUri(
  run: Run,
  pass: Pass,
  { template, keepsArgs, flag, directive }: Replacement & { readonly flag: string | undefined },
): Done | undefined {
  pass.isQuoting = false;
  run.isInternal = true;
  run.isTargetValid = false;
  const question = template.indexOf("?");
  const path = resolve(
    run,
    question === -1 ? template : template.slice(0, question),
    captureEscape(run, pass),
  );
  if (question === -1) {
    if (!keepsArgs) run.args = knownText("");
  } else {
    pass.isInArgs = true;
    const added = resolve(run, template.slice(question + 1), captureEscape(run, pass));
    run.args = keepsArgs ? withArgs(added, "&", run.args) : added;
  }
  run.uri = path;
  note(
    run,
    "rewrite",
    `the path is now ${shown(path)}${flag === undefined ? "" : `, ${flag}`}`,
    directive,
  );
  if (path.isKnown && path.text === "") {
    return { state: "exit", end: { kind: "status", status: 500, at: directive } };
  }
  return flag === "last" || flag === "break" ? { state: "exit" } : undefined;
}

function shown({ text }: AnswerText): string {
  return `"${text}"`;
}
