import { defineFact } from "../core/fact.ts";
import { known, type Reading } from "../core/reading.ts";

/** What the operator asked the audit itself to do. */
export interface AuditOptions {
  /** `--pedantic`. */
  readonly isPedantic: boolean;
  /** The hosts of the audited URLs, lower case; absent in records made before it was told. */
  readonly hosts?: readonly string[];
  /** Whether the machine is looked at, or a record of one, and not its directory alone; absent in older records. */
  readonly isMachineRead?: boolean;
}

export const auditOptions = defineFact({
  id: "audit-options",
  title: "What was asked of this audit",
  access: "read",
  timeoutMs: 1_000,
  async collect({ target }): Promise<Reading<AuditOptions>> {
    const hosts = target.urls.flatMap((url) => URL.parse(url)?.hostname ?? []);
    return known({
      isPedantic: target.isPedantic === true,
      hosts: [...new Set(hosts)],
      isMachineRead: target.hostFacts || target.account !== undefined,
    });
  },
});
