/** What a place of a file is, where it is no statement. */
export type Region = "comment" | "docstring" | "text";

/** `[from, to)` of Python's triple-quoted strings, which hold text rather than statements. */
export function tripleQuoted(text: string): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  // A comment, a short string, or the opening of a long one: whichever comes first.
  const token = /#[^\n]*|"""|'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [quotes] = match;
    if (quotes !== '"""' && quotes !== "'''") continue;
    const end = text.indexOf(quotes, token.lastIndex);
    const to = end === -1 ? text.length : end + quotes.length;
    found.push([match.index, to]);
    token.lastIndex = to;
  }
  return found;
}

const HASH_COMMENT =
  /\.(?:py|pyi|rb|sh|bash|zsh|fish|ya?ml|toml|ini|cfg|conf|cnf|properties|env|pl|pm|r|tf|hcl|mk|ps1|tfvars|jl|ex|exs|service|coffee|npmrc|list)$|(?:^|\/)(?:Dockerfile|Containerfile|Makefile|Procfile|Caddyfile|\.env|env[._-])[\w.-]{0,60}$|\.(?:env|dockerfile)(?:\.[\w-]{1,30})?$|(?:^|\/)\.(?:npmrc|pypirc|netrc|pgpass|flaskenv)$/i;

/** Whether the line is a comment as a whole, in the language of the file. */
export function isCommentLine(line: string, path: string): boolean {
  const start = line.trimStart();
  if (start.startsWith("#"))
    return HASH_COMMENT.test(path.replace(/\.(?:example|sample|template|dist|tpl)$/i, ""));
  if (/\.npmrc$/.test(path)) return start.startsWith(";");
  if (/^(?:\/\/|\/\*|\*(?:\s|$|\/)|<!--|--\s|REM\s|\{#|\{\{!)/i.test(start)) return true;
  return start.startsWith(";") && /\.(?:ini|cfg|conf|cnf|lisp|clj|asm)$/i.test(path);
}

/** Where the string begins that is open at `end` (offset behind its quote), or the comment that began before. */
function openAt(
  line: string,
  end: number,
  mark: string,
): { readonly quote: string; readonly opened: number } {
  let quote = "";
  let opened = 0;
  for (let index = 0; index < end; index += 1) {
    const character = line[index] ?? "";
    if (quote === "" && /["'`]/.test(character)) {
      quote = character;
      opened = index + 1;
    } else if (quote === "" && isMark(line, index, mark)) {
      return { quote: mark, opened: index };
    } else if (character === "\\") index += 1;
    else if (character === quote) quote = "";
  }
  return { quote, opened };
}

function isMark(line: string, index: number, mark: string): boolean {
  return line.startsWith(mark, index) && /\s/.test(line[index - 1] ?? " ");
}

/**
 * Where a name on a line of code stands that is no name of the program: behind a comment's mark, or within
 * a string that says more than the name (an error message, a command).
 */
export function regionOnLine(
  line: string,
  from: number,
  length: number,
  mark: "#" | "//",
): Region | undefined {
  const { quote, opened } = openAt(line, from, mark);
  if (quote === "") return undefined;
  if (quote === mark) return "comment";
  return opened === from && line.startsWith(quote, from + length) ? undefined : "text";
}
