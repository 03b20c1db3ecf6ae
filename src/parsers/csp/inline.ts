import {
  type CspLevel,
  type CspVerdict,
  effectiveDirective,
  hashSource,
  hasNonceOrHash,
  keywordSource,
  nonceSource,
  strictDynamic,
  verdict,
} from "./effective.ts";
import { type CspPolicy, type CspSource, directiveOf } from "./policy.ts";

/** Inline code by where it stands; `navigation` is a `javascript:` URL. */
export type CspInlineKind =
  | "script"
  | "script-attribute"
  | "style"
  | "style-attribute"
  | "navigation";

export interface CspInline {
  readonly kind: CspInlineKind;
  readonly nonce?: string;
  /** `sha256-…` in standard base64, of the code's UTF-8 bytes; one for each algorithm that may be asked for. */
  readonly hashes?: readonly string[];
  readonly isParserInserted?: boolean;
}

const INLINE_DIRECTIVES: Readonly<Record<CspInlineKind, string>> = {
  script: "script-src-elem",
  navigation: "script-src-elem",
  "script-attribute": "script-src-attr",
  style: "style-src-elem",
  "style-attribute": "style-src-attr",
};
/** Whether inline code runs under all policies (CSP3 sections 4.2.3 and 6.7.3.3). */
export function allowsInline(
  policies: readonly CspPolicy[],
  inline: CspInline,
  level: CspLevel = 3,
): CspVerdict {
  return verdict(policies, (policy) => {
    const directive = effectiveDirective(policy, INLINE_DIRECTIVES[inline.kind], level);
    if (directive === undefined) return { allowed: true };
    const source = inlineSource(directive.sources, inline, level);
    return source === undefined
      ? { allowed: false, directive }
      : { allowed: true, directive, source };
  });
}

/** The 'unsafe-inline' of a list where it is in force for this kind (CSP3 section 6.7.3.2). */
export function unsafeInlineSource(
  sources: readonly CspSource[],
  kind: CspInlineKind,
  level: CspLevel = 3,
): CspSource | undefined {
  const source = keywordSource(sources, "'unsafe-inline'");
  if (level > 1 && hasNonceOrHash(sources)) return undefined;
  const isForScript = kind !== "style" && kind !== "style-attribute";
  return level > 2 && isForScript && strictDynamic(sources) !== undefined ? undefined : source;
}

function inlineSource(
  sources: readonly CspSource[],
  { kind, nonce, hashes = [], isParserInserted }: CspInline,
  level: CspLevel,
): CspSource | undefined {
  const byInline = unsafeInlineSource(sources, kind, level);
  if (byInline !== undefined || level === 1) return byInline;
  const isElement = kind === "script" || kind === "style";
  const byNonce = isElement ? nonceSource(sources, nonce) : undefined;
  if (byNonce !== undefined) return byNonce;
  const mayHash =
    isElement || (level > 2 && keywordSource(sources, "'unsafe-hashes'") !== undefined);
  const byHash = mayHash ? hashSource(sources, hashes) : undefined;
  if (byHash !== undefined) return byHash;
  return kind === "script" && isParserInserted === false && level > 2
    ? strictDynamic(sources)
    : undefined;
}

/** Whether strings become code: `eval` and its kin, or WebAssembly (CSP3 sections 4.4.1 and 4.5.1). */
export function allowsEval(
  policies: readonly CspPolicy[],
  what: "string" | "wasm" = "string",
): CspVerdict {
  const isTrustedTypesRequired = policies.some(
    (policy) =>
      policy.disposition === "enforce" &&
      directiveOf(policy, "require-trusted-types-for")?.tokens.some(
        ({ text }) => text.toLowerCase() === "'script'",
      ) === true,
  );
  return verdict(policies, (policy) => {
    const directive = directiveOf(policy, "script-src") ?? directiveOf(policy, "default-src");
    if (directive === undefined) return { allowed: true };
    const keywords = ["'unsafe-eval'"];
    if (what === "wasm") keywords.push("'wasm-unsafe-eval'");
    else if (isTrustedTypesRequired) keywords.push("'trusted-types-eval'");
    const source = keywords
      .map((keyword) => keywordSource(directive.sources, keyword))
      .find((found) => found !== undefined);
    return source === undefined
      ? { allowed: false, directive }
      : { allowed: true, directive, source };
  });
}

/** Whether any inline script of an attacker's own runs: an injected element or handler, without nonce and hash. */
export function allowsInlineScript(
  policies: readonly CspPolicy[],
  level: CspLevel = 3,
): CspVerdict {
  const element = allowsInline(policies, { kind: "script" }, level);
  return element.allowed ? element : allowsInline(policies, { kind: "script-attribute" }, level);
}
