import assert from "node:assert/strict";
import { test } from "node:test";

import type { HttpPage } from "../../core/http-page.ts";
import { exampleBody } from "../../core/http-site-example.ts";
import {
  EXTERNAL_MAX,
  externalResources,
  LINKED_PAGES_MAX,
  sameOriginLinks,
  staticAsset,
} from "./page-links.ts";

const BASE = new URL("https://www.example.com/app/");
const at = { line: 1, column: 1 };

function pageOf(page: Partial<HttpPage>): HttpPage {
  const { page: whole } = exampleBody(page);
  assert.ok(whole);
  return whole;
}
const links = (...anchors: readonly string[]) =>
  sameOriginLinks(pageOf({ anchors }), BASE).map(({ href }) => href);
const scripts = (...sources: readonly string[]) => ({
  scripts: sources.map((src) => ({ src, at })),
});
const externals = (page: Partial<HttpPage>) =>
  externalResources(pageOf(page), BASE).map(({ href }) => href);
const many = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

test("links of the same origin are taken, each once, in order", () => {
  assert.deepEqual(links("b", "/c", "b#part", "https://www.example.com/app/b"), [
    "https://www.example.com/app/b",
    "https://www.example.com/c",
  ]);
});

const LEFT_OUT: readonly [name: string, href: string][] = [
  ["another host", "https://example.com/"],
  ["another port", "https://www.example.com:8443/"],
  ["another scheme", "http://www.example.com/x"],
  ["no web address", "mailto:a@example.com"],
  ["a script", "javascript:x()"],
  ["no address at all", "http://["],
  ["the page itself", "#top"],
  ["a query", "/list?page=2"],
  ["a way out", "/accounts/logout"],
  ["a way out with a hyphen", "/Log-Out"],
  ["what deletes", "/item/1/delete"],
];
for (const [name, href] of LEFT_OUT) {
  test(`${name} is not followed`, () => assert.deepEqual(links(href), []));
}

test("no more pages are looked at than the limit", () => {
  assert.equal(links(...many(LINKED_PAGES_MAX, "/p")).length, LINKED_PAGES_MAX);
  assert.deepEqual(
    links(...many(LINKED_PAGES_MAX + 1, "/p")),
    many(LINKED_PAGES_MAX, "https://www.example.com/p"),
  );
});

test("no more foreign files are fetched than the limit", () => {
  const cdn = "https://cdn.example/";
  assert.equal(externals(scripts(...many(EXTERNAL_MAX, cdn))).length, EXTERNAL_MAX);
  assert.deepEqual(externals(scripts(...many(EXTERNAL_MAX + 1, cdn))), many(EXTERNAL_MAX, cdn));
});

test("scripts, style sheets and preloads of other origins are foreign files, icons are none", () => {
  const link = (rel: string, href: string) => ({ rel, href, at });
  const page = {
    ...scripts("/own.js", "//a.example/a.js", "https://a.example/a.js", "data:,x"),
    links: [
      link("stylesheet", "https://b.example/b.css"),
      link("preload", "https://c.example/c.js"),
      link("icon", "https://d.example/d.ico"),
    ],
  };
  assert.deepEqual(externals(page), [
    "https://a.example/a.js",
    "https://b.example/b.css",
    "https://c.example/c.js",
  ]);
});

test("a base element moves what is relative", () => {
  const base = "https://cdn.example/";
  assert.deepEqual(externals({ base, ...scripts("a.js") }), ["https://cdn.example/a.js"]);
  assert.equal(staticAsset(pageOf({ base, ...scripts("a.js") }), BASE), undefined);
  assert.equal(staticAsset(pageOf({ base: "http://[", ...scripts("a.js") }), BASE), undefined);
});

test("the asset is the first script, else style sheet or icon, else image of the own origin", () => {
  const links = [{ rel: "stylesheet", href: "/s.css", at }];
  const media = [{ element: "img", src: "/i.png", at }];
  const asset = (page: Partial<HttpPage>) => staticAsset(pageOf(page), BASE)?.pathname;
  assert.equal(asset({ media, links, ...scripts("https://a.example/a.js", "/b.js") }), "/b.js");
  assert.equal(asset({ media, links }), "/s.css");
  assert.equal(asset({ media }), "/i.png");
  assert.equal(asset({}), undefined);
});
