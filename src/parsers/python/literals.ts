import type { RawNode } from "./raw-tree.ts";
import type { Expression, FormatField, Place } from "./syntax.ts";

/** The value of an integer or float literal; NaN for a complex one. */
export function numberOf(text: string): number {
  const plain = text.replaceAll("_", "").toLowerCase();
  if (plain.endsWith("j")) return Number.NaN;
  return Number(plain.replace(/^0+(?=\d)/, ""));
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "",
};

/** What an escape sequence of a plain literal stands for (Python language reference, 2.4.1.1). */
function unescaped(sequence: string): string {
  const body = sequence.slice(1);
  const simple = SIMPLE_ESCAPES[body];
  if (simple !== undefined) return simple;
  const code = /^[xuU][0-9A-Fa-f]+$/.test(body)
    ? Number.parseInt(body.slice(1), 16)
    : /^[0-7]{1,3}$/.test(body)
      ? Number.parseInt(body, 8)
      : Number.NaN;
  return code <= 0x10ffff ? String.fromCodePoint(code) : sequence;
}

/** A string literal, plain or formatted, or several side by side. */
export function stringExpression(
  node: RawNode,
  source: string,
  place: Place,
  convert: (node: RawNode) => Expression,
): Expression {
  const literals =
    node.kind === "concatenated_string"
      ? node.children.filter(({ kind }) => kind === "string")
      : [node];
  const parts: (string | FormatField)[] = [];
  for (const literal of literals) appendParts(parts, literal, source, convert);
  if (parts.every((part) => typeof part === "string"))
    return { ...place, kind: "text", text: parts.join("") };
  return { ...place, kind: "format", parts };
}

function appendParts(
  parts: (string | FormatField)[],
  literal: RawNode,
  source: string,
  convert: (node: RawNode) => Expression,
): void {
  const opening = literal.children.find(({ kind }) => kind === "string_start");
  const isRaw = /r/i.test(opening === undefined ? "" : source.slice(opening.start, opening.end));
  for (const child of literal.children) {
    if (child.kind === "string_content") parts.push(contentOf(child, source, isRaw));
    else if (child.kind === "interpolation") {
      const expression = child.children.find(({ field }) => field === "expression");
      if (expression !== undefined)
        parts.push({
          value: convert(expression),
          isFormatted: child.children.some(({ kind }) => kind.startsWith("format_spec")),
        });
    }
  }
}

function contentOf(content: RawNode, source: string, isRaw: boolean): string {
  let text = "";
  let at = content.start;
  for (const child of content.children) {
    const written = source.slice(child.start, child.end);
    text += source.slice(at, child.start);
    if (child.kind === "escape_interpolation") text += written.slice(0, 1);
    else text += isRaw ? written : unescaped(written);
    at = child.end;
  }
  return text + source.slice(at, content.end);
}
