/** Alert rules for the tests of checks; nothing here runs in an audit. */
import type { Outcome } from "../../core/check.ts";
import type { AlertRule, AlertRules } from "../../facts/alert-rules.fact.ts";

interface AlertLayer {
  evaluate(facts: { readonly alerts: AlertRules }, readings: Record<never, never>): Outcome;
}

/** The status of a check over rules, each as its name and expression. */
export function statusOver(
  check: AlertLayer,
  ...rules: readonly (readonly [name: string, text: string])[]
): string {
  const all = rules.map(
    ([name, text], at): AlertRule => ({
      kind: "prometheus",
      name,
      text,
      file: "alerts.yml",
      line: at + 1,
    }),
  );
  return check.evaluate({ alerts: { rules: all, unread: [] } }, {}).status;
}
