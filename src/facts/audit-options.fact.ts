import { defineFact } from "../core/fact.ts";
import { known, type Reading } from "../core/reading.ts";

/** What the operator asked the audit itself to do. */
export interface AuditOptions {
  /** `--pedantic`. */
  readonly isPedantic: boolean;
}

export const auditOptions = defineFact({
  id: "audit-options",
  title: "What was asked of this audit",
  access: "read",
  timeoutMs: 1_000,
  async collect({ target }): Promise<Reading<AuditOptions>> {
    return known({ isPedantic: target.isPedantic === true });
  },
});
