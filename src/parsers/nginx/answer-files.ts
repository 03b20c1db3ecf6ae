import { type DiskKnowledge, isOnDisk, knownOnDisk } from "./answer-disk.ts";
import { endWith, goToNamed, type Next, redirectInside } from "./answer-error.ts";
import { escapeUri } from "./answer-escape.ts";
import { note, type Run } from "./answer-run.ts";
import { type AnswerText, joinTexts, knownText, mapKnown, openText } from "./answer-text.ts";
import { resolve } from "./answer-variable.ts";
import { type BlockPath, effectiveList, effectiveScalar } from "./inherit.ts";
import { parseLocation } from "./location.ts";
import type { NginxDirective } from "./parse.ts";

const STATUS_OK = 200;
const STATUS_MOVED = 301;
const STATUS_FORBIDDEN = 403;
const STATUS_NOT_FOUND = 404;
const STATUS_NOT_ALLOWED = 405;
const STATUS_SERVER_ERROR = 500;

/** Where files come from in this block. */
interface Root {
  readonly directive: NginxDirective | undefined;
  /** What `alias` takes off the URI; `undefined` for `root`; `"all"` in a location with a pattern. */
  readonly cut: string | "all" | undefined;
}

function rootInForce(path: BlockPath): Root {
  const at = path.findLastIndex(({ block }) =>
    block?.some(({ name }) => name === "root" || name === "alias"),
  );
  const directive = path[at]?.block?.findLast(({ name }) => name === "root" || name === "alias");
  if (directive?.name !== "alias") return { directive, cut: undefined };
  const block = path.slice(0, at + 1).findLast(({ name }) => name === "location");
  const location = block === undefined ? undefined : parseLocation(block);
  const isPattern = location?.kind === "regex" || location?.kind === "regex-caseless";
  return { directive, cut: isPattern ? "all" : (location?.value ?? "") };
}

/** The path on disk of a URI here (`ngx_http_map_uri_to_path`). */
function diskPath(run: Run, { directive, cut }: Root, uri: AnswerText): AnswerText {
  const written = directive?.args[0]?.text ?? "html";
  const root = /^[/$]/.test(written)
    ? resolve(run, written)
    : joinTexts([
        openText("prefix", "the folder nginx starts from is not known"),
        knownText(`/${written}`),
      ]);
  if (cut === "all") return root;
  if (cut === undefined) return joinTexts([root, uri]);
  return joinTexts([
    root,
    mapKnown(uri, (text) => (text.startsWith(cut) ? text.slice(cut.length) : text)),
  ]);
}

/**
 * `try_files`; `undefined` when one of them is there and the content is to be made of it. It is not
 * inherited, not even by an `if` in its location.
 */
export function tryFiles(run: Run): Next | undefined {
  const directive = run.path.at(-1)?.block?.findLast(({ name }) => name === "try_files");
  if (directive === undefined) return undefined;
  const root = rootInForce(run.path);
  if (isLost(run, root)) return endWith(run, STATUS_SERVER_ERROR, directive);
  const words = directive.args.map(({ text }) => text);
  const isFound = words.slice(0, -1).some((word) => tryFile(run, root, word, directive));
  return isFound ? undefined : fallBack(run, words.at(-1) ?? "", root, directive);
}

/** `alias` cannot be used once the path was rewritten: 500. */
function isLost(run: Run, { cut }: Root): boolean {
  return cut !== undefined && !run.isLocationValid;
}

/** Looks at one file, or with a slash at its end one folder; the path is changed to what is found. */
function tryFile(run: Run, root: Root, word: string, at: NginxDirective): boolean {
  const isFolder = word.endsWith("/");
  const uri = resolve(run, isFolder ? word.slice(0, -1) : word);
  const path = diskPath(run, root, uri);
  if (!isOnDisk(run, path, isFolder ? "directory" : "file", at)) return false;
  note(run, "try_files", `"${path.text}" is there`, at);
  const start = root.cut ?? "";
  if (root.cut !== "all")
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
  const root = rootInForce(run.path);
  const at = root.directive ?? run.path.at(-1) ?? run.server.directive;
  if (!run.uri.isKnown) {
    const because = `the path after rewriting is not known: ${run.uri.text}`;
    return { kind: "done", content: { kind: "none", because } };
  }
  if (run.uri.text.endsWith("/")) return folderContent(run, root, at);
  const refused = beforeFiles(run, root, at);
  if (refused !== undefined) return refused;
  const path = diskPath(run, root, run.uri);
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

/** What the path is; a missing file is taken into account only where `error_page` makes something of it. */
function foundFile(run: Run, path: AnswerText, at: NginxDirective): DiskKnowledge["is"] {
  const { is, isNot } = knownOnDisk(run, path);
  if (is !== undefined) return is;
  if (isNot.has("file") && isNot.has("directory")) return "missing";
  if (!hasErrorPage(run, STATUS_NOT_FOUND)) return undefined;
  return isOnDisk(run, path, "file", at) ? "file" : "missing";
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
  const final = run.errorStatus || status;
  return {
    kind: "done",
    content: {
      kind: "files",
      ...(final !== undefined && { status: final }),
      root: directive,
      path,
      isListed,
      at,
    },
  };
}

/** A URI that ends in a slash: `index`, then `autoindex`, else 403. */
function folderContent(run: Run, root: Root, at: NginxDirective): Next {
  const refused = beforeFiles(run, root, at);
  if (refused !== undefined) return refused;
  const folder = diskPath(run, root, run.uri);
  const lists = effectiveList(run.path, "index");
  const names = lists.length > 0 ? lists.flatMap(({ args }) => args) : [undefined];
  for (const word of names) {
    const name = resolve(run, word?.text ?? DEFAULT_INDEX);
    const from = lists[0] ?? at;
    const next = tryIndex(run, folder, name, from);
    if (next !== undefined) return next;
  }
  return listing(run, root, folder, at);
}

function tryIndex(
  run: Run,
  folder: AnswerText,
  name: AnswerText,
  at: NginxDirective,
): Next | undefined {
  if (name.text.startsWith("/")) return redirectWithArgs(run, name, at);
  if (knownOnDisk(run, folder).is === "missing") return endWith(run, STATUS_NOT_FOUND, at);
  const path = joinTexts([folder, name]);
  if (!isOnDisk(run, path, "file", at)) return undefined;
  note(run, "index", `"${path.text}" is there`, at);
  return redirectWithArgs(run, joinTexts([run.uri, name]), at);
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

function listing(run: Run, root: Root, folder: AnswerText, at: NginxDirective): Next {
  const isListed = effectiveScalar(run.path, "autoindex")?.args[0]?.text === "on";
  const found = knownOnDisk(run, folder).is;
  if (found === undefined && !isListed && !hasErrorPage(run, STATUS_FORBIDDEN)) {
    return done(run, root, folder, STATUS_FORBIDDEN, false);
  }
  if (!isListed) return endWith(run, STATUS_FORBIDDEN, at);
  if (found === "missing") return endWith(run, STATUS_NOT_FOUND, at);
  return done(run, root, folder, found === undefined ? undefined : STATUS_OK, true);
}
