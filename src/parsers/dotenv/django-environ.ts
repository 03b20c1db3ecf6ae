import { complain, keep, type Scan } from "./scan.ts";
import { isPythonLineEnd, isPythonSpace, skipWhile } from "./whitespace.ts";

const KEY = /^(?:export )?([A-Za-z_0-9]+)=/;
const LINE_HEAD_MAX = 1_024;

/** django-environ (tree of 2023, `Env.read_env`): one line at a time, no expansion, no multi-line values. */
export function readDjangoEnviron(scan: Scan): void {
  const { text } = scan;
  let start = 0;
  while (start < text.length) {
    const end = skipWhile(text, start, text.length, (c) => !isPythonLineEnd(c));
    if (!readLine(scan, start, end)) return;
    start = end + 1;
  }
}

function readLine(scan: Scan, start: number, end: number): boolean {
  const { text } = scan;
  if (start === end || text[start] === "#") return true;
  const match = KEY.exec(text.slice(start, Math.min(end, start + LINE_HEAD_MAX)));
  if (match?.[1] === undefined) {
    complain(scan, start, "django-environ ignores this line");
    return true;
  }
  const from = start + match[0].length;
  const at = from - 1 - match[1].length;
  return keep(scan, match[1], unquote(text.slice(from, end)), at, [from, end]);
}

function unquote(written: string): string {
  const value = singleQuoted(written) ?? written.split("#", 1)[0] ?? "";
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value
    .slice(1, -1)
    .replace(/\\(.)/g, (pair, escaped: string) => ("rnt".includes(escaped) ? pair : escaped));
}

/** `\A\s*'(.*)'\s*(#.*\s*)?\Z`: the last quote that only a comment follows. */
function singleQuoted(written: string): string | undefined {
  const open = skipWhile(written, 0, written.length, isPythonSpace);
  if (written[open] !== "'") return undefined;
  for (let at = written.lastIndexOf("'"); at > open; at = written.lastIndexOf("'", at - 1)) {
    const after = skipWhile(written, at + 1, written.length, isPythonSpace);
    if (after === written.length || written[after] === "#") return written.slice(open + 1, at);
  }
  return undefined;
}
