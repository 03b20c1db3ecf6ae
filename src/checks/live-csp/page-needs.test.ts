import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpPage } from "../../core/http-page.ts";
import {
  exampleAnswer,
  exampleBody,
  exampleSide,
  exampleSite,
} from "../../core/http-site-example.ts";
import { type CspPage, htmlPages } from "./csp-pages.ts";
import { needsOf } from "./page-needs.ts";

const URL = "https://www.example.com/shop/";
const at = { line: 1, column: 2 };
const inline = (sha256: string) => ({ inline: { sha256, length: 3 }, at });

function fetched(page: Partial<HttpPage>): CspPage {
  const answer = exampleAnswer(URL, [], { body: exampleBody(page) });
  const [first] = htmlPages(exampleSite([], { https: exampleSide(answer) })).pages;
  assert.ok(first);
  return first;
}

const LOADS: readonly [name: string, page: Partial<HttpPage>, loads: readonly string[]][] = [
  ["script", { scripts: [{ src: "a.js", at }] }, [`script ${URL}a.js`]],
  [
    "module",
    { scripts: [{ src: "/a.js", type: "module", at }] },
    ["script https://www.example.com/a.js"],
  ],
  ["data block", { scripts: [{ src: "a.json", type: "application/json", at }] }, []],
  [
    "base",
    { base: "//cdn.example/", scripts: [{ src: "a.js", at }] },
    ["script https://cdn.example/a.js", "base-uri https://cdn.example/"],
  ],
  ["sheet", { links: [{ rel: "stylesheet", href: "a.css", at }] }, [`style ${URL}a.css`]],
  [
    "alternate sheet",
    { links: [{ rel: "alternate stylesheet", href: "a.css", at }] },
    [`style ${URL}a.css`],
  ],
  [
    "shortcut icon",
    { links: [{ rel: "shortcut icon", href: "/i", at }] },
    ["image https://www.example.com/i"],
  ],
  [
    "font preload",
    { links: [{ rel: "preload", as: "font", href: "/f", at }] },
    ["font https://www.example.com/f"],
  ],
  ["canonical", { links: [{ rel: "canonical", href: "/f", at }] }, []],
  ["odd destination", { links: [{ rel: "preload", as: "constructor", href: "/f", at }] }, []],
  [
    "data image",
    { media: [{ element: "img", src: "data:image/png;base64,AA", at }] },
    ["image data:image/png;base64,AA"],
  ],
  [
    "empty frame",
    {
      media: [
        { element: "iframe", src: "about:blank", at },
        { element: "iframe", src: " ", at },
      ],
    },
    [],
  ],
  [
    "object",
    { media: [{ element: "object", src: "/o", at }] },
    ["object https://www.example.com/o"],
  ],
  [
    "form",
    { forms: [{ action: "https://pay.example/", method: "post", inputs: [], at }] },
    ["form-action https://pay.example/"],
  ],
  ["form to itself", { forms: [{ method: "get", inputs: [], at }] }, []],
  ["no URL", { scripts: [{ src: "https://[", at }] }, []],
];
for (const [name, page, loads] of LOADS) {
  test(`needs: ${name}`, () => {
    const found = needsOf(fetched(page)).loads.map(({ kind, url }) => `${kind} ${url}`);
    assert.deepEqual(found, loads);
  });
}

test("needs: code that the second fetch lacks is not stable, empty code and data are none", () => {
  const first = fetched({
    scripts: [
      inline("one"),
      inline("two"),
      { ...inline("ld"), type: "application/ld+json" },
      { inline: { sha256: "e", length: 0 }, at },
    ],
    handlers: [{ element: "a", attribute: "href", sha256: "h", length: 9, at }],
  });
  const second = fetched({ scripts: [inline("one"), inline("other")] });
  assert.deepEqual(
    needsOf(first, second).inline.map(({ kind, hashes, isStable }) => [kind, hashes[0], isStable]),
    [
      ["script", "sha256-one", undefined],
      ["script", "sha256-two", false],
      ["navigation", "sha256-h", false],
    ],
  );
  assert.equal(
    needsOf(first).inline.every(({ isStable }) => isStable === undefined),
    true,
  );
});
