import { type DiskKnowledge, isOnDisk, knownOnDisk } from "./answer-disk.ts";
import { endWith, goToNamed, type Next, redirectInside } from "./answer-error.ts";
import { escapeUri } from "./answer-escape.ts";
import { diskPath, isLost, type Root, rootInForce } from "./answer-root.ts";
import { note, type Run } from "./answer-run.ts";
import { type AnswerText, joinTexts, knownText } from "./answer-text.ts";
import { resolve, resolveKept } from "./answer-variable.ts";
import { effectiveList, effectiveScalar } from "./inherit.ts";
import type { NginxDirective } from "./parse.ts";

const STATUS_OK = 200;
const STATUS_MOVED = 301;
const STATUS_FORBIDDEN = 403;
const STATUS_NOT_FOUND = 404;
const STATUS_NOT_ALLOWED = 405;
const STATUS_SERVER_ERROR = 500;

/**
 * `try_files`; `undefined` when one of them is there and the content is to be made of it. It is not
 * inherited, not even by an `if` in its location.
 */
export function tryFiles(run: Run): Next | undefined {
  const directive = run.path.at(-1)?.block?.findLast(({ name }) => name === "try_files");
  if (directive === undefined) return undefined;
  const root = rootInForce(run);
  if (isLost(run, root)) return endWith(run, STATUS_SERVER_ERROR, directive);
  const words = directive.args.map(({ text }) => text);
  const isFound = words.slice(0, -1).some((word) => tryFile(run, root, word, directive));
  return isFound ? undefined : fallBack(run, words.at(-1) ?? "", root, directive);
}

/** Looks at one file, or with a slash at its end one folder; the path is changed to what is found. */
function tryFile(run: Run, root: Root, word: string, at: NginxDirective): boolean {
  const isFolder = word.endsWith("/");
  const uri = resolve(run, isFolder ? word.slice(0, -1) : word);
  const isPattern = root.cut === "all";
  const path = diskPath(run, isPattern ? { ...root, addsUri: true } : root, uri, resolve);
  if (!isOnDisk(run, path, isFolder ? "directory" : "file", at)) return false;
  note(run, "try_files", `"${path.text}" is there`, at);
  if (isPattern) {
    // A folder found leaves the path alone, a file is looked for below what `alias` names.
    if (isFolder) return true;
    run.addsUriToAlias = true;
    run.uri = uri;
    return true;
  }
  const start = root.cut ?? "";
  run.uri = startsWith(uri, start) ? uri : joinTexts([knownText(start), uri]);
  return true;
}

function startsWith({ text }: AnswerText, start: string): boolean {
  return text.startsWith(start);
}

function fallBack(run: Run, last: string, { cut }: Root, at: NginxDirective): Next {
  note(run, "try_files", `falls back to "${last}"`, at);
  if (/^=\d+$/.test(last)) return endWith(run, Number(last.slice(1)), at);
  const target = resolve(run, last);
  if (target.text.startsWith("@")) return goToNamed(run, target.text, at);
  // Where it holds variables, nginx takes the location's path off it as off the others.
  const isCut = cut !== undefined && cut !== "all" && last.includes("$") && startsWith(target, cut);
  return redirectInside(run, isCut ? mapFirst(target, cut.length) : target, at);
}

function mapFirst(text: AnswerText, length: number): AnswerText {
  const [first, ...rest] = text.pieces;
  if (first?.kind !== "known" || rest.length > 0) return text;
  return knownText(first.text.slice(length));
}

/** Content without a handler: index, list of files, file. */
export function fileContent(run: Run): Next {
  const root = rootInForce(run);
  const at = root.directive ?? run.path.at(-1) ?? run.server.directive;
  if (!run.uri.isKnown) {
    const because = `the path after rewriting is not known: ${run.uri.text}`;
    return { kind: "done", content: { kind: "none", because } };
  }
  if (run.uri.text.endsWith("/")) return folderContent(run, root, at);
  const refused = beforeFiles(run, root, at);
  if (refused !== undefined) return refused;
  const path = diskPath(run, root, run.uri, resolve);
  switch (foundFile(run, path, at)) {
    case "directory":
      run.location = slashLocation(run, run.uri.text);
      return endWith(run, STATUS_MOVED, at);
    case "missing":
      return endWith(run, STATUS_NOT_FOUND, at);
    case "file":
      return run.method === "POST"
        ? endWith(run, STATUS_NOT_ALLOWED, at)
        : done(run, root, path, STATUS_OK, false);
    case undefined:
      return done(run, root, path, undefined, false);
  }
}

function beforeFiles(run: Run, root: Root, at: NginxDirective): Next | undefined {
  if (!["GET", "HEAD", "POST"].includes(run.method)) return endWith(run, STATUS_NOT_ALLOWED, at);
  return isLost(run, root) ? endWith(run, STATUS_SERVER_ERROR, at) : undefined;
}

/** What the path is; asked only where `error_page` makes something else of one that is no file to send. */
function foundFile(run: Run, path: AnswerText, at: NginxDirective): DiskKnowledge["is"] {
  const { is, isNot } = knownOnDisk(run, path);
  if (is !== undefined) return is;
  if (isNot.has("file") && isNot.has("directory")) return "missing";
  const refused = run.method === "POST" ? [STATUS_NOT_ALLOWED] : [];
  const statuses = [STATUS_NOT_FOUND, STATUS_MOVED, ...refused];
  if (!statuses.some((status) => hasErrorPage(run, status))) return undefined;
  if (isOnDisk(run, path, "file", at)) return "file";
  return isOnDisk(run, path, "directory", at) ? "directory" : "missing";
}

function hasErrorPage(run: Run, status: number): boolean {
  return (
    !run.isErrorPage &&
    effectiveList(run.path, "error_page").some(({ args }) =>
      args.some(({ text }) => text === String(status)),
    )
  );
}

function slashLocation(run: Run, uri: string): AnswerText {
  const base = knownText(`${escapeUri(uri)}/`);
  if (run.args.isKnown && run.args.text === "") return base;
  return joinTexts([base, knownText("?"), run.args]);
}

function done(
  run: Run,
  { directive }: Root,
  path: AnswerText,
  status: number | undefined,
  isListed: boolean,
): Next {
  const at = directive ?? run.path.at(-1) ?? run.server.directive;
  const fixed = run.errorStatus || undefined;
  const content = { kind: "files", root: directive, path, isListed, at } as const;
  if (status === undefined) {
    return { kind: "done", content: { ...content, ...(fixed && { statusIfThere: fixed }) } };
  }
  return { kind: "done", content: { ...content, status: fixed ?? status } };
}

/** A URI that ends in a slash: `index`, then `autoindex`, else 403. */
function folderContent(run: Run, root: Root, at: NginxDirective): Next {
  const refused = beforeFiles(run, root, at);
  if (refused !== undefined) return refused;
  const folder = diskPath(run, root, run.uri, resolve);
  const lists = effectiveList(run.path, "index");
  const words = lists.flatMap(({ args }) => args.map(({ text }) => text));
  const from = lists[0] ?? at;
  for (const [index, word] of (words.length > 0 ? words : [DEFAULT_INDEX]).entries()) {
    const name = resolveKept(run, word);
    const next = name.text.startsWith("/")
      ? fixedIndex(run, root, folder, name, index > 0, from)
      : tryIndex(run, folder, name, from, word.includes("$"));
    if (next !== undefined) return next;
  }
  return listing(run, root, folder, at);
}

/** A path that begins with a slash is gone to; files before it that are not there make nginx look for the folder. */
function fixedIndex(
  run: Run,
  root: Root,
  folder: AnswerText,
  name: AnswerText,
  isAfterOthers: boolean,
  at: NginxDirective,
): Next {
  const lack = isAfterOthers ? folderLack(run, root, folder, at) : undefined;
  return lack ?? redirectWithArgs(run, name, at);
}

function tryIndex(
  run: Run,
  folder: AnswerText,
  name: AnswerText,
  at: NginxDirective,
  isComputed: boolean,
): Next | undefined {
  const folderIs = knownOnDisk(run, folder).is;
  if (folderIs === "missing") return endWith(run, STATUS_NOT_FOUND, at);
  if (folderIs === "file") return endWith(run, STATUS_SERVER_ERROR, at);
  const path = joinTexts([folder, name]);
  // Whatever is there is taken, a folder too, which nobody names but by a variable.
  const mayBeFolder = knownOnDisk(run, path).is === "directory" || isComputed;
  const isThere =
    isOnDisk(run, path, "file", at) || (mayBeFolder && isOnDisk(run, path, "directory", at));
  if (!isThere) return undefined;
  note(run, "index", `"${path.text}" is there`, at);
  return redirectWithArgs(run, joinTexts([run.uri, name]), at);
}

/** A folder that is not there is 404; a file in its place, which only `alias` may name, is 500. */
function folderLack(
  run: Run,
  { cut }: Root,
  folder: AnswerText,
  at: NginxDirective,
): Next | undefined {
  if (isOnDisk(run, folder, "directory", at)) return undefined;
  const isFile = cut !== undefined && isOnDisk(run, folder, "file", at);
  return endWith(run, isFile ? STATUS_SERVER_ERROR : STATUS_NOT_FOUND, at);
}

const DEFAULT_INDEX = "index.html";

/** An internal redirect that keeps the query. */
function redirectWithArgs(run: Run, uri: AnswerText, at: NginxDirective): Next {
  const { args } = run;
  const next = redirectInside(run, uri, at);
  if (next.kind === "enter") {
    run.uri = uri;
    run.args = args;
  }
  return next;
}

/** No index: a list where `autoindex` is on, else 403; 404 where the folder is not there at all. */
function listing(run: Run, root: Root, folder: AnswerText, at: NginxDirective): Next {
  const isListed =
    run.method !== "POST" && effectiveScalar(run.path, "autoindex")?.args[0]?.text === "on";
  const matters = hasErrorPage(run, STATUS_FORBIDDEN) || hasErrorPage(run, STATUS_NOT_FOUND);
  if (knownOnDisk(run, folder).is === undefined && !matters) {
    return done(run, root, folder, undefined, isListed);
  }
  const lack = folderLack(run, root, folder, at);
  if (lack !== undefined) return lack;
  if (!isListed) return endWith(run, STATUS_FORBIDDEN, at);
  return done(run, root, folder, STATUS_OK, true);
}
