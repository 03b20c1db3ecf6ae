import type { MergedPolicy } from "./csp-merge.ts";
import type { Quirk } from "./quirks.ts";
import { quirksWhere } from "./verdict.ts";

const ELEMENT_DIRECTIVES = [
  "script-src-elem",
  "script-src-attr",
  "style-src-elem",
  "style-src-attr",
];
const BARE_KEYWORD =
  /^(?:none|self|unsafe-inline|unsafe-eval|strict-dynamic|nonce-.*|sha(?:256|384|512)-.*)$/i;
/** CSP3 sections 6 and 8, with what other specifications and older levels add. */
const KNOWN_DIRECTIVES: ReadonlySet<string> = new Set(
  (
    "base-uri block-all-mixed-content child-src connect-src default-src fenced-frame-src font-src form-action " +
    "frame-ancestors frame-src img-src manifest-src media-src navigate-to object-src plugin-types prefetch-src " +
    "referrer reflected-xss report-to report-uri require-sri-for require-trusted-types-for sandbox script-src " +
    "script-src-attr script-src-elem style-src style-src-attr style-src-elem trusted-types " +
    "upgrade-insecure-requests webrtc worker-src"
  ).split(" "),
);

/** Where the method reads these policies otherwise than browsers do. */
export function cspQuirks(
  policies: readonly string[],
  merged: MergedPolicy | undefined,
): readonly Quirk[] {
  const parsed = policies.map(namesAndSources);
  const names = parsed.map((directives) => directives.map(([name]) => name));
  const all = parsed.flat();
  const repeats = names.map((each) => each.filter((name, at) => each.indexOf(name) !== at));
  const script = all.filter(([name]) => name === "script-src").flatMap(([, sources]) => sources);
  return quirksWhere({
    "csp-repeated-directive": repeats.flat().some((name) => !/^report-(?:uri|to)$/.test(name)),
    "csp-empty-policy": merged === undefined && policies.some((policy) => policy === ""),
    "csp-second-policy-directive": names
      .slice(1)
      .flat()
      .some((name) => !(names[0] ?? []).includes(name)),
    "csp-same-prefix": merged !== undefined && policies.length === 1 && hasSuperfluous(all),
    "csp-elem-attr": all.some(([name]) => ELEMENT_DIRECTIVES.includes(name)),
    "csp-unquoted-keyword": all.some(([name, sources]) => {
      return name.includes("-src") && sources.some((source) => BARE_KEYWORD.test(source));
    }),
    "csp-unknown-directive": all.some(([name]) => !KNOWN_DIRECTIVES.has(name)),
    "csp-blob": script.some((source) => source.toLowerCase() === "blob:"),
  });
}

type Parsed = readonly (readonly [name: string, sources: readonly string[]])[];

function namesAndSources(policy: string): Parsed {
  return policy.split(";").flatMap((entry) => {
    const [name = "", ...sources] = entry.trim().split(/\s+/);
    return name === "" ? [] : [[name.toLowerCase(), sources] as const];
  });
}

function hasSuperfluous(directives: Parsed): boolean {
  return directives.some(([, sources]) => {
    const sorted = [...new Set(sources)].sort();
    return sorted.some((source, at) => at > 0 && source.startsWith(sorted[at - 1] ?? " "));
  });
}
