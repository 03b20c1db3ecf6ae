import { type CollectContext, defineFact } from "../core/fact.ts";
import { known, type Problem, type Reading } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { byDepth, resolveFrom } from "./target-path.ts";

/** A file of the tree that says how to report a vulnerability. */
export interface SecurityPolicy {
  /** Relative to the audited directory. */
  readonly file: string;
  readonly kind: "policy" | "security.txt";
  readonly text: string;
}

export interface SecurityPolicies {
  readonly files: readonly SecurityPolicy[];
  readonly unread: readonly { readonly file: string; readonly problem: Problem }[];
}

export const POLICY_BYTES_MAX = 65_536;
export const POLICIES_MAX = 6;
/** Where GitHub, GitLab and the rest of the world look for it. */
const POLICY = /^(?:\.github\/|\.gitlab\/|docs\/)?SECURITY(?:\.(?:md|rst|adoc|txt))?$/i;
const SECURITY_TXT = /(?:^|\/)(?:\.well-known\/)?security\.txt$/;

/** `SECURITY.md` and `security.txt` of the deployment; empty where there are none. */
export const securityPolicy = defineFact({
  id: "security-policy",
  title: "Policy for reporting vulnerabilities",
  access: "read",
  timeoutMs: 2_000,
  needs: { deploymentTree },
  async collect(context, { deploymentTree: { files } }): Promise<Reading<SecurityPolicies>> {
    const paths = files.map(({ path }) => path);
    const found = byDepth(
      paths.filter((path) => SECURITY_TXT.test(path) || POLICY.test(path)),
    ).slice(0, POLICIES_MAX);
    const policies: SecurityPolicy[] = [];
    const unread: SecurityPolicies["unread"][number][] = [];
    for (const file of found) {
      const text = await readText(context, file);
      const kind = SECURITY_TXT.test(file) ? "security.txt" : "policy";
      if (text.state === "known") policies.push({ file, kind, text: text.value });
      if (text.state === "unknown") unread.push({ file, problem: text.problem });
    }
    return known({ files: policies, unread });
  },
});

function readText({ host, target }: CollectContext, file: string): Promise<Reading<string>> {
  return attempt(() => host.readFile(resolveFrom(target.directory, file), POLICY_BYTES_MAX));
}
