import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { holds } from "../../../test/fuzzing.ts";
import { type OsvIndex, openOsvIndex, writeOsvIndex } from "./osv-index.ts";
import { matchOsv } from "./osv-match.ts";
import { AFFECTED_MAX, type OsvRecord, parseOsvRecord } from "./osv-record.ts";

const NOW_MS = Date.UTC(2026, 10, 22);

type Json = Record<string, unknown>;

function affected(events: readonly Json[], more: Json = {}): Json {
  return {
    package: { ecosystem: "PyPI", name: "Foo.Bar" },
    ranges: [{ type: "ECOSYSTEM", events }],
    ...more,
  };
}

function npm(events: readonly Json[]): Json {
  return {
    package: { ecosystem: "npm", name: "@a/b" },
    ranges: [{ type: "SEMVER", events }],
  };
}

function record(id: string, about: readonly Json[], more: Json = {}): Json {
  return { id, modified: "2026-11-01T00:00:00Z", affected: about, ...more };
}

function recordOf(value: unknown): OsvRecord {
  const parsed = parseOsvRecord(value);
  assert.ok(parsed.state === "record");
  return parsed.record;
}

function indexOf(values: readonly unknown[]): OsvIndex {
  const opened = openOsvIndex(writeOsvIndex(values.map(recordOf), NOW_MS));
  assert.ok(opened.ok);
  return opened.index;
}

const since = (introduced: string) => ({ introduced });
const till = (fixed: string) => ({ fixed });
const upTo = (last: string) => ({ last_affected: last });

const VERDICTS: readonly (readonly [
  name: string,
  about: Json,
  version: string,
  verdict: "affected" | "free" | "unclear",
])[] = [
  ["below the fix", affected([since("0"), till("2.0")]), "1.9", "affected"],
  ["the fix", affected([since("0"), till("2.0")]), "2.0", "free"],
  ["the fix written longer", affected([since("0"), till("2.0")]), "2.0.0", "free"],
  ["a pre-release of the fix", affected([since("0"), till("2.0")]), "2.0rc1", "affected"],
  ["a post-release of the fix", affected([since("0"), till("2.0")]), "2.0.post1", "free"],
  ["ten is above nine", affected([since("0"), till("1.9")]), "1.10", "free"],
  ["before the introduction", affected([since("1.5"), till("2.0")]), "1.4", "free"],
  ["the introduction", affected([since("1.5"), till("2.0")]), "1.5", "affected"],
  ["a development version is above 0", affected([since("0"), till("2.0")]), "0.dev0", "affected"],
  ["the last affected", affected([since("0"), upTo("1.5")]), "1.5.0", "affected"],
  ["after the last affected", affected([since("0"), upTo("1.5")]), "1.5.1", "free"],
  [
    "a local build of the last affected",
    affected([since("0"), upTo("1.5")]),
    "1.5+cu1",
    "affected",
  ],
  ["a local build of the fix", affected([since("0"), till("1.5")]), "1.5+cu1", "free"],
  ["no end", affected([since("1.0")]), "99", "affected"],
  ["events in any order", affected([till("2.0"), since("1.0")]), "1.5", "affected"],
  [
    "the second of two spans",
    affected([since("0"), till("1.2"), since("2.0"), till("2.3")]),
    "2.2",
    "affected",
  ],
  [
    "between two spans",
    affected([since("0"), till("1.2"), since("2.0"), till("2.3")]),
    "1.5",
    "free",
  ],
  ["an epoch is above", affected([since("0"), till("2.0")]), "1!0.5", "free"],
  ["named one by one", affected([], { ranges: undefined, versions: ["1.0"] }), "1", "affected"],
  ["not named", affected([], { ranges: undefined, versions: ["1.0"] }), "1.1", "free"],
  [
    "named beside a range that ends before",
    affected([since("0"), till("1.0")], { versions: ["0.5", "3.1"] }),
    "3.1",
    "affected",
  ],
  ["no version of this kind, named", affected([], { versions: ["2004d"] }), "2004d", "affected"],
  ["no version of this kind", affected([since("0"), till("1.0")]), "2004d", "unclear"],
  [
    "commits alone",
    affected([], { ranges: [{ type: "GIT", events: [since("0")] }] }),
    "1.0",
    "unclear",
  ],
  ["nothing at all", affected([], { ranges: [] }), "1.0", "unclear"],
  ["an event of no version", affected([since("0"), till("banana")]), "1.0", "unclear"],
  ["an unknown type", affected([], { ranges: [{ type: "X", events: [] }] }), "1.0", "unclear"],
  ["ranges of a wrong form", affected([], { ranges: "all" }), "1.0", "unclear"],
];
for (const [name, about, version, verdict] of VERDICTS) {
  test(`OSV range: ${name}: ${version} is ${verdict}`, () => {
    const index = indexOf([record("PYSEC-1", [about])]);
    const { matches, unclear } = matchOsv(index, "PyPI", "foo_bar", version);
    const counts = { affected: [1, 0], free: [0, 0], unclear: [0, 1] }[verdict];
    assert.deepEqual([matches.length, unclear.length], counts);
  });
}

const NPM_VERDICTS: readonly (readonly [readonly Json[], string, boolean])[] = [
  [[since("0"), till("4.17.21")], "4.17.20", true],
  [[since("0"), till("4.17.21")], "4.17.21", false],
  [[since("0"), till("4.17.21")], "4.17.21-rc.1", true],
  [[since("1.0.0-beta.2"), till("1.0.0")], "1.0.0-beta.11", true],
  [[since("1.0.0"), till("1.2.0")], "1.0.0-rc.1", false],
  [[since("0")], "0.0.0-alpha", true],
  [[since("0"), upTo("2.0.0")], "2.0.0+build", true],
];
for (const [events, version, isAffected] of NPM_VERDICTS) {
  test(`OSV range of npm: ${version} in ${JSON.stringify(events)} is ${isAffected}`, () => {
    const index = indexOf([record("GHSA-1", [npm(events)])]);
    assert.equal(matchOsv(index, "npm", "@a/b", version).matches.length, Number(isAffected));
    assert.deepEqual(matchOsv(index, "PyPI", "@a/b", version).matches, []);
  });
}

test("PYSEC, GHSA and CVE of one vulnerability count once, whoever names whom", () => {
  const index = indexOf([
    record("GHSA-x", [affected([since("0"), till("3.0")])], {
      aliases: ["CVE-1"],
      database_specific: { severity: "MODERATE" },
    }),
    record("CVE-2", [affected([since("0"), till("3.0")])]),
    record("PYSEC-7", [affected([since("0"), till("2.5")])], { aliases: ["CVE-1"] }),
  ]);
  assert.deepEqual(matchOsv(index, "PyPI", "Foo-Bar", "2.0").matches, [
    { id: "PYSEC-7", aliases: ["CVE-1", "GHSA-x"], fixedIn: ["2.5", "3.0"], severity: "moderate" },
    { id: "CVE-2", aliases: [], fixedIn: ["3.0"] },
  ]);
});

test("a database that only knows commits takes nothing from one that knows versions", () => {
  const git = affected([], { ranges: [{ type: "GIT", events: [] }] });
  const index = indexOf([
    record("PYSEC-1", [git], { aliases: ["GHSA-1"] }),
    record("GHSA-1", [affected([since("0"), till("1.0")])]),
  ]);
  assert.deepEqual(matchOsv(index, "PyPI", "foo-bar", "1.0"), { matches: [], unclear: [] });
});

test("versions that a range holds are not kept beside it", () => {
  const about = affected([since("0"), till("1.0")], { versions: ["0.1", "0.9", "1.3", "x.y"] });
  assert.deepEqual(recordOf(record("A-1", [about])).affected[0]?.versions, ["1.3", "x.y"]);
});

const MALFORMED: readonly (readonly [unknown, string])[] = [
  [null, "malformed"],
  [[], "malformed"],
  ["x", "malformed"],
  [{}, "malformed"],
  [{ id: 7 }, "malformed"],
  [{ id: "a b" }, "malformed"],
  [{ id: "A-1", affected: {} }, "malformed"],
  [{ id: "A-1", affected: [{}] }, "malformed"],
  [{ id: "A-1", affected: [{ package: { name: "x" } }] }, "malformed"],
  [record("A-1", [], { withdrawn: "2026-01-01T00:00:00Z" }), "withdrawn"],
  [record("A-1", [], { withdrawn: null }), "record"],
  [record("A-1", [{ ranges: [{ type: "GIT" }] }]), "record"],
  [record("A-1", [{ package: { ecosystem: "Go", name: "x" } }]), "record"],
  [record("A-1", Array(AFFECTED_MAX).fill(affected([since("0")]))), "record"],
  [record("A-1", Array(AFFECTED_MAX + 1).fill(affected([since("0")]))), "malformed"],
];
for (const [value, state] of MALFORMED) {
  test(`OSV record ${JSON.stringify(value).slice(0, 60)} is ${state}`, () => {
    assert.equal(parseOsvRecord(value).state, state);
  });
}

test("the age of each ecosystem is that of its youngest record; a date to come does not count", () => {
  const index = indexOf([
    record("PYSEC-1", [affected([since("0")])], { modified: "2026-10-01T00:00:00Z" }),
    record("PYSEC-2", [affected([since("0")])], { modified: "2999-01-01T00:00:00Z" }),
    record("PYSEC-3", [affected([since("0")])], { modified: "yesterday" }),
    record("GHSA-1", [npm([since("0")])], { modified: "2026-11-20T00:00:00Z" }),
  ]);
  assert.deepEqual(index.ecosystems, {
    PyPI: { records: 3, newestMs: Date.UTC(2026, 9, 1) },
    npm: { records: 1, newestMs: Date.UTC(2026, 10, 20) },
  });
});

const TEXT = writeOsvIndex(
  [
    recordOf(record("PYSEC-1", [affected([since("0"), till("2.0")])])),
    recordOf(record("GHSA-1", [npm([since("0")])])),
  ],
  NOW_MS,
);

test("an index that is cut anywhere, or none, is not opened", () => {
  for (let end = 0; end < TEXT.length; end++)
    assert.equal(openOsvIndex(TEXT.slice(0, end)).ok, false);
  for (const text of ["{}\n", '{"schema":"plimsoll.osv/2"}\n', "PK\u0003\u0004"]) {
    assert.equal(openOsvIndex(text).ok, false);
  }
});

test("an entry of another form than ours is unclear, not absent", () => {
  for (const [from, to] of [
    ['"spans":[{', '"spans":{{'],
    ['"from":"0"', '"from":0'],
    ['"versions":[]', '"versions":7'],
  ] as const) {
    const opened = openOsvIndex(TEXT.replaceAll(from, to));
    assert.ok(opened.ok);
    assert.deepEqual(matchOsv(opened.index, "PyPI", "foo-bar", "1.0"), {
      matches: [],
      unclear: ["a damaged entry"],
    });
  }
});

test("no JSON at all makes the reader throw", () => {
  holds(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      parseOsvRecord(a);
      const about = { package: { ecosystem: "npm", name: "a" }, ranges: a, versions: b };
      const parsed = parseOsvRecord({ id: "A-1", affected: [about], aliases: b, modified: a });
      if (parsed.state !== "record") return;
      const opened = openOsvIndex(writeOsvIndex([parsed.record], NOW_MS));
      assert.ok(opened.ok);
      matchOsv(opened.index, "npm", "a", "1.0.0");
    }),
    1_000,
  );
});
