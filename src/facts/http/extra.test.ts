import assert from "node:assert/strict";
import { test } from "node:test";

import { createMemoryHost } from "../../host/memory-host.ts";
import { PATHS_MAX } from "./extra.ts";
import { surveySite } from "./survey.ts";

const context = { signal: new AbortController().signal, nowMs: 0, seed: "test" };

/** Looks at a site that answers everything alike, with so many `--path`s. */
async function look(count: number, html = "", more: { readonly isExternalFetched?: boolean } = {}) {
  const asked: string[] = [];
  const host = createMemoryHost({
    request: ({ url, method }) => {
      asked.push(`${method} ${url.href}`);
      return { fields: [["Content-Type", "text/html"]], body: html };
    },
  });
  const paths = Array.from({ length: count }, (_, at) => `/p${at}`);
  const site = await surveySite(host, { url: "https://site.example/", paths, ...more }, context);
  return { site, asked };
}

test("no more paths are asked for than the limit", async () => {
  const full = await look(PATHS_MAX);
  assert.equal(full.site.extra.paths.length, PATHS_MAX);
  const more = await look(PATHS_MAX + 1);
  assert.equal(more.site.extra.paths.length, PATHS_MAX);
  assert.ok(more.asked.includes(`GET https://site.example/p${PATHS_MAX - 1}`));
  assert.ok(!more.asked.includes(`GET https://site.example/p${PATHS_MAX}`));
});

test("paths left out are told", async () => {
  assert.deepEqual((await look(PATHS_MAX)).site.limits, []);
  assert.deepEqual((await look(PATHS_MAX + 2)).site.limits, [
    `2 of ${PATHS_MAX + 2} paths were not asked for`,
  ]);
});

test("a page that is linked and asked for is fetched once, as asked for", async () => {
  const { site, asked } = await look(1, '<a href="/p0"></a><a href="/q"></a>');
  assert.deepEqual(
    site.extra.paths.map(({ url, why }) => [url, why]),
    [
      ["https://site.example/p0", "asked"],
      ["https://site.example/q", "linked"],
    ],
  );
  assert.equal(asked.filter((line) => line === "GET https://site.example/p0").length, 1);
});

test("other people's servers are asked only where it is allowed", async () => {
  const html = '<script src="https://cdn.example/a.js"></script>';
  const without = await look(0, html);
  assert.deepEqual(without.site.extra.external, []);
  assert.ok(without.asked.every((line) => line.includes("//site.example/")));
  const allowed = await look(0, html, { isExternalFetched: true });
  assert.deepEqual(
    allowed.site.extra.external.map(({ url }) => url),
    ["https://cdn.example/a.js"],
  );
});

test("everything asked for is a GET or a preflight: nothing is changed", async () => {
  const { asked } = await look(3, '<form method=post action="/x"></form><a href="/logout">');
  assert.ok(asked.every((line) => /^(?:GET|OPTIONS) /.test(line)));
  assert.ok(!asked.some((line) => line.includes("/logout")));
});
