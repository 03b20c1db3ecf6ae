import type { Edit, Finding } from "../../core/check.ts";
import type { ProxySite } from "../../facts/proxy-site.ts";
import type { Place } from "../../facts/proxy-tls.ts";

/** What a rule says of one site. */
export interface SiteHit {
  readonly rule: string;
  readonly status: Finding["status"];
  /** The statement at fault; for something that is missing, the block that lacks it. */
  readonly at: Place;
  /** As written. */
  readonly text: string;
  readonly message: string;
  readonly fix: string;
  readonly also?: readonly (Place & { readonly text: string })[];
  readonly edits?: readonly [Edit, ...Edit[]];
  /** What it is about where one rule fires more than once in a file; else the site's names. */
  readonly subject?: string;
}

const EXCERPT_CHARACTERS_MAX = 200;
const ALSO_MAX = 8;
const NAMES_SHOWN_MAX = 5;

export function siteFinding(site: ProxySite, hit: SiteHit): Finding {
  const { rule, status, at, text, message, fix, also = [], edits } = hit;
  const subject = hit.subject ?? siteName(site);
  const excerpt = (words: string): string => words.slice(0, EXCERPT_CHARACTERS_MAX);
  return {
    rule,
    status,
    subject,
    message,
    fix,
    evidence: [
      { file: at.file, line: at.line, excerpt: excerpt(text === "" ? siteName(site) : text) },
      ...also
        .slice(0, ALSO_MAX)
        .map(({ file, line, text: words }) => ({ file, line, excerpt: excerpt(words) })),
    ],
    ...(edits !== undefined && { edits }),
  };
}

/** Its names, or where it listens. */
export function siteName({ names, listeners }: ProxySite): string {
  const shown = names.length > 0 ? names : [...new Set(listeners.map(showListener))];
  const more = shown.length - NAMES_SHOWN_MAX;
  const text = shown.slice(0, NAMES_SHOWN_MAX).join(", ");
  return more > 0 ? `${text} and ${more} more` : text;
}

export function showListener({
  address,
  port,
}: {
  readonly address: string;
  readonly port: number;
}): string {
  return port === 0 ? address : `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/**
 * One finding for each statement a rule fires on, with the subjects of all of them: a directive that
 * hundreds of sites inherit is told once.
 */
export function mergedFindings(findings: readonly Finding[]): readonly Finding[] {
  const groups = Map.groupBy(findings, ({ rule, message, evidence: [first] }) =>
    [rule, first.file, first.line, first.column, message].join(" "),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const subjects = [...new Set(group.flatMap(({ subject = [] }) => subject))];
    const more = subjects.length - NAMES_SHOWN_MAX;
    const shown = subjects.slice(0, NAMES_SHOWN_MAX).join(", ");
    const subject = more > 0 ? `${shown} and ${more} more` : shown;
    if (subject === "" || first.message.includes(subject)) return [{ ...first, subject }];
    return [{ ...first, subject, message: `${first.message} (${subject})` }];
  });
}
