import type { HttpSite } from "../../core/http-site.ts";
import { parseIntegrity } from "../../parsers/http/integrity.ts";
import type { PageFault } from "../live-csp/page-faults.ts";
import { type ExternalElement, integrityFix, protects } from "./external.ts";

/** What is wrong with one element's integrity; nothing where browsers check it by a whole digest. */
export function integrityFaults(
  site: HttpSite,
  external: ExternalElement,
  asked: { readonly isPlainFailure: boolean },
): readonly PageFault[] {
  const { url, where, page } = external;
  return elementFaults(external, asked).map((fault) => ({
    ...fault,
    subject: url.host,
    fix: selfHostingAdvice(external) ?? integrityFix(site, external),
    evidence: { url: page.shown, excerpt: where },
  }));
}

type ElementFault = Pick<PageFault, "rule" | "status" | "what">;

/** The same of an element wherever it stands, a template included. */
export function elementFaults(
  external: Pick<ExternalElement, "integrity" | "written" | "url" | "element">,
  { isPlainFailure }: { readonly isPlainFailure: boolean },
): readonly ElementFault[] {
  const { integrity, written, url, element } = external;
  const noun = element === "script" ? "script" : "style sheet";
  if (protects(integrity) !== undefined) return malformedFaults(integrity ?? "", noun);
  if (isPlainFailure && (url.protocol === "http:" || written.trim().startsWith("//"))) {
    const how = written.trim().startsWith("//") ? "by a protocol-relative address" : "over http";
    const what = `A ${noun} of ${url.host} is loaded ${how} without integrity`;
    return [{ rule: "plain-without-integrity", status: "fail", what }];
  }
  if (integrity === undefined || integrity.trim() === "") {
    const what = `A ${noun} of ${url.host} has no integrity`;
    return [{ rule: "no-integrity", status: "warn", what }];
  }
  const { matchesNothing } = parseIntegrity(integrity);
  const what = matchesNothing
    ? `The integrity of a ${noun} of ${url.host} is malformed, so that browsers load nothing`
    : `The integrity of a ${noun} of ${url.host} names no algorithm that browsers know, so that they load whatever comes`;
  return [
    { rule: matchesNothing ? "malformed-integrity" : "unknown-algorithm", status: "warn", what },
  ];
}

/** A digest beside a good one that no browser reads. */
function malformedFaults(integrity: string, noun: string): readonly ElementFault[] {
  const [problem] = parseIntegrity(integrity).problems;
  if (problem === undefined) return [];
  const what = `The integrity of a ${noun} holds what browsers skip: ${problem.message}`;
  return [{ rule: "malformed-integrity", status: "warn", what }];
}

/** Their answer differs from browser to browser: no digest can hold. */
const VARYING_HOSTS: ReadonlySet<string> = new Set(["fonts.googleapis.com", "use.typekit.net"]);

/** What to do instead, where no integrity can hold. */
export function selfHostingAdvice({ url }: Pick<ExternalElement, "url">): string | undefined {
  return VARYING_HOSTS.has(url.hostname)
    ? `Serve the style sheet and its fonts from your own origin: ${url.hostname} answers each browser differently, so that no integrity can hold`
    : undefined;
}
