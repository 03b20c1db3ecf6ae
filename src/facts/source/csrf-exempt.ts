import type { Call, Expression, Module, Place } from "../../parsers/python/syntax.ts";
import { expressionsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { rowsOfFiles } from "./python-library.ts";
import type { SourceContext } from "./reader.ts";

/** A view that is taken out of the protection against forged requests, and where. */
export interface Exempt {
  readonly subject: string;
  readonly place: Place;
}

const SUBJECT_LENGTH_MAX = 60;

/** Rows of every file with the needle, for what `exemptIn` finds there, in order of line. */
export function exemptRows(
  context: SourceContext,
  needle: RegExp,
  exemptIn: (module: Module) => readonly Exempt[],
  rowOf: (exempt: Exempt, file: string) => SourceSetting,
): Promise<readonly SourceSetting[]> {
  return rowsOfFiles(context, needle, async ({ python }, file) => {
    const module = await python.parse(file);
    if (module === undefined) return [];
    const found = exemptIn(module).toSorted((a, b) => a.place.line - b.place.line);
    return found.map((one) => rowOf(one, file));
  });
}

/** `csrf_exempt(View.as_view())`, `csrf.exempt(blueprint)`: told by the text of what is handed over. */
export function exemptCalls(
  module: Module,
  isExempt: (callee: Expression) => boolean,
): readonly Exempt[] {
  const calls = [...expressionsIn(module)].filter(
    (expression): expression is Call & Expression =>
      expression.kind === "call" && isExempt(expression.callee),
  );
  return calls.flatMap((place) => {
    const [view] = place.arguments;
    if (view === undefined) return [];
    const subject = module.source.slice(view.value.start, view.value.end);
    return [{ subject: subject.slice(0, SUBJECT_LENGTH_MAX), place }];
  });
}
