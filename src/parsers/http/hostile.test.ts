import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseCsp } from "../csp/policy.ts";
import { weaknesses } from "../csp/weaknesses.ts";
import { parseCacheControl } from "./cache-control.ts";
import { parseClearSiteData } from "./clear-site-data.ts";
import { parseContentType } from "./content-type.ts";
import { parseCookieDate } from "./cookie-date.ts";
import { parseCors } from "./cors.ts";
import {
  parseEmbedderPolicy,
  parseOpenerPolicy,
  parseOriginAgentCluster,
  parseResourcePolicy,
} from "./cross-origin-policy.ts";
import { findDisclosures, parseProducts } from "./disclosure.ts";
import { FIELD_COUNT_MAX, FIELD_LENGTH_MAX, type FieldSpan, PROBLEM_COUNT_MAX } from "./field.ts";
import { parseHsts } from "./hsts.ts";
import { parseIntegrity } from "./integrity.ts";
import { parseFeaturePolicy, parsePermissionsPolicy } from "./permissions-policy.ts";
import { parsePermittedCrossDomainPolicies } from "./permitted-cross-domain-policies.ts";
import { parseMetaReferrer, parseReferrerPolicy } from "./referrer-policy.ts";
import { parseNel, parseReportingEndpoints, parseReportTo } from "./reporting.ts";
import { parseSecurityTxt } from "./security-txt.ts";
import { parseSetCookie } from "./set-cookie.ts";
import { parseSfDictionary, parseSfItem, parseSfList } from "./structured-field.ts";
import { parseAuthenticate } from "./www-authenticate.ts";
import { parseContentTypeOptions } from "./x-content-type-options.ts";
import { parseFrameOptions } from "./x-frame-options.ts";
import { parseXssProtection } from "./x-xss-protection.ts";

type Parser = (values: readonly string[]) => unknown;
const each =
  (parse: (value: string, field: number) => unknown): Parser =>
  (values) =>
    values.map((value, field) => parse(value, field));
const csp =
  (delivery: "header" | "meta", disposition: "enforce" | "report"): Parser =>
  (values) => {
    const header = parseCsp(values, { delivery, disposition });
    return [header, weaknesses(header.policies, { self: "https://a.test/" })];
  };

const PARSERS: Readonly<Record<string, Parser>> = {
  "Cache-Control": parseCacheControl,
  "Clear-Site-Data": parseClearSiteData,
  "Content-Type": parseContentType,
  CORS: (values) => parseCors({ "access-control-allow-origin": values, vary: values }, values[0]),
  COOP: parseOpenerPolicy,
  COEP: parseEmbedderPolicy,
  CORP: parseResourcePolicy,
  "Origin-Agent-Cluster": parseOriginAgentCluster,
  CSP: csp("header", "enforce"),
  "CSP in meta": csp("meta", "report"),
  Server: each(parseProducts),
  Disclosure: (values) => findDisclosures([["Server", values[0] ?? ""]]),
  HSTS: parseHsts,
  "Permissions-Policy": parsePermissionsPolicy,
  "Feature-Policy": parseFeaturePolicy,
  "X-Permitted-Cross-Domain-Policies": parsePermittedCrossDomainPolicies,
  "Referrer-Policy": parseReferrerPolicy,
  "meta referrer": each((value) => parseMetaReferrer(value)),
  "Reporting-Endpoints": parseReportingEndpoints,
  "Report-To": parseReportTo,
  NEL: parseNel,
  "Set-Cookie": each(parseSetCookie),
  "cookie date": each((value) => parseCookieDate(value)),
  "structured item": parseSfItem,
  "structured list": parseSfList,
  "structured dictionary": parseSfDictionary,
  "WWW-Authenticate": parseAuthenticate,
  "X-Content-Type-Options": parseContentTypeOptions,
  "X-Frame-Options": parseFrameOptions,
  "X-XSS-Protection": parseXssProtection,
};
/** These read one text; their positions count in it. */
const TEXT_PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  "security.txt": parseSecurityTxt,
  integrity: parseIntegrity,
};

/** Every place in a result must lie within the value it points into. */
function checkSpans(result: unknown, values: readonly string[]): void {
  if (typeof result !== "object" || result === null) return;
  if (result instanceof Map) return;
  if ("offset" in result && "length" in result) {
    const { offset, length, field = 0 } = result as FieldSpan; // Only spans have both members.
    const size = values[field]?.length ?? 0;
    assert.ok(offset >= 0 && length >= 0, `${offset} ${length}`);
    assert.ok(offset + length <= size, `${offset} + ${length} > ${size}`);
  }
  if ("problems" in result && Array.isArray(result.problems))
    assert.ok(result.problems.length <= PROBLEM_COUNT_MAX);
  for (const value of Object.values(result)) checkSpans(value, values);
}

const WORDS =
  "max-age=1 ; , = \" ' ( ) \\ * 'self' 'none' 'nonce-abc' script-src default-src https: data: a.test:* ?1 @1 :AA==: %\"%c3\" " +
  'Path=/ Domain=.a.test SameSite=None __Host-a=b nginx/1.2 (x) {"group":1} [ ] deny nosniff includeSubDomains Basic realm= \t';
const token = fc.oneof(
  fc.constantFrom(...WORDS.split(" ")),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom(
    "\u0000",
    "\u007f",
    "\u00ff",
    "\ud800",
    "\u202e",
    "\uFEFF",
    "\r\n",
    "__proto__",
    "constructor",
  ),
);
const text = fc
  .array(token, { maxLength: 12 })
  .chain((tokens) => fc.constantFrom("", " ", ";", ",").map((glue) => tokens.join(glue)));

for (const [name, parse] of Object.entries(PARSERS)) {
  test(`${name}: hostile values do not throw, places lie inside, the answer is JSON`, () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), (values) => {
        const result = parse(values);
        checkSpans(result, values);
        assert.deepEqual(parse(values), result);
        JSON.stringify(result);
      }),
      { seed: 20261128, numRuns: 60 },
    );
  });
}

for (const [name, parse] of Object.entries(TEXT_PARSERS)) {
  test(`${name}: hostile text does not throw, places lie inside`, () => {
    fc.assert(
      fc.property(text, (value) => checkSpans(parse(value), [value])),
      { seed: 20261128, numRuns: 60 },
    );
  });
}

/** Milliseconds of CPU one value of any length may take; far above what is measured, far below what a loop takes. */
const CPU_MAX_MS = 1_500;
const SEEDS = [
  " ",
  "\t",
  ";",
  ",",
  '"',
  "\\",
  '"\\',
  "a",
  "a=",
  "a;",
  "a,",
  "'",
  "(",
  "[",
  "-",
  ".",
  "a ",
  "a.",
  "1",
  "%",
  ";a=b",
  ",a=b",
  "*.",
  "\r\n",
  "a/1 ",
  "script-src *;",
  "img-src *,",
  "'nonce-a' ",
  "(a",
  "(a)",
];

test("the time for the longest values is bounded", () => {
  const parsers = {
    ...PARSERS,
    ...Object.fromEntries(Object.entries(TEXT_PARSERS).map(([name, parse]) => [name, each(parse)])),
  };
  for (const seed of SEEDS) {
    const value = seed.repeat(Math.ceil((FIELD_LENGTH_MAX + 1) / seed.length));
    for (const [name, parse] of Object.entries(parsers)) {
      const before = process.cpuUsage();
      parse([value]);
      const { user, system } = process.cpuUsage(before);
      assert.ok(
        (user + system) / 1000 < CPU_MAX_MS,
        `${name} took ${(user + system) / 1000} ms on ${JSON.stringify(seed)}`,
      );
    }
  }
});

test("length and number of field lines are bounded, and said", () => {
  const rules = (values: readonly string[]) => parseHsts(values).problems.map(({ rule }) => rule);
  assert.ok(!rules(["x".repeat(FIELD_LENGTH_MAX)]).includes("too-long"));
  assert.ok(rules(["x".repeat(FIELD_LENGTH_MAX + 1)]).includes("too-long"));
  assert.ok(!rules(Array(FIELD_COUNT_MAX).fill("max-age=1")).includes("too-many"));
  assert.ok(rules(Array(FIELD_COUNT_MAX + 1).fill("max-age=1")).includes("too-many"));
  assert.equal(
    parseHsts(["x y;".repeat(PROBLEM_COUNT_MAX + 5)]).problems.length,
    PROBLEM_COUNT_MAX,
  );
});
