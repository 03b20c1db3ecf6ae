import assert from "node:assert/strict";
import { test } from "node:test";
import { parseReportingEndpoints, parseReportTo } from "../http/reporting.ts";
import { parseCsp } from "./policy.ts";
import { cspReporting } from "./report-destination.ts";

const context = {
  self: "https://www.plimsoll.dev/",
  endpoints: parseReportingEndpoints(['csp="https://r.test/csp", own="/r", plain="http://r.test/"'])
    .endpoints,
  groups: parseReportTo(['{"group":"old","max_age":1,"endpoints":[{"url":"https://r.test/old"}]}'])
    .endpoints,
};

for (const [policy, destinations, silent, reportToOnly] of [
  ["report-to csp", [["report-to", "csp", ["https://r.test/csp"], undefined]], [], [0]],
  ["report-to own", [["report-to", "own", ["https://www.plimsoll.dev/r"], undefined]], [], [0]],
  ["report-to plain", [["report-to", "plain", ["http://r.test/"], "not-https"]], [], [0]],
  ["report-to nobody", [["report-to", "nobody", [], "undefined-endpoint"]], [0], [0]],
  ["report-to CSP", [["report-to", "CSP", [], "undefined-endpoint"]], [0], [0]],
  ["report-to old", [["report-to", "old", [], "only-in-report-to"]], [0], [0]],
  [
    "report-uri /r https://x.test/r",
    [
      ["report-uri", "/r", ["https://www.plimsoll.dev/r"], undefined],
      ["report-uri", "https://x.test/r", ["https://x.test/r"], undefined],
    ],
    [],
    [],
  ],
  [
    "report-uri http://x.test/r",
    [["report-uri", "http://x.test/r", ["http://x.test/r"], "not-https"]],
    [],
    [],
  ],
  ["report-uri https://", [["report-uri", "https://", [], "bad-url"]], [0], []],
  [
    "report-uri /r; report-to csp",
    [
      ["report-uri", "/r", ["https://www.plimsoll.dev/r"], undefined],
      ["report-to", "csp", ["https://r.test/csp"], undefined],
    ],
    [],
    [],
  ],
  ["img-src *", [], [0], []],
] as const) {
  test(`CSP reports of ${policy}`, () => {
    const { policies } = parseCsp([policy], { delivery: "header", disposition: "enforce" });
    const reporting = cspReporting(policies, context);
    assert.deepEqual(
      reporting.destinations.map(({ directive, written, urls, problem }) => [
        directive,
        written,
        urls,
        problem,
      ]),
      destinations,
    );
    assert.deepEqual([reporting.silent, reporting.reportToOnly], [silent, reportToOnly]);
  });
}
