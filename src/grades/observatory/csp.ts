import type { PageMeta } from "../../core/http-page.ts";
import { type ClientAnswer, type ClientView, isHtmlToBrowsers } from "./client.ts";
import { type MergedPolicy, mergePolicies } from "./csp-merge.ts";
import { cspQuirks, type PolicyTexts } from "./csp-quirks.ts";
import type { Quirk } from "./quirks.ts";
import { OBSERVATORY_RESULTS, type ObservatoryCodes } from "./results.ts";
import { quirksWhere, type Verdict } from "./verdict.ts";

type CspCode = ObservatoryCodes["content-security-policy"];

/** What the method makes of the policies of one answer. */
export interface CspReading {
  readonly verdict: Verdict<"content-security-policy">;
  /** Absent where there is none or it is invalid. */
  readonly policy?: MergedPolicy;
  readonly texts: PolicyTexts;
}

const BROAD: ReadonlySet<string> = new Set([
  "ftp:",
  "http:",
  "https:",
  "*",
  "http://*",
  "http://*.*",
  "https://*",
  "https://*.*",
]);
const INLINE: ReadonlySet<string> = new Set(["'unsafe-inline'", "data:"]);
const PASSIVE = ["img-src", "media-src"] as const;
const NONCE_OR_HASH = /^'(?:sha(?:256|384|512)|nonce)-/;
const META_IGNORED = ["frame-ancestors", "report-uri", "sandbox"] as const;
const DUPLICATE: CspCode = "csp-implemented-but-duplicate-directives";

export function readCsp({ judged }: ClientView): CspReading {
  if (judged === undefined) {
    const nowhere = { header: [], meta: [], self: "about:blank" };
    return { verdict: { result: "csp-not-implemented", quirks: [] }, texts: nowhere };
  }
  const { answer, scheme, hops } = judged;
  const texts = {
    header: policiesIn([answer.headers.get("content-security-policy")]),
    meta: policiesIn(policyMetas(answer.metas).map(({ content = "" }) => content)),
    self: hops.at(-1)?.url ?? "about:blank",
  };
  const policy = mergePolicies([...texts.header, ...texts.meta]);
  const result = resultOf(texts, policy, answer, scheme === "https");
  // Judging takes out of the policy what browsers ignore, so that it is read again for what was dropped.
  const merged = mergePolicies([...texts.header, ...texts.meta]);
  const isRead = !result.startsWith("csp-not-implemented") && policy !== undefined;
  const quirks = [
    ...cspQuirks(texts, merged, OBSERVATORY_RESULTS[result].isPass),
    ...metaQuirks(answer),
  ];
  return { verdict: { result, quirks }, ...(isRead && { policy }), texts };
}

function resultOf(
  { header, meta }: PolicyTexts,
  policy: MergedPolicy | undefined,
  { headers }: ClientAnswer,
  isHttps: boolean,
): CspCode {
  if (policy === undefined) return "csp-header-invalid";
  if (isAnyUsable(header, meta)) return judge(policy, isHttps);
  return (headers.get("content-security-policy-report-only") ?? "") === ""
    ? "csp-not-implemented"
    : "csp-not-implemented-but-reporting-enabled";
}

/** Policies of meta elements that only one of method and browsers takes. */
function metaQuirks({ metas, page, headers }: ClientAnswer): readonly Quirk[] {
  const isMisspelt = metas.length === 0 && isHtmlToBrowsers(headers.get("content-type") ?? "");
  return quirksWhere({
    "csp-meta-in-body": policyMetas(metas).some(({ isInHead }) => !isInHead),
    "type-spelling": isMisspelt && policyMetas(page?.metas ?? []).length > 0,
  });
}

function policiesIn(values: readonly (string | undefined)[]): readonly string[] {
  return values
    .filter((value) => value !== undefined)
    .flatMap((value) => value.split(",").map((policy) => policy.trim()));
}

function policyMetas(metas: readonly PageMeta[]): readonly PageMeta[] {
  return metas.filter(
    ({ httpEquiv, content = "" }) =>
      httpEquiv?.toLowerCase().trim() === "content-security-policy" && content !== "",
  );
}

/** Directives a meta element may not hold do not count as a policy. */
function isAnyUsable(headerPolicies: readonly string[], metaPolicies: readonly string[]): boolean {
  const header = mergePolicies(headerPolicies);
  const meta = mergePolicies(metaPolicies);
  const ignored = META_IGNORED.filter((name) => meta?.directives.has(name)).length;
  const size = (policy: MergedPolicy | undefined) =>
    policy === undefined ? 0 : policy.directives.size + (policy.hasRepeatedReporting ? 1 : 0);
  return size(header) + size(meta) - ignored > 0;
}

interface Lists {
  readonly script: Set<string>;
  readonly style: Set<string>;
  readonly object: Set<string>;
}

function judge(policy: MergedPolicy, isHttps: boolean): CspCode {
  const { directives } = policy;
  const listFor = (name: string) =>
    directives.get(name) ?? directives.get("default-src") ?? new Set(["*"]);
  // Lists that fall back to default-src are one and the same: what is taken out of one is out of all.
  const lists = {
    script: listFor("script-src"),
    style: listFor("style-src"),
    object: listFor("object-src"),
  };
  for (const list of [lists.script, lists.style]) {
    if ([...list].some((source) => NONCE_OR_HASH.test(source))) list.delete("'unsafe-inline'");
  }
  const isDynamicAlone = applyStrictDynamic(lists.script);
  const result = isDynamicAlone ? "csp-header-invalid" : firstFault(directives, lists, isHttps);
  const isPassing =
    result === undefined || OBTAINS_PASS.has(result) ? policy.hasRepeatedReporting : false;
  if (isPassing) return DUPLICATE;
  if (result !== undefined) return result;
  const base = directives.get("default-src");
  return base?.has("'none'") && base.size === 1
    ? "csp-implemented-with-no-unsafe-default-src-none"
    : "csp-implemented-with-no-unsafe";
}

const OBTAINS_PASS: ReadonlySet<CspCode> = new Set([
  "csp-implemented-with-unsafe-inline-in-style-src-only",
  "csp-implemented-with-insecure-scheme-in-passive-content-only",
]);

/** Whether 'strict-dynamic' stands without a nonce or hash. With one, what browsers ignore is taken out. */
function applyStrictDynamic(script: Set<string>): boolean {
  if (!script.has("'strict-dynamic'")) return false;
  if (![...script].some((source) => NONCE_OR_HASH.test(source))) return true;
  for (const source of [...script]) {
    const isBroad = [...BROAD].some((broad) => source.startsWith(broad));
    if (isBroad || source === "'self'" || source === "'unsafe-inline'") script.delete(source);
  }
  return false;
}

function firstFault(
  directives: ReadonlyMap<string, Set<string>>,
  { script, style, object }: Lists,
  isHttps: boolean,
): CspCode | undefined {
  const isUnsafe = (source: string) => BROAD.has(source) || INLINE.has(source);
  if ([...script].some(isUnsafe) || [...object].some((source) => BROAD.has(source))) {
    return "csp-implemented-with-unsafe-inline";
  }
  if (isHttps && activeSources(directives, script).some(isPlain)) {
    return "csp-implemented-with-insecure-scheme";
  }
  if (script.has("'unsafe-eval'") || style.has("'unsafe-eval'")) {
    return "csp-implemented-with-unsafe-eval";
  }
  if (isHttps && passiveSources(directives).some(isPlain)) {
    return "csp-implemented-with-insecure-scheme-in-passive-content-only";
  }
  return [...style].some(isUnsafe)
    ? "csp-implemented-with-unsafe-inline-in-style-src-only"
    : undefined;
}

function isPlain(source: string): boolean {
  return source.startsWith("http:") || source.startsWith("ftp:");
}

function activeSources(
  directives: ReadonlyMap<string, Set<string>>,
  script: ReadonlySet<string>,
): readonly string[] {
  const passive: readonly string[] = PASSIVE;
  const others = [...directives]
    .filter(([name]) => !passive.includes(name) && name !== "script-src")
    .flatMap(([, sources]) => [...sources]);
  return [...others, ...script];
}

function passiveSources(directives: ReadonlyMap<string, Set<string>>): readonly string[] {
  return PASSIVE.flatMap((name) => [
    ...(directives.get(name) ?? directives.get("default-src") ?? []),
  ]);
}
