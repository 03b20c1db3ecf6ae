import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFeaturePolicy, parsePermissionsPolicy } from "./permissions-policy.ts";

const brief = (...values: string[]) => {
  const { features, problems } = parsePermissionsPolicy(values);
  return [
    features.map(({ feature, allowsSelf, allowsAny, origins }) =>
      [feature, allowsSelf ? "self" : "", allowsAny ? "*" : "", ...origins].filter((part) => part),
    ),
    problems.map(({ rule, field, offset }) => [rule, field, offset]),
  ];
};

for (const [name, values, expected] of [
  ["nobody", ["geolocation=()"], [[["geolocation"]], []]],
  [
    "self and an origin",
    ['geolocation=(self "https://example.com")'],
    [[["geolocation", "self", "https://example.com"]], []],
  ],
  [
    "token without list",
    ["fullscreen=self, camera=*"],
    [
      [
        ["fullscreen", "self"],
        ["camera", "*"],
      ],
      [],
    ],
  ],
  [
    "wildcard origin",
    ['camera=("https://*.example.com")'],
    [[["camera", "https://*.example.com"]], []],
  ],
  ["two lines", ["camera=()", "microphone=()"], [[["camera"], ["microphone"]], []]],
  ["the last of two counts", ["camera=(), camera=*"], [[["camera", "*"]], []]],
  ["none", ["camera=none"], [[["camera"]], [["bad-allowlist", 0, 7]]]],
  ["unquoted origin", ["camera=(https://a.example)"], [[["camera"]], [["bad-allowlist", 0, 8]]]],
  ["no origin", ['camera=("a.example")'], [[["camera"]], [["bad-origin", 0, 8]]]],
  ["bare key", ["camera"], [[["camera"]], [["bad-allowlist", 0, 0]]]],
  [
    "unknown",
    ["camera=(), micrphone=()"],
    [[["camera"], ["micrphone"]], [["unknown-feature", 0, 11]]],
  ],
  ["retired", ["interest-cohort=()"], [[["interest-cohort"]], [["retired-feature", 0, 0]]]],
  ["old syntax", ["camera 'none'; microphone 'self'"], [[], [["feature-policy-syntax", 0, 0]]]],
  ["broken", ["camera=(), microphone=("], [[], [["malformed", 0, 22]]]],
  ["semicolons", ["camera=(); microphone=()"], [[], [["semicolons", 0, 22]]]],
  ["none sent", [], [[], []]],
] as const) {
  test(`Permissions-Policy ${name}`, () => assert.deepEqual(brief(...values), expected));
}

test("report-to and hints", () => {
  const { features } = parsePermissionsPolicy(['camera=();report-to="main"']);
  assert.equal(features[0]?.reportTo, "main");
  const { problems } = parsePermissionsPolicy(["geolokation=()"]);
  assert.equal(problems[0]?.message, '"geolokation" is no feature, did you mean geolocation?');
});

test("Feature-Policy is read as name and allowlist", () => {
  assert.deepEqual(
    parseFeaturePolicy(["camera 'none'; fullscreen 'self' https://a.test"]).map(
      ({ feature, allowlist, offset }) => [feature, allowlist, offset],
    ),
    [
      ["camera", ["'none'"], 0],
      ["fullscreen", ["'self'", "https://a.test"], 15],
    ],
  );
});
