import assert from "node:assert/strict";
import { test } from "node:test";
import { type AlpnAnswer, surveyAlpn } from "./alpn-survey.ts";

/** A server that has these names: what it says to others, and what comes out, with how many questions. */
const ROWS: readonly (readonly [
  has: readonly string[],
  otherwise: AlpnAnswer,
  found: readonly string[] | null,
  questions: number,
])[] = [
  [["h2", "http/1.1"], undefined, ["h2", "http/1.1"], 2],
  [["http/1.1"], undefined, ["http/1.1"], 2],
  [["h2"], "refused", ["h2"], 2],
  [["acme-tls/1"], "refused", ["acme-tls/1"], 2],
  [["imap"], "refused", ["imap"], 2],
  [["private/1"], "refused", [], 2],
  [[], undefined, [], 1],
  [[], null, null, 1],
];
for (const [has, otherwise, found, questions] of ROWS) {
  test(`a server with ${has.join(" and ") || "no names"}, else ${otherwise}`, async () => {
    let asked = 0;
    const ask = (names: readonly string[]) => {
      asked += 1;
      return Promise.resolve(has.find((name) => names.includes(name)) ?? otherwise);
    };
    assert.deepEqual(await surveyAlpn(ask), found);
    assert.equal(asked, questions);
  });
}
