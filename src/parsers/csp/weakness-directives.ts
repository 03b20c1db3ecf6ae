import type { FieldSpan } from "../http/field.ts";
import {
  type CspContext,
  effectiveDirective,
  hasNonceOrHash,
  keywordSource,
  strictDynamic,
} from "./effective.ts";
import { allowsEval, allowsInline, type CspInlineKind, unsafeInlineSource } from "./inline.ts";
import { isGuessableNonce, NONCE_LENGTH_MIN, noncesOf } from "./nonce.ts";
import { type CspDirective, type CspPolicy, type CspSource, directiveOf } from "./policy.ts";
import { evalDirective, hasFetchDirective, ungoverned } from "./reach.ts";
import { allowsRequest, type CspRequestKind } from "./request.ts";
import type { CspWeaknessRule } from "./weakness.ts";
import type { WeaknessDraft } from "./weakness-sources.ts";

const PROBE = "https://csp-probe.invalid/";

/** What a policy leaves open by a directive it lacks, or opens by a keyword. */
export function directiveWeaknesses(
  policy: CspPolicy,
  context: CspContext,
): readonly WeaknessDraft[] {
  return [
    ...missingLoads(policy, context),
    ...missingOwn(policy, context),
    ...inlineCode(policy),
    ...keywords(policy),
    ...nonces(policy),
    ...others(policy),
  ];
}

function spanOf({ field, offset, length }: FieldSpan): FieldSpan {
  return { field, offset, length };
}

function lets(
  kinds: readonly CspRequestKind[],
  context: CspContext,
): (policy: CspPolicy) => boolean {
  return (policy) =>
    kinds.some((kind) => allowsRequest([policy], { kind, url: PROBE }, context).allowed);
}

function missingLoads(policy: CspPolicy, context: CspContext): readonly WeaknessDraft[] {
  const open = ungoverned(policy);
  const span = spanOf(policy);
  const found: WeaknessDraft[] = [];
  const add = (
    rule: CspWeaknessRule,
    directive: string,
    message: string,
    reach: readonly CspRequestKind[],
  ): void => {
    found.push({ rule, directive, message, reach, ...span, isLetThroughBy: lets(reach, context) });
  };
  if (open.includes("script"))
    add("script-unrestricted", "script-src", "neither script-src nor default-src limits scripts", [
      "script",
    ]);
  else if (evalDirective(policy) === undefined) {
    const message = "without script-src and default-src eval and workers are not limited";
    add("script-unrestricted", "script-src", message, ["worker"]);
  }
  if (open.includes("object"))
    add(
      "object-unrestricted",
      "object-src",
      "neither object-src nor default-src limits object and embed elements",
      ["object"],
    );
  const rest = open.filter((kind) => kind !== "script" && kind !== "object" && kind !== "worker");
  if (rest.length > 0 && hasFetchDirective(policy))
    add(
      "loads-unrestricted",
      "default-src",
      `without default-src these are not limited: ${rest.join(", ")}`,
      rest,
    );
  return found;
}

/** Directives without fallback, and what each of them is about. */
const OWN_DIRECTIVES: readonly (readonly [
  name: string,
  rule: CspWeaknessRule,
  kind: CspRequestKind,
  message: string,
])[] = [
  [
    "base-uri",
    "base-uri-unrestricted",
    "base-uri",
    "without base-uri an injected base element sends every relative URL elsewhere",
  ],
  [
    "form-action",
    "form-action-unrestricted",
    "form-action",
    "without form-action, which default-src does not stand in for, forms may be sent anywhere",
  ],
  [
    "frame-ancestors",
    "frame-ancestors-unrestricted",
    "frame-ancestor",
    "without frame-ancestors, which default-src does not stand in for, any page may frame this one",
  ],
];

function missingOwn(policy: CspPolicy, context: CspContext): readonly WeaknessDraft[] {
  return OWN_DIRECTIVES.filter(([name]) => directiveOf(policy, name) === undefined).map(
    ([name, rule, kind, message]) => ({
      rule,
      directive: name,
      message:
        name === "base-uri" && usesNonceOrHash(policy)
          ? `${message}, and scripts allowed by nonce or hash with it`
          : message,
      reach: [kind],
      ...spanOf(policy),
      isLetThroughBy: lets([kind], context),
    }),
  );
}

/** Whether scripts are let in by nonce or hash, so that a changed base makes an allowed element load a foreign one. */
export function usesNonceOrHash(policy: CspPolicy): boolean {
  const scripts = effectiveDirective(policy, "script-src-elem");
  return scripts !== undefined && hasNonceOrHash(scripts.sources);
}

const INLINE_KINDS: readonly (readonly [CspInlineKind, string, CspWeaknessRule, string])[] = [
  ["script", "script-src-elem", "inline-script", "runs any inline script element"],
  ["script-attribute", "script-src-attr", "inline-script", "runs any inline event handler"],
  ["style", "style-src-elem", "inline-style", "applies any inline style element"],
  ["style-attribute", "style-src-attr", "inline-style", "applies any style attribute"],
];

function inlineCode(policy: CspPolicy): readonly WeaknessDraft[] {
  // One expression opens elements and attributes alike; it is told once for scripts and once for styles.
  const seen = new Set<string>();
  return INLINE_KINDS.flatMap(([kind, name, rule, does]) => {
    const directive = effectiveDirective(policy, name);
    const source = directive && unsafeInlineSource(directive.sources, kind);
    if (directive === undefined || source === undefined) return [];
    const key = `${rule} ${source.offset}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const isLetThroughBy = (other: CspPolicy): boolean => allowsInline([other], { kind }).allowed;
    return [sourceDraft(rule, directive, source, does, isLetThroughBy)];
  });
}

function sourceDraft(
  rule: CspWeaknessRule,
  directive: CspDirective,
  source: CspSource,
  does: string,
  isLetThroughBy?: (policy: CspPolicy) => boolean,
): WeaknessDraft {
  return {
    rule,
    directive: directive.name,
    source: source.text,
    message: `${source.text} in ${directive.name} ${does}`,
    ...spanOf(source),
    ...(isLetThroughBy === undefined ? {} : { isLetThroughBy }),
  };
}

function keywords(policy: CspPolicy): readonly WeaknessDraft[] {
  return [...evalKeywords(policy), ...hashKeywords(policy), ...strictAlone(policy)];
}

function evalKeywords(policy: CspPolicy): readonly WeaknessDraft[] {
  const directive = evalDirective(policy);
  if (directive === undefined) return [];
  const byEval = keywordSource(directive.sources, "'unsafe-eval'");
  const byWasm = keywordSource(directive.sources, "'wasm-unsafe-eval'");
  if (byEval !== undefined)
    return [
      sourceDraft(
        "eval",
        directive,
        byEval,
        "lets strings become code",
        (other) => allowsEval([other]).allowed,
      ),
    ];
  if (byWasm === undefined) return [];
  return [
    sourceDraft(
      "wasm-eval",
      directive,
      byWasm,
      "lets bytes become WebAssembly code",
      (other) => allowsEval([other], "wasm").allowed,
    ),
  ];
}

function hashKeywords(policy: CspPolicy): readonly WeaknessDraft[] {
  const directives = ["script-src-elem", "script-src-attr"].map((name) =>
    effectiveDirective(policy, name),
  );
  return [...new Set(directives)].flatMap((directive) => {
    const source = directive && keywordSource(directive.sources, "'unsafe-hashes'");
    if (directive === undefined || source === undefined) return [];
    return [
      sourceDraft(
        "unsafe-hashes",
        directive,
        source,
        "lets hashed code run in any event handler and javascript: URL",
      ),
    ];
  });
}

function strictAlone(policy: CspPolicy): readonly WeaknessDraft[] {
  const directive = effectiveDirective(policy, "script-src-elem");
  const source = directive && strictDynamic(directive.sources);
  if (directive === undefined || source === undefined || hasNonceOrHash(directive.sources))
    return [];
  return [
    sourceDraft(
      "strict-dynamic-alone",
      directive,
      source,
      "has no nonce or hash beside it, so that no script of the page loads",
    ),
  ];
}

function nonces(policy: CspPolicy): readonly WeaknessDraft[] {
  return noncesOf([policy]).flatMap(({ nonce, bitsMax, directive, ...span }) => {
    const draft = { directive, source: `'nonce-${nonce}'`, ...spanOf(span) };
    const found: WeaknessDraft[] = [];
    if (nonce.replace(/=+$/, "").length < NONCE_LENGTH_MIN) {
      const message = `the nonce in ${directive} has ${nonce.length} characters, at most ${bitsMax} bits`;
      found.push({ rule: "nonce-short", message, ...draft });
    }
    if (isGuessableNonce(nonce)) {
      const message = `the nonce in ${directive} is an example or a word, not chance`;
      found.push({ rule: "nonce-guessable", message, ...draft });
    }
    return found;
  });
}

function others(policy: CspPolicy): readonly WeaknessDraft[] {
  const found: WeaknessDraft[] = [];
  const sandbox = directiveOf(policy, "sandbox");
  const flags = new Set(sandbox?.tokens.map(({ text }) => text.toLowerCase()));
  if (sandbox !== undefined && flags.has("allow-scripts") && flags.has("allow-same-origin")) {
    const message = "allow-scripts with allow-same-origin lets a script take the sandbox off";
    found.push({ rule: "sandbox-undone", directive: "sandbox", message, ...spanOf(sandbox) });
  }
  const types = directiveOf(policy, "trusted-types");
  const any = types?.tokens.find(({ text }) => text === "*");
  if (types !== undefined && any !== undefined) {
    const message = "trusted-types * lets any script make a policy of its own";
    found.push({
      rule: "trusted-types-any",
      directive: types.name,
      source: "*",
      message,
      ...spanOf(any),
    });
  }
  if (types !== undefined && directiveOf(policy, "require-trusted-types-for") === undefined) {
    const message = "trusted-types without require-trusted-types-for leaves plain strings in force";
    found.push({
      rule: "trusted-types-not-required",
      directive: types.name,
      message,
      ...spanOf(types),
      isLetThroughBy: (other) => directiveOf(other, "require-trusted-types-for") === undefined,
    });
  }
  return found;
}
