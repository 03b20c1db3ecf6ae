import type { HttpSite } from "../../core/http-site.ts";
import { parseIntegrity } from "../../parsers/http/integrity.ts";
import type { PageFault } from "../live-csp/page-faults.ts";
import { type ExternalElement, integrityFix, protects } from "./external.ts";

/** What is wrong with one element's integrity; nothing where browsers check it by a whole digest. */
export function integrityFaults(
  site: HttpSite,
  external: ExternalElement,
  { isPlainFailure }: { readonly isPlainFailure: boolean },
): readonly PageFault[] {
  const { integrity, written, url, element, where, page } = external;
  const fault = (rule: string, status: "warn" | "fail", what: string): PageFault => ({
    rule,
    status,
    subject: url.host,
    what,
    fix: selfHostingAdvice(external) ?? integrityFix(site, external),
    evidence: { url: page.shown, excerpt: where },
  });
  const noun = element === "script" ? "script" : "style sheet";
  if (protects(integrity) !== undefined) return malformedFaults(integrity ?? "", fault, noun);
  if (isPlainFailure && (url.protocol === "http:" || written.trim().startsWith("//"))) {
    const how = written.trim().startsWith("//") ? "by a protocol-relative address" : "over http";
    return [
      fault(
        "plain-without-integrity",
        "fail",
        `A ${noun} of ${url.host} is loaded ${how} without integrity`,
      ),
    ];
  }
  if (integrity === undefined || integrity.trim() === "") {
    return [fault("no-integrity", "warn", `A ${noun} of ${url.host} has no integrity`)];
  }
  const { matchesNothing } = parseIntegrity(integrity);
  return [
    matchesNothing
      ? fault(
          "malformed-integrity",
          "warn",
          `The integrity of a ${noun} of ${url.host} is malformed, so that browsers load nothing`,
        )
      : fault(
          "unknown-algorithm",
          "warn",
          `The integrity of a ${noun} of ${url.host} names no algorithm that browsers know, so that they load whatever comes`,
        ),
  ];
}

/** A digest beside a good one that no browser reads. */
function malformedFaults(
  integrity: string,
  fault: (rule: string, status: "warn" | "fail", what: string) => PageFault,
  noun: string,
): readonly PageFault[] {
  const [problem] = parseIntegrity(integrity).problems;
  if (problem === undefined) return [];
  return [
    fault(
      "malformed-integrity",
      "warn",
      `The integrity of a ${noun} holds what browsers skip: ${problem.message}`,
    ),
  ];
}

/** Their answer differs from browser to browser: no digest can hold. */
const VARYING_HOSTS: ReadonlySet<string> = new Set(["fonts.googleapis.com", "use.typekit.net"]);

function selfHostingAdvice({ url }: ExternalElement): string | undefined {
  return VARYING_HOSTS.has(url.hostname)
    ? `Serve the style sheet and its fonts from your own origin: ${url.hostname} answers each browser differently, so that no integrity can hold`
    : undefined;
}
