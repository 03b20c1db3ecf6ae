import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost } from "../host/memory-host.ts";
import { POLICIES_MAX, POLICY_BYTES_MAX, securityPolicy } from "./security-policy.fact.ts";

async function told(files: Readonly<Record<string, string>>) {
  const placed = Object.entries(files).map(([path, text]) => [`/srv/${path}`, text]);
  const reading = await securityPolicy.collect(
    {
      host: createMemoryHost({ files: { "/srv/x": "", ...Object.fromEntries(placed) } }),
      target: { directory: "/srv", urls: [], mode: "auto", compat: false, hostFacts: false },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {
      deploymentTree: {
        files: Object.keys(files).map((path) => ({ path, kind: "file" as const })),
        directories: [],
        isTruncated: false,
        unreadable: [],
      },
    },
    {},
  );
  assert.ok(reading.state === "known");
  const { files: found, unread } = reading.value;
  return [
    ...found.map(({ file, kind }) => `${kind} ${file}`),
    ...unread.map(({ file }) => `? ${file}`),
  ];
}

const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  ["none", { "README.md": "" }, []],
  [
    "at the root and in .github",
    { "SECURITY.md": "a", ".github/security.md": "b" },
    ["policy SECURITY.md", "policy .github/security.md"],
  ],
  ["in a package", { "packages/a/SECURITY.md": "a" }, []],
  [
    "security.txt",
    { "static/.well-known/security.txt": "Contact: mailto:a@b.c" },
    ["security.txt static/.well-known/security.txt"],
  ],
  ["as long as is read", { "SECURITY.md": "a".repeat(POLICY_BYTES_MAX) }, ["policy SECURITY.md"]],
  ["longer", { "SECURITY.md": "a".repeat(POLICY_BYTES_MAX + 1) }, ["? SECURITY.md"]],
  [
    "more than are read",
    Object.fromEntries(
      Array.from({ length: POLICIES_MAX + 1 }, (_, at) => [`${at}/security.txt`, "a"]),
    ),
    Array.from({ length: POLICIES_MAX }, (_, at) => `security.txt ${at}/security.txt`),
  ],
];
for (const [name, files, expected] of cases) {
  test(`security-policy: ${name}`, async () => assert.deepEqual(await told(files), expected));
}
