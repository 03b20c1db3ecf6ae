/** The `bind` of a gunicorn configuration file. */
export interface GunicornBind {
  /** Addresses as written; empty when it is computed and cannot be told from the text. */
  readonly addresses: readonly string[];
  readonly line: number;
}

const TOKEN = /\s+|#[^\n]*|([rbuRBU]?)(f?)("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|./gs;

/**
 * The last top-level `bind = "..."`, `bind = ["...", "..."]` of a `gunicorn.conf.py`, as text:
 * comments and triple-quoted strings left out. `undefined` when there is no such line.
 */
export function readGunicornBind(text: string): GunicornBind | undefined {
  const lines = blankLongStrings(text).split(/\r?\n/);
  const index = lines.findLastIndex((line) => /^bind\s*(?::[^=]*)?=(?!=)/.test(line));
  const first = lines[index];
  if (first === undefined) return undefined;
  const start = first.slice(first.indexOf("=") + 1).trim();
  const isList = /^[[(]/.test(start);
  const tail = isList ? lines.slice(index + 1, index + 1 + LIST_LINES_MAX) : [];
  return { addresses: literals([start, ...tail].join("\n"), isList), line: index + 1 };
}

/** Lines of a bind list. */
const LIST_LINES_MAX = 64;

/** The string literals of a value that is nothing but literals. */
function literals(text: string, isList: boolean): readonly string[] {
  const addresses: string[] = [];
  for (const match of text.slice(isList ? 1 : 0).matchAll(TOKEN)) {
    const [token, , isFormatted, quoted] = match;
    if (/^[\])]/.test(token)) break;
    if (quoted !== undefined) addresses.push(literal(quoted, isFormatted === "f"));
    else if (!/^[\s,#]/.test(token)) return [];
  }
  return addresses;
}

/** `f"0.0.0.0:{port}"`: the address stands, the port is computed. */
function literal(quoted: string, isFormatted: boolean): string {
  const body = quoted.slice(1, -1);
  return isFormatted ? body.replace(/\{[^}]*\}/g, "$COMPUTED") : body;
}

function blankLongStrings(text: string): string {
  return text.replace(/("""|''')(?:\\.|(?!\1)[^\\])*(?:\1|$)/gs, (whole) =>
    whole.replace(/[^\n]/g, " "),
  );
}
