import { refusal } from "./answer-access.ts";
import { endWith, type Next } from "./answer-error.ts";
import { escapeUri } from "./answer-escape.ts";
import { fileContent, tryFiles } from "./answer-files.ts";
import { contentHandler, scriptsInForce, unreadFiles } from "./answer-handler.ts";
import type { AnswerContent } from "./answer-outcome.ts";
import { takeCaptures } from "./answer-pattern.ts";
import { type RewriteEnd, runRewrites } from "./answer-rewrite.ts";
import { note, positionOf, type Run } from "./answer-run.ts";
import { joinTexts, knownText } from "./answer-text.ts";
import { handlerContent } from "./answer-upstream.ts";
import { type BlockPath, effectiveScalar } from "./inherit.ts";
import { locateUri, parseLocation } from "./location.ts";
import { directiveText, type NginxDirective } from "./parse.ts";

const STATUS_MOVED = 301;
const STATUS_NOT_FOUND = 404;
const STATUS_SERVER_ERROR = 500;

/** Takes a request through nginx's phases, from the server's rewrites to its content. */
export function serve(run: Run): AnswerContent {
  return serveFrom(run, { kind: "enter", phase: "server" });
}

/** As `serve`, from somewhere else. It ends: whatever leads back costs one of the ten changes of the path. */
export function serveFrom(run: Run, start: Next): AnswerContent {
  let next = start;
  while (next.kind === "enter") next = enter(run, next.phase);
  return next.content;
}

function enter(run: Run, phase: "server" | "find" | "location"): Next {
  switch (phase) {
    case "server":
      return serverPhase(run);
    case "find":
      return findPhase(run);
    case "location":
      return locationPhase(run);
  }
}

function serverPhase(run: Run): Next {
  run.path = run.server.path;
  noteUnread(run);
  noteScripts(run);
  const end = runRewrites(run, run.server.path);
  return end === undefined ? { kind: "enter", phase: "find" } : endRewrite(run, end);
}

function endRewrite(run: Run, end: RewriteEnd): Next {
  const { status, at } = end;
  switch (end.kind) {
    case "status":
    case "redirect":
      return endWith(run, status, at);
    case "text": {
      const { text } = end;
      return {
        kind: "done",
        content: { kind: "text", status: run.errorStatus || status, text, at },
      };
    }
  }
}

/** Scripts that run once the rewrite directives are through. */
function noteScripts(run: Run): void {
  for (const script of scriptsInForce(run.path)) {
    addCaveat(run, script, "a script may change the answer");
  }
}

/** Files that could not be read, where they are included. */
function noteUnread(run: Run): void {
  for (const include of unreadFiles(run.path)) {
    const file = include.args[0]?.text ?? "";
    addCaveat(run, include, `${file} could not be read, and may change the answer`);
  }
}

function addCaveat(run: Run, { file, line, column, name }: NginxDirective, detail: string): void {
  const isKnown = run.caveats.some(
    (one) => one.file === file && one.line === line && one.column === column,
  );
  if (!isKnown) run.caveats.push({ what: name, detail, file, line, column });
}

function findPhase(run: Run): Next {
  run.handler = undefined;
  run.isUriChanged = false;
  run.path = run.server.path;
  if (!run.uri.isKnown) {
    const because = `the path after rewriting is not known: ${run.uri.text}`;
    return { kind: "done", content: { kind: "none", because } };
  }
  const found = locateUri(run.server, run.uri.text, run.budget);
  run.path = chosenPath(run, found);
  setLocationCaptures(run);
  const block = run.path.at(-1) ?? run.server.directive;
  if (block.name === "location") note(run, "location", directiveText(block), block);
  else note(run, "location", "none fits: the server block itself", block);
  const internal = effectiveScalar(run.path, "internal");
  if (internal !== undefined && !run.isInternal) return endWith(run, STATUS_NOT_FOUND, internal);
  if (found.state === "slash-redirect") return addSlash(run, block);
  return { kind: "enter", phase: "location" };
}

/** Patterns on the way to the location set `$1` and named captures, outer ones first. */
function setLocationCaptures(run: Run): void {
  for (const block of run.path.slice(run.server.path.length)) {
    const location = parseLocation(block);
    if (location?.kind !== "regex" && location?.kind !== "regex-caseless") continue;
    takeCaptures(run, location.value, location.kind === "regex-caseless", run.uri.text);
  }
}

function chosenPath(run: Run, found: ReturnType<typeof locateUri>): BlockPath {
  if (found.state !== "undecidable") return found.path;
  const [first, second, ...others] = found.candidates;
  if (first === undefined || second === undefined) return first ?? run.server.path;
  const way = run.choose({
    about: `the location for ${run.uri.text}`,
    because: found.because,
    at: positionOf(first.at(-1) ?? run.server.directive),
    ways: [blockName(first), blockName(second), ...others.map(blockName)],
  });
  return found.candidates[way] ?? run.server.path;
}

function blockName(path: BlockPath): string {
  const block = path.at(-1);
  return block === undefined ? "none" : directiveText(block);
}

/** `/dir` to `/dir/`, where only a location that hands on takes the latter. */
function addSlash(run: Run, block: NginxDirective): Next {
  const name = knownText(escapeUri(parseLocation(block)?.value ?? ""));
  const isPlain = run.args.isKnown && run.args.text === "";
  run.location = isPlain ? name : joinTexts([name, knownText("?"), run.args]);
  return endWith(run, STATUS_MOVED, block);
}

function locationPhase(run: Run): Next {
  const home = run.path;
  const block = home.at(-1) ?? run.server.directive;
  run.handler = contentHandler(block);
  noteUnread(run);
  const limited = limitExcept(run, block);
  if (limited !== undefined) {
    run.path = [...home, limited];
    run.handler = contentHandler(limited) ?? run.handler;
  } else if (home !== run.server.path) {
    const end = runRewrites(run, home);
    if (end !== undefined) return endRewrite(run, end);
  }
  noteScripts(run);
  if (run.isUriChanged) return searchAgain(run, block);
  const refused = refusal(run);
  if (refused !== undefined) return endWith(run, refused.status, refused.at);
  return tryFiles(run) ?? content(run);
}

/** `ngx_http_core_post_rewrite_phase`: the eleventh change of the URI ends it. */
function searchAgain(run: Run, block: NginxDirective): Next {
  run.changesLeft -= 1;
  if (run.changesLeft <= 0) return endWith(run, STATUS_SERVER_ERROR, block);
  return { kind: "enter", phase: "find" };
}

/** The `limit_except` of a location, where the method is none of those it names (GET has HEAD with it). */
function limitExcept(run: Run, { block }: NginxDirective): NginxDirective | undefined {
  return block?.findLast(({ name, args }) => {
    if (name !== "limit_except") return false;
    const allowed = new Set(args.map(({ text }) => text.toUpperCase()));
    if (allowed.has("GET")) allowed.add("HEAD");
    return !allowed.has(run.method);
  });
}

function content(run: Run): Next {
  if (run.handler === undefined) return fileContent(run);
  const made = handlerContent(run, run.handler);
  // An `if` that holds later has taken over, and neither it nor the location says where to.
  if (made === undefined) return endWith(run, STATUS_SERVER_ERROR, run.handler);
  return { kind: "done", content: made };
}
