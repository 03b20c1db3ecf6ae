import assert from "node:assert/strict";
import { test } from "node:test";
import { shownField, URL_CHARACTERS_MAX, withoutQuery } from "./http-report.ts";
import type { HttpField } from "./http-site.ts";

const long = (length: number) => `https://a.example/${"a".repeat(length - 18)}`;
const URLS: readonly [url: string, shown: string][] = [
  ["https://a.example/p", "https://a.example/p"],
  ["https://a.example/p?token=1#x", "https://a.example/p"],
  ["https://a.example/p#access_token=1", "https://a.example/p"],
  ["https://joe:secret@a.example/p", "https://a.example/p"],
  ["https://secret@a.example:8443/p", "https://a.example:8443/p"],
  ["https://joe:se@cret@a.example", "https://a.example"],
  ["//joe:secret@a.example/p", "//a.example/p"],
  ["https://a.example/@joe", "https://a.example/@joe"],
  ["/p/@joe?x", "/p/@joe"],
  ["/a;JSESSIONID=1F2E3D;v=1/b?x", "/a;jsessionid=***;v=1/b"],
  [long(URL_CHARACTERS_MAX), long(URL_CHARACTERS_MAX)],
  [long(URL_CHARACTERS_MAX + 1), `${long(URL_CHARACTERS_MAX)}…`],
];

for (const [url, shown] of URLS) {
  test(`${url.slice(0, 60)} is shown without query and password, and not at any length`, () => {
    assert.equal(withoutQuery(url), shown);
  });
}

const FIELDS: readonly [field: HttpField, shown: string][] = [
  [["Location", "ftp://a.example/?sid=1"], "ftp://a.example/"],
  [["location", "https://joe:secret@[bad/?sid=1"], "https://[bad/"],
  [["Content-Location", "/p?sid=1"], "/p"],
  [["Refresh", "0;url=/p?sid=1"], "0;url=/p"],
  [["Link", "</a?v=1>; rel=preload"], "</a?v=1>; rel=preload"],
];

for (const [[name, value], shown] of FIELDS) {
  test(`${name}: ${value} is shown as ${shown}`, () => {
    assert.deepEqual(shownField([name, value]), [name, shown]);
  });
}
