import assert from "node:assert/strict";
import { test } from "node:test";
import {
  FOREIGN_ORIGIN,
  type HttpAttempt,
  type HttpField,
  type HttpSite,
  type OriginAttempt,
  type OriginKind,
} from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { probeCorsLive } from "./cors-live.check.ts";

const PAGE = "https://www.example.com/";
const ORIGINS: Readonly<Record<OriginKind, string>> = {
  null: "null",
  "name-as-prefix": "https://www.example.com.plimsoll-foreign.invalid",
  "name-as-suffix": "https://plimsoll-foreignwww.example.com",
  http: "http://www.example.com",
};
const KINDS: readonly OriginKind[] = ["null", "name-as-prefix", "name-as-suffix", "http"];
const CREDENTIALS: HttpField = ["Access-Control-Allow-Credentials", "true"];
const allow = (origin: string): HttpField => ["Access-Control-Allow-Origin", origin];
const answered = (fields: readonly HttpField[], changes = {}): HttpAttempt => ({
  url: PAGE,
  answer: exampleAnswer(PAGE, fields, changes),
});

const { page: _, ...STYLE } = exampleBody({});

type Answer = (origin: string) => readonly HttpField[];

/** A site that answers each origin by `answer`. */
function siteOf(answer: Answer, extra: Partial<HttpSite["extra"]> = {}): HttpSite {
  const origins = KINDS.map((kind): OriginAttempt => {
    const origin = ORIGINS[kind];
    return { ...answered(answer(origin)), kind, origin };
  });
  return exampleSite([], {
    extra: {
      paths: [],
      external: [],
      origins,
      foreignOrigin: answered(answer(FOREIGN_ORIGIN)),
      preflight: answered([], { method: "OPTIONS", status: 405 }),
      ...extra,
    },
  });
}

const only =
  (origin: string, ...fields: readonly HttpField[]): Answer =>
  (asked) =>
    asked === origin ? fields : [];

const CASES: readonly (readonly [name: string, site: HttpSite, status: string, rule?: string])[] = [
  ["nothing allowed", siteOf(() => []), "pass"],
  ["a fixed origin", siteOf(() => [allow("https://app.example.org"), CREDENTIALS]), "pass"],
  [
    "reflected with credentials",
    siteOf((origin) => [allow(origin), CREDENTIALS]),
    "fail",
    "origin-with-credentials",
  ],
  ["reflected", siteOf((origin) => [allow(origin)]), "warn", "origin-reflected"],
  [
    "null with credentials",
    siteOf(only("null", allow("null"), CREDENTIALS)),
    "fail",
    "null-with-credentials",
  ],
  ["null", siteOf(only("null", allow("null"))), "warn", "null-allowed"],
  ...(["name-as-prefix", "name-as-suffix", "http"] as const).map(
    (kind) =>
      [
        `${kind} with credentials`,
        siteOf(only(ORIGINS[kind], allow(ORIGINS[kind]), CREDENTIALS)),
        "fail",
        "origin-with-credentials",
      ] as const,
  ),
  ["* on a page", siteOf(() => [allow("*")]), "warn", "any-origin"],
  [
    "* with credentials on a page",
    siteOf(() => [allow("*"), CREDENTIALS]),
    "warn",
    "any-with-credentials",
  ],
  [
    "* among headers with credentials",
    siteOf(() => [
      allow("https://app.example.org"),
      CREDENTIALS,
      ["Access-Control-Allow-Headers", "*"],
    ]),
    "warn",
    "wildcard-with-credentials",
  ],
  [
    "credentials not exactly true",
    siteOf((origin) => [allow(origin), ["Access-Control-Allow-Credentials", "True"]]),
    "warn",
    "origin-reflected",
  ],
  [
    "* on a style sheet",
    siteOf(() => [], {
      asset: answered([allow("*")], {
        fields: [["Content-Type", "text/css"], allow("*")],
        body: STYLE,
      }),
    }),
    "pass",
  ],
  [
    "* on a page asked for",
    siteOf(() => [], { paths: [{ ...answered([allow("*")]), why: "asked" }] }),
    "warn",
    "any-origin",
  ],
  [
    "a preflight reflected with credentials",
    siteOf(() => [], {
      preflight: answered([allow("https://http-observatory.security.mozilla.org"), CREDENTIALS], {
        method: "OPTIONS",
      }),
    }),
    "fail",
    "origin-with-credentials",
  ],
  [
    "a preflight that browsers do not take",
    siteOf(() => [], {
      preflight: answered([allow("https://http-observatory.security.mozilla.org"), CREDENTIALS], {
        method: "OPTIONS",
        status: 404,
      }),
    }),
    "pass",
  ],
  [
    "no answer to a foreign origin",
    siteOf(() => [], {
      foreignOrigin: { url: PAGE, failure: { kind: "timeout", detail: "no answer" } },
    }),
    "unknown",
  ],
  [
    "503 to a foreign origin",
    siteOf(() => [], { foreignOrigin: answered([], { status: 503 }) }),
    "unknown",
  ],
  [
    "403 to a foreign origin",
    siteOf(() => [], { foreignOrigin: answered([], { status: 403 }) }),
    "pass",
  ],
  [
    "no answer at all",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(PAGE) }),
    "unknown",
  ],
];

for (const [name, site, status, rule] of CASES) {
  test(`${name} is ${status}`, () => {
    const outcome = probeCorsLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("the evidence is what was sent and what came", () => {
  const site = siteOf(only("null", allow("null"), CREDENTIALS));
  const outcome = probeCorsLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      url: PAGE,
      excerpt:
        "GET, Origin: null -> 200, Access-Control-Allow-Origin: null, Access-Control-Allow-Credentials: true",
    },
  ]);
});

test("no live target is not applicable", () => {
  assert.equal(probeCorsLive.evaluate({ sites: [] }, {}).status, "skip");
});
