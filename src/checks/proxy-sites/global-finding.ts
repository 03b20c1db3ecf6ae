import type { Finding } from "../../core/check.ts";
import type { ProxyGlobal } from "../../facts/proxy-site.ts";
import type { SiteHit } from "./site-finding.ts";

/** A finding on one setting of the whole proxy. */
export function globalFinding(
  global: ProxyGlobal,
  { rule, status, message, fix, edits, also = [] }: Omit<SiteHit, "at" | "text" | "subject">,
): Finding {
  const { file, line, text, name } = global;
  return {
    rule,
    status,
    subject: name,
    message,
    fix,
    evidence: [
      { file, line, excerpt: text === "" ? `${global.proxy}: ${name} is not set` : text },
      ...also.map((one) => ({ file: one.file, line: one.line, excerpt: one.text })),
    ],
    ...(edits !== undefined && { edits }),
  };
}
