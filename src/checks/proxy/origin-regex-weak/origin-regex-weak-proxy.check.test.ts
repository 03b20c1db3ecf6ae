import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { originRegexWeak, proxyOriginRegexWeakProxy } from "./origin-regex-weak-proxy.check.ts";

const USE = "server { listen 80; add_header Access-Control-Allow-Origin $cors; root /srv; }";

function map(key: string, value = "$http_origin"): string {
  return `map $http_origin $cors { default "";\n"${key}" ${value};\n}\n${USE}`;
}

const patterns: readonly [pattern: string, isWeak: boolean][] = [
  ["~example\\.com$", true],
  ["~^https://example\\.com", true],
  ["~^https?://.*example\\.com$", true],
  ["~*^https://[a-z.]*example\\.com$", true],
  ["~^https://app.example.com$", true],
  ["~^https://(www|app)\\.example\\.com", true],
  ["~^https://example\\..*$", true],
  ["~^https://(?:a\\.example\\.com|b.example\\.org)$", true],
  ["~^https://.+\\.example\\.co\\.uk", true],
  ["~^https://.+example\\.co\\.uk$", true],
  ["~^https://example\\.com$", false],
  ["~*^https://([a-z0-9-]+\\.)?example\\.com$", false],
  ["~^https?://(.+\\.)?example\\.com(:\\d+)?$", false],
  ["~\\.example\\.com$", false],
  ["~^https://(www|app)\\.example\\.com$", false],
  ["~^https://[^.]+\\.example\\.co\\.uk$", false],
  ["~^http://localhost(:[0-9]+)?$", false],
  ["~.*", false],
  ["~^https://", false],
];

for (const [pattern, isWeak] of patterns) {
  test(`a map: ${pattern} is ${isWeak ? "weak" : "good"}`, () => {
    const expected = isWeak ? ["origin-regex-weak:2 fail"] : [];
    assert.deepEqual(found([originRegexWeak], map(pattern.replaceAll("\\", "\\\\"))), expected);
  });
}

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a map nothing uses",
    'map $http_origin $cors { default ""; "~example\\.com$" 1; } server { listen 80; }',
    [],
  ],
  [
    "a map used through another",
    `map $http_origin $ok { default 0;\n"~example\\.com$" 1; }\nmap $ok $cors { default ""; 1 $http_origin; }\n${USE}`,
    ["origin-regex-weak:2 fail"],
  ],
  ["a list of those to refuse", map("~evil\\.com$", '""'), []],
  ["a map of something else", `map $http_host $cors { "~example\\.com$" 1; } ${USE}`, []],
  [
    "an if",
    'server { listen 80;\nif ($http_origin ~ "example\\.com$") { set $cors $http_origin; } }',
    ["origin-regex-weak:2 fail"],
  ],
  [
    "an if that refuses the rest",
    'server { listen 80;\nif ($http_origin !~* "^https://example\\.com") { return 403; } }',
    ["origin-regex-weak:2 fail"],
  ],
  [
    "an if that refuses what fits",
    'server { listen 80; if ($http_origin ~ "evil\\.com$") { return 403; } }',
    [],
  ],
  [
    "an if in a location with a good pattern",
    'server { listen 80; location / { if ($http_origin ~ "^https://example\\.com$") { set $cors 1; } } }',
    [],
  ],
  [
    "an if on equality",
    'server { listen 80; if ($http_origin = "https://example.com") { set $cors 1; } }',
    [],
  ],
  [
    "a Referer",
    'server { listen 80;\nif ($http_referer !~ "example\\.com") { return 403; } }',
    ["origin-regex-weak:2 warn"],
  ],
  [
    "a good Referer",
    'server { listen 80; if ($http_referer !~ "^https://([a-z0-9-]+\\.)?example\\.com/") { return 403; } }',
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`origin-regex-weak: ${name}`, () =>
    assert.deepEqual(found([originRegexWeak], text), expected));
}

const statuses: readonly [text: string, status: string][] = [
  [map("~^https://example\\\\.com$"), "pass"],
  [map("~example\\\\.com$"), "fail"],
];

for (const [text, status] of statuses) {
  test(`proxy.origin-regex-weak is ${status}`, () => {
    assert.equal(proxyOriginRegexWeakProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
