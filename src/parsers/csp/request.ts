import {
  type CspAnswer,
  type CspContext,
  type CspLevel,
  type CspVerdict,
  effectiveDirective,
  hashSource,
  nonceSource,
  strictDynamic,
  verdict,
} from "./effective.ts";
import { type CspTarget, cspTarget, matchingSource } from "./match.ts";
import { type CspDirective, type CspPolicy, type CspSource, directiveOf } from "./policy.ts";
import type { CspHashAlgorithm } from "./source.ts";

/** What is loaded, and by that which directive governs it. */
export type CspRequestKind =
  | "script"
  | "style"
  | "image"
  | "font"
  | "media"
  | "object"
  | "frame"
  | "worker"
  | "connect"
  | "manifest"
  | "prefetch"
  | "form-action"
  | "base-uri"
  | "frame-ancestor";

export interface CspRequest {
  readonly kind: CspRequestKind;
  /** Absolute; for `frame-ancestor` the origin of the embedding page. */
  readonly url: string;
  readonly nonce?: string;
  /** The element's integrity attribute, as written. */
  readonly integrity?: string;
  /** False for scripts that a script adds; default true. */
  readonly isParserInserted?: boolean;
  /** Redirects followed so far; after one, paths are not compared. */
  readonly redirects?: number;
}

const REQUEST_DIRECTIVES: Readonly<Record<CspRequestKind, string>> = {
  script: "script-src-elem",
  style: "style-src-elem",
  image: "img-src",
  font: "font-src",
  media: "media-src",
  object: "object-src",
  frame: "frame-src",
  worker: "worker-src",
  connect: "connect-src",
  manifest: "manifest-src",
  prefetch: "default-src",
  "form-action": "form-action",
  "base-uri": "base-uri",
  "frame-ancestor": "frame-ancestors",
};
const STRENGTHS: Readonly<Record<CspHashAlgorithm, true>> = {
  sha256: true,
  sha384: true,
  sha512: true,
};

/** The name of the directive that governs a kind of load before fallbacks. */
export function governingName(kind: CspRequestKind): string {
  return REQUEST_DIRECTIVES[kind];
}

/** Whether a load passes all policies (CSP3 sections 4.1.2 and 6.7); a URL that is none passes none. */
export function allowsRequest(
  policies: readonly CspPolicy[],
  request: CspRequest,
  context: CspContext,
): CspVerdict {
  const target = cspTarget(request.url);
  const self = cspTarget(context.self);
  const level = context.level ?? 3;
  return verdict(policies, (policy) => {
    if (request.kind === "prefetch") return decidePrefetch(policy, target, self);
    const directive = effectiveDirective(policy, REQUEST_DIRECTIVES[request.kind], level);
    if (directive === undefined) return { allowed: true };
    if (target === undefined || self === undefined) return { allowed: false, directive };
    const source = allowingSource(directive, request, target, self, level);
    return source === undefined
      ? { allowed: false, directive }
      : { allowed: true, directive, source };
  });
}

/** The source expression that lets a request through one directive. */
function allowingSource(
  { name, sources }: CspDirective,
  request: CspRequest,
  target: CspTarget,
  self: CspTarget,
  level: CspLevel,
): CspSource | undefined {
  const byElement = elementSource(sources, request, level);
  if (byElement !== undefined) return byElement;
  // A worker is checked as a script is where script-src stands in for worker-src, and no parser inserts it.
  const isWorkerScript = request.kind === "worker" && name === "script-src";
  const isScript = request.kind === "script" || isWorkerScript;
  const strict = level > 2 && isScript ? strictDynamic(sources) : undefined;
  if (strict === undefined) return matchingSource(sources, target, self, request.redirects);
  return isWorkerScript || request.isParserInserted === false ? strict : undefined;
}

/** The nonce, or from level 3 on the digests, by which an element's load is allowed wherever it comes from. */
function elementSource(
  sources: readonly CspSource[],
  { kind, nonce, integrity }: CspRequest,
  level: CspLevel,
): CspSource | undefined {
  if (level === 1 || (kind !== "script" && kind !== "style")) return undefined;
  const byNonce = nonceSource(sources, nonce);
  if (byNonce !== undefined || kind !== "script" || level < 3) return byNonce;
  return integritySource(sources, integrity);
}

/**
 * Resource hints need any one directive to allow them (CSP3 section 6.7.2.2). The text leaves default-src itself
 * out of the list, which would block every hint under `default-src 'self'`; browsers count it.
 */
function decidePrefetch(
  policy: CspPolicy,
  target: CspTarget | undefined,
  self: CspTarget | undefined,
): CspAnswer {
  const fallback = directiveOf(policy, "default-src");
  if (fallback === undefined) return { allowed: true };
  if (target === undefined || self === undefined) return { allowed: false, directive: fallback };
  for (const directive of policy.directives) {
    const isFetch = directive.kind === "fetch" && !directive.name.endsWith("-attr");
    if (!isFetch || directive.ignored !== undefined) continue;
    const source = matchingSource(directive.sources, target, self);
    if (source !== undefined) return { allowed: true, directive, source };
  }
  return { allowed: false, directive: fallback };
}

/** Every digest of the attribute must be listed (CSP3 section 6.7.2.4). */
function integritySource(
  sources: readonly CspSource[],
  integrity: string | undefined,
): CspSource | undefined {
  const digests = (integrity ?? "").split(/[\t\n\f\r ]+/).flatMap((token) => {
    const [algorithm = "", digest = ""] = token.replace(/\?.*$/, "").split(/-(.*)/s);
    return Object.hasOwn(STRENGTHS, algorithm.toLowerCase())
      ? [`${algorithm.toLowerCase()}-${digest}`]
      : [];
  });
  const found = digests.map((digest) => hashSource(sources, [digest]));
  return found.every((source) => source !== undefined) ? found[0] : undefined;
}

/** Whether a script element that stands in the page may load `url`. */
export function allowsScriptFrom(
  policies: readonly CspPolicy[],
  url: string,
  context: CspContext,
): CspVerdict {
  return allowsRequest(policies, { kind: "script", url }, context);
}
