import assert from "node:assert/strict";
import { test } from "node:test";
import type { Candidate } from "./proxy-load.ts";
import { PROVIDED_MAX, providedCandidates } from "./proxy-traefik-provider.ts";

function settings(rows: Readonly<Record<string, string>>) {
  return Object.entries(rows).map(([key, value]) => ({ key, value, file: "traefik.yml", line: 1 }));
}

function candidate(isInstalled: boolean): Candidate {
  const path = isInstalled ? "/etc/traefik/traefik.yml" : "/srv/app/traefik.yml";
  return { proxy: "traefik", path, foundBy: "in the tree", isInstalled, defines: [] };
}

async function paths(
  rows: Readonly<Record<string, string>>,
  { isInstalled = false, listed = [] }: { isInstalled?: boolean; listed?: readonly string[] } = {},
): Promise<readonly string[]> {
  const own = candidate(isInstalled);
  const found = await providedCandidates(
    [{ candidate: own, settings: settings(rows) }],
    new Set(["/srv/app/known.yml"]),
    { list: async () => ({ state: "known", value: listed }) },
  );
  return found.map(({ path }) => path);
}

const FILE = "providers.file.filename";
const DIRECTORY = "providers.file.directory";

test("a file beside the static one, once", async () => {
  assert.deepEqual(await paths({ [FILE]: "dynamic.yml" }), ["/srv/app/dynamic.yml"]);
  assert.deepEqual(await paths({ [FILE]: "known.yml" }), []);
});

test("an absolute path is this machine's where the static file is, else that of the place of deployment", async () => {
  const rows = { [FILE]: "/etc/traefik/conf/dynamic.yml" };
  assert.deepEqual(await paths(rows, { isInstalled: true }), ["/etc/traefik/conf/dynamic.yml"]);
  assert.deepEqual(await paths(rows), ["/srv/app/conf/dynamic.yml", "/srv/app/dynamic.yml"]);
});

test("the files of a directory that can be such", async () => {
  const listed = ["a.yml", "b.toml", "README.md"];
  assert.deepEqual(await paths({ [DIRECTORY]: "conf" }, { listed }), [
    "/srv/app/conf/a.yml",
    "/srv/app/conf/b.toml",
  ]);
});

test("their number is bounded", async () => {
  const named = (count: number) => Array.from({ length: count }, (_, at) => `f${at}.yml`);
  const count = async (many: number) =>
    (await paths({ [DIRECTORY]: "conf" }, { listed: named(many) })).length;
  assert.equal(await count(PROVIDED_MAX), PROVIDED_MAX);
  assert.equal(await count(PROVIDED_MAX + 1), PROVIDED_MAX);
});
