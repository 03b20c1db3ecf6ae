import { commonParts, passParts, randomReturn, rewriteParts } from "./nginx-random-rewrite.ts";
import { chance, PATHS, PATTERNS, pick, randomText, type Scope } from "./nginx-random-text.ts";
import type { Random } from "./random-source.ts";

/* Locations of random configurations. */

export function randomLocations(scope: Scope, under: string, depth: number): readonly string[] {
  const { random } = scope;
  const seen = new Set<string>();
  const locations: string[] = [];
  for (let at = under === "" ? 2 + random.below(5) : random.below(3); at > 0; at -= 1) {
    const one = randomLocation(scope, under, depth, seen);
    if (one !== undefined) locations.push(one);
  }
  return locations;
}

function randomLocation(
  scope: Scope,
  under: string,
  depth: number,
  seen: Set<string>,
): string | undefined {
  const { random } = scope;
  const isPattern = chance(random, 30) || under === "~";
  const path = isPattern ? undefined : randomPath(random, under);
  if (!isPattern && path === undefined) return undefined;
  const { modifier, value, kind } = path ?? randomPattern(random);
  // `location /a` and `location ^~ /a` are one for nginx.
  const key = `${modifier.replace("^~", "")} ${value}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  const parts = [...locationParts(scope, kind, value)];
  if (depth > 0 && kind !== "exact" && chance(random, 25)) {
    parts.push(...randomLocations(scope, isPattern ? "~" : value, depth - 1));
  }
  const written = isPattern ? `"${value}"` : value;
  return `location ${modifier} ${written} {\n${parts.join("\n")}\n}`;
}

interface Matched {
  readonly modifier: string;
  readonly value: string;
  readonly kind: Kind;
}

function randomPattern(random: Random): Matched {
  return { modifier: pick(random, ["~", "~*"]), value: pick(random, PATTERNS), kind: "pattern" };
}

/** `undefined`: it would not lie below the location around it. */
function randomPath(random: Random, under: string): Matched | undefined {
  const modifier = pick(random, ["", "", "", "=", "^~"]);
  const value = pick(random, PATHS);
  if (!value.startsWith(under)) return undefined;
  return { modifier, value, kind: modifier === "=" ? "exact" : "prefix" };
}

type Kind = "prefix" | "exact" | "pattern" | "named";

export function locationParts(scope: Scope, kind: Kind, value: string): readonly string[] {
  const { random } = scope;
  return [
    ...commonParts(scope),
    ...(kind !== "named" && chance(random, 5) ? ["internal;"] : []),
    ...accessParts(random),
    ...(chance(random, 10)
      ? [`error_page 404 ${pick(random, ["/a.html", "@n", "= /b/", "=410 /x"])};`]
      : []),
    ...(chance(random, 6)
      ? [`error_page 403 ${pick(random, ["/a.html", "https://denied.test/"])};`]
      : []),
    ...(chance(random, 6) ? ["limit_except GET { deny all; }"] : []),
    ...rewriteParts(scope, 45, "location"),
    ...contentParts(scope, kind, value),
  ];
}

function accessParts(random: Random): readonly string[] {
  if (!chance(random, 12)) return [];
  const rules = Array.from({ length: 1 + random.below(2) }, () =>
    pick(random, [
      "allow 127.0.0.1;",
      "deny 127.0.0.0/8;",
      "allow 10.0.0.0/8;",
      "deny all;",
      "allow all;",
    ]),
  );
  const password = chance(random, 30)
    ? ['auth_basic "x"; auth_basic_user_file @FILES@/users;']
    : [];
  const any = chance(random, 40) ? ["satisfy any;"] : [];
  return [...rules, ...password, ...any];
}

function contentParts(scope: Scope, kind: Kind, value: string): readonly string[] {
  const { random } = scope;
  switch (random.below(8)) {
    case 0:
    case 1:
      return [`return 200 "${randomText(scope)}";`];
    case 2:
      return [randomReturn(scope)];
    case 3:
      return passParts(scope, kind === "prefix" || kind === "exact");
    case 4:
      return [
        `try_files ${pick(random, ["$uri", "$uri $uri/", "$uri/ $uri.html", "/a.html", "$uri$arg_a"])} ${pick(random, ["=404", "=403", "/b/", "/a.html", "@n", "/x/y.php?q=$uri", "/a?$args"])};`,
      ];
    case 5: {
      if (kind === "named") return [];
      const folder = pick(random, ["one", "two"]);
      if (kind === "pattern")
        return [`alias @FILES@/${folder}/${pick(random, ["a.html", "$1", "$n1"])};`];
      return [`alias @FILES@/${folder}${value.endsWith("/") ? "/" : pick(random, ["", "/a"])};`];
    }
    case 6:
      return [`root @FILES@/${pick(random, ["one", "two"])};`];
    default:
      return [];
  }
}
