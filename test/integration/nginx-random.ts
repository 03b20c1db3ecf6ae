import { type Random, randomSource } from "./random-source.ts";

/* Random configurations of nginx that it loads, with requests for them; the same seed gives the same. */

export interface RandomRequest {
  readonly method: string;
  readonly host: string;
  readonly target: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface RandomCase {
  readonly seed: number;
  /** `map`s and `server`s, to stand in `http { }`; `@FILES@` is a folder, `@ECHO@` a port. */
  readonly text: string;
  readonly requests: readonly RandomRequest[];
}

/** Variables of `set` and of patterns: all cases share them, because a request has its own values. */
const SET_NAMES = ["v0", "v1", "v2"];
const CAPTURE_NAMES = ["n1", "n2"];

/** Defines the variables every case may use, in a server nobody asks. */
export function variableServer(listen: string): string {
  const sets = SET_NAMES.map((name) => `set $${name} "";`).join(" ");
  const groups = CAPTURE_NAMES.map((name) => `(?<${name}>.)`).join("");
  return `server { listen ${listen}; server_name never; ${sets} if ($uri ~ "${groups}") { return 404; } }`;
}

/** Files below `@FILES@`; each holds its own path. */
export const FILES: readonly string[] = [
  "one/index.html",
  "one/a.html",
  "one/a/index.html",
  "one/a/b/c.txt",
  "one/e404.html",
  "one/x/y.php",
  "two/index.htm",
  "two/a",
  "two/b/index.html",
  "two/b/a.html",
  "two/empty/keep/nothing",
];

interface Scope {
  readonly random: Random;
  /** Number of the case, for names that must differ. */
  readonly id: number;
  readonly maps: readonly string[];
  blocks: number;
}

/** One case for a port. */
export function randomCase(seed: number, id: number, port: number): RandomCase {
  const random = randomSource(seed);
  const names = Array.from({ length: random.below(3) }, (_, at) => `m${id}_${at}`);
  const maps = names.map((name, at) => randomMap(random, name, names.slice(0, at)));
  const geo = `g${id}`;
  const scope: Scope = { random, id, maps: [...names, geo], blocks: 0 };
  const count = 1 + random.below(3);
  const defaultAt = random.below(count + 1);
  const servers = Array.from({ length: count }, (_, at) =>
    randomServer(scope, port, at === defaultAt),
  );
  const text = [...maps, randomGeo(random, geo), ...servers].join("\n");
  const requests = Array.from({ length: 6 + random.below(5) }, () => randomRequest(random));
  return { seed, text, requests };
}

const PATHS = [
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
const HOSTS = [
  "a.test",
  "w.a.test",
  "b.test",
  "x.b.test",
  "www.c.org",
  "sub.d.test",
  "A.Test:81",
  "other",
];
const SERVER_NAMES = [
  "a.test",
  "*.a.test",
  ".b.test",
  "www.c.*",
  '"~^(?<n1>\\\\w+)\\\\.d\\\\.test$"',
  '"~^(.)(.*)\\\\.test$"',
  '""',
  "_",
];
const PATTERNS = [
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

function pick<T>(random: Random, list: readonly [T, ...T[]] | readonly T[]): T {
  const found = list[random.below(list.length)];
  if (found === undefined) throw new Error("picked from an empty list");
  return found;
}

function chance(random: Random, percent: number): boolean {
  return random.below(100) < percent;
}

/**
 * A text in quotes, of words and variables. Captures and maps are not mixed: a map's pattern changes
 * the captures between nginx's measuring of the text and its writing, which corrupts its memory.
 */
function randomText({ random, maps }: Pick<Scope, "random" | "maps">): string {
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

function randomMap(random: Random, name: string, earlier: readonly string[]): string {
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

function randomGeo(random: Random, name: string): string {
  const source = pick(random, ["", "$arg_ip "]);
  const entries = ["default d;", "10.0.0.0/8 ten;", "10.1.0.0/16 sub;", "127.0.0.1 me;"].filter(
    () => chance(random, 75),
  );
  return `geo ${source}$${name} { ${entries.join(" ")} }`;
}

function randomServer(scope: Scope, port: number, isDefault: boolean): string {
  const { random } = scope;
  const names = new Set(Array.from({ length: random.below(4) }, () => pick(random, SERVER_NAMES)));
  const parts = [
    `listen 127.0.0.1:${port}${isDefault ? " default_server" : ""};`,
    ...(names.size > 0 ? [`server_name ${[...names].join(" ")};`] : []),
    `root @FILES@/${pick(random, ["one", "two"])};`,
    ...commonParts(scope),
    ...(chance(random, 25)
      ? [
          `error_page 404 ${pick(random, ["/e404.html", "=200 /a.html", "@n", "/b/", "https://away.test/$uri"])};`,
        ]
      : []),
    ...(chance(random, 10)
      ? [`error_page 403 405 ${pick(random, ["= @n", "=302 /x/", "/nowhere"])};`]
      : []),
    ...(chance(random, 10) ? ["recursive_error_pages on;"] : []),
    ...(chance(random, 10) ? ["merge_slashes off;"] : []),
    ...(chance(random, 8) ? ["absolute_redirect off;"] : []),
    ...(chance(random, 8) ? ["server_name_in_redirect on;"] : []),
    ...(chance(random, 8) ? ["port_in_redirect off;"] : []),
    ...(chance(random, 15)
      ? [
          `index ${pick(random, ["index.htm", "a.html index.html", "none /a.html", "$arg_a index.html"])};`,
        ]
      : []),
    ...(chance(random, 10) ? ["autoindex on;"] : []),
    ...rewriteParts(scope, 25, "server"),
    ...randomLocations(scope, "", 2),
    ...(chance(random, 60) ? [namedLocation(scope)] : []),
  ];
  return `server {\n${parts.join("\n")}\n}`;
}

function namedLocation(scope: Scope): string {
  return `location @n {\n${locationParts(scope, "named", "").join("\n")}\n}`;
}

/** Fields: each block tells which it is. */
function commonParts(scope: Scope): readonly string[] {
  const { random } = scope;
  scope.blocks += 1;
  const always = chance(random, 70) ? " always" : "";
  return [
    ...(chance(random, 75) ? [`add_header X-Block "${scope.id}.${scope.blocks}"${always};`] : []),
    ...(chance(random, 15)
      ? [`add_header X-Text "${randomText(scope)}"${pick(random, ["", " always"])};`]
      : []),
    ...(chance(random, 8) ? [`add_header X-Status "$status/$sent_http_location" always;`] : []),
    ...(chance(random, 8)
      ? [`expires ${pick(random, ["1h", "-1", "epoch", "max", "off", "1h30m", "7d"])};`]
      : []),
  ];
}

function randomLocations(scope: Scope, under: string, depth: number): readonly string[] {
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
  const modifier = isPattern ? pick(random, ["~", "~*"]) : pick(random, ["", "", "", "=", "^~"]);
  const value = isPattern ? pick(random, PATTERNS) : pick(random, PATHS);
  if (!isPattern && under !== "" && !value.startsWith(under)) return undefined;
  // `location /a` and `location ^~ /a` are one for nginx.
  const key = isPattern ? `${modifier}${value}` : `${modifier === "=" ? "=" : ""}${value}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  const kind = isPattern ? "pattern" : modifier === "=" ? "exact" : "prefix";
  const parts = [...locationParts(scope, kind, value)];
  if (depth > 0 && kind !== "exact" && chance(random, 25)) {
    parts.push(...randomLocations(scope, isPattern ? "~" : value, depth - 1));
  }
  const written = isPattern ? `"${value}"` : value;
  return `location ${modifier} ${written} {\n${parts.join("\n")}\n}`;
}

type Kind = "prefix" | "exact" | "pattern" | "named";

function locationParts(scope: Scope, kind: Kind, value: string): readonly string[] {
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

function passParts(scope: Scope, mayHaveUri: boolean, isInIf = false): readonly string[] {
  const { random } = scope;
  const uri = mayHaveUri ? pick(random, ["", "", "/", "/up", "/up/", "/?q="]) : "";
  const computed = pick(random, ["$uri", "/c$request_uri", "/$1", "", "/$arg_a"]);
  const target = chance(random, 20) ? `127.0.0.1:@ECHO@${computed}` : `127.0.0.1:@ECHO@${uri}`;
  const pass = `proxy_pass http://${target};`;
  if (isInIf) return [pass];
  return [
    pass,
    ...(chance(random, 40) ? [`proxy_set_header X-P "${randomText(scope)}";`] : []),
    ...(chance(random, 20) ? ["proxy_set_header Host $host;"] : []),
    ...(chance(random, 20) ? ["proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"] : []),
    ...(chance(random, 20) ? ["proxy_hide_header X-Up;"] : []),
  ];
}

function randomReturn(scope: Scope): string {
  const { random } = scope;
  const text = randomText(scope);
  return pick(random, [
    "return 404;",
    "return 403;",
    `return 404 "${text}";`,
    "return 204;",
    "return 444;",
    "return 200;",
    `return 301 "https://to.test/${text}";`,
    `return 302 "/to/${text}";`,
    `return 307 "${text}";`,
    "return 301 https://$host$request_uri;",
    "return https://$server_name$uri;",
    "return 410;",
  ]);
}

function rewriteParts(
  scope: Scope,
  percent: number,
  level: "server" | "location",
): readonly string[] {
  const parts: string[] = [];
  while (parts.length < 4 && chance(scope.random, percent)) {
    parts.push(chance(scope.random, 45) ? randomIf(scope, level) : randomRewrite(scope));
  }
  return parts;
}

function randomRewrite(scope: Scope): string {
  const { random } = scope;
  switch (random.below(5)) {
    case 0:
    case 1:
      return `set $${pick(random, SET_NAMES)} "${randomText(scope)}";`;
    case 2:
      return chance(random, 30)
        ? "break;"
        : `set $args "${pick(random, ["a=x", "b=$arg_a", "", "$args&a=2"])}";`;
    default: {
      const to = pick(random, [
        "/a/$1",
        "/b/",
        "/x/$2",
        "/$1?r=$1",
        "/a?",
        "/b?$args",
        "/nowhere/$n1",
        "/a/b?k=$uri",
        "$1",
        "/$v0",
      ]);
      const away = pick(random, [
        "https://r.test/$1",
        "$scheme://$host/$1?",
        "http://r.test/$uri?x=$1",
      ]);
      // Without a flag further rewrites follow, and nginx escapes in them as if in a query, uncounted.
      const flags = ["last", "last", "break", "redirect", "permanent"];
      const flag = pick(random, to.includes("?") ? flags : [...flags, ""]);
      return `rewrite "${pick(random, PATTERNS)}" "${chance(random, 12) ? away : to}" ${flag};`;
    }
  }
}

function randomIf(scope: Scope, level: "server" | "location"): string {
  const { random } = scope;
  const inner: string[] = [];
  if (level === "location") inner.push(...commonParts(scope));
  if (chance(random, 40)) inner.push(randomRewrite(scope));
  if (chance(random, level === "server" ? 30 : 45)) inner.push(randomReturn(scope));
  else if (level === "location" && chance(random, 20)) inner.push(...passParts(scope, false, true));
  return `if (${randomCondition(scope)}) {\n${inner.join("\n")}\n}`;
}

function randomCondition({ random, maps }: Scope): string {
  const variable = pick(random, [
    "$arg_a",
    "$http_x_a",
    "$uri",
    "$host",
    "$request_method",
    "$cookie_c",
    "$v0",
    "$v1",
    "$args",
    ...maps.map((name) => `$${name}`),
  ]);
  switch (random.below(5)) {
    case 0:
      return variable;
    case 1:
      return `${variable} ${pick(random, ["=", "!="])} ${pick(random, ["1", "x", '""', "GET", "a.test", "$arg_b", "/a"])}`;
    case 2:
      return `${pick(random, ["-f", "!-f", "-d", "!-d", "-e", "!-e"])} ${pick(random, ["$request_filename", "$document_root/a.html", "@FILES@/two/a"])}`;
    default:
      return `${variable} ${pick(random, ["~", "~*", "!~", "!~*"])} "${pick(random, PATTERNS)}"`;
  }
}

function randomRequest(random: Random): RandomRequest {
  const path = Array.from({ length: 1 + random.below(3) }, () =>
    pick(random, [
      "/",
      "/a",
      "/b",
      "/x",
      "/y.php",
      "/a.html",
      "/index.html",
      "/A",
      "/7",
      "/a%20b",
      "/a+b",
      "/%C3%A9",
      "/..",
      "/.",
      "/a/",
      "/%3Fq",
      "/p%26q%25",
      "/c.txt",
      "/e404.html",
    ]),
  ).join("");
  const query = Array.from({ length: random.below(3) }, () =>
    pick(random, [
      "a=1",
      "a=x",
      "b=1",
      "a=",
      "b=x%20y",
      "ip=10.1.2.3",
      "ip=10.9.9.9",
      "A=up",
      "a=/a",
      "z",
    ]),
  ).join("&");
  const fields: (readonly [string, string])[] = [];
  if (chance(random, 35)) fields.push(["X-A", pick(random, ["1", "x", "0", "/a", "a.test"])]);
  if (chance(random, 30))
    fields.push(["Cookie", pick(random, ["c=c1", "d=2; c=x", "c=1;C=2", "xc=1"])]);
  if (chance(random, 10)) fields.push(["X-Forwarded-For", "192.0.2.1"]);
  return {
    method: chance(random, 88) ? "GET" : pick(random, ["HEAD", "POST", "DELETE"]),
    host: pick(random, HOSTS),
    target: `${path}${query === "" && !chance(random, 5) ? "" : `?${query}`}`,
    fields,
  };
}
