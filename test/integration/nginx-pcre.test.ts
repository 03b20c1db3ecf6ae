import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { matchPcre, type PcreResult } from "../../src/parsers/nginx/pcre.ts";
import { capturePcre } from "../../src/parsers/nginx/pcre-capture.ts";
import {
  ask,
  freePorts,
  makePrefix,
  nginxMissing,
  removePrefix,
  startNginx,
  stopNginx,
  wrapHttp,
  writeFiles,
} from "./nginx-process.ts";

/* Every pattern becomes a `map` of a request field; nginx (PCRE2) and matchPcre must agree. */
const PATTERNS: readonly string[] = [
  "^/api/v[0-9]+(?:/|$)",
  "\\.(?:jpe?g|png|gif|ico|css|js)$",
  "/\\.(?!well-known)",
  "(?<!\\.tar)\\.gz$",
  "(?<=a)b",
  "^(?=.*\\d)(?=.*[a-z]).+$",
  "^(?!.*\\.php).*$",
  "(a+)+$",
  "^(\\w+\\s?)*$",
  "(x|xx)*y",
  "a{2,3}",
  "^a{,3}$",
  "^a{2}$",
  "a{2",
  "{a}",
  "[]a]",
  "[^]a]",
  "[a-c-e]",
  "[\\w-]+@",
  "[a\\]b]x",
  "[[:digit:]]{3}",
  "[[:^alpha:]]",
  "[\\d.]+$",
  "\\bfoo\\b",
  "\\Bfoo",
  "^\\S+$",
  "\\x41\\x{42}",
  "\\101",
  "\\0101",
  "(?i)ABC",
  "a(?i)b|c",
  "a(?i:b)c",
  "(?-i)abc",
  "(?i-s:A).b",
  "(?:(?i)a)b",
  "(?<name>x)(?P<other>y)",
  "(?'q'z)",
  "(?#note)foo",
  "^$",
  "",
  "|a",
  "(|a)b",
  "a||b",
  "^.{3}$",
  "é",
  "^.é?$",
  "^caf..$",
  "[é]",
  "\\Aabc\\z",
  "abc\\Z",
  "\\/\\-\\_\\%",
  "^(?:a|b(?=c))+c",
  "x*+",
  "a++b",
  "(?>a|ab)c",
  "(a)\\1",
  "\\Qa.b\\E",
  "(?|a|b)",
  "\\h+x",
  "[\\h]x",
  "a\\.b",
  "(a?){3}b",
  "(a*)*b",
  "(?=a*)b",
  "(?:)*a",
  "^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}$",
];

const SUBJECTS: readonly string[] = [
  ...[
    "/api/v1/x",
    "/api/v12",
    "/api/vx",
    "/img/a.JPG",
    "/img/a.jpg",
    "/a.jpeg",
    "/.git/config",
    "/.env",
  ],
  ...["/.well-known/acme", "x.tar.gz", "x.gz", "ab", "b", "aab", "aaa", "aaaa", "aaaaaaaa!"],
  ...[
    "xxxxxxxxxy",
    "xxxxxxxxxx",
    "a",
    "{a}",
    "a{2",
    "]",
    "[]",
    "-",
    "a]x",
    "me@x",
    "123",
    "12",
    "abc",
    "ABC",
  ],
  ...[
    "aBC",
    "abC",
    "aC",
    "c",
    "C",
    "foo",
    "a foo b",
    "xfoo",
    "foox",
    "AB",
    "A",
    "xy",
    "z",
    "x y",
    "xyz",
  ],
  ...[
    "é",
    "café",
    "caf",
    "aé",
    "/-_%",
    "a.b",
    "axb",
    "bc",
    "acbc",
    "ac",
    "abcabc",
    "a1",
    "1",
    "1.2.3.4",
  ],
  ...[
    "256.1.1.1",
    "127.0.0.1",
    "1.2.3.",
    "aa",
    "two words here",
    "aaab",
    "Ab",
    "aXb",
    "AXb",
    "a\tx",
    "\u00ff",
  ],
];

/** A small generator with a fixed seed, so that a failure can be repeated (mulberry32). */
function randomSource(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const ATOMS = [
  "a",
  "b",
  "c",
  ".",
  "[ab]",
  "[^a]",
  "\\w",
  "\\d",
  "\\.",
  "^",
  "$",
  "\\b",
  "x",
  "1",
  "/",
];
const QUANTIFIERS = ["", "", "", "", "*", "+", "?", "*?", "{2}", "{1,2}", "{0,}", "+?"];
const GROUPS = ["(", "(?:", "(?i:", "(?=", "(?!"];

type Random = (below: number) => number;

function pick(random: Random, list: readonly string[]): string {
  return list[random(list.length)] ?? "";
}

function randomPattern(random: Random, depth: number): string {
  const items = Array.from({ length: 1 + random(4) }, () => {
    const item = depth > 0 && random(4) === 0 ? randomGroup(random, depth) : randomAtom(random);
    return random(6) === 0 ? `${item}|` : item;
  });
  return items.join("");
}

function randomGroup(random: Random, depth: number): string {
  const opening = pick(random, GROUPS);
  const group = `${opening}${randomPattern(random, depth - 1)})`;
  return opening.endsWith("=") || opening.endsWith("!") ? group : group + pick(random, QUANTIFIERS);
}

function randomAtom(random: Random): string {
  const atom = pick(random, ATOMS);
  return ["^", "$", "\\b"].includes(atom) ? atom : atom + pick(random, QUANTIFIERS);
}

const random = randomSource(20_250_101);
const ALL = [...PATTERNS, ...Array.from({ length: 300 }, () => randomPattern(random, 3))];
const QUESTIONS = ALL.flatMap((pattern) =>
  [false, true].map((isCaseless) => ({ pattern, isCaseless })),
);
/** What this matcher leaves open; every other answer must be PCRE2's. */
const UNDECIDED = [
  "^a{,3}$",
  "\\101",
  "x*+",
  "a++b",
  "(?>a|ab)c",
  "(a)\\1",
  "\\Qa.b\\E",
  "(?|a|b)",
];

describe("nginx live: patterns against PCRE2", { skip: nginxMissing() ?? false }, () => {
  let port = 0;
  let prefix = "";
  let stop = async (): Promise<void> => {};

  before(async () => {
    [port = 0] = await freePorts(1);
    prefix = makePrefix({});
    const quoted = (pattern: string): string =>
      pattern.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    const maps = QUESTIONS.map(({ pattern, isCaseless }, index) => {
      const source = `${isCaseless ? "~*" : "~"}${quoted(pattern)}`;
      return `map $http_x_s $m${index} { default 0; "${source}" 1; }
        map $http_x_s $c${index} { default -; "${source}" "<$1,$2,$3>"; }`;
    });
    const half = QUESTIONS.length / 2;
    const names = QUESTIONS.map((_, index) => `\${m${index}}`);
    const captures = QUESTIONS.map((_, index) => `\${c${index}}`);
    const body = `variables_hash_max_size 16384;
      ${maps.join("\n")}
      server { listen 127.0.0.1:${port};
        location = /1 { return 200 "${names.slice(0, half).join("")}"; }
        location = /2 { return 200 "${names.slice(half).join("")}"; }
        location = /3 { return 200 "${captures.slice(0, half).join(";")}"; }
        location = /4 { return 200 "${captures.slice(half).join(";")}"; } }`;
    writeFiles(prefix, { "nginx.conf": wrapHttp(prefix, body) });
    const child = await startNginx(prefix, port);
    stop = () => stopNginx(child);
  });
  after(async () => {
    await stop();
    removePrefix(prefix);
  });

  test(`${ALL.length} patterns by ${SUBJECTS.length} subjects`, async () => {
    const seen = new Map<string, PcreResult>();
    const told = new Map<string, PcreResult>();
    for (const subject of SUBJECTS) {
      const fields = ["Host: x", `X-S: ${subject}`];
      const bits = (await ask(port, "/1", fields)).body + (await ask(port, "/2", fields)).body;
      assert.equal(bits.length, QUESTIONS.length);
      for (const [index, { pattern, isCaseless }] of QUESTIONS.entries()) {
        const key = JSON.stringify([pattern, isCaseless, subject]);
        told.set(key, matchPcre(pattern, isCaseless, subject));
        seen.set(key, bits[index] === "1" ? "match" : "no");
      }
    }
    const open = [...told].filter(([, result]) => result === "undecidable").map(([key]) => key);
    assert.deepEqual([...new Set(open.map((key) => JSON.parse(key)[0]))], UNDECIDED);
    const wrong = [...told].filter(
      ([key, said]) => said !== "undecidable" && said !== seen.get(key),
    );
    assert.deepEqual(wrong, []);
  });

  test(`what ${ALL.length} patterns capture`, async () => {
    const wrong: string[] = [];
    let known = 0;
    for (const subject of SUBJECTS) {
      const fields = ["Host: x", `X-S: ${subject}`];
      const answers = [await ask(port, "/3", fields), await ask(port, "/4", fields)];
      const seen = answers.flatMap(({ body }) => body.split(";"));
      assert.equal(seen.length, QUESTIONS.length);
      const said = QUESTIONS.map((question) => captured(question, subject));
      known += said.filter((one) => one !== undefined).length;
      const different = QUESTIONS.filter(
        (_, index) => said[index] !== undefined && said[index] !== seen[index],
      );
      wrong.push(...different.map(({ pattern }) => `${pattern} on ${subject}`));
    }
    assert.deepEqual(wrong, []);
    assert.ok(known > QUESTIONS.length * SUBJECTS.length * KNOWN_SHARE_MIN, `${known} known`);
  });
});

/** A matcher that leaves everything open would not be wrong either. */
const KNOWN_SHARE_MIN = 0.2;

/** `$1` to `$3` as the maps write them; `undefined` where the matcher leaves them open. */
function captured(
  { pattern, isCaseless }: (typeof QUESTIONS)[number],
  subject: string,
): string | undefined {
  const found = capturePcre(pattern, isCaseless, subject);
  if (found.state !== "match" || found.groups === undefined) return undefined;
  const [, first = "", second = "", third = ""] = found.groups;
  return `<${first},${second},${third}>`;
}
