import type { InlineNeed, LoadNeed, PageNeeds } from "./page-needs.ts";
import type { CspRequestKind } from "./request.ts";
import { parseCspSource } from "./source.ts";

/** Stands for the nonce that the server makes anew for each answer. */
export const NONCE_PLACEHOLDER = "{NONCE}";

export interface SuggestedDirective {
  readonly name: string;
  readonly sources: readonly string[];
}

export interface CspSuggestion {
  /** The field value; `{NONCE}` stands where the server puts its nonce. */
  readonly value: string;
  readonly directives: readonly SuggestedDirective[];
  readonly usesNonce: boolean;
  /** What the markup does not tell, one sentence each. */
  readonly unknown: readonly string[];
}

/** Sources of one answer beyond which a policy stops being fit for a header (Node's and nginx's limits are 8 to 16 KiB). */
export const SUGGESTED_SOURCE_COUNT_MAX = 200;

/** Directives in the order in which they are written. */
const ORDER = [
  "script-src",
  "script-src-attr",
  "style-src",
  "style-src-attr",
  "img-src",
  "font-src",
  "connect-src",
  "media-src",
  "frame-src",
  "worker-src",
  "manifest-src",
] as const;
type Name = (typeof ORDER)[number] | "form-action" | "base-uri";

const KINDS: Partial<Readonly<Record<CspRequestKind, Name>>> = {
  script: "script-src",
  style: "style-src",
  image: "img-src",
  font: "font-src",
  connect: "connect-src",
  media: "media-src",
  frame: "frame-src",
  worker: "worker-src",
  manifest: "manifest-src",
  "form-action": "form-action",
  "base-uri": "base-uri",
};

/**
 * The tightest policy under which the given pages still work, as far as their markup tells: nothing by default,
 * exact origins, nonces where the pages use them, hashes for code that stays the same. The same pages give the
 * same text in whatever order they come.
 */
export function suggestPolicy(pages: readonly PageNeeds[]): CspSuggestion {
  const lists = new Map<Name, Set<string>>();
  const add = (name: Name, source: string): void => {
    const list = lists.get(name) ?? new Set();
    lists.set(name, list.add(source));
  };
  const unknown = new Set<string>();
  for (const page of pages) {
    for (const need of page.inline) addInline(need, add, unknown);
    for (const need of page.loads) addLoad(need, page.url, add, unknown);
  }
  const hasObject = pages.some(({ loads }) => loads.some(({ kind }) => kind === "object"));
  addUnseen(lists, add, unknown);
  const directives = [
    { name: "default-src", sources: ["'none'"] },
    ...ORDER.flatMap((name) => listed(name, lists.get(name))),
    ...(hasObject ? objectSources(pages) : [{ name: "object-src", sources: ["'none'"] }]),
    ...orNone("base-uri", lists.get("base-uri")),
    ...orNone("form-action", lists.get("form-action")),
    { name: "frame-ancestors", sources: ["'none'"] },
  ];
  if (lists.size > 0 || pages.length > 0)
    unknown.add(
      "whether pages of other origins are meant to frame these: frame-ancestors 'none' forbids all framing",
    );
  const count = directives.reduce((sum, { sources }) => sum + sources.length, 0);
  if (count > SUGGESTED_SOURCE_COUNT_MAX)
    unknown.add(
      `whether servers and proxies take a policy of ${count} sources; nonces would make it short`,
    );
  return {
    value: directives.map(({ name, sources }) => `${name} ${sources.join(" ")}`).join("; "),
    directives,
    usesNonce: [...lists.values()].some((list) => list.has(`'nonce-${NONCE_PLACEHOLDER}'`)),
    unknown: [...unknown].sort(),
  };
}

type Add = (name: Name, source: string) => void;

const INLINE_NAMES: Readonly<Record<InlineNeed["kind"], Name>> = {
  script: "script-src",
  navigation: "script-src",
  "script-attribute": "script-src-attr",
  style: "style-src",
  "style-attribute": "style-src-attr",
};

function addInline(
  { kind, nonce, hashes: [hash], isStable = true, where }: InlineNeed,
  add: Add,
  unknown: Set<string>,
): void {
  const name = INLINE_NAMES[kind];
  const isElement = kind === "script" || kind === "style";
  if (isElement && (nonce !== undefined || !isStable)) {
    add(name, `'nonce-${NONCE_PLACEHOLDER}'`);
    if (nonce === undefined)
      unknown.add(`how the code at ${where} changes: give its element the nonce of the answer`);
    return;
  }
  if (!isStable) {
    unknown.add(
      `what the code at ${where} will be: move it to a file, no policy short of 'unsafe-inline' allows it`,
    );
    return;
  }
  if (!isElement) add(name, "'unsafe-hashes'");
  add(name, `'${hash}'`);
}

function addLoad(
  { kind, url, nonce, where }: LoadNeed,
  pageUrl: string,
  add: Add,
  unknown: Set<string>,
): void {
  const name = KINDS[kind];
  if (name === undefined) return;
  if (nonce !== undefined && (kind === "script" || kind === "style")) {
    add(name, `'nonce-${NONCE_PLACEHOLDER}'`);
    return;
  }
  const source = sourceFor(url, pageUrl);
  if (source === undefined) {
    unknown.add(`how to allow what ${where} loads: no source expression can name it`);
    return;
  }
  add(name, source);
  if (source.startsWith("http:"))
    unknown.add(`whether ${source} answers over https, which the policy should say`);
}

/** `'self'`, an exact origin, or the scheme where the URL has no host. */
function sourceFor(url: string, pageUrl: string): string | undefined {
  const target = URL.parse(url);
  if (target === null) return undefined;
  const page = URL.parse(pageUrl);
  if (page !== null && target.origin !== "null" && isSelf(target, page)) return "'self'";
  // A `blob:` URL has the origin of its maker, yet only its scheme matches.
  const source = target.host === "" ? target.protocol : `${target.protocol}//${target.host}`;
  return parseCspSource(source).kind === "invalid" ? undefined : source;
}

function isSelf(target: URL, page: URL): boolean {
  if (target.protocol === "blob:") return false;
  const isSameHost = target.host === page.host;
  const isSocket = target.protocol === page.protocol.replace("http", "ws");
  return isSameHost && (target.protocol === page.protocol || isSocket);
}

/** What scripts and style sheets load later on does not stand in the markup; the own origin is let in, and said. */
function addUnseen(
  lists: ReadonlyMap<Name, ReadonlySet<string>>,
  add: Add,
  unknown: Set<string>,
): void {
  const hasScript = lists.has("script-src") || lists.has("script-src-attr");
  const hasStyle = lists.has("style-src") || lists.has("style-src-attr");
  if (hasScript) {
    add("connect-src", "'self'");
    unknown.add(
      "what scripts load, connect to or evaluate once they run: connect-src 'self' is a guess, eval and workers are forbidden",
    );
  }
  if (hasStyle) {
    add("img-src", "'self'");
    add("font-src", "'self'");
    unknown.add("what style sheets load: img-src and font-src 'self' are a guess");
  }
}

function listed(
  name: string,
  list: ReadonlySet<string> | undefined,
): readonly SuggestedDirective[] {
  return list === undefined ? [] : [{ name, sources: [...list].sort(bySource) }];
}

function orNone(
  name: string,
  list: ReadonlySet<string> | undefined,
): readonly SuggestedDirective[] {
  return list === undefined ? [{ name, sources: ["'none'"] }] : listed(name, list);
}

function objectSources(pages: readonly PageNeeds[]): readonly SuggestedDirective[] {
  const list = new Set(
    pages.flatMap(({ url, loads }) =>
      loads
        .filter(({ kind }) => kind === "object")
        .flatMap((need) => sourceFor(need.url, url) ?? []),
    ),
  );
  return orNone("object-src", list.size === 0 ? undefined : list);
}

/** 'self' first, then nonces and keywords, hashes, schemes and hosts by code unit: no locale, no order of pages. */
function bySource(a: string, b: string): number {
  const rank = (source: string): number => {
    if (source === "'self'") return 0;
    return source.startsWith("'") ? 1 : 2;
  };
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
