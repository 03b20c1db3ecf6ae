import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleAnswer, exampleRedirect } from "../../core/http-site-example.ts";
import { followPaths, PATH_REDIRECTS_MAX } from "./path-redirects.ts";

const ORIGIN = "https://www.example.com";
const at = (path: string) => `${ORIGIN}${path}`;

/** Asks a site on which each path redirects as given and any other answers 200; returns the URLs looked at. */
async function lookedAt(
  starts: readonly string[],
  redirects: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const answerAt = (url: string) => {
    const to = redirects[url.slice(ORIGIN.length)];
    return to === undefined ? exampleAnswer(url) : exampleRedirect(url, to, 302);
  };
  const paths = starts.map((path) => ({
    url: at(path),
    answer: answerAt(at(path)),
    why: "asked" as const,
  }));
  const all = await followPaths(paths, ORIGIN, async ({ href }) => ({
    url: href,
    answer: answerAt(href),
  }));
  return all.map(({ url }) => url.slice(ORIGIN.length));
}

const chain = Object.fromEntries(
  Array.from({ length: PATH_REDIRECTS_MAX + 1 }, (_, n) => [`/${n}`, `/${n + 1}`]),
);

const cases: readonly [
  name: string,
  starts: readonly string[],
  redirects: Readonly<Record<string, string>>,
  seen: readonly string[],
][] = [
  ["a page that is none", ["/a"], {}, ["/a"]],
  [
    "to the login page",
    ["/admin/"],
    { "/admin/": "/login?next=/admin/" },
    ["/admin/", "/login?next=/admin/"],
  ],
  ["two steps", ["/a"], { "/a": "/a/", "/a/": "/b#part" }, ["/a", "/a/", "/b"]],
  ["two paths to one page", ["/a", "/b"], { "/a": "/c", "/b": "/c" }, ["/a", "/b", "/c"]],
  ["a loop", ["/a"], { "/a": "/b", "/b": "/a" }, ["/a", "/b"]],
  ["another host", ["/a"], { "/a": "https://other.example/" }, ["/a"]],
  ["another scheme", ["/a"], { "/a": "http://www.example.com/b" }, ["/a"]],
  ["no URL", ["/a"], { "/a": "https://" }, ["/a"]],
  ["an address that acts", ["/a"], { "/a": "/logout" }, ["/a"]],
  [
    "up to the limit",
    ["/0"],
    chain,
    Array.from({ length: PATH_REDIRECTS_MAX + 1 }, (_, n) => `/${n}`),
  ],
];

for (const [name, starts, redirects, seen] of cases) {
  test(`path redirects: ${name}`, async () => {
    assert.deepEqual(await lookedAt(starts, redirects), seen);
  });
}

test("path redirects: no answer is no redirect", async () => {
  const failure = { kind: "timeout", detail: "no answer in time" } as const;
  const paths = [{ url: at("/a"), failure, why: "linked" as const }];
  assert.deepEqual(
    await followPaths(paths, ORIGIN, () => assert.fail("nothing is to be asked")),
    paths,
  );
});
