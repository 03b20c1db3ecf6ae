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
  return readSetting(text, "bind");
}

/** The last top-level `raw_env = ["A=1", ...]` in the same way: what gunicorn puts into its workers' environment. */
export function readGunicornEnvironment(text: string):
  | {
      readonly variables: readonly (readonly [key: string, value: string])[];
      readonly line: number;
    }
  | undefined {
  const found = readSetting(text, "raw_env");
  if (found === undefined) return undefined;
  const variables = found.addresses.flatMap((each) => {
    const at = each.indexOf("=");
    return at > 0 && !each.includes("$COMPUTED")
      ? [[each.slice(0, at), each.slice(at + 1)] as const]
      : [];
  });
  return { variables, line: found.line };
}

function readSetting(text: string, name: "bind" | "raw_env"): GunicornBind | undefined {
  const lines = blankLongStrings(text).split(/\r?\n/);
  const assignment = new RegExp(`^${name}\\s*(?::[^=]*)?=(?!=)`);
  const index = lines.findLastIndex((line) => assignment.test(line));
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
