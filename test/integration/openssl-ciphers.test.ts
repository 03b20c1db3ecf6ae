import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

import { expandCipherList } from "../../src/parsers/openssl-ciphers/expand.ts";
import { KEYWORDS } from "../../src/parsers/openssl-ciphers/keywords.ts";
import { OPENSSL_SUITES } from "../../src/parsers/openssl-ciphers/suites.ts";

/** What `openssl ciphers` makes of a list, TLS 1.3 left out; nothing where it says "no cipher match". */
function openssl(list: string): readonly string[] {
  const { stdout, error } = spawnSync("openssl", ["ciphers", list], { encoding: "utf8" });
  if (error !== undefined) throw error;
  return stdout
    .trim()
    .split(":")
    .filter((name) => name !== "" && !name.startsWith("TLS_"));
}

const built = new Set(openssl("ALL:COMPLEMENTOFALL"));
const known = OPENSSL_SUITES.filter(({ name }) => built.has(name));
const ours = (list: string) => expandCipherList(list, known).suites.map(({ name }) => name);

test("every suite that openssl has up to TLS 1.2 is in our table", () => {
  assert.ok(known.length > 100);
  assert.equal(known.length, built.size);
});

const WRITTEN = [
  "HIGH:!aNULL:!MD5",
  "DEFAULT",
  "DEFAULT:!kRSA:eNULL",
  "ALL:!EXPORT:!LOW:!aNULL:!eNULL:!SSLv2",
  "EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH",
  "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:!PSK",
  "kEECDH+ECDSA:kEECDH:kEDH:HIGH:+SHA",
  "HIGH:-ECDHE:ECDHE:@STRENGTH",
  "TLSv1:+SSLv3:@SECLEVEL=0",
  "SUITEB128",
  "SUITEB192:HIGH",
  "HIGH DEFAULT,AES128-SHA",
  "NONSENSE:ECDHE-RSA-AES128-GCM-SHA256:DES-CBC3-SHA",
];
for (const list of WRITTEN) {
  test(`${list} comes to what openssl makes of it`, () => {
    assert.deepEqual(ours(list), openssl(list));
  });
}

/** Keywords of old versions, which the one at hand does not know. */
const OLD = new Set(["DES", "RC2", "EXP", "EXPORT", "EXPORT40"]);
const WORDS = Object.keys(KEYWORDS).filter((word) => !OLD.has(word));

test("each keyword alone comes to what openssl makes of it", () => {
  for (const word of WORDS) assert.deepEqual(ours(word), openssl(word), word);
});

/** A fixed sequence (Lehmer): the same lists every time. */
function madeUpLists(count: number): readonly string[] {
  let state = 20_261_128;
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const pick = <T>(list: readonly T[]): T => list[next(list.length)] as T; // Never out of range.
  const names = [...built];
  const word = (sign: string) => {
    const part = next(3) === 0 ? pick(names) : pick(WORDS);
    return `${sign}${part}${next(3) === 0 ? `+${pick(WORDS)}` : ""}`;
  };
  return Array.from({ length: count }, () => {
    const words = [word("")];
    for (let more = next(6); more > 0; more--) {
      words.push(next(8) === 0 ? "@STRENGTH" : word(pick(["", "", "!", "-", "+"])));
    }
    return words.join(pick([":", ",", " "]));
  });
}

test("a hundred made-up lists come to what openssl makes of them", () => {
  for (const list of madeUpLists(100)) assert.deepEqual(ours(list), openssl(list), list);
});
