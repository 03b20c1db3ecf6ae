import { locationParts, randomLocations } from "./nginx-random-location.ts";
import { commonParts, rewriteParts } from "./nginx-random-rewrite.ts";
import {
  CAPTURE_NAMES,
  chance,
  pick,
  randomGeo,
  randomMap,
  type Scope,
  SET_NAMES,
} from "./nginx-random-text.ts";
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

/** One case; `listen` is an address and port. */
export function randomCase(seed: number, id: number, listen: string): RandomCase {
  const random = randomSource(seed);
  const names = Array.from({ length: random.below(3) }, (_, at) => `m${id}_${at}`);
  const maps = names.map((name, at) => randomMap(random, name, names.slice(0, at)));
  const geo = `g${id}`;
  const scope: Scope = { random, id, maps: [...names, geo], blocks: 0 };
  const count = 1 + random.below(3);
  const defaultAt = random.below(count + 1);
  const servers = Array.from({ length: count }, (_, at) =>
    randomServer(scope, listen, at === defaultAt),
  );
  const text = [...maps, randomGeo(random, geo), ...servers].join("\n");
  const requests = Array.from({ length: 6 + random.below(5) }, () => randomRequest(random));
  return { seed, text, requests };
}

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
function randomServer(scope: Scope, listen: string, isDefault: boolean): string {
  const { random } = scope;
  const names = new Set(Array.from({ length: random.below(4) }, () => pick(random, SERVER_NAMES)));
  const parts = [
    `listen ${listen}${isDefault ? " default_server" : ""};`,
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
