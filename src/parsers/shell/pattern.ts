import { expandText, type ShellScope } from "./expand.ts";
import { wordPieces } from "./tokens.ts";

type Element =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "one" }
  | { readonly kind: "any" };

/**
 * Whether `text` matches the pattern as written (XCU 2.13); `undefined` where the pattern holds
 * what is not known or a bracket expression.
 */
export function matchesPattern(text: string, raw: string, scope: ShellScope): boolean | undefined {
  const elements = elementsOf(raw, scope);
  return elements === undefined ? undefined : matches(text, elements);
}

function elementsOf(raw: string, scope: ShellScope): readonly Element[] | undefined {
  const elements: Element[] = [];
  for (const piece of wordPieces(raw)) {
    const text = piece === "[" ? undefined : expandText(piece, scope);
    if (text === undefined) return undefined;
    if (piece === "*") elements.push({ kind: "any" });
    else if (piece === "?") elements.push({ kind: "one" });
    else elements.push(...[...text].map((char) => ({ kind: "text", text: char }) as const));
  }
  return elements;
}

/** Goes back to the last `*` only, which is enough (and linear in each of the two). */
function matches(text: string, elements: readonly Element[]): boolean {
  const chars = [...text];
  let at = 0;
  let index = 0;
  let star: { readonly index: number; readonly at: number } | undefined;
  while (at < chars.length) {
    const element = elements[index];
    if (element?.kind === "any") {
      star = { index, at };
      index += 1;
    } else if (isTaken(element, chars[at])) {
      at += 1;
      index += 1;
    } else if (star !== undefined) {
      star = { index: star.index, at: star.at + 1 };
      at = star.at;
      index = star.index + 1;
    } else {
      return false;
    }
  }
  return elements.slice(index).every(({ kind }) => kind === "any");
}

function isTaken(element: Element | undefined, char: string | undefined): boolean {
  return element?.kind === "one" || (element?.kind === "text" && element.text === char);
}
