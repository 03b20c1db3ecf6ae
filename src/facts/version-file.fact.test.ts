import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost } from "../host/memory-host.ts";
import { VERSION_BYTES_MAX, versionFile } from "./version-file.fact.ts";

async function told(files: Readonly<Record<string, string>>) {
  const reading = await versionFile.collect(
    {
      host: createMemoryHost({ files: { "/srv/x": "", ...files } }),
      target: { directory: "/srv", urls: [], mode: "auto", compat: false, hostFacts: false },
      nowMs: 0,
      fingerprintKey: "key",
      signal: new AbortController().signal,
    },
    {},
    {},
  );
  return reading.state === "known"
    ? `${reading.value.file} ${reading.value.version}`
    : reading.state;
}

const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{}, "absent"],
  [{ "/srv/VERSION": "1.4.2\n" }, "VERSION 1.4.2"],
  [{ "/srv/VERSION": "v1.4.2-rc.1\r\nmore\n" }, "VERSION 1.4.2-rc.1"],
  [{ "/srv/VERSION.txt": "2.0" }, "VERSION.txt 2.0"],
  [{ "/srv/VERSION": "to be told\n" }, "absent"],
  [{ "/srv/VERSION": `1.0${"\n".repeat(VERSION_BYTES_MAX - 3)}` }, "VERSION 1.0"],
  [{ "/srv/VERSION": `1.0${"\n".repeat(VERSION_BYTES_MAX - 2)}` }, "unknown"],
];

for (const [files, expected] of cases) {
  test(`version-file: ${JSON.stringify(files).slice(0, 60)} is ${expected}`, async () => {
    assert.equal(await told(files), expected);
  });
}
