import { type AnyCheck, type Control, LAYERS, SEVERITIES } from "../core/check.ts";

/** A selector of `--only` and `--skip`: an id, a glob over ids, an area, a severity or a layer. */
export type Selector = string;

/** Which checks run, and which were switched off. */
export interface Selection {
  readonly selected: readonly AnyCheck[];
  readonly switchedOff: readonly AnyCheck[];
}

/** Applies `--only` (none given: everything) and then `--skip`. */
export function selectChecks(
  checks: readonly AnyCheck[],
  only: readonly Selector[],
  skip: readonly Selector[],
): Selection {
  const wanted =
    only.length === 0 ? checks : checks.filter((check) => only.some((s) => matches(check, s)));
  const isOff = (check: AnyCheck) => skip.some((selector) => matches(check, selector));
  return {
    selected: wanted.filter((check) => !isOff(check)),
    switchedOff: wanted.filter(isOff),
  };
}

/** Whether any check answers to the selector: a typing error must not silently select nothing. */
export function isSelectorKnown(checks: readonly AnyCheck[], selector: Selector): boolean {
  const words: readonly string[] = [...LAYERS, ...SEVERITIES];
  return words.includes(selector) || checks.some((check) => matches(check, selector));
}

function matches(check: AnyCheck, selector: Selector): boolean {
  const { id, severity } = check.control;
  return (
    selector === id ||
    selector === `${id}/${check.layer}` ||
    selector === areaOf(check.control) ||
    selector === severity ||
    selector === check.layer ||
    (selector.includes("*") && isGlobMatch(id, selector))
  );
}

/** The part of a control's id before the dot. */
export function areaOf({ id }: Pick<Control, "id">): string {
  return id.split(".")[0] ?? id;
}

/** `*` stands for any text; matched piece by piece, so no pattern can run away. */
function isGlobMatch(text: string, glob: string): boolean {
  const [head = "", ...pieces] = glob.split("*");
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const [index, piece] of pieces.entries()) {
    const isLast = index === pieces.length - 1;
    const found = isLast && piece !== "" ? text.lastIndexOf(piece) : text.indexOf(piece, at);
    if (found < at) return false;
    if (isLast && piece !== "" && found + piece.length !== text.length) return false;
    at = found + piece.length;
  }
  return true;
}
