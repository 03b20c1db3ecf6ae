import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { readChain } from "../../src/facts/tls/certificate-chain.ts";
import { HOST } from "../../src/wire/x509/cast-example.ts";
import { pemOf } from "../../src/wire/x509/certificate-example.ts";
import { nodeAccepts, opensslAccepts } from "./certificate-judges.ts";
import { CHAIN_ROWS, root } from "./verdict-rows-chain.ts";
import { NAME_ROWS } from "./verdict-rows-names.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-verdicts-"));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const { name, sent, roots = [root], host = HOST, ...said } of [...CHAIN_ROWS, ...NAME_ROWS]) {
  const ders = sent.map(({ der }) => der);
  const [first] = sent;

  test(`${name}: our word beside those of openssl verify and node:tls`, async () => {
    assert.ok(first !== undefined);
    const { certificate } = readChain(ders, {
      hostNames: [host],
      nowMs: Date.now(),
      systemRootsPem: roots.map(({ der }) => pemOf(der)).join(""),
      caPem: undefined,
      staple: "none",
    });
    const asked = { sent: ders, roots: roots.map(({ der }) => der), key: first.key, host };
    const others = [
      opensslAccepts(folder, asked),
      opensslAccepts(folder, asked, ["-x509_strict"]),
      await nodeAccepts(asked),
    ];
    assert.deepEqual(
      {
        ours: [certificate.trusted, ...certificate.problems].join(" "),
        others: others.map((isAccepted) => (isAccepted ? "ok" : "no")).join(" "),
      },
      said,
    );
  });
}
