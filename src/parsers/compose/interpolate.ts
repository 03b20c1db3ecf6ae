/** Nesting of `${A:-${B:-c}}`; deeper text is left as written. */
export const INTERPOLATION_DEPTH_MAX = 8;

export interface Interpolated {
  readonly text: string;
  /** A `$NAME` or `${...}` was replaced; `$$` does not count. */
  readonly isInterpolated: boolean;
}

type Lookup = (name: string) => string | undefined;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/**
 * `$$`, `$NAME`, `${NAME}`, `:-`, `-`, `:+`, `+`, `:?`, `?` as the Compose specification has them
 * (12-interpolation.md). A required variable that is unset becomes empty text: compose refuses to
 * start then, which is no reason to know nothing of the project.
 */
export function interpolate(text: string, lookup: Lookup, depth = 0): Interpolated {
  if (!text.includes("$") || depth > INTERPOLATION_DEPTH_MAX) {
    return { text, isInterpolated: false };
  }
  let out = "";
  let isInterpolated = false;
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) break;
    out += text.slice(at, dollar);
    const part = substitution(text, dollar, lookup, depth);
    out += part.text;
    isInterpolated ||= part.isInterpolated;
    at = part.end;
  }
  return { text: out + text.slice(at), isInterpolated };
}

interface Substitution extends Interpolated {
  readonly end: number;
}

function substitution(text: string, dollar: number, lookup: Lookup, depth: number): Substitution {
  if (text[dollar + 1] === "$") return { text: "$", end: dollar + 2, isInterpolated: false };
  if (text[dollar + 1] === "{") {
    // Compose refuses what does not close or has no name; it stays as written, each part read once.
    const end = closingBrace(text, dollar + 1);
    const value =
      end === undefined ? undefined : braced(text.slice(dollar + 2, end), lookup, depth);
    const next = end === undefined ? text.length : end + 1;
    const isInterpolated = value !== undefined;
    return { text: value ?? text.slice(dollar, next), end: next, isInterpolated };
  }
  const name = nameAt(text, dollar + 1);
  if (name === "") return { text: "$", end: dollar + 1, isInterpolated: false };
  return { text: lookup(name) ?? "", end: dollar + 1 + name.length, isInterpolated: true };
}

function braced(body: string, lookup: Lookup, depth: number): string | undefined {
  const name = nameAt(body, 0);
  if (name === "") return undefined;
  const rest = body.slice(name.length);
  const value = lookup(name);
  if (rest === "") return value ?? "";
  const operator = /^:?[-+?]/.exec(rest)?.[0];
  if (operator === undefined) return undefined;
  const counts = operator.startsWith(":") ? Boolean(value) : value !== undefined;
  const word = () => interpolate(rest.slice(operator.length), lookup, depth + 1).text;
  if (operator.endsWith("+")) return counts ? word() : "";
  if (counts || operator.endsWith("?")) return value ?? "";
  return word();
}

function nameAt(text: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0] ?? "";
}

function closingBrace(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{" && (at === open || text[at - 1] === "$")) depth += 1;
    if (text[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}
