/** A place of a text that a template engine fills in before the proxy reads it. */
export interface TemplatePlace {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly kind: "braces" | "tag" | "variable";
}

export interface Neutralised {
  /** As long as the text, line for line: expressions became words, control tags blanks. */
  readonly text: string;
  /** In order, `PLACES_MAX` at most. */
  readonly places: readonly TemplatePlace[];
}

/** Places listed of one text; one is enough to know that it is a template. */
export const PLACES_MAX = 1_000;

/**
 * Jinja, Helm, Go templates and Liquid (`{{ x }}`, `{% if %}`), ERB (`<%= x %>`). One line each: bounded, and
 * `}}` of a JSON text two lines further closes nothing.
 */
const EXPRESSION = /\{\{[-~]?[^{}\n]{1,500}\}\}|<%=[^\n%]{1,500}%>/g;
const TAG = /\{%[^\n%]{0,500}%\}|<%(?!=)[^\n%]{0,500}%>|\{#[^\n]{0,500}?#\}/g;
/** `${NAME}` of envsubst(1): variables of nginx are written in lower case. */
const VARIABLE = /\$\{([A-Z][A-Z0-9_]*)\}/g;
const JINJA_SIGN = /\{%[-+ ]|\{\{[-~ ]?[\w.$]/;

/**
 * The same text with what a template engine would fill in taken out, so that the rest can be read at its own
 * places. `${NAME}` stays, as it reads like a variable. Lua in `*_by_lua_block` is full of `{{`: such a text is
 * left alone.
 */
export function neutraliseTemplate(text: string): Neutralised {
  const lineOf = lineCounter(text);
  const places: TemplatePlace[] = [];
  const note = (offset: number, kind: TemplatePlace["kind"]) => {
    if (places.length < PLACES_MAX) places.push({ ...lineOf(offset), kind });
  };
  let plain = text;
  if (JINJA_SIGN.test(text) || text.includes("<%")) {
    const hasLua = /_by_lua_block\s*\{/.test(text);
    if (!hasLua) {
      plain = plain
        .replace(TAG, (tag, offset: number) => {
          note(offset, "tag");
          return " ".repeat(tag.length);
        })
        .replace(EXPRESSION, (expression, offset: number) => {
          note(offset, "braces");
          return "_".repeat(expression.length);
        });
    }
  }
  const own = new Set(
    [...text.matchAll(/\bset\s+\$\{?([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name),
  );
  for (const { index, 1: name } of plain.matchAll(VARIABLE)) {
    if (!own.has(name)) note(index, "variable");
    if (places.length >= PLACES_MAX) break;
  }
  return { text: plain, places: places.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

/** Line and column (from 1) of offsets; linear over all questions that come in order. */
function lineCounter(text: string): (offset: number) => Omit<TemplatePlace, "kind"> {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    if (offset < lineStart) [line, lineStart] = [1, 0];
    for (let at = text.indexOf("\n", lineStart); at !== -1 && at < offset; ) {
      line += 1;
      lineStart = at + 1;
      at = text.indexOf("\n", lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };
}
