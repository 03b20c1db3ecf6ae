/**
 * The directives of Content-Security-Policy: CSP Level 3 (W3C working draft, text of April 2026), Trusted Types,
 * Mixed Content, Upgrade Insecure Requests, Fenced Frame, and what earlier levels or browsers had.
 */
export type DirectiveKind = "fetch" | "document" | "navigation" | "reporting" | "other";

/** How a value is to be read. */
export type DirectiveValue =
  | "sources"
  | "ancestors"
  | "sandbox-flags"
  | "urls"
  | "token"
  | "trusted-types"
  | "trusted-types-sinks"
  | "webrtc"
  | "none"
  | "any";

export interface DirectiveFacts {
  readonly kind: DirectiveKind;
  readonly value: DirectiveValue;
  /** Still obeyed or not, no longer to be written; what to write instead. */
  readonly deprecated?: string;
  /** No current browser obeys it. */
  readonly isRemoved?: true;
  /** Where browsers ignore it (CSP3 sections 3.3, 6.3.2 and 6.4.2; Upgrade Insecure Requests section 3.3). */
  readonly ignoredIn?: readonly ("meta" | "report")[];
}

const sources: DirectiveFacts = { kind: "fetch", value: "sources" };
const removed = (
  kind: DirectiveKind,
  value: DirectiveValue,
  deprecated: string,
): DirectiveFacts => ({
  kind,
  value,
  deprecated,
  isRemoved: true,
});

const DIRECTIVES: Readonly<Record<string, DirectiveFacts>> = {
  "child-src": sources,
  "connect-src": sources,
  "default-src": sources,
  "fenced-frame-src": sources,
  "font-src": sources,
  "frame-src": sources,
  "img-src": sources,
  "manifest-src": sources,
  "media-src": sources,
  "object-src": sources,
  "script-src": sources,
  "script-src-attr": sources,
  "script-src-elem": sources,
  "style-src": sources,
  "style-src-attr": sources,
  "style-src-elem": sources,
  "worker-src": sources,
  "prefetch-src": removed("fetch", "sources", "default-src governs prefetches"),
  "base-uri": { kind: "document", value: "sources" },
  sandbox: { kind: "document", value: "sandbox-flags", ignoredIn: ["meta", "report"] },
  "plugin-types": removed("document", "any", "object-src 'none' turns plugins off"),
  "disown-opener": removed("document", "none", "the header Cross-Origin-Opener-Policy"),
  "form-action": { kind: "navigation", value: "sources" },
  "frame-ancestors": { kind: "navigation", value: "ancestors", ignoredIn: ["meta"] },
  "navigate-to": removed("navigation", "sources", "nothing replaces it"),
  "report-to": { kind: "reporting", value: "token", ignoredIn: [] },
  "report-uri": {
    kind: "reporting",
    value: "urls",
    deprecated: "report-to; both side by side while Firefox lacks it",
    ignoredIn: ["meta"],
  },
  "block-all-mixed-content": {
    kind: "other",
    value: "none",
    deprecated: "upgrade-insecure-requests; browsers block or upgrade mixed content by themselves",
  },
  "require-trusted-types-for": { kind: "other", value: "trusted-types-sinks" },
  "trusted-types": { kind: "other", value: "trusted-types" },
  "upgrade-insecure-requests": { kind: "other", value: "none", ignoredIn: ["report"] },
  webrtc: { kind: "other", value: "webrtc" },
  "require-sri-for": removed("other", "any", "the header Integrity-Policy"),
  referrer: removed("other", "any", "the header Referrer-Policy"),
  "reflected-xss": removed("other", "any", "nothing, the filter is gone from browsers"),
  allow: removed("fetch", "sources", "default-src"),
  options: removed("other", "any", "'unsafe-inline' and 'unsafe-eval' of script-src"),
  "xhr-src": removed("fetch", "sources", "connect-src"),
  "policy-uri": removed("other", "urls", "the policy in the header itself"),
};

/** What is known of a directive; the name must be in lower case. */
export function directiveFacts(name: string): DirectiveFacts | undefined {
  return Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined;
}

/** Names of all directives that browsers obey or once obeyed. */
export const DIRECTIVE_NAMES: readonly string[] = Object.keys(DIRECTIVES);

/** Where a fetch directive falls back to, itself first (CSP3 section 6.8.3). */
const FALLBACKS: Readonly<Record<string, readonly string[]>> = {
  "script-src-elem": ["script-src-elem", "script-src", "default-src"],
  "script-src-attr": ["script-src-attr", "script-src", "default-src"],
  "style-src-elem": ["style-src-elem", "style-src", "default-src"],
  "style-src-attr": ["style-src-attr", "style-src", "default-src"],
  "worker-src": ["worker-src", "child-src", "script-src", "default-src"],
  "frame-src": ["frame-src", "child-src", "default-src"],
  "fenced-frame-src": ["fenced-frame-src", "frame-src", "child-src", "default-src"],
};
const FETCH_WITH_DEFAULT: ReadonlySet<string> = new Set([
  "child-src",
  "connect-src",
  "font-src",
  "img-src",
  "manifest-src",
  "media-src",
  "object-src",
  "script-src",
  "style-src",
]);

/** The chain of directives asked for `name`, most particular first; only itself where there is no fallback. */
export function fallbackChain(name: string): readonly string[] {
  if (Object.hasOwn(FALLBACKS, name)) return FALLBACKS[name] ?? [name];
  return FETCH_WITH_DEFAULT.has(name) ? [name, "default-src"] : [name];
}
