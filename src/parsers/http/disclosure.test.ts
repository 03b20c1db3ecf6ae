import assert from "node:assert/strict";
import { test } from "node:test";
import { findDisclosures, parseProducts } from "./disclosure.ts";

for (const [text, expected] of [
  [
    "CERN/3.0 libwww/2.17",
    [
      ["CERN", "3.0"],
      ["libwww", "2.17"],
    ],
  ],
  ["nginx", [["nginx"]]],
  ["nginx/1.18.0 (Ubuntu)", [["nginx", "1.18.0", "Ubuntu"]]],
  [
    "Apache/2.4.57 (Debian) OpenSSL/3.0.11 mod_wsgi/4.9",
    [
      ["Apache", "2.4.57", "Debian"],
      ["OpenSSL", "3.0.11"],
      ["mod_wsgi", "4.9"],
    ],
  ],
  ["PHP/8.1.2-1ubuntu2.14", [["PHP", "8.1.2-1ubuntu2.14"]]],
  ["WordPress 6.4.2", [["WordPress", "6.4.2"]]],
  ["Phusion Passenger(R) 6.0.18", [["Phusion"], ["Passenger", "R"], ["6.0.18"]]],
  ["", []],
  ["\u0000\u0001", []],
] as const) {
  test(`products of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(
      parseProducts(text).map(({ product, version, comment }) =>
        [product, version, comment].filter((part) => part !== undefined),
      ),
      expected,
    );
  });
}

test("headers that disclose, by family and version", () => {
  const found = findDisclosures([
    ["Date", "now"],
    ["Server", "nginx/1.18.0"],
    ["server", "cloudflare"],
    ["X-AspNet-Version", "4.0.30319"],
    ["X-Powered-By", "Express"],
    ["X-Generator", "Drupal 10 (https://www.drupal.org)"],
    ["X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7"],
    ["X-Kong-Proxy-Latency", "3"],
    ["SourceMap", "/app.js.map"],
    ["X-Varnish-Server", "v1"],
  ]);
  assert.deepEqual(
    found.map(({ header, family, hasVersion }) => [header, family, hasVersion]),
    [
      ["Server", "product", true],
      ["server", "product", false],
      ["X-AspNet-Version", "product", true],
      ["X-Powered-By", "product", false],
      ["X-Generator", "application", false],
      ["X-B3-TraceId", "tracing", false],
      ["X-Kong-Proxy-Latency", "infrastructure", false],
      ["SourceMap", "source", false],
      ["X-Varnish-Server", "cache", false],
    ],
  );
});

test("a product's place", () => {
  const text = "a  PHP/8.1 (x)";
  const [, php] = parseProducts(text);
  assert.ok(php);
  assert.equal(text.slice(php.offset, php.offset + php.length), "PHP/8.1 (x)");
});
