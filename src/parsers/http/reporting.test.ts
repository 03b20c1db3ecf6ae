import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNel, parseReportingEndpoints, parseReportTo } from "./reporting.ts";

for (const [values, endpoints, rules] of [
  [
    ['csp="https://r.test/csp", default="/r"'],
    [
      ["csp", "https://r.test/csp"],
      ["default", "/r"],
    ],
    [],
  ],
  [['a="/1"', 'a="/2"'], [["a", "/2"]], []],
  [["csp=https://r.test"], [["csp"]].slice(1), ["not-a-string"]],
  [['CSP="/r"'], [], ["malformed"]],
  [[], [], []],
] as const) {
  test(`Reporting-Endpoints ${JSON.stringify(values)}`, () => {
    const result = parseReportingEndpoints(values);
    assert.deepEqual(
      [
        result.endpoints.map(({ name, urls }) => [name, ...urls]),
        result.problems.map(({ rule }) => rule),
      ],
      [endpoints, rules],
    );
  });
}

for (const [values, endpoints, rules] of [
  [
    [
      '{"group":"csp","max_age":10886400,"endpoints":[{"url":"https://r.test/a"},{"url":"https://r.test/b"}]}',
    ],
    [["csp", 10886400, "https://r.test/a", "https://r.test/b"]],
    [],
  ],
  [
    ['{"max_age":0,"endpoints":[]}, {"group":"b","max_age":1,"endpoints":[{"url":"/b"}]}'],
    [
      ["default", 0],
      ["b", 1, "/b"],
    ],
    [],
  ],
  [['{"group":"a","endpoints":[]}'], [], ["malformed-group"]],
  [["null, 1"], [], ["malformed-group", "malformed-group"]],
  [["csp"], [], ["no-json"]],
  [["[".repeat(60000)], [], ["no-json"]],
] as const) {
  test(`Report-To ${values.join().slice(0, 80)}`, () => {
    const result = parseReportTo(values);
    assert.deepEqual(
      [
        result.endpoints.map(({ name, urls, maxAgeSeconds }) => [name, maxAgeSeconds, ...urls]),
        result.problems.map(({ rule }) => rule),
      ],
      [endpoints, rules],
    );
  });
}

for (const [text, reportTo, maxAge, rules] of [
  ['{"report_to":"nel","max_age":2592000,"include_subdomains":true}', "nel", 2592000, []],
  ['{"max_age":0}', undefined, 0, []],
  ['{"max_age":5}', undefined, 5, ["no-group"]],
  ['{"report_to":"nel"}', "nel", undefined, ["bad-max-age"]],
  ["x", undefined, undefined, ["no-json"]],
] as const) {
  test(`NEL ${text}`, () => {
    const result = parseNel([text]);
    assert.deepEqual(
      [result.reportTo, result.maxAgeSeconds, result.problems.map(({ rule }) => rule)],
      [reportTo, maxAge, rules],
    );
  });
}
