import type { FieldChange, SiteRoute } from "../proxy-site.ts";

/** What a request's path must be like. */
export type PathPattern = Pick<SiteRoute["match"], "kind" | "text">;

/** Which requests a statement is for: all of it must hold. */
export interface RequestMatcher {
  /** One of these; `undefined`: every path. */
  readonly paths: readonly PathPattern[] | undefined;
  /** None of these. */
  readonly exceptPaths: readonly PathPattern[];
  readonly hosts: readonly string[] | undefined;
  readonly scheme: "http" | "https" | undefined;
  /** Everything else that must hold, as written. */
  readonly others: readonly string[];
  /** Addresses the client must have, as written. */
  readonly addresses: readonly string[];
  /** Addresses the client must not have: what others get is refused to all but these. */
  readonly exceptAddresses: readonly string[];
}

export const EVERYTHING: RequestMatcher = {
  paths: undefined,
  exceptPaths: [],
  hosts: undefined,
  scheme: undefined,
  others: [],
  addresses: [],
  exceptAddresses: [],
};

/** Requests of a path; of `/` all of them. */
export function pathMatcher(path: PathPattern): RequestMatcher {
  return path.kind === "prefix" && path.text === "/"
    ? EVERYTHING
    : { ...EVERYTHING, paths: [path] };
}

/** Both at once. `strip`: a path's beginning that was taken off before the inner one looks. */
export function both(outer: RequestMatcher, inner: RequestMatcher, strip = ""): RequestMatcher {
  const innerPaths =
    strip === "" ? inner.paths : inner.paths?.map((pattern) => unstripped(pattern, strip));
  return {
    paths: bothPaths(outer.paths, innerPaths),
    exceptPaths: [
      ...outer.exceptPaths,
      ...inner.exceptPaths.map((one) => (strip === "" ? one : unstripped(one, strip))),
    ],
    hosts: inner.hosts ?? outer.hosts,
    scheme: inner.scheme ?? outer.scheme,
    others: [...outer.others, ...inner.others],
    addresses: [...outer.addresses, ...inner.addresses],
    exceptAddresses: [...outer.exceptAddresses, ...inner.exceptAddresses],
  };
}

function unstripped(pattern: PathPattern, strip: string): PathPattern {
  return pattern.kind === "prefix" || pattern.kind === "exact"
    ? { ...pattern, text: strip.replace(/\/$/, "") + pattern.text }
    : pattern;
}

function bothPaths(
  outer: RequestMatcher["paths"],
  inner: RequestMatcher["paths"],
): RequestMatcher["paths"] {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  return inner.flatMap((pattern) =>
    outer.flatMap((around): readonly PathPattern[] => {
      if (isWithinPath(pattern, around)) return [pattern];
      if (isWithinPath(around, pattern)) return [around];
      return meeting(around, pattern);
    }),
  );
}

/** Two patterns of which none holds the other. */
function meeting(outer: PathPattern, inner: PathPattern): readonly PathPattern[] {
  const isPlain = ({ kind }: PathPattern): boolean => kind === "prefix" || kind === "exact";
  if (isPlain(outer) && isPlain(inner)) return [];
  const isTail = inner.kind === "other" && inner.text.startsWith("*");
  if (outer.kind === "prefix" && isTail)
    return [{ kind: "other", text: `${outer.text}${inner.text}` }];
  return [{ kind: "other", text: `${outer.text} ${inner.text}` }];
}

/** Whether every path of one pattern is one of the other's too. */
export function isWithinPath(inner: PathPattern, outer: PathPattern): boolean {
  if (outer.kind === "prefix") {
    if (outer.text === "/") return true;
    return (inner.kind === "prefix" || inner.kind === "exact") && inner.text.startsWith(outer.text);
  }
  return inner.kind === outer.kind && inner.text === outer.text;
}

/** What else must hold beside paths, names and scheme, as text; empty: nothing. */
function conditionOf({ others, addresses, exceptAddresses }: RequestMatcher): string {
  return [
    ...others,
    ...(addresses.length > 0 ? [`client is ${addresses.join(" ")}`] : []),
    ...(exceptAddresses.length > 0 ? [`client is not ${exceptAddresses.join(" ")}`] : []),
  ].join(" and ");
}

/** What a route for one of the matcher's paths is for. */
export function matchOf(matcher: RequestMatcher, path: PathPattern): SiteRoute["match"] {
  const condition = conditionOf(matcher);
  const { scheme, hosts, exceptPaths } = matcher;
  return {
    ...path,
    ...(exceptPaths.length > 0 && { exceptPaths }),
    ...(scheme !== undefined && { scheme }),
    ...(hosts !== undefined && { hosts }),
    ...(condition !== "" && { condition }),
  };
}

export type Reach = Pick<FieldChange, "condition" | "scheme">;

/** How far what one matcher lets through is let through by the other; `undefined`: not at all. */
export function reachOf(effect: RequestMatcher, leaf: RequestMatcher): Reach | undefined {
  if (effect.scheme !== undefined && leaf.scheme !== undefined && effect.scheme !== leaf.scheme)
    return undefined;
  const paths = pathReach(effect, leaf);
  if (paths === undefined) return undefined;
  const lacking = [
    ...(paths === "all" ? [] : [paths]),
    ...effect.exceptPaths
      .filter((one) => !leaf.exceptPaths.some((other) => isWithinPath(one, other)))
      .map(({ text }) => `not path ${text}`),
    ...effect.others.filter((one) => !leaf.others.includes(one)),
    ...effect.addresses.filter((one) => !leaf.addresses.includes(one)),
    ...effect.exceptAddresses.filter((one) => !leaf.exceptAddresses.includes(one)),
    ...(effect.hosts ?? []).filter((one) => leaf.hosts?.includes(one) !== true),
  ];
  const scheme =
    effect.scheme !== undefined && leaf.scheme === undefined ? effect.scheme : undefined;
  return {
    ...(lacking.length > 0 && { condition: lacking.join(" ") }),
    ...(scheme !== undefined && { scheme }),
  };
}

function pathReach(effect: RequestMatcher, leaf: RequestMatcher): string | undefined {
  if (effect.paths === undefined) return "all";
  const inner = leaf.paths ?? [{ kind: "prefix" as const, text: "/" }];
  const outer = effect.paths;
  if (inner.every((one) => outer.some((around) => isWithinPath(one, around)))) return "all";
  const meets = outer.filter((around) =>
    inner.some(
      (one) =>
        isWithinPath(around, one) ||
        ["other", "regex"].includes(one.kind) ||
        ["other", "regex"].includes(around.kind),
    ),
  );
  return meets.length === 0 ? undefined : `path ${meets.map(({ text }) => text).join(" ")}`;
}
