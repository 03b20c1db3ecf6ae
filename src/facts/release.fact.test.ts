import assert from "node:assert/strict";
import { test } from "node:test";

import type { CollectContext } from "../core/fact.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import { REFS_BYTES_MAX, release } from "./release.fact.ts";
import { TAGS_MAX } from "./release-tags.ts";

const COMMIT = "5f3c1e0a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e";
const SHA256 = "5f3c1e0a9b8d7c6e".repeat(4);
const OTHER = "0".repeat(40);

async function collected(files: Readonly<Record<string, string>>, given?: string) {
  const attest = { keys: [], ...(given !== undefined && { release: given }) };
  const context: CollectContext = {
    host: createMemoryHost({ files: { "/srv/shop/.env": "", ...files } }),
    target: {
      directory: "/srv/shop",
      urls: [],
      mode: "auto",
      compat: false,
      hostFacts: true,
      attest,
    },
    nowMs: 0,
    fingerprintKey: "",
    signal: new AbortController().signal,
  };
  return release.collect(context, {}, {});
}

async function idOf(files: Readonly<Record<string, string>>, given?: string) {
  const reading = await collected(files, given);
  if (reading.state !== "known") return reading.state;
  return `${reading.value.id}${reading.value.isFromAbove === true ? " from above" : ""}`;
}

const GIT = "/srv/shop/.git";
const MAIN = { [`${GIT}/HEAD`]: "ref: refs/heads/main\n" };

const CASES: readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  expected: string,
  given?: string,
][] = [
  ["a branch", { ...MAIN, [`${GIT}/refs/heads/main`]: `${COMMIT}\n` }, COMMIT],
  ["a commit alone", { [`${GIT}/HEAD`]: `${COMMIT}\n` }, COMMIT],
  ["a repository of SHA-256", { [`${GIT}/HEAD`]: `${SHA256}\n` }, SHA256],
  [
    "packed references",
    {
      ...MAIN,
      [`${GIT}/packed-refs`]: `# pack-refs\n${OTHER} refs/heads/not-main\n${COMMIT} refs/heads/main\n^${OTHER}\n`,
    },
    COMMIT,
  ],
  [
    "a loose reference over a packed one",
    {
      ...MAIN,
      [`${GIT}/refs/heads/main`]: COMMIT,
      [`${GIT}/packed-refs`]: `${OTHER} refs/heads/main\n`,
    },
    COMMIT,
  ],
  ["a directory below the repository", { "/srv/.git/HEAD": COMMIT }, `${COMMIT} from above`],
  [
    "a linked work tree",
    {
      [GIT]: "gitdir: /srv/main/.git/worktrees/shop\n",
      "/srv/main/.git/worktrees/shop/HEAD": "ref: refs/heads/live\n",
      "/srv/main/.git/worktrees/shop/commondir": "../..\n",
      "/srv/main/.git/refs/heads/live": COMMIT,
    },
    COMMIT,
  ],
  ["what the operator says", { [`${GIT}/HEAD`]: COMMIT }, "v1.2", "v1.2"],
  ["no repository", {}, "absent"],
  ["a branch without a commit", MAIN, "absent"],
  [
    "a reference that climbs",
    { [`${GIT}/HEAD`]: "ref: refs/../../../secret\n", "/srv/secret": COMMIT },
    "absent",
  ],
  ["a reference elsewhere", { [`${GIT}/HEAD`]: "ref: /etc/passwd\n" }, "absent"],
  [
    "a reference too large",
    { ...MAIN, [`${GIT}/refs/heads/main`]: COMMIT.padEnd(REFS_BYTES_MAX + 1, "\n") },
    "absent",
  ],
  [
    "a reference as large as it may be",
    { ...MAIN, [`${GIT}/refs/heads/main`]: COMMIT.padEnd(REFS_BYTES_MAX, "\n") },
    COMMIT,
  ],
];

for (const [name, files, expected, given] of CASES) {
  test(`release: ${name} is ${expected.slice(0, 8)}`, async () => {
    assert.equal(await idOf(files, given), expected);
  });
}

const PEELED = "# pack-refs with: peeled fully-peeled sorted \n";
const TAGS: readonly [name: string, files: Readonly<Record<string, string>>, expected: string][] = [
  [
    "packed ones: of the commit, annotated, of another",
    {
      [`${GIT}/packed-refs`]: `${PEELED}${COMMIT} refs/tags/v1.0\n${OTHER} refs/tags/v1.1\n^${COMMIT}\n${OTHER} refs/tags/v0.9\n`,
    },
    "v1.0 v1.1 | v0.9",
  ],
  [
    "annotated ones that are not followed",
    { [`${GIT}/packed-refs`]: `# pack-refs\n${OTHER} refs/tags/v1.0\n` },
    "none",
  ],
  [
    "a file of its own",
    { [`${GIT}/refs/tags/v1.2`]: COMMIT, [`${GIT}/refs/tags/v1.1`]: OTHER },
    "v1.2 | ",
  ],
  [
    "a file before what is packed",
    {
      [`${GIT}/refs/tags/v1.2`]: OTHER,
      [`${GIT}/packed-refs`]: `${PEELED}${COMMIT} refs/tags/v1.2\n`,
    },
    "none",
  ],
  ["nothing", {}, "none"],
  [
    "as many as are looked at, and one more",
    {
      [`${GIT}/packed-refs`]: `${PEELED}${Array.from({ length: TAGS_MAX + 1 }, (_, at) => `${at < TAGS_MAX - 1 ? OTHER : COMMIT} refs/tags/${at}\n`).join("")}`,
    },
    `${TAGS_MAX - 1} | ${Array.from({ length: TAGS_MAX - 1 }, (_, at) => at).join(" ")}`,
  ],
];
for (const [name, files, expected] of TAGS) {
  test(`tags of a release: ${name}`, async () => {
    const reading = await collected({ [`${GIT}/HEAD`]: COMMIT, ...files });
    assert.ok(reading.state === "known");
    const { tags } = reading.value;
    const told = tags && `${tags.here.join(" ")} | ${tags.elsewhere.join(" ")}`;
    assert.equal(told ?? "none", expected);
  });
}
