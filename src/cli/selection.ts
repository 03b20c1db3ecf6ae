import { isSelectorKnown, type Selection, selectChecks } from "../audit/select.ts";
import type { AnyCheck } from "../core/check.ts";
import { nearest, type Options } from "./command.ts";
import { UsageError } from "./io.ts";

/** Applies `--only` and `--skip`. Throws `UsageError` for a selector that selects nothing. */
export function selectionOf(checks: readonly AnyCheck[], options: Options): Selection {
  const only = options.texts("only");
  const skip = options.texts("skip");
  for (const selector of [...only, ...skip]) {
    if (isSelectorKnown(checks, selector)) continue;
    const near = nearest(
      selector,
      checks.map(({ control }) => control.id),
    );
    const hint = near === undefined ? 'see "plimsoll list"' : `did you mean "${near}"?`;
    throw new UsageError(`no control answers to "${selector}"; ${hint}`);
  }
  return selectChecks(checks, only, skip);
}
