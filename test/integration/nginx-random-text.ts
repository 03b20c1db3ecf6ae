import type { Random } from "./random-source.ts";

/* Words, variables and tables of random configurations. */

/** Variables of `set` and of patterns: all cases share them, because a request has its own values. */
export const SET_NAMES = ["v0", "v1", "v2"];
export const CAPTURE_NAMES = ["n1", "n2"];

export interface Scope {
  readonly random: Random;
  /** Number of the case, for names that must differ. */
  readonly id: number;
  readonly maps: readonly string[];
  blocks: number;
}

export const PATHS = [
  "/",
  "/a",
  "/a/",
  "/a/b",
  "/a/b/",
  "/b",
  "/b/",
  "/x/",
  "/x",
  "/x/y.php",
  "/e404.html",
  "/a.html",
];
export const PATTERNS = [
  "^/(.*)$",
  "^/a/(.*)$",
  "\\\\.php$",
  "^/(?<n1>[a-z]+)(/.*)?$",
  "/b",
  "^/(a|b)/?",
  "(x)(y)?",
  "^(.*)/y\\\\.php$",
  "[0-9]+",
  "^/$",
  "(?<n2>[^/]+)$",
  "^/A",
];
const VARIABLES = [
  "$uri",
  "$args",
  "$arg_a",
  "$arg_b",
  "$host",
  "$http_host",
  "$server_name",
  "$http_x_a",
  "$cookie_c",
  "$scheme",
  "$request_uri",
  "$is_args",
  "$request_method",
  "$document_uri",
  "$query_string",
  "$server_port",
  "$remote_addr",
  "$https",
  "$document_root",
  "$request_filename",
];

export function pick<T>(random: Random, list: readonly [T, ...T[]] | readonly T[]): T {
  const found = list[random.below(list.length)];
  if (found === undefined) throw new Error("picked from an empty list");
  return found;
}

export function chance(random: Random, percent: number): boolean {
  return random.below(100) < percent;
}

/**
 * A text in quotes, of words and variables. Captures and maps are not mixed: a map's pattern changes
 * the captures between nginx's measuring of the text and its writing, which corrupts its memory.
 */
export function randomText({ random, maps }: Pick<Scope, "random" | "maps">): string {
  const mapped = chance(random, 50) ? maps : [];
  const pieces = Array.from({ length: 1 + random.below(3) }, () =>
    randomPiece({ random, maps: mapped }),
  );
  return pieces.join(pick(random, ["", "-", "/"]));
}

function randomPiece({ random, maps }: Pick<Scope, "random" | "maps">): string {
  switch (random.below(6)) {
    case 0:
      return pick(random, ["a", "b", "x y", "1", "0"]);
    case 1:
    case 2:
      if (maps.length > 0) return `\${${pick(random, maps)}}`;
      return pick(random, ["$1", "$2", "${n1}", "${n2}"]);
    case 3:
      return `\${${pick(random, SET_NAMES)}}`;
    default:
      return `\${${pick(random, VARIABLES).slice(1)}}`;
  }
}

export function randomMap(random: Random, name: string, earlier: readonly string[]): string {
  const source =
    chance(random, 20) && earlier.length > 0
      ? `$${pick(random, earlier)}`
      : pick(random, [
          "$uri",
          "$arg_a",
          "$http_x_a",
          "$host",
          '"$arg_a$arg_b"',
          "$cookie_c",
          "$args",
          "$request_method",
        ]);
  const flags = [
    ...(chance(random, 25) ? ["hostnames;"] : []),
    ...(chance(random, 20) ? ["volatile;"] : []),
    ...(chance(random, 70) ? [`default "${mapValue(random)}";`] : []),
  ];
  const keys = new Set(
    Array.from({ length: 1 + random.below(5) }, () =>
      pick(random, [
        "1",
        "x",
        "/a",
        "/a/b",
        '""',
        "A.TEST",
        "GET",
        "c1",
        "a=1",
        "/",
        ...mapPatterns(random),
      ]),
    ),
  );
  if (flags.includes("hostnames;"))
    for (const key of ["*.a.test", ".b.test", "www.c.*"]) keys.add(key);
  const entries = [...keys]
    // A key may be there in one case only.
    .filter(
      (key) => !flags.includes("hostnames;") || !/[/=]|^""$/.test(key) || key.startsWith('"~'),
    )
    .map((key) => `${key} "${mapValue(random)}";`);
  return `map ${source} $${name} { ${flags.join(" ")} ${entries.join(" ")} }`;
}

function mapPatterns(random: Random): readonly string[] {
  const mark = pick(random, ["~", "~*"]);
  return [`"${mark}${pick(random, PATTERNS)}"`, `"${mark}^(.)(.*)$"`];
}

function mapValue(random: Random): string {
  return pick(random, [
    "",
    "0",
    "1",
    "mapped",
    "/b",
    "/a/",
    "$1",
    "$uri",
    "m-$host",
    "$2$1",
    "/x?q=$1",
  ]);
}

export function randomGeo(random: Random, name: string): string {
  const source = pick(random, ["", "$arg_ip "]);
  const entries = ["default d;", "10.0.0.0/8 ten;", "10.1.0.0/16 sub;", "127.0.0.1 me;"].filter(
    () => chance(random, 75),
  );
  return `geo ${source}$${name} { ${entries.join(" ")} }`;
}
